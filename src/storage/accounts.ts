// Queries on the accounts of the installation.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

export type AccountRow = { id: number; uid: string; name: string; created_at: Timestamp }

/** @throws UniqueViolation where the id is taken */
export async function insertAccount(db: Db, row: AccountRow): Promise<void> {
  await within(db, 'all accounts').insertInto('accounts').values(row).execute()
}

export async function listAccounts(db: Db): Promise<AccountRow[]> {
  return within(db, 'all accounts').selectFrom('accounts').selectAll().orderBy('id').execute()
}

export async function countAccounts(db: Db): Promise<number> {
  const { count } = await within(db, 'all accounts')
    .selectFrom('accounts')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** By ascending id. */
export async function accountsWindow(db: Db, limit: number, offset: number): Promise<AccountRow[]> {
  return within(db, 'all accounts')
    .selectFrom('accounts')
    .selectAll()
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
}

export async function findAccount(db: Db, id: number): Promise<AccountRow | undefined> {
  return within(db, id).selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One more than the highest id; the primary key decides where two ask at once. */
export async function nextAccountId(db: Db): Promise<number> {
  const { highest } = await within(db, 'all accounts')
    .selectFrom('accounts')
    .select((eb) => eb.fn.max('id').as('highest'))
    .executeTakeFirstOrThrow()
  return Number(highest ?? 0) + 1
}
