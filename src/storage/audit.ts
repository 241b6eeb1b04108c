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

export function auditOf(db: Db, accountId: number) {
  return {
    async insert(row: AuditRow): Promise<number> {
      const sequence = await nextOf(db, accountId, 'audit')
      await db
        .insertInto('audit')
        .values({ account_id: accountId, sequence, times: 1, ...row })
        .execute()
      return sequence
    },

    /** The latest record of the same thing by the same key since a time. */
    async findSince(row: Pick<AuditRow, 'action' | 'subject' | 'key_uid'>, since: Timestamp) {
      return db
        .selectFrom('audit')
        .select('sequence')
        .where('account_id', '=', accountId)
        .where('at', '>=', since)
        .where('action', '=', row.action)
        .where('subject', '=', row.subject)
        .where('key_uid', row.key_uid === null ? 'is' : '=', row.key_uid)
        .orderBy('sequence', 'desc')
        .executeTakeFirst()
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
