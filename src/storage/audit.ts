// Queries on an account's audit trail: records are added; only the count of a repeated one rises.
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import { nextOf } from './sequences.ts'

export type AuditRow = {
  at: Timestamp
  action: string
  subject: string
  key_uid: string | null
  address: string | null
  request_id: string | null
  data: string
}

/** How many rows one statement inserts. */
const rowsAtOnce = 200

export function auditOf(db: Db, accountId: number) {
  return {
    /** @returns their numbers within the account, in the same order */
    async insert(rows: readonly AuditRow[]): Promise<number[]> {
      const last = await nextOf(db, accountId, 'audit', rows.length)
      const numbered = rows.map((row, at) => ({
        account_id: accountId,
        sequence: last - rows.length + 1 + at,
        times: 1,
        ...row,
      }))
      for (let at = 0; at < numbered.length; at += rowsAtOnce) {
        await db
          .insertInto('audit')
          .values(numbered.slice(at, at + rowsAtOnce))
          .execute()
      }
      return numbered.map(({ sequence }) => sequence)
    },

    /** What the account's records of an action by a key since a time are about, with their numbers. */
    async findSince(action: string, keyUid: string | null, since: Timestamp): Promise<Map<string, number>> {
      const found = await db
        .selectFrom('audit')
        .select(['subject', 'sequence'])
        .where('account_id', '=', accountId)
        .where('action', '=', action)
        .where('at', '>=', since)
        .where('key_uid', keyUid === null ? 'is' : '=', keyUid)
        .execute()
      return new Map(found.map(({ subject, sequence }) => [subject, sequence]))
    },

    async countMore(sequence: number, more: number): Promise<void> {
      await db
        .updateTable('audit')
        .set((eb) => ({ times: eb('times', '+', more) }))
        .where('account_id', '=', accountId)
        .where('sequence', '=', sequence)
        .execute()
    },

    /** Newest last. */
    async list(): Promise<Array<AuditRow & { sequence: number; times: number }>> {
      return db
        .selectFrom('audit')
        .select(['sequence', 'at', 'action', 'subject', 'key_uid', 'address', 'request_id', 'times', 'data'])
        .where('account_id', '=', accountId)
        .orderBy('sequence')
        .execute()
    },
  }
}
