// Queries on the accounts of the installation.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

export type AccountRow = { id: number; uid: string; name: string; created_at: Timestamp }

const columns = ['id', 'uid', 'name', 'created_at'] as const

/** @throws UniqueViolation where the id is taken */
export async function insertAccount(db: Db, row: AccountRow): Promise<void> {
  await within(db, 'all accounts')
    .insertInto('accounts')
    .values({ ...row, deleted_at: null })
    .execute()
}

/** Those that were not deleted, here and below. */
export async function listAccounts(db: Db): Promise<AccountRow[]> {
  return living(within(db, 'all accounts')).select(columns).orderBy('id').execute()
}

export async function countAccounts(db: Db): Promise<number> {
  const { count } = await living(within(db, 'all accounts'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** By ascending id. */
export async function accountsWindow(db: Db, limit: number, offset: number): Promise<AccountRow[]> {
  return living(within(db, 'all accounts'))
    .select(columns)
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function findAccount(db: Db, id: number): Promise<AccountRow | undefined> {
  return living(within(db, id)).select(columns).where('id', '=', id).executeTakeFirst()
}

/** Its row stays, without a name. */
export async function markDeleted(db: Db, id: number, at: Timestamp): Promise<void> {
  await within(db, id)
    .updateTable('accounts')
    .set({ name: '', deleted_at: at })
    .where('id', '=', id)
    .execute()
}

/** Ids of those that were deleted since, or that have rows left: their data keys go last. */
export async function listEmptying(db: Db, since: Timestamp): Promise<number[]> {
  const found = await within(db, 'all accounts')
    .selectFrom('accounts')
    .select('id')
    .where('deleted_at', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('deleted_at', '>=', since),
        eb.exists(eb.selectFrom('data_keys').select('account_id').whereRef('account_id', '=', 'accounts.id')),
      ]),
    )
    .orderBy('id')
    .execute()
  return found.map(({ id }) => id)
}

/** One more than the highest id there ever was; the primary key decides where two ask at once. */
export async function nextAccountId(db: Db): Promise<number> {
  const { highest } = await within(db, 'all accounts')
    .selectFrom('accounts')
    .select((eb) => eb.fn.max('id').as('highest'))
    .executeTakeFirstOrThrow()
  return Number(highest ?? 0) + 1
}

function living(db: Db) {
  return db.selectFrom('accounts').where('deleted_at', 'is', null)
}
