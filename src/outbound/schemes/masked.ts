// What a request looks like with its credential on, and nothing of the credential in it.
import type { Credential } from '../../catalogue/api.ts'
import type { Outgoing } from '../send.ts'
import { applyScheme } from './index.ts'
import { withHeaders } from './plain.ts'
import type { Base, Schemes } from './scheme.ts'

/** Stays as it is in a query too. */
export const mask = '***'

/** Headers that are worked out: what the scheme makes of a mask would only look like something. */
const derived = new Set(['x-mw-signature'])

/** Nobody is asked for anything. */
export async function maskedRequest(
  schemes: Schemes,
  credential: Credential,
  request: Outgoing,
  base: Base,
): Promise<Outgoing> {
  // The cookies would have to be had from the site.
  if (credential.kind === 'wishlist') return withHeaders(request, { cookie: mask })
  const applied = await applyScheme(schemes, masked(credential), request, base)
  const callers = new Set(request.headers)
  const headers = applied.headers.map((pair) => {
    const [name, value] = pair
    const lower = name.toLowerCase()
    if (callers.has(pair)) return pair
    if (lower === 'authorization') return [name, `${value.split(' ', 1)[0]} ${mask}`] as const
    return derived.has(lower) ? ([name, mask] as const) : pair
  })
  return { ...applied, headers }
}

/** Before anything is made of it: what is not there can be in no spelling of it. */
function masked(credential: Exclude<Credential, { kind: 'wishlist' }>): Credential {
  switch (credential.kind) {
    case 'none':
      return { kind: 'none' }
    case 'headers':
      return { kind: 'headers', headers: maskedMembers(credential.headers) }
    case 'bearer':
      return { kind: 'bearer', token: mask }
    case 'basic':
      return { kind: 'basic', user: mask, password: mask }
    case 'query':
      return { kind: 'query', parameters: maskedMembers(credential.parameters) }
    case 'oauth1':
      return { kind: 'oauth1', consumerKey: mask, consumerSecret: mask, token: mask, tokenSecret: mask }
    case 'aws_sigv4': {
      const { region, service } = credential
      return { kind: 'aws_sigv4', accessKeyId: mask, secretAccessKey: mask, region, service }
    }
    case 'mailwizz':
      return { kind: 'mailwizz', publicKey: mask, privateKey: mask }
  }
}

function maskedMembers(members: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.keys(members).map((name) => [name, mask]))
}
