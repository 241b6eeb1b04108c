// The tables, as the queries see them; `migrations/` makes them.
import type { Timestamp } from '../hub/timestamp.ts'

/** Flags are 0 and 1 on both engines; JSON is kept as text; a `uid` is a UUID that never leaves the store. */
export type Schema = {
  /** Facts about the store itself: its id, and what proves a master key to be the right one. */
  store: { name: string; value: string }
  accounts: { id: number; uid: string; name: string; created_at: Timestamp }
  /** Numbers given out within an account: never twice, also after a deletion. */
  sequences: { account_id: number; name: string; value: number }
  /** Keys that seal an account's values, each wrapped by the master key. */
  data_keys: { account_id: number; id: string; wrapped: string; created_at: Timestamp }
  api_keys: {
    account_id: number
    uid: string
    /** SHA-256 of the key, hex. The one index that does not begin with the account: it finds the account. */
    digest: string
    prefix: string
    last_four: string
    name: string
    scopes: string
    integration_uid: string | null
    created_at: Timestamp
    expires_at: Timestamp | null
    revoked_at: Timestamp | null
    last_used_at: Timestamp | null
    /** A JSON list of the addresses it may come from; null for any. */
    addresses: string | null
  }
  integrations: {
    account_id: number
    uid: string
    id: string
    position: number
    type: number
    name: string
    logo: string | null
    metadata: string
    email: string
    recipient: string
    address_line_1: string
    address_line_2: string | null
    zip_code: string
    city: string
    created_at: Timestamp
    updated_at: Timestamp
  }
  /** Pictures in base64, by a name that ends with their format. */
  logos: { account_id: number; name: string; base64: string; created_at: Timestamp }
  /** What a freelancer has beside its Invoice Integration, which holds the name and address. */
  freelancers: {
    account_id: number
    uid: string
    id: string
    position: number
    integration_uid: string
    metadata: string
    created_at: Timestamp
    updated_at: Timestamp
  }
  connections: {
    account_id: number
    id: number
    uid: string
    integration_uid: string
    provider: string
    title: string
    /** The title as searches look for it: composed, in upper case. */
    title_key: string
    use_cloudfront: number
    fields: string
    metadata: string
    health_status: string
    health_reason: string | null
    health_checked_at: Timestamp | null
    /** Whom the provider says the credential belongs to. */
    health_account: string | null
    created_at: Timestamp
    updated_at: Timestamp
  }
  connection_secrets: {
    account_id: number
    connection_uid: string
    field: string
    sealed: string
    /** Its last characters, where it is long enough to show any. */
    hint: string | null
    updated_at: Timestamp
  }
  /** What a secret was before it was changed; the sealed value still opens in its old place alone. */
  previous_secrets: {
    account_id: number
    connection_uid: string
    field: string
    sealed: string
    hint: string | null
    updated_at: Timestamp
    replaced_at: Timestamp
    expires_at: Timestamp
  }
  /** How often each key had a connection's secrets used or shown; `key_uid` is blank for the command line. */
  connection_uses: {
    account_id: number
    connection_uid: string
    key_uid: string
    last_used_at: Timestamp
    times: number
  }
  /** How many rows of a list stand in a stretch of positions. */
  tallies: { account_id: number; list: string; level: number; stretch: number; n: number }
  /** What only one node may do at a time; account 0 is the installation. */
  leases: { account_id: number; name: string; token: number; expires_at: Timestamp }
  /** Only on PostgreSQL, and kept by the library that counts. */
  rate_limits: { key: string; points: number; expire: number | null }
  stored_answers: {
    account_id: number
    key: string
    route: string
    target: string
    uid: string
    position: number
    asked_id: string | null
    fingerprint: string
    sealed: string
    expires_at: Timestamp
  }
  audit: {
    account_id: number
    sequence: number
    at: Timestamp
    action: string
    subject: string
    key_uid: string | null
    address: string | null
    request_id: string | null
    /** How often it happened: more than 1 only where repeats within a minute are counted on one record. */
    times: number
    data: string
  }
}
