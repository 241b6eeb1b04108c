// The tables, as the queries see them; `migrations/` makes them.
import type { Timestamp } from '../hub/timestamp.ts'

/** Flags are 0 and 1 on both engines; JSON is kept as text; a `uid` is a UUID that never leaves the store. */
export type Schema = {
  /** Facts about the store itself, such as its id. */
  store: { name: string; value: string }
  /** Keys that wrap the data keys; each is in a box for each slot. The one of the highest position wraps. */
  root_keys: { id: string; position: number; created_at: Timestamp }
  /** Ways to the root keys: a key file, a recovery code, a passphrase. */
  key_slots: {
    id: string
    kind: string
    /** Tells secrets apart without telling anything about them. */
    fingerprint: string
    /** JSON: what its key pair is derived with, beside the secret. */
    parameters: string
    public_key: string
    /** The anchor, sealed with the slot's secret. */
    anchor: string
    /** A keyed hash, with the anchor, of what the slot is. */
    proof: string
    created_at: Timestamp
  }
  /** A root key in a box that the slot's secret opens. */
  slot_keys: { slot_id: string; root_key_id: string; box: string }
  /** A deleted one has neither a name nor any other row: nobody else is given its number. */
  accounts: { id: number; uid: string; name: string; created_at: Timestamp; deleted_at: Timestamp | null }
  /** Numbers given out within an account: never twice, also after a deletion. */
  sequences: { account_id: number; name: string; value: number }
  /** Keys that seal an account's values, each wrapped by a root key. The one of the highest position seals. */
  data_keys: {
    account_id: number
    id: string
    wrapped: string
    /** Null where an earlier version has made it. */
    root_key_id: string | null
    position: number
    /** How many values were sealed with it, about. */
    seals: number
    created_at: Timestamp
  }
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
    /** A JSON list of what it may ask of providers; null for anything. */
    proxy: string | null
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
    /** The same for machines. */
    health_identity: string | null
    /** Whether it is for tests, or for real. */
    health_mode: string | null
    /** A JSON list of what the credential may do. */
    health_scopes: string | null
    created_at: Timestamp
    updated_at: Timestamp
  }
  connection_secrets: {
    account_id: number
    connection_uid: string
    field: string
    sealed: string
    /** The data key that it needs; null where an earlier version has written it. */
    key_id: string | null
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
    key_id: string | null
    hint: string | null
    updated_at: Timestamp
    replaced_at: Timestamp
    expires_at: Timestamp
  }
  /** What was found when a connection was checked, by whatever caused it. */
  connection_checks: {
    account_id: number
    connection_uid: string
    sequence: number
    at: Timestamp
    cause: string
    status: string
    reason: string | null
    account: string | null
    duration_ms: number
  }
  /** When a connection is looked at again. */
  connection_upkeep: {
    account_id: number
    connection_uid: string
    check_at: Timestamp | null
    check_failures: number
    refresh_not_before: Timestamp | null
    refresh_failures: number
    /** Why the last refresh was refused; null where it was not. */
    refresh_refused: string | null
    refresh_begun_at: Timestamp | null
    refreshed_at: Timestamp | null
  }
  /** How often each key had a connection's secrets used or shown; `key_uid` is blank for the command line. */
  connection_uses: {
    account_id: number
    connection_uid: string
    key_uid: string
    last_used_at: Timestamp
    times: number
  }
  /** Who is signed in at the console; `key_uid` is null for who came by a link. */
  console_sessions: {
    account_id: number
    uid: string
    digest: string
    key_uid: string | null
    /** Where the key is, and the link was for, when an operator has gone over to another account; else null. */
    home_account_id: number | null
    created_at: Timestamp
    used_at: Timestamp
  }
  /** Links that sign in at the console once. */
  console_links: { account_id: number; digest: string; expires_at: Timestamp }
  /** What came of checks and deliveries, by the hour that it came in. */
  hourly_counts: { account_id: number; what: string; hour: Timestamp; n: number }
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
    key_id: string | null
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
    /** A keyed hash of the record and the link before it; null where an earlier version has written it. */
    link: string | null
    /** A keyed hash of how often; null where it is no more than once. */
    counted: string | null
  }
  /** What changed, as it is shown and sent; `integration_uid` is null for what belongs to the whole account. */
  events: {
    account_id: number
    sequence: number
    id: string
    type: string
    integration_uid: string | null
    /** What callers knew it by then. */
    integration_id: string | null
    at: Timestamp
    body: string
  }
  webhooks: {
    account_id: number
    uid: string
    integration_uid: string
    /** `account` or `integration`: whose events it hears. */
    reach: string
    url: string
    /** A JSON list of types and patterns. */
    events: string
    metadata: string
    created_at: Timestamp
    updated_at: Timestamp
    disabled_at: Timestamp | null
    disabled_reason: string | null
    failing_since: Timestamp | null
    failures: number
  }
  /** What webhooks sign with: the one that does not end, and those before it until they do. */
  webhook_secrets: {
    account_id: number
    webhook_uid: string
    field: string
    sealed: string
    key_id: string | null
    created_at: Timestamp
    expires_at: Timestamp | null
  }
  /** An event on its way to a webhook; its id is the event's. */
  deliveries: {
    account_id: number
    webhook_uid: string
    sequence: number
    status: string
    /** When it is tried next; null where it is not. */
    due_at: Timestamp | null
    /** How often it was tried since it was last begun anew. */
    tries: number
    /** A JSON list of the latest tries. */
    attempts: string
    created_at: Timestamp
  }
  /** Where an account's chain of records begins and ends. */
  audit_chains: {
    account_id: number
    /** The chain's key, wrapped by a root key. */
    wrapped: string
    root_key_id: string
    /** The number of the first record in it, and the link before that. */
    first: number
    first_link: string
    last: number
    last_link: string
    /** A keyed hash of all four. */
    proof: string
    /** The number of the account's last event: here, since each event comes with a record. */
    last_event: number
    /** 0 where no webhook hears of the account's events; else another number after every change of those that do. */
    listeners: number
  }
}
