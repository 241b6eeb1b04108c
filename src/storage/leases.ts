// Queries on leases: the row decides who has one, and its token who had it last.
import { sql } from 'kysely'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'

/** `accountId` is 0 for what concerns the installation. */
export type LeaseName = { readonly accountId: number; readonly name: string }

/**
 * @returns the token, higher than any before, since it begins with the time: a lease that nobody remembers was
 *   over long ago; undefined where somebody has the lease
 */
export async function insertLease(
  db: Db,
  { accountId, name }: LeaseName,
  now: Timestamp,
  expiresAt: Timestamp,
): Promise<number | undefined> {
  const row = await db
    .insertInto('leases')
    .values({ account_id: accountId, name, token: Date.parse(now), expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'name'])
        .doUpdateSet({ token: sql`leases.token + 1`, expires_at: expiresAt })
        .where('leases.expires_at', '<=', now),
    )
    .returning('token')
    .executeTakeFirst()
  return row?.token
}

/** @returns false where somebody else has had it since; within a transaction, nobody takes it before the end */
export async function extendLease(
  db: Db,
  { accountId, name }: LeaseName,
  token: number,
  expiresAt: Timestamp,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('leases')
    .set({ expires_at: expiresAt })
    .where('account_id', '=', accountId)
    .where('name', '=', name)
    .where('token', '=', token)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

/** Ends all leases whose name begins so, whoever had them: for a process that is the only one. */
export async function endLeases(db: Db, prefix: string): Promise<void> {
  await db
    .updateTable('leases')
    .set({ expires_at: '' as Timestamp })
    .where(sql`substr(name, 1, ${prefix.length})`, '=', prefix)
    .execute()
}

/** Forgets leases that were over by then. */
export async function sweepLeases(db: Db, before: Timestamp): Promise<void> {
  await db.deleteFrom('leases').where('expires_at', '<', before).execute()
}
