// Paths that callers name: they stay within the folder that they are put into, as they were written.
import { HubError } from '../hub/errors.ts'

/**
 * @param folder begins with a slash, unless it is empty
 * @param path begins with a slash, and may have a query
 * @throws HubError malformed for what another server might read as another address
 */
export function pathWithin(folder: string, path: string): string {
  const [plain = ''] = path.split('?', 1)
  // A space or a control character would end the request line; a `#` is never sent.
  const isOneLine = /^\/[\x21\x22\x24-\x7e]*$/.test(path)
  if (!isOneLine || plain.startsWith('//') || plain.includes('\\') || !hasPlainSegments(plain)) {
    throw new HubError(
      'malformed',
      'The path must be plain ASCII, percent-encoded where needed, without "\\", "//" at its beginning, "." or ".." as a part, and without "#".',
    )
  }
  return `${folder}${path}`
}

/** Dots and slashes that are encoded, even twice, mean what they mean without it to some servers. */
function hasPlainSegments(path: string): boolean {
  let decoded = path
  if (!/[%.]/.test(path)) return true
  for (let round = 0; round < 3; round++) {
    if (/(^|\/)\.{1,2}(;[^/]*)?(\/|$)/.test(decoded)) return false
    decoded = decoded.replaceAll(/%(2e|2f|5c|25)/gi, (code) => decodeURIComponent(code)).replaceAll('\\', '/')
  }
  return true
}
