// Queries on when a connection is looked at again: its next check, and where its refreshes stand.
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
  /** Why the provider refused the last refresh, for people; null where it did not. */
  readonly refreshRefused: string | null
  /** Of a refresh whose outcome is not known yet: it is under way, or the node that was at it is gone. */
  readonly refreshBegunAt: Timestamp | null
  /** Of the last one that succeeded since the credential was given. */
  readonly refreshedAt: Timestamp | null
}

const unknown: Upkeep = {
  checkAt: null,
  checkFailures: 0,
  refreshNotBefore: null,
  refreshFailures: 0,
  refreshRefused: null,
  refreshBegunAt: null,
  refreshedAt: null,
}

/** As refreshes stand where none has failed, and none is under way. */
export const refreshSettled = {
  refreshNotBefore: null,
  refreshFailures: 0,
  refreshRefused: null,
  refreshBegunAt: null,
} as const satisfies Partial<Upkeep>

export function connectionUpkeepOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async get(connectionUid: string): Promise<Upkeep> {
      const row = await db
        .selectFrom('connection_upkeep')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .executeTakeFirst()
      if (!row) return unknown
      return {
        checkAt: row.check_at,
        checkFailures: row.check_failures,
        refreshNotBefore: row.refresh_not_before,
        refreshFailures: row.refresh_failures,
        refreshRefused: row.refresh_refused,
        refreshBegunAt: row.refresh_begun_at,
        refreshedAt: row.refreshed_at,
      }
    },

    /** What is not given stays. In a transaction that holds the account, in which the connection was found. */
    async set(connectionUid: string, given: Partial<Upkeep>): Promise<void> {
      const changes = rowFrom(given)
      await db
        .insertInto('connection_upkeep')
        .values({
          account_id: accountId,
          connection_uid: connectionUid,
          check_failures: 0,
          refresh_failures: 0,
          ...changes,
        })
        .onConflict((conflict) => conflict.columns(['account_id', 'connection_uid']).doUpdateSet(changes))
        .execute()
    },
  }
}

/** A given `undefined` is nothing given. */
function rowFrom(given: Partial<Upkeep>) {
  return {
    ...(given.checkAt !== undefined && { check_at: given.checkAt }),
    ...(given.checkFailures !== undefined && { check_failures: given.checkFailures }),
    ...(given.refreshNotBefore !== undefined && { refresh_not_before: given.refreshNotBefore }),
    ...(given.refreshFailures !== undefined && { refresh_failures: given.refreshFailures }),
    ...(given.refreshRefused !== undefined && { refresh_refused: given.refreshRefused }),
    ...(given.refreshBegunAt !== undefined && { refresh_begun_at: given.refreshBegunAt }),
    ...(given.refreshedAt !== undefined && { refreshed_at: given.refreshedAt }),
  }
}

/** Connections of all accounts that are to be looked at by now, those that have waited longest first. */
export async function dueChecks(
  db: Db,
  now: Timestamp,
  limit: number,
): Promise<Array<{ accountId: number; id: number }>> {
  const found = await dueChecksQuery(db, now, limit).execute()
  return found.map(({ account_id, id }) => ({ accountId: account_id, id }))
}

/** By the index that its times have. */
export function dueChecksQuery(db: Db, now: Timestamp, limit: number) {
  return within(db, 'all accounts')
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
}
