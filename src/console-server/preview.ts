// A snippet as a page of its own, where it can do what it does on any page, and nothing to the console.
import type { Media } from '../contract/route.ts'

/**
 * Under `sandbox` the page has an origin that is nobody's: it reads no cookie and no answer of the hub, and cannot
 * reach the page around it. What its scripts load in turn is the provider's to say.
 */
const policy = [
  'sandbox allow-scripts',
  "default-src https: data: 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** @param html the snippet */
export function previewOf(html: string): Media {
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Preview</title></head>
<body>
${html}
</body></html>
`
  return { mediaType: 'text/html; charset=utf-8', bytes: Buffer.from(page), policy }
}
