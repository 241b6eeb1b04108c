// Facts about the store itself, written once when it is made.
import { countAccounts } from './accounts.ts'
import { type Db, StoreRefused } from './database.ts'
import { readSlots, type StoredSlots } from './key-slots.ts'
import { refuseMoving } from './move-state.ts'

export type StoreFacts = {
  readonly storeId: string
  /** What opens it; null in a store of an earlier version, which knows one key alone. */
  readonly slots: StoredSlots | null
  /** What proved the one key to be right; null since there are slots. */
  readonly oneKey: OneKey | null
}

export type OneKey = { readonly fingerprint: string; readonly check: string }

/**
 * @returns undefined where the store is not made yet
 * @throws StoreRefused where the database is somebody else's, or a move into it is not finished
 */
export async function readStoreFacts(db: Db): Promise<StoreFacts | undefined> {
  const tables = new Set((await db.introspection.getTables()).map(({ name }) => name))
  if (tables.size === 0) return undefined
  if (!tables.has('store')) {
    throw new StoreRefused(
      'This database belongs to something else: it has tables, but none of a Mortise store.',
    )
  }
  const facts = new Map(
    (await db.selectFrom('store').selectAll().execute()).map((row) => [row.name, row.value]),
  )
  refuseMoving(facts)
  const storeId = facts.get('store_id')
  const fingerprint = facts.get('key_fingerprint')
  const check = facts.get('key_check')
  const oneKey = fingerprint && check ? { fingerprint, check } : null
  const slots = tables.has('key_slots') ? await readSlots(db) : null
  const hasSlots = slots !== null && slots.slots.length > 0
  if (storeId && (hasSlots || oneKey)) return { storeId, slots: hasSlots ? slots : null, oneKey }
  if (facts.size > 0 || (await countAccounts(db)) > 0) {
    throw new StoreRefused(
      'This store has lost what its keys are proved by: its slots are gone. Restore a backup; nothing was changed.',
    )
  }
  return undefined
}

/** Part of the transaction that makes the store. @throws UniqueViolation where another process was quicker */
export async function insertStoreId(db: Db, storeId: string): Promise<void> {
  await db.insertInto('store').values({ name: 'store_id', value: storeId }).execute()
}

/** Since there are slots. @returns false where another process has done it */
export async function deleteOneKey(db: Db): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('store')
    .where('name', 'in', ['key_fingerprint', 'key_check'])
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** What the installation is in the middle of; undefined where it is not. */
export async function readProgress(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('store').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}

export async function writeProgress(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('store')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

export async function deleteProgress(db: Db, name: string): Promise<void> {
  await db.deleteFrom('store').where('name', '=', name).execute()
}
