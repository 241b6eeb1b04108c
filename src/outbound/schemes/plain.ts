// Credentials that are sent as they are: in headers, or in the query.
import type { Outgoing } from '../send.ts'
import type { Scheme } from './scheme.ts'

export const headers: Scheme<'headers'> = (request, credential) => withHeaders(request, credential.headers)

export const bearer: Scheme<'bearer'> = (request, { token }) =>
  withHeaders(request, { authorization: `Bearer ${token}` })

export const basic: Scheme<'basic'> = (request, { user, password }) =>
  withHeaders(request, {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  })

export const query: Scheme<'query'> = (request, { parameters }) => {
  const [path = '', search = ''] = splitOnce(request.path, '?')
  const kept = search.split('&').filter((pair) => pair !== '' && !Object.hasOwn(parameters, nameOf(pair)))
  const added = new URLSearchParams(parameters).toString()
  return { ...request, path: `${path}?${[...kept, added].join('&')}` }
}

/** In place of what the caller may have sent under the same names, in whatever case. */
export function withHeaders(request: Outgoing, added: Readonly<Record<string, string>>): Outgoing {
  const names = new Set(Object.keys(added).map((name) => name.toLowerCase()))
  const kept = request.headers.filter(([name]) => !names.has(name.toLowerCase()))
  return { ...request, headers: [...kept, ...Object.entries(added)] }
}

function splitOnce(text: string, sign: string): [string, string?] {
  const at = text.indexOf(sign)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** As servers read it, so that a caller's own parameter is found however it is encoded. */
function nameOf(pair: string): string {
  return [...new URLSearchParams(pair).keys()][0] ?? ''
}
