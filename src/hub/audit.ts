// The audit trail: who did what, when, from where and with which key; never a value.
import { type AuditRow, auditOf } from '../storage/audit.ts'
import { auditChainsOf } from '../storage/audit-chains.ts'
import type { Db } from '../storage/database.ts'
import { countOf, linkOf, proofOf } from '../vault/audit-chain.ts'
import type { ChainKeys } from './audit-chains.ts'
import type { Caller } from './caller.ts'
import type { EventDraft } from './event-draft.ts'
import type { EventLog } from './event-log.ts'
import type { Timestamp } from './timestamp.ts'

/** Everything that is put on record; `docs/api.md` says of each what it means. */
export const auditActions = [
  'account.created',
  'account.deleted',
  'account.rekeyed',
  'api_key.changed',
  'api_key.created',
  'api_key.imported',
  'api_key.revoked',
  'api_key.rolled',
  'audit.exported',
  'connection.changed',
  'connection.created',
  'connection.deleted',
  'connection.refresh_failed',
  'connection.refreshed',
  'connection.restored',
  'connection.used',
  'connection.verified',
  'data_key.dropped',
  'freelancer.changed',
  'freelancer.created',
  'freelancer.deleted',
  'integration.changed',
  'integration.created',
  'integration.deleted',
  'key_slot.added',
  'key_slot.removed',
  'request.denied',
  'root_key.created',
  'root_key.dropped',
  'secrets.damaged',
  'secrets.revealed',
  'secrets.shown',
  'session.ended',
  'session.started',
  'session.switched',
  'webhook.changed',
  'webhook.created',
  'webhook.deleted',
  'webhook.disabled',
  'webhook.replayed',
  'webhook.secret_rotated',
  'webhook.tested',
] as const

/** Of these, repeats within a minute are counted on one record. */
export const countedActions = [
  'connection.used',
  'request.denied',
  'secrets.damaged',
  'secrets.shown',
] as const
export type CountedAction = (typeof countedActions)[number]

export type AuditAction = (typeof auditActions)[number]

/** What of these is told as events too: a record of it cannot be written without saying what it tells. */
export const toldActions = [
  'api_key.changed',
  'api_key.created',
  'api_key.imported',
  'api_key.revoked',
  'api_key.rolled',
  'connection.changed',
  'connection.created',
  'connection.deleted',
  'connection.refresh_failed',
  'connection.refreshed',
  'connection.restored',
  'connection.verified',
  'freelancer.changed',
  'freelancer.created',
  'freelancer.deleted',
  'integration.changed',
  'integration.created',
  'integration.deleted',
  'webhook.changed',
  'webhook.created',
  'webhook.deleted',
  'webhook.disabled',
  'webhook.secret_rotated',
  'webhook.tested',
] as const satisfies readonly AuditAction[]
export type ToldAction = (typeof toldActions)[number]

/**
 * What records are about. Of most things the uid stays within the store, so that `data` has to hold the id
 * they are known by; of the others what stands behind the noun is public itself.
 */
export const auditNouns = {
  account: 'a number',
  api_key: 'public',
  connection: 'a number',
  freelancer: 'a text',
  integration: 'a text',
  key_slot: 'public',
  root_key: 'public',
  route: 'public',
  session: 'public',
  webhook: 'public',
} as const

export type AuditNoun = keyof typeof auditNouns
type NounOf<Kind> = { [Noun in AuditNoun]: (typeof auditNouns)[Noun] extends Kind ? Noun : never }[AuditNoun]

/** Ids and names of members, as they were then. */
type AuditData = Readonly<Record<string, string | number | boolean | readonly string[] | null>>

/** A thing, as a noun and its uid, which stays when the public id is renamed. */
export type AuditFacts =
  | { readonly subject: `${NounOf<'public'>}/${string}`; readonly data: AuditData }
  | {
      readonly subject: `${NounOf<'a number'>}/${string}`
      readonly data: AuditData & { readonly id: number }
    }
  | { readonly subject: `${NounOf<'a text'>}/${string}`; readonly data: AuditData & { readonly id: string } }

export type AuditEntry = AuditFacts &
  (
    | { readonly action: Exclude<AuditAction, ToldAction> }
    | { readonly action: ToldAction; readonly events: readonly EventDraft[] }
  )

/** What is said of a connection that has its secrets opened. */
export function aboutConnection({ uid, id }: { uid: string; id: number }): AuditFacts {
  return { subject: `connection/${uid}`, data: { id } }
}

/** Chains and writes records. */
export type AuditLog = {
  /**
   * Writes records in the transaction of what they describe, with the events that tell of it; it holds the account.
   * @returns their numbers within the account
   */
  record: RecordAudit
  /** The same for what may be counted up afterwards. */
  recordCounted(
    db: Db,
    caller: Caller,
    at: Timestamp,
    entries: ReadonlyArray<AuditFacts & { readonly action: CountedAction }>,
  ): Promise<number[]>
  /** In a transaction that holds the account. */
  countMore(db: Db, accountId: number, sequence: number, more: number): Promise<void>
}

export type RecordAudit = (
  db: Db,
  caller: Caller,
  at: Timestamp,
  ...entries: readonly AuditEntry[]
) => Promise<number[]>

export function auditLog({ chains, events }: { chains: ChainKeys; events: EventLog }): AuditLog {
  async function append(
    db: Db,
    caller: Caller,
    at: Timestamp,
    entries: readonly AuditEntry[],
    isCounted: boolean,
  ): Promise<number[]> {
    const { accountId } = caller
    const { key, row: ends } = await chains.open(db, accountId)
    const audit = auditOf(db, accountId)
    let { last, last_link, last_event } = ends
    const sequences: number[] = []
    for (const entry of entries) {
      const row = { ...rowOf(caller, at, entry), sequence: ++last }
      last_link = linkOf(key, last_link, row)
      await audit.insert({ ...row, link: last_link, counted: isCounted ? countOf(key, last, 1) : null })
      sequences.push(last)
      for (const draft of 'events' in entry ? entry.events : [])
        await events.write(db, accountId, at, { sequence: ++last_event, listeners: ends.listeners }, draft)
    }
    const proof = proofOf(key, { ...ends, last, last_link })
    await auditChainsOf(db, accountId).setLast({ last, last_link, proof, last_event })
    return sequences
  }

  return {
    record: (db, caller, at, ...entries) => append(db, caller, at, entries, false),

    recordCounted: (db, caller, at, entries) => append(db, caller, at, entries, true),

    async countMore(db, accountId, sequence, more) {
      const { key } = await chains.open(db, accountId)
      const audit = auditOf(db, accountId)
      const times = (await audit.timesOf(sequence)) + more
      await audit.setTimes(sequence, times, countOf(key, sequence, times))
    },
  }
}

function rowOf(caller: Caller, at: Timestamp, { action, subject, data }: AuditEntry): AuditRow {
  const { keyUid: key_uid, address, requestId: request_id } = caller
  return { at, action, subject, key_uid, address, request_id, data: dataText(data) }
}

/** The id comes first, where the trail looks for it. */
export function dataText({ id, ...more }: AuditData): string {
  return JSON.stringify({ id, ...more })
}

/** Members by the names that callers know them by: `addressLine1` is `address_line_1` to them. */
export function memberNames(given: object): string[] {
  return Object.keys(given).map((name) => name.replaceAll(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`))
}
