// What a connection is: one provider's settings and credentials. The credentials are never on it.
import type { Verdict } from '../catalogue/verdict.ts'
import type { Secret } from '../vault/secret.ts'
import type { JsonText } from './json-text.ts'
import type { Timestamp } from './timestamp.ts'

/** What is known of a credential's standing at its provider. */
export const healthStatuses = [
  'unverified',
  'healthy',
  'degraded',
  'rejected',
  'unreachable',
  'rate_limited',
  'unverifiable',
] as const

export type Health = {
  readonly status: (typeof healthStatuses)[number]
  readonly reason: string | null
  readonly checkedAt: Timestamp | null
  /** Whom the provider says the credential belongs to. */
  readonly account: string | null
  /** The same for machines: it stays when the account is renamed. */
  readonly identity: string | null
  readonly mode: 'test' | 'live' | null
  /** What the credential may do, where the provider tells. */
  readonly scopes: readonly string[] | null
}

/** What made somebody look: a request, a change of the connection, the time, or a refresh that failed. */
export const checkCauses = ['request', 'change', 'schedule', 'refresh'] as const

/** What was found when a credential was checked. */
export type Check = Pick<Health, 'status' | 'reason' | 'account'> & {
  readonly at: Timestamp
  readonly cause: (typeof checkCauses)[number]
  readonly durationMs: number
}

/** Of a secret that was never judged, or has changed since. */
export const unverified: Health = {
  status: 'unverified',
  reason: null,
  checkedAt: null,
  account: null,
  identity: null,
  mode: null,
  scopes: null,
}

export type Connection = {
  /** Never leaves the hub; sealed values are bound to it. */
  uid: string
  id: number
  integrationUid: string
  provider: string
  title: string
  useCloudfront: boolean
  /** What may be shown, by field; a field that is not set is not there. */
  fields: ReadonlyMap<string, JsonText>
  metadata: JsonText
  health: Health
  createdAt: Timestamp
  updatedAt: Timestamp
}

/** What may be shown of a secret that is set. */
export type SecretMask = {
  /** Its last characters, after asterisks for the rest. */
  readonly hint: string
  readonly updatedAt: Timestamp
}

/** A secret that was replaced or cleared, and can be had back. */
export type PreviousSecret = SecretMask & { readonly replacedAt: Timestamp; readonly expiresAt: Timestamp }

/** How a key has used a connection's secrets; null for the command line. */
export type ConnectionUse = {
  readonly keyUid: string | null
  readonly lastUsedAt: Timestamp
  readonly times: number
}

/** Secrets by field, opened for one answer. */
export type OpenedSecrets = ReadonlyMap<string, Secret>

export type NewConnection = {
  /** Defaults to the integration acted as. */
  integrationId?: string
  provider: string
  title: string
  useCloudfront?: boolean
  /** Plain and secret fields alike; the catalogue knows which is which. */
  fields: ReadonlyMap<string, JsonText>
  metadata?: JsonText
  /** For moving in from another system: what its clients know the connection by. */
  id?: number
  createdAt?: Timestamp
  updatedAt?: Timestamp
  /** What the provider has said of it, where it was asked before. */
  verdict?: Verdict
}

/** Members that are given are changed; of the fields, null clears and what is left out stays. */
export type ConnectionChange = {
  provider?: string
  title?: string
  useCloudfront?: boolean
  fields?: ReadonlyMap<string, JsonText>
  metadata?: JsonText
  /** What the provider has said of it, and of which state of the connection that is true. */
  verified?: { readonly verdict: Verdict; readonly since: Timestamp }
}

export type ConnectionFilter = {
  providers?: readonly string[]
  integrationUid?: string
  health?: Health['status']
  /** A part of the title, in whatever case. */
  title?: string
}
