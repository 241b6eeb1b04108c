// The audit trail: who did what, when, from where and with which key; never a value.
import { type AuditRow, auditOf } from '../storage/audit.ts'
import type { Db } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import type { Timestamp } from './timestamp.ts'

/** Everything that is put on record; `docs/api.md` says of each what it means. */
export const auditActions = [
  'account.created',
  'api_key.changed',
  'api_key.created',
  'api_key.imported',
  'api_key.revoked',
  'api_key.rolled',
  'audit.exported',
  'connection.changed',
  'connection.created',
  'connection.deleted',
  'connection.restored',
  'freelancer.changed',
  'freelancer.created',
  'freelancer.deleted',
  'integration.changed',
  'integration.created',
  'integration.deleted',
  'request.denied',
  'secrets.damaged',
  'secrets.revealed',
  'secrets.shown',
] as const

export type AuditAction = (typeof auditActions)[number]

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
  route: 'public',
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

export type AuditEntry = AuditFacts & { readonly action: AuditAction }

/** What is said of a connection that has its secrets opened. */
export function aboutConnection({ uid, id }: { uid: string; id: number }): AuditFacts {
  return { subject: `connection/${uid}`, data: { id } }
}

/** Writes a record in the transaction of what it describes. */
export async function record(db: Db, caller: Caller, at: Timestamp, ...entries: AuditEntry[]): Promise<void> {
  await auditOf(db, caller.accountId).insert(entries.map((entry) => rowOf(caller, at, entry)))
}

/** @returns the records' numbers within the account, in the same order */
export function recordNumbered(
  db: Db,
  caller: Caller,
  at: Timestamp,
  entries: readonly AuditEntry[],
): Promise<number[]> {
  return auditOf(db, caller.accountId).insertNumbered(entries.map((entry) => rowOf(caller, at, entry)))
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
