// Queries on an account's audit trail: records are added; only the count of a repeated one rises.
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import { prepared } from './prepared.ts'
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

type NumberedRow = AuditRow & { account_id: number; sequence: number }

const add = prepared<NumberedRow, never>((db, value) =>
  db.insertInto('audit').values({
    account_id: value('account_id'),
    sequence: value('sequence'),
    at: value('at'),
    action: value('action'),
    subject: value('subject'),
    key_uid: value('key_uid'),
    address: value('address'),
    request_id: value('request_id'),
    times: 1,
    data: value('data'),
  }),
)

export function auditOf(db: Db, accountId: number) {
  return {
    /** @returns their numbers within the account, in the same order */
    async insert(rows: readonly AuditRow[]): Promise<number[]> {
      const last = await nextOf(db, accountId, 'audit', rows.length)
      const first = last - rows.length + 1
      for (const [at, row] of rows.entries()) {
        await add(db, { ...row, account_id: accountId, sequence: first + at })
      }
      return rows.map((_, at) => first + at)
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
