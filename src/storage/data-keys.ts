// An account's data keys, wrapped.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

export function dataKeysOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async insert(row: { id: string; wrapped: string; created_at: Timestamp }): Promise<void> {
      await db
        .insertInto('data_keys')
        .values({ account_id: accountId, ...row })
        .execute()
    },

    /** Oldest first, with the account's uid, which they are bound to. */
    async all(): Promise<{ accountUid: string; rows: Array<{ id: string; wrapped: string }> }> {
      const { uid } = await db
        .selectFrom('accounts')
        .select('uid')
        .where('id', '=', accountId)
        .executeTakeFirstOrThrow()
      const rows = await db
        .selectFrom('data_keys')
        .select(['id', 'wrapped'])
        .where('account_id', '=', accountId)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return { accountUid: uid, rows }
    },
  }
}
