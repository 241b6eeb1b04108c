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
  /** Another for each connection and token, and the same whoever looks. */
  readonly seed: string
}

/** At most so long before its end a token is had anew, and less for one that lives shortly. */
const marginMsMax = 300_000
const marginOfLifetime = 0.1
/** A token that is refused so soon after it was had is refused for another reason than its age. */
const youngMsMax = 30_000
const youngOfLifetime = 0.5

/**
 * @returns undefined where the connection's credentials need no token
 * @throws HubError not_configured
 */
export function tokenStateOf({
  connection,
  provider,
  values,
  secrets,
  sealed,
}: Opened): TokenState | undefined {
  const tokens = provider.api?.tokens
  const grant = tokens && configured(() => tokens.grant(values))
  if (!grant) return undefined
  const { fields } = tokens
  const hadAt = sealed.get(fields.accessToken)?.updatedAt ?? null
  const known = { grant, fields, hadAt, seed: `${connection.uid} ${hadAt}` }
  if ('refreshToken' in fields) {
    const givenAt = sealed.get(fields.refreshToken)?.updatedAt ?? ''
    return {
      ...known,
      // Of the grant that stood there before a refresh token was given by itself, it would act for somebody else.
      token: hadAt !== null && hadAt >= givenAt ? values.find(fields.accessToken) : undefined,
      endsAt: parseTimestamp(values.find(fields.expiresAt) ?? '') ?? null,
      refreshToken: values.find(fields.refreshToken),
    }
  }
  const text = secrets.get(fields.accessToken)?.reveal()
  const kept = text === undefined ? undefined : keptToken(text)
  const isOfClient = kept?.client === clientHash(grant)
  return {
    ...known,
    token: isOfClient ? kept.token : undefined,
    endsAt: (isOfClient && kept.endsAt) || null,
    refreshToken: undefined,
  }
}

/**
 * @param refused a token that the provider does not accept any more
 * @returns whether it has to be had anew, or may be since its end is near
 */
export function needOf(
  { token, endsAt, hadAt, seed }: TokenState,
  refused: string | undefined,
  now: Timestamp,
): 'must' | 'may' | 'none' {
  if (token === undefined || token === refused || (endsAt !== null && endsAt <= now)) return 'must'
  if (endsAt === null) return 'none'
  const marginMs = Math.min(marginMsMax, lifetimeMs(hadAt, endsAt) * marginOfLifetime)
  const leftMs = Date.parse(endsAt) - Date.parse(now)
  if (leftMs >= marginMs) return 'none'
  // Of many connections whose tokens end together, not all are renewed together.
  return leftMs < marginMs * (0.5 + spreadOf(seed) / 2) ? 'may' : 'none'
}

/** @param refreshedAt when Mortise had it, if it did */
export function isYoung(
  { hadAt, endsAt }: TokenState,
  refreshedAt: Timestamp | null,
  now: Timestamp,
): boolean {
  if (refreshedAt === null || (endsAt !== null && endsAt <= now)) return false
  // Somebody was quicker: this one was had before that.
  if (hadAt !== null && hadAt < refreshedAt) return false
  const limitMs =
    endsAt === null ? youngMsMax : Math.min(youngMsMax, lifetimeMs(hadAt, endsAt) * youngOfLifetime)
  const ageMs = Date.parse(now) - Date.parse(refreshedAt)
  return ageMs >= 0 && ageMs < limitMs
}

export function clientHash({ tokenUrl, clientId, clientSecret }: Grant): string {
  return createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret]))
    .digest('base64url')
}

function lifetimeMs(hadAt: Timestamp | null, endsAt: Timestamp): number {
  return hadAt === null ? 0 : Math.max(0, Date.parse(endsAt) - Date.parse(hadAt))
}

/** From 0 to 1. */
function spreadOf(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32
}
