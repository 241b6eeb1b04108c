// Facts about the store itself, written once when it is made.
import { countAccounts } from './accounts.ts'
import { type Db, StoreRefused, transact, UniqueViolation } from './database.ts'

export type StoreFacts = { storeId: string; keyFingerprint: string; keyCheck: string }

/**
 * @returns undefined where the store is not made yet
 * @throws StoreRefused where the database is somebody else's
 */
export async function readStoreFacts(db: Db): Promise<StoreFacts | undefined> {
  const tables = await db.introspection.getTables()
  if (tables.length === 0) return undefined
  if (!tables.some((table) => table.name === 'store')) {
    throw new StoreRefused(
      'This database belongs to something else: it has tables, but none of a Mortise store.',
    )
  }
  const facts = new Map(
    (await db.selectFrom('store').selectAll().execute()).map((row) => [row.name, row.value]),
  )
  const storeId = facts.get('store_id')
  const keyFingerprint = facts.get('key_fingerprint')
  const keyCheck = facts.get('key_check')
  if (storeId && keyFingerprint && keyCheck) return { storeId, keyFingerprint, keyCheck }
  if (facts.size > 0 || (await countAccounts(db)) > 0) {
    throw new StoreRefused(
      'This store has lost what proves its master key. Restore a backup; nothing was changed.',
    )
  }
  return undefined
}

/** @returns false where there are some already */
export async function writeStoreFacts(db: Db, facts: StoreFacts): Promise<boolean> {
  try {
    await transact(db, 'all accounts', async (db) => {
      await db
        .insertInto('store')
        .values([
          { name: 'store_id', value: facts.storeId },
          { name: 'key_fingerprint', value: facts.keyFingerprint },
          { name: 'key_check', value: facts.keyCheck },
        ])
        .execute()
    })
    return true
  } catch (error) {
    if (error instanceof UniqueViolation) return false
    throw error
  }
}
