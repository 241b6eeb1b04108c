// The documentation that lies in docs/ as Markdown: which pages there are, and each as HTML.
import { readFile } from 'node:fs/promises'
import type { MarkedExtension } from 'marked'
import { errorCodes } from '../../hub/errors.ts'
import { type Html, html } from './pages.ts'

export type Guide = { readonly name: string; readonly title: string; readonly about: string }

/** In the order in which a newcomer needs them; the file is `docs/<name>.md`. */
export const guides: Readonly<Record<string, readonly Guide[]>> = {
  'Begin here': [
    { name: 'quick-start', title: 'Quick start', about: 'from nothing to a call through a connection' },
    { name: 'concepts', title: 'Concepts', about: 'the words, in one picture' },
    { name: 'install', title: 'Installing', about: 'the package, systemd, a container' },
  ],
  Guides: [
    { name: 'moving-clients', title: 'Moving clients', about: 'clients of either documented API' },
    { name: 'importing', title: 'Importing credentials', about: 'out of CSV, JSON and .env files' },
    { name: 'connecting', title: 'Connecting a provider', about: 'credentials in, verified, replaced' },
    { name: 'calling', title: 'Calling a provider', about: 'through a connection, without its secret' },
    { name: 'receiving', title: 'Receiving webhooks', about: 'what changed, signed, on your machine too' },
    { name: 'recovering', title: 'When the key is lost', about: 'and the recovery code is at hand' },
    { name: 'rotating', title: 'Rotating keys', about: 'root, data, API keys, webhook secrets' },
    { name: 'backing-up', title: 'Backing up', about: 'and being sure that it can be restored' },
    { name: 'upgrading', title: 'Upgrading', about: 'one node or many' },
    { name: 'scaling-out', title: 'Scaling out', about: 'PostgreSQL, and more nodes' },
    { name: 'moving-to-postgresql', title: 'Moving to PostgreSQL', about: 'a store that is in a folder' },
  ],
  Reference: [
    { name: 'api', title: 'The API', about: 'what clients may rely on' },
    { name: 'webhooks', title: 'Events and webhooks', about: 'every type, and what is sent' },
    { name: 'errors', title: 'Errors', about: 'every code, status and exit code' },
    { name: 'sandbox', title: 'The sandbox', about: 'stand-ins for the providers' },
    { name: 'operations', title: 'Operations', about: 'keys, backups, PostgreSQL, what to watch' },
    { name: 'drills', title: 'Drills', about: 'how it is broken on purpose, and what held' },
    { name: 'design', title: 'Design', about: 'how a request travels, and the rules' },
    { name: 'licences', title: 'Licences', about: 'of what comes along' },
  ],
}

const folder = new URL('../../../docs/', import.meta.url)

export function findGuide(name: string): Guide | undefined {
  return Object.values(guides)
    .flat()
    .find((guide) => guide.name === name)
}

/** A file is read when it is asked for: who edits one sees it at once. */
export function readGuide({ name }: Guide): Promise<string> {
  return readFile(new URL(`${name}.md`, folder), 'utf8')
}

/** @param base the path that the hub stands below, without a slash at its end */
export async function guidePage(base: string, guide: Guide): Promise<Html> {
  const [{ Marked }, { gfmHeadingId }] = await Promise.all([
    import('marked'),
    import('marked-gfm-heading-id'),
  ])
  const marked = new Marked(gfmHeadingId(), linksBelow(base))
  return html`<main class="page guide">
${{ text: await marked.parse(await readGuide(guide)) }}
<p class="more"><a href="${base}/docs/">All pages</a> · <a href="${base}/docs/${guide.name}.md">This page as Markdown</a></p>
</main>`
}

/** @param base the path that the hub stands below, without a slash at its end */
export function homePage(base: string): Html {
  const sections = Object.entries(guides).map(
    ([heading, pages]) => html`<h2>${heading}</h2>
<ul>
${pages.map(({ name, title, about }) => html`<li><a href="${base}/docs/${name}">${title}</a>: ${about}</li>\n`)}</ul>
`,
  )
  return html`<main class="page guide">
<h1>Mortise</h1>
<p>What your product’s accounts are connected to, and the credentials for it: kept sealed, verified, and used without being handed out. To try each call of the API here: <a href="${base}/docs/reference/">the reference</a>.</p>
${sections}</main>`
}

/** For programs that read: https://llmstxt.org. */
export function llmsText(publicUrl: string): string {
  const sections = Object.entries(guides).map(([heading, pages]) => {
    const lines = pages.map(
      ({ name, title, about }) => `- [${title}](${publicUrl}/docs/${name}.md): ${about}\n`,
    )
    return `## ${heading}\n\n${lines.join('')}`
  })
  return `# Mortise

> A self-hosted integrations hub: one server that keeps, for each account of a product, whom the product acts as (integrations), which providers it is connected to (connections) and the credentials for those, sealed; verifies them, uses them on its callers' behalf, and tells others what changed.

The description of the API for machines: [openapi.json](${publicUrl}/openapi.json)

${sections.join('\n')}`
}

/** Links between files lead to pages; what is not served stays text, and codes of errors lead to theirs. */
function linksBelow(base: string): MarkedExtension {
  return {
    renderer: {
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens)
        const to = addressOf(href, base)
        return to === undefined ? inner : html`<a href="${to}">${{ text: inner }}</a>`.text
      },
      image({ href, text }) {
        return html`<img src="${base}/docs/assets/${href}" alt="${text}">`.text
      },
      codespan({ text }) {
        const code = html`<code>${text}</code>`.text
        return Object.hasOwn(errorCodes, text) ? `<a href="${base}/docs/errors/${text}">${code}</a>` : code
      },
    },
  }
}

function addressOf(href: string, base: string): string | undefined {
  if (/^(https?:|#)/.test(href)) return href
  const [, name = '', fragment = ''] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? []
  if (findGuide(name)) return `${base}/docs/${name}${fragment}`
  return href === 'openapi.json' ? `${base}/openapi.json` : undefined
}
