// The audit trail: who did what, when, from where and with which key; never a value.
import { auditOf } from '../storage/audit.ts'
import type { Db } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import type { Timestamp } from './timestamp.ts'

export type AuditAction =
  | 'account.created'
  | 'api_key.created'
  | 'api_key.imported'
  | 'api_key.revoked'
  | 'connection.created'
  | 'connection.deleted'
  | 'freelancer.changed'
  | 'freelancer.created'
  | 'freelancer.deleted'
  | 'integration.changed'
  | 'integration.created'
  | 'integration.deleted'
  | 'secrets.damaged'
  | 'secrets.shown'

export type AuditEntry = {
  readonly action: AuditAction
  /** What it happened to: a noun and its uid, which stays when the public id is renamed. */
  readonly subject: `${string}/${string}`
  /** Ids and names of members, as they were then. */
  readonly data: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
}

/** Writes a record in the transaction of what it describes. */
export async function record(db: Db, caller: Caller, at: Timestamp, entry: AuditEntry): Promise<void> {
  await recordAll(db, caller, at, [entry])
}

/** @returns the records' numbers within the account, in the same order */
export function recordAll(
  db: Db,
  caller: Caller,
  at: Timestamp,
  entries: readonly AuditEntry[],
): Promise<number[]> {
  return auditOf(db, caller.accountId).insert(
    entries.map(({ action, subject, data }) => ({
      at,
      action,
      subject,
      key_uid: caller.keyUid,
      address: caller.address,
      request_id: caller.requestId,
      data: JSON.stringify(data),
    })),
  )
}
