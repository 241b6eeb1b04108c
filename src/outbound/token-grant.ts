// Asks a provider's token address for an access token, by OAuth 2. Its answer may hold the only copy of a token, so it is read leniently.
import { Readable } from 'node:stream'
import type { Answer, Grant } from '../catalogue/api.ts'
import { textAt, valueAt } from '../catalogue/verdict.ts'
import { CredentialRefused } from './credential-refused.ts'
import { formType } from './form.ts'
import { readAnswer } from './read-answer.ts'
import { runningLimit } from './running-time.ts'
import { type Outbound, OutboundFailure } from './send.ts'

export type GrantedToken = {
  readonly accessToken: string
  /** A new one, in place of that which was given; undefined where that stays. */
  readonly refreshToken: string | undefined
  /** Undefined where the provider does not say, or nothing that makes sense. */
  readonly livesMs: number | undefined
}

/** How long a token's address may take for its whole answer. */
const grantMs = 10_000

/**
 * @param options.refreshToken for grants that need one
 * @param options.mayGo asked at the last moment, when the request is about to leave: no means that it does not
 * @throws CredentialRefused where the provider says no, OutboundFailure where it did not answer or may answer
 *   otherwise another time
 */
export async function grantToken(
  send: Outbound['send'],
  grant: Grant,
  { refreshToken, mayGo = () => true }: { refreshToken?: string | undefined; mayGo?: () => boolean } = {},
): Promise<GrantedToken> {
  const { origin, pathname, search } = new URL(grant.tokenUrl)
  const form = new URLSearchParams({ grant_type: grant.kind })
  if (grant.kind === 'refresh_token') form.set('refresh_token', refreshToken ?? '')
  if (grant.clientAuth === 'form') {
    form.set('client_id', grant.clientId)
    form.set('client_secret', grant.clientSecret)
  }
  const body = Buffer.from(form.toString())
  const request = {
    method: 'POST',
    origin,
    path: `${pathname}${search}`,
    headers: [
      ['accept', 'application/json'],
      ['accept-encoding', 'identity'],
      ['content-type', formType],
      ['content-length', String(body.length)],
      ...(grant.clientAuth === 'basic' ? [['authorization', basic(grant)] as const] : []),
    ],
    body: Readable.from(lastMoment(body, mayGo)),
  } as const
  const { signal, clear } = runningLimit(grantMs)
  try {
    return tokenFrom(await readAnswer(await send(request, { signal })))
  } finally {
    clear()
  }
}

/** A body is asked for once the connection stands. */
async function* lastMoment(body: Buffer, mayGo: () => boolean): AsyncGenerator<Buffer> {
  if (!mayGo()) throw new Error('This process stood still for too long to ask for a token now.')
  yield body
}

/** What does not need to be encoded stays as it is: not every provider decodes it. */
function basic({ clientId, clientSecret }: Grant): string {
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':')
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

/**
 * A refresh token that is good for one use is gone by now, so that whatever can be used of the answer is used:
 * a wrong lifetime, a missing type or an ID token that nobody asked for are no reasons to lose what came with them.
 */
function tokenFrom(answer: Answer): GrantedToken {
  const { status, json } = answer
  const accessToken = tokenAt(json, 'access_token')
  if (status >= 200 && status < 300 && accessToken !== undefined) {
    return { accessToken, refreshToken: tokenAt(json, 'refresh_token'), livesMs: lifetimeOf(json) }
  }
  throw refusalFrom(answer)
}

/** What can be put into a header. */
function tokenAt(json: unknown, name: string): string | undefined {
  const value = valueAt(json, name)
  return typeof value === 'string' && /^[\x21-\x7e]{1,20000}$/.test(value) ? value : undefined
}

const lifetimeMsMax = 10 * 365 * 86_400_000

function lifetimeOf(json: unknown): number | undefined {
  const ms = Math.floor(Number(textAt(json, 'expires_in')) * 1_000)
  return ms > 0 && ms <= lifetimeMsMax ? ms : undefined
}

const ofClient = new Set(['invalid_client', 'unauthorized_client', 'invalid_scope', 'unsupported_grant_type'])

function refusalFrom({ status, json, header }: Answer): Error {
  const code = textAt(json, 'error')
  if (status === 429) {
    return new CredentialRefused(
      'rate_limited',
      'The provider gives no more access tokens for now. It is asked again later.',
      { retryAfterS: Number(header('retry-after')) || undefined },
    )
  }
  // Not from a server that is broken, and not from something that merely stands in front of it.
  const isAnswer = status < 500 && code !== undefined
  if (isAnswer && code === 'invalid_grant') {
    return new CredentialRefused(
      'rejected',
      'The provider says that the refresh token has ended or was revoked. Connect the account anew.',
    )
  }
  if ((isAnswer && ofClient.has(code)) || (status === 401 && json !== undefined)) {
    return new CredentialRefused(
      'rejected',
      'The provider does not accept the client id and secret. Check both.',
    )
  }
  return new OutboundFailure(
    'unreachable',
    new Error(`The token's address answered ${status}, with nothing that could be used.`),
  )
}
