// Queries on which keys had an account's connections used, how often, and when last.
import { sql } from 'kysely'
import type { ConnectionUse } from '../hub/connection.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

/** Stands for the person at the command line, who has no key. */
const noKey = ''

export function connectionUsesOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    /** Nothing happens where the connection is gone. */
    async note(connectionUid: string, { keyUid, lastUsedAt, times }: ConnectionUse): Promise<void> {
      await db
        .insertInto('connection_uses')
        .columns(['account_id', 'connection_uid', 'key_uid', 'last_used_at', 'times'])
        .expression((eb) =>
          eb
            .selectFrom('connections')
            .select([
              'account_id',
              'uid',
              sql<string>`cast(${keyUid ?? noKey} as text)`.as('key_uid'),
              sql<Timestamp>`cast(${lastUsedAt} as text)`.as('last_used_at'),
              sql<number>`cast(${times} as bigint)`.as('times'),
            ])
            .where('account_id', '=', accountId)
            .where('uid', '=', connectionUid),
        )
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'connection_uid', 'key_uid']).doUpdateSet({
            last_used_at: sql`excluded.last_used_at`,
            times: sql`connection_uses.times + excluded.times`,
          }),
        )
        .execute()
    },

    /** The latest first. */
    async list(connectionUid: string): Promise<ConnectionUse[]> {
      const found = await db
        .selectFrom('connection_uses')
        .select(['key_uid', 'last_used_at', 'times'])
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .orderBy('last_used_at', 'desc')
        .orderBy('key_uid')
        .execute()
      return found.map(({ key_uid, last_used_at, times }) => ({
        keyUid: key_uid === noKey ? null : key_uid,
        lastUsedAt: last_used_at,
        times,
      }))
    },
  }
}
