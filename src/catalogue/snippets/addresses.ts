// Judges the addresses of a page: what may be put into them, and which origins they lead to.
import type { Attribute, Item } from './outline.ts'

/** Stands for the page, whose address nobody knows. */
const page = 'https://page.invalid/'
const webSchemes = ['http:', 'https:']
/** Their addresses are documents or code themselves. */
const codeSchemes = ['javascript:', 'vbscript:', 'data:', 'blob:']

/** @param before the address with plain words in place of what is put there */
export function addressMistake(before: string, after: string): string | undefined {
  const scheme = parsed(after)?.protocol
  if (scheme === undefined) return 'makes no address that there can be'
  if (webSchemes.includes(scheme)) return undefined
  if (scheme !== parsed(before)?.protocol || codeSchemes.includes(scheme)) {
    return `makes an address of ${scheme}, which is neither http(s) nor relative`
  }
  return undefined
}

export function isSameOrigin(before: string, after: string): boolean {
  const origin = parsed(before)?.origin
  return origin !== undefined && origin === parsed(after)?.origin
}

/** Whether a text runs as code wherever it is taken for an address. */
export function isCodeAddress(text: string): boolean {
  const scheme = parsed(text)?.protocol
  return scheme === 'javascript:' || scheme === 'vbscript:'
}

/** The origins that markup loads from or sends to, each once; what its scripts load is not known. */
export function hostsIn(items: readonly Item[]): string[] {
  const origins = items
    .flatMap((item) =>
      item.kind === 'element'
        ? item.attributes.flatMap((it) => loadedBy(item.element, item.attributes, it))
        : [],
    )
    .flatMap((address) => {
      const url = parsed(address)
      return url && webSchemes.includes(url.protocol) && url.origin !== new URL(page).origin
        ? [url.origin]
        : []
    })
  return [...new Set(origins)]
}

const loading = new Set(['src', 'poster', 'background', 'action', 'formaction', 'data', 'manifest'])
const loadingRels = /\b(stylesheet|icon|preload|modulepreload|prefetch|preconnect|manifest)\b/i

function loadedBy(element: string, attributes: readonly Attribute[], { name, value }: Attribute): string[] {
  if (name === 'srcset' || name === 'imagesrcset') {
    return value.split(',').map((candidate) => candidate.trim().split(/\s/)[0] ?? '')
  }
  if (name === 'href' || name === 'xlink:href') {
    const rel = attributes.find((attribute) => attribute.name === 'rel')?.value ?? ''
    const isLoaded = element === 'link' ? loadingRels.test(rel) : /^svg:(?!a$)/.test(element)
    return isLoaded ? [value] : []
  }
  return loading.has(name) ? [value] : []
}

function parsed(address: string): URL | undefined {
  return URL.parse(address, page) ?? undefined
}
