// Opens a store with its master key, makes both where there is none, and refuses any other key.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Db, StoreRefused } from '../storage/database.ts'
import { migrate } from '../storage/migrate.ts'
import { readStoreFacts, writeStoreFacts } from '../storage/store-facts.ts'
import { EnvelopeRefused, open, seal } from './envelope.ts'
import {
  type MasterKey,
  MasterKeyRefused,
  newMasterKey,
  readMasterKeyFile,
  removeMasterKeyFile,
  writeMasterKeyFile,
} from './master-key.ts'

export type KeyPlaces = {
  /** The key that the environment gives, if it does. */
  readonly fromEnvironment: MasterKey | undefined
  /** The file that the environment names, if it does; else the store's own file in `keyDir`. */
  readonly file: string | undefined
  readonly keyDir: string
  readonly dataDir: string
}

export type Unlocked = {
  readonly storeId: string
  readonly masterKey: MasterKey
  /** The migrations that this brought. */
  readonly applied: readonly string[]
}

/** The schema is touched only after the key has proved right. */
export async function unlock(
  db: Db,
  places: KeyPlaces,
  { mayCreate }: { mayCreate: boolean },
): Promise<Unlocked> {
  const facts = await readStoreFacts(db)
  if (!facts && !mayCreate) throw new StoreRefused('There is no store yet. Start one with: npm start')
  const storeId = facts?.storeId ?? randomUUID()
  const keyFile = places.file ?? join(places.keyDir, `${storeId}.key`)
  const found = findKey(places, keyFile)
  if (facts) {
    const masterKey = found ?? refuseMissing(facts.keyFingerprint, keyFile)
    expectRightKey(masterKey, facts)
    const { applied } = await migrate(db)
    return { storeId, masterKey, applied }
  }
  const masterKey = found ?? newMasterKey(`the key file ${keyFile}`)
  if (!found) writeMasterKeyFile(keyFile, masterKey)
  const { applied } = await migrate(db)
  const keyCheck = seal(masterKey.key, masterKey.fingerprint, Buffer.from(storeId), ['key-check', storeId])
  const isFirst = await writeStoreFacts(db, { storeId, keyFingerprint: masterKey.fingerprint, keyCheck })
  if (isFirst) return { storeId, masterKey, applied }
  // Another node has made the store at the same time, with a key of its own.
  if (!found) removeMasterKeyFile(keyFile)
  return unlock(db, places, { mayCreate })
}

function findKey({ fromEnvironment, dataDir }: KeyPlaces, keyFile: string): MasterKey | undefined {
  const fromFile = readMasterKeyFile(keyFile, dataDir)
  if (fromEnvironment && fromFile && fromEnvironment.fingerprint !== fromFile.fingerprint) {
    throw new MasterKeyRefused(
      `MORTISE_MASTER_KEY (fingerprint ${fromEnvironment.fingerprint}) and ${fromFile.from} (fingerprint ${fromFile.fingerprint}) disagree. Keep the one that belongs to this store and take the other away.`,
    )
  }
  return fromEnvironment ?? fromFile
}

function refuseMissing(fingerprint: string, keyFile: string): never {
  throw new MasterKeyRefused(
    [
      `The master key of this store is missing. It has the fingerprint ${fingerprint}.`,
      `Looked for it in MORTISE_MASTER_KEY (not set) and in ${keyFile} (not there).`,
      'Put the key file back, or name it with MORTISE_MASTER_KEY_FILE. Nothing was changed.',
    ].join('\n'),
  )
}

function expectRightKey(
  masterKey: MasterKey,
  facts: { storeId: string; keyFingerprint: string; keyCheck: string },
): void {
  try {
    if (masterKey.fingerprint === facts.keyFingerprint) {
      open(masterKey.key, facts.keyCheck, ['key-check', facts.storeId])
      return
    }
  } catch (error) {
    if (!(error instanceof EnvelopeRefused)) throw error
  }
  throw new MasterKeyRefused(
    [
      `Wrong master key. This store needs the one with the fingerprint ${facts.keyFingerprint};`,
      `${masterKey.from} holds one with the fingerprint ${masterKey.fingerprint}.`,
      'Give the right key in MORTISE_MASTER_KEY_FILE or MORTISE_MASTER_KEY. Nothing was changed.',
    ].join('\n'),
  )
}
