// HTML of the pages for people: what is put into it is escaped, unless it is HTML of ours already.

/** Text that is HTML; made by `html` alone. */
export type Html = { readonly text: string }

type Part = string | number | Html | readonly Html[]

/** A template whose values are escaped. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = strings.map((text, at) => `${text}${textOf(parts[at] ?? '')}`)
  return { text: texts.join('') }
}

/** What stands in `backticks` is code. */
export function proseOf(text: string): Html {
  const parts = text.split('`').map((part, at) => (at % 2 === 0 ? html`${part}` : html`<code>${part}</code>`))
  return html`${parts}`
}

/** @param base the path that the hub stands below, without a slash at its end */
export function pageOf(base: string, title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Mortise</title>
<link rel="icon" type="image/png" href="${base}/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="${base}/docs/assets/docs.css">
</head>
<body>
<header class="bar"><a href="${base}/docs/">Mortise</a> <a href="${base}/docs/">Documentation</a> <a href="${base}/docs/reference/">API reference</a> <a href="${base}/docs/errors/">Errors</a> <a href="${base}/openapi.json">openapi.json</a></header>
${body}
</body>
</html>
`
}

/** The viewer is started by a script of its own: it finds there where the description is. */
export function referencePage(base: string): Html {
  return html`<link rel="stylesheet" href="${base}/docs/assets/swagger-ui.css">
<div id="reference" data-openapi="${base}/openapi.json"><noscript>The reference needs JavaScript. The same in JSON: <a href="${base}/openapi.json">openapi.json</a>.</noscript></div>
<script src="${base}/docs/assets/swagger-ui-bundle.js"></script>
<script src="${base}/docs/assets/reference.js"></script>`
}

function textOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return Array.isArray(part) ? part.map(({ text }) => text).join('') : (part as Html).text
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character)
}
