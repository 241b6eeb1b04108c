// Access tokens that end, and refresh tokens that are good for one use, as an OAuth 2 server gives them out.
import { createHmac, randomBytes } from 'node:crypto'
import { modeOf } from './modes.ts'
import { json } from './replies.ts'
import { shelf } from './shelf.ts'
import type { Asked, Reply, Tools } from './stand-in.ts'

/** More are redeemed in no test; of older ones it is forgotten that they were. */
const redeemedMax = 200_000

export type OauthTokens = {
  /** Answers a refresh_token grant whose client has been looked at. */
  refresh(asked: Asked, more?: Readonly<Record<string, unknown>>): Reply
  issue(stem: string, mode: string): { token: string; expiresInS: number }
  /** Whether a token was given out here and has ended, or was made up to look so. */
  isOver(token: string): boolean
}

/** @param prefix what its access tokens begin with */
export function oauthTokens({ nowMs, newId, accessTokenS }: Tools, prefix: string): OauthTokens {
  const redeemed = shelf<true>(redeemedMax)
  const key = randomBytes(32)
  const seal = (body: string) => createHmac('sha256', key).update(body).digest('hex').slice(0, 16)
  const given = new RegExp(`^${prefix.replaceAll('.', '\\.')}(.*~([0-9a-f]+)~([0-9]+))~([0-9a-f]{16})-`)

  function issue(stem: string, mode: string) {
    const body = `${stem}~${newId().slice(0, 16)}~${nowMs() + accessTokenS * 1_000}`
    return { token: `${prefix}${body}~${seal(body)}-${mode}`, expiresInS: accessTokenS }
  }

  return {
    issue,
    isOver(token) {
      const [, body = '', , ends, sign] = given.exec(token) ?? []
      if (ends === undefined) return false
      return seal(body) !== sign || Number(ends) <= nowMs()
    },
    refresh({ form }, more = {}) {
      const refreshToken = form.get('refresh_token')
      if (form.get('grant_type') !== 'refresh_token' || refreshToken === null) {
        return json(400, {
          error: 'invalid_request',
          error_description: 'Missing grant_type or refresh_token.',
        })
      }
      const { mode, stem } = modeOf(refreshToken)
      if (mode === 'rejected' || redeemed.has(refreshToken)) {
        return json(400, {
          error: 'invalid_grant',
          error_description: 'Token has been expired or revoked.',
        })
      }
      redeemed.put(refreshToken, true)
      const account = stem.split('~')[0] ?? ''
      const { token, expiresInS } = issue(account, mode)
      return json(200, {
        access_token: token,
        expires_in: expiresInS,
        token_type: 'bearer',
        refresh_token: `${account}~${newId()}-${mode}`,
        ...more,
      })
    },
  }
}
