// Where a connection's access token stands: which it is, when it ends, and whether it should be had anew.
import { createHash } from 'node:crypto'
import type { Grant, TokenFields } from '../catalogue/api.ts'
import { configured } from '../outbound/credential.ts'
import { keptToken, type Opened } from './acting.ts'
import { parseTimestamp, type Timestamp } from './timestamp.ts'

export type TokenState = {
  readonly grant: Grant
  readonly fields: TokenFields
  readonly token: string | undefined
  /** Null where nobody knows. */
  readonly endsAt: Timestamp | null
  readonly hadAt: Timestamp | null
  readonly refreshToken: string | undefined
}

/** At most so long before its end a token is had anew, and less for one that lives shortly. */
const marginMsMax = 300_000
const marginOfLifetime = 0.1

/**
 * @returns undefined where the connection's credentials need no token
 * @throws HubError not_configured
 */
export function tokenStateOf({ provider, values, secrets, sealed }: Opened): TokenState | undefined {
  const tokens = provider.api?.tokens
  const grant = tokens && configured(() => tokens.grant(values))
  if (!grant) return undefined
  const { fields } = tokens
  const hadAt = sealed.get(fields.accessToken)?.updatedAt ?? null
  if ('refreshToken' in fields) {
    const givenAt = sealed.get(fields.refreshToken)?.updatedAt ?? ''
    return {
      grant,
      fields,
      // Of the grant that stood there before a refresh token was given by itself, it would act for somebody else.
      token: hadAt !== null && hadAt >= givenAt ? values.find(fields.accessToken) : undefined,
      endsAt: parseTimestamp(values.find(fields.expiresAt) ?? '') ?? null,
      hadAt,
      refreshToken: values.find(fields.refreshToken),
    }
  }
  const text = secrets.get(fields.accessToken)?.reveal()
  const kept = text === undefined ? undefined : keptToken(text)
  const isOfClient = kept?.client === clientHash(grant)
  return {
    grant,
    fields,
    token: isOfClient ? kept.token : undefined,
    endsAt: (isOfClient && kept.endsAt) || null,
    hadAt,
    refreshToken: undefined,
  }
}

/**
 * @param refused a token that the provider does not accept any more
 * @param spread from 0 to 1: of many connections that end together, not all are renewed together
 * @returns whether it has to be had anew, or may be since its end is near
 */
export function needOf(
  { token, endsAt, hadAt }: TokenState,
  refused: string | undefined,
  now: Timestamp,
  spread: number,
): 'must' | 'may' | 'none' {
  if (token === undefined || token === refused || (endsAt !== null && endsAt <= now)) return 'must'
  if (endsAt === null) return 'none'
  const lifetimeMs = hadAt === null ? 0 : Date.parse(endsAt) - Date.parse(hadAt)
  const marginMs = Math.min(marginMsMax, lifetimeMs * marginOfLifetime) * (0.5 + spread / 2)
  return Date.parse(endsAt) - Date.parse(now) < marginMs ? 'may' : 'none'
}

export function clientHash({ tokenUrl, clientId, clientSecret }: Grant): string {
  return createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret]))
    .digest('base64url')
}
