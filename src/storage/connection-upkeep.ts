// Queries on when a connection is looked at again: its next check, and the end of a pause after a refresh that failed.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

export type Upkeep = {
  /** Null where nobody has to look. */
  readonly checkAt: Timestamp | null
  /** Checks in a row that came to no verdict. */
  readonly checkFailures: number
  /** Until when no refresh is tried, after one that failed. */
  readonly refreshNotBefore: Timestamp | null
  readonly refreshFailures: number
}

const unknown: Upkeep = { checkAt: null, checkFailures: 0, refreshNotBefore: null, refreshFailures: 0 }

export function connectionUpkeepOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async get(connectionUid: string): Promise<Upkeep> {
      const row = await db
        .selectFrom('connection_upkeep')
        .select(['check_at', 'check_failures', 'refresh_not_before', 'refresh_failures'])
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .executeTakeFirst()
      if (!row) return unknown
      return {
        checkAt: row.check_at,
        checkFailures: row.check_failures,
        refreshNotBefore: row.refresh_not_before,
        refreshFailures: row.refresh_failures,
      }
    },

    /** What is not given stays. In a transaction that holds the account, in which the connection was found. */
    async set(connectionUid: string, given: Partial<Upkeep>): Promise<void> {
      const { checkAt, checkFailures, refreshNotBefore, refreshFailures } = given
      const changes = {
        ...(checkAt !== undefined && { check_at: checkAt }),
        ...(checkFailures !== undefined && { check_failures: checkFailures }),
        ...(refreshNotBefore !== undefined && { refresh_not_before: refreshNotBefore }),
        ...(refreshFailures !== undefined && { refresh_failures: refreshFailures }),
      }
      await db
        .insertInto('connection_upkeep')
        .values({
          account_id: accountId,
          connection_uid: connectionUid,
          check_at: null,
          check_failures: 0,
          refresh_not_before: null,
          refresh_failures: 0,
          ...changes,
        })
        .onConflict((conflict) => conflict.columns(['account_id', 'connection_uid']).doUpdateSet(changes))
        .execute()
    },
  }
}

/** Connections of all accounts that are to be looked at by now, those that have waited longest first. */
export async function dueChecks(
  db: Db,
  now: Timestamp,
  limit: number,
): Promise<Array<{ accountId: number; id: number }>> {
  const found = await within(db, 'all accounts')
    .selectFrom('connection_upkeep')
    .innerJoin('connections', (join) =>
      join
        .onRef('connections.account_id', '=', 'connection_upkeep.account_id')
        .onRef('connections.uid', '=', 'connection_upkeep.connection_uid'),
    )
    .select(['connections.account_id as account_id', 'connections.id as id'])
    .where('connection_upkeep.check_at', '<=', now)
    .orderBy('connection_upkeep.check_at')
    .limit(limit)
    .execute()
  return found.map(({ account_id, id }) => ({ accountId: account_id, id }))
}
