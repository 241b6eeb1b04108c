// The root keys of a test's store, opened as a start does.
import type { Db } from '../../src/storage/database.ts'
import type { KeyRing } from '../../src/vault/key-ring.ts'
import { type MasterKey, newMasterKey } from '../../src/vault/master-key.ts'
import { unlock } from '../../src/vault/unlock.ts'

/** Makes the store where there is none. */
export async function openKeyRing(
  db: Db,
  fromEnvironment: MasterKey = newMasterKey('the test'),
): Promise<KeyRing> {
  const places = { fromEnvironment, file: undefined, keyDir: '/nowhere', dataDir: '/nowhere/data' }
  const { keyRing } = await unlock(db, places, { mayCreate: true })
  return keyRing
}
