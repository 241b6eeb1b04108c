// Queries on the console's sessions and sign-in links: found by their digest, which is how the account is found.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

export type SessionRow = {
  account_id: number
  uid: string
  digest: string
  /** The API key that was signed in with; null for a link. */
  key_uid: string | null
  /** The account of the key or link, where an operator has gone over to another one; else null. */
  home_account_id: number | null
  created_at: Timestamp
  used_at: Timestamp
}

export async function findSessionByDigest(db: Db, digest: string): Promise<SessionRow | undefined> {
  return within(db, 'all accounts')
    .selectFrom('console_sessions')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst()
}

/** Those that were begun with the same key, or with links for the same account. */
export async function sessionsLike(
  db: Db,
  { homeId, keyUid }: { homeId: number; keyUid: string | null },
): Promise<Array<{ accountId: number; uid: string }>> {
  const rows = await within(db, 'all accounts')
    .selectFrom('console_sessions')
    .select(['account_id', 'uid'])
    .where((eb) =>
      eb.or([
        eb('home_account_id', '=', homeId),
        eb.and([eb('account_id', '=', homeId), eb('home_account_id', 'is', null)]),
      ]),
    )
    .where('key_uid', keyUid === null ? 'is' : '=', keyUid)
    .execute()
  return rows.map(({ account_id, uid }) => ({ accountId: Number(account_id), uid }))
}

/** @returns whose it is; undefined where there is no such link, or none any more */
export async function findLinkByDigest(db: Db, digest: string, now: Timestamp): Promise<number | undefined> {
  const row = await within(db, 'all accounts')
    .selectFrom('console_links')
    .select('account_id')
    .where('digest', '=', digest)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row && Number(row.account_id)
}

export function consoleSessionsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async insert(row: Omit<SessionRow, 'account_id'>): Promise<void> {
      await db
        .insertInto('console_sessions')
        .values({ account_id: accountId, ...row })
        .execute()
    },

    async noteUse(uid: string, at: Timestamp): Promise<void> {
      await db
        .updateTable('console_sessions')
        .set({ used_at: at })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .where('used_at', '<', at)
        .execute()
    },

    /** @returns whether it was there */
    async remove(uid: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('console_sessions')
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },

    async insertLink(digest: string, expiresAt: Timestamp): Promise<void> {
      await db
        .insertInto('console_links')
        .values({ account_id: accountId, digest, expires_at: expiresAt })
        .execute()
    },

    /** @returns whether it was there: of several who take it at once, one has it */
    async takeLink(digest: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('console_links')
        .where('account_id', '=', accountId)
        .where('digest', '=', digest)
        .executeTakeFirstOrThrow()
      return numDeletedRows > 0n
    },

    async removeLinks(): Promise<void> {
      await db.deleteFrom('console_links').where('account_id', '=', accountId).execute()
    },

    /** All that an account has. */
    async removeAll(): Promise<void> {
      await db.deleteFrom('console_sessions').where('account_id', '=', accountId).execute()
      await db.deleteFrom('console_links').where('account_id', '=', accountId).execute()
    },
  }
}

/** In a transaction about all accounts: what nobody can sign in with any more. @returns how many, at most `limit` */
export async function sweepSessions(
  db: Db,
  over: { usedBefore: Timestamp; createdBefore: Timestamp; linksBefore: Timestamp },
  limit: number,
): Promise<number> {
  const sessions = await db
    .deleteFrom('console_sessions')
    .where('digest', 'in', (eb) =>
      eb
        .selectFrom('console_sessions')
        .select('digest')
        .where((eb) =>
          eb.or([eb('used_at', '<=', over.usedBefore), eb('created_at', '<=', over.createdBefore)]),
        )
        .limit(limit),
    )
    .executeTakeFirstOrThrow()
  const links = await db
    .deleteFrom('console_links')
    .where('expires_at', '<=', over.linksBefore)
    .executeTakeFirstOrThrow()
  return Math.min(limit, Number(sessions.numDeletedRows + links.numDeletedRows))
}
