// Opens a store with whatever opens one of its slots, makes both where there is none, and refuses anything else.
import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { systemClock } from '../hub/timestamp.ts'
import { nameRootKeys } from '../storage/data-keys.ts'
import { type Db, StoreRefused, transact, UniqueViolation } from '../storage/database.ts'
import { insertRootKey, insertSlot, insertSlotKeys, type StoredSlots } from '../storage/key-slots.ts'
import { migrate, refuseOlder } from '../storage/migrate.ts'
import { deleteOneKey, insertStoreId, readStoreFacts, type StoreFacts } from '../storage/store-facts.ts'
import { EnvelopeRefused, open } from './envelope.ts'
import { createKeyRing, type KeyRing } from './key-ring.ts'
import {
  type MasterKey,
  MasterKeyRefused,
  newMasterKey,
  readMasterKeyFile,
  removeMasterKeyFile,
  writeMasterKeyFile,
} from './master-key.ts'
import { keySecret, type SlotSecret } from './slot-secret.ts'
import { makeSlot, newAnchor, newRootKey, type Opened, openWith, type RootKey, SlotDamaged } from './slots.ts'

export type KeyPlaces = {
  /** The key that the environment gives, if it does. */
  readonly fromEnvironment: MasterKey | undefined
  /** The file that the environment names, if it does; else the store's own file in `keyDir`. */
  readonly file: string | undefined
  readonly keyDir: string
  readonly dataDir: string
  /** What else may open it, tried where the key does not. */
  readonly others?: readonly SlotSecret[]
}

export type Unlocked = {
  readonly storeId: string
  readonly keyRing: KeyRing
  /** What it was opened with, for people. */
  readonly openedBy: { readonly from: string; readonly fingerprint: string }
  /** The migrations that this brought. */
  readonly applied: readonly string[]
}

/** The schema is touched only after a slot was opened. */
export async function unlock(
  db: Db,
  places: KeyPlaces,
  { mayCreate, mayMigrate = true }: { mayCreate: boolean; mayMigrate?: boolean },
): Promise<Unlocked> {
  const facts = await readStoreFacts(db)
  if (!facts) {
    if (!mayCreate) throw new StoreRefused('There is no store yet. Start one with: npm start')
    return (await create(db, places)) ?? unlock(db, places, { mayCreate })
  }
  if (!mayMigrate) await refuseOlder(db)
  const { storeId, slots } = facts
  const keyFile = keyFileOf(places, storeId)
  const found = findKey(places, keyFile, slots ?? undefined)
  if (!slots) return carryOver(db, places, facts, found, keyFile)
  const secrets = [...(found ? [keySecret(found)] : []), ...(places.others ?? [])]
  for (const secret of secrets) {
    const opened = await openedBy(storeId, secret, slots)
    if (!opened) continue
    const applied = mayMigrate ? (await migrate(db)).applied : []
    const keyRing = createKeyRing(storeId, opened)
    const slot = slots.slots.find(({ id }) => id === opened.slotId)
    const fingerprint = slot?.fingerprint ?? ''
    return {
      storeId,
      keyRing,
      openedBy: { from: secret.from, fingerprint },
      applied,
    }
  }
  throw new MasterKeyRefused(refusal(slots, found, places, keyFile))
}

/** Where the store's key file is, or comes to be. */
export function keyFileOf({ file, keyDir }: Pick<KeyPlaces, 'file' | 'keyDir'>, storeId: string): string {
  return file ?? join(keyDir, `${storeId}.key`)
}

/** @returns undefined where another process has made the store at the same time */
async function create(db: Db, places: KeyPlaces): Promise<Unlocked | undefined> {
  const storeId = randomUUID()
  const keyFile = keyFileOf(places, storeId)
  const found = findKey(places, keyFile)
  const masterKey = found ?? newMasterKey(`the key file ${keyFile}`)
  if (!found) writeMasterKeyFile(keyFile, masterKey)
  const { applied } = await migrate(db)
  const opened = await insertKeys(db, storeId, newRootKey(), keySecret(masterKey), (db) =>
    insertStoreId(db, storeId),
  )
  if (!opened) {
    if (!found) removeMasterKeyFile(keyFile)
    return undefined
  }
  const { from, fingerprint } = masterKey
  const keyRing = createKeyRing(storeId, opened)
  return { storeId, keyRing, openedBy: { from, fingerprint }, applied }
}

/**
 * A store that knows one key alone gets a slot for it. That key has wrapped the data keys itself, and so becomes
 * the first root key: nodes of the version before go on, and the first rotation makes one that is in no file.
 */
async function carryOver(
  db: Db,
  places: KeyPlaces,
  { storeId, oneKey }: StoreFacts,
  found: MasterKey | undefined,
  keyFile: string,
): Promise<Unlocked> {
  if (!oneKey) throw new Error('A store without slots and without a key.')
  const ways = [`  key         fingerprint ${oneKey.fingerprint}`]
  if (!found) throw new MasterKeyRefused(missing(ways, keyFile))
  if (!isTheOneKey(found, storeId, oneKey)) throw new MasterKeyRefused(wrong(ways, found))
  const { applied } = await migrate(db)
  const rootKey = { id: found.fingerprint, key: found.key }
  const opened = await insertKeys(db, storeId, rootKey, keySecret(found), async (db) => {
    await deleteOneKey(db)
    await nameRootKeys(db, rootKey.id)
  })
  if (!opened) return { ...(await unlock(db, places, { mayCreate: false })), applied }
  const { from, fingerprint } = found
  const keyRing = createKeyRing(storeId, opened)
  return { storeId, keyRing, openedBy: { from, fingerprint }, applied }
}

/**
 * The first root key and its slot, in one transaction with what belongs to them.
 * @returns undefined where another process was quicker
 */
async function insertKeys(
  db: Db,
  storeId: string,
  rootKey: RootKey,
  secret: SlotSecret,
  beside: (db: Db) => Promise<void>,
): Promise<Opened | undefined> {
  const anchor = newAnchor()
  const rootKeys = [rootKey]
  const at = systemClock()
  const { slot, keys, privateKey } = await makeSlot(storeId, { anchor, rootKeys }, secret, at)
  try {
    await transact(db, 'all accounts', async (db) => {
      await insertRootKey(db, { id: rootKey.id, created_at: at })
      await insertSlot(db, slot)
      await insertSlotKeys(db, keys)
      await beside(db)
    })
  } catch (error) {
    if (error instanceof UniqueViolation) return undefined
    throw error
  }
  return { slotId: slot.id, privateKey, anchor, rootKeys }
}

async function openedBy(
  storeId: string,
  secret: SlotSecret,
  slots: StoredSlots,
): Promise<Opened | undefined> {
  try {
    return await openWith(storeId, secret, slots)
  } catch (error) {
    if (error instanceof SlotDamaged) throw new StoreRefused(`${error.message} Nothing was changed.`)
    throw error
  }
}

function findKey(
  { fromEnvironment, dataDir }: KeyPlaces,
  keyFile: string,
  slots?: StoredSlots,
): MasterKey | undefined {
  const fromFile = readMasterKeyFile(keyFile, dataDir)
  if (fromEnvironment && fromFile && fromEnvironment.fingerprint !== fromFile.fingerprint) {
    const [environment, file] = [fromEnvironment, fromFile].map(
      ({ fingerprint }) => slots?.slots.some((slot) => slot.fingerprint === fingerprint) ?? false,
    )
    throw new MasterKeyRefused(
      `MORTISE_MASTER_KEY (fingerprint ${fromEnvironment.fingerprint}) and ${fromFile.from} (fingerprint ${fromFile.fingerprint}) disagree. ${whichToKeep(environment, file)} Nothing was changed.`,
    )
  }
  return fromEnvironment ?? fromFile
}

function whichToKeep(environment = false, file = false): string {
  if (environment && file) return 'This store has a slot for each of them: take one of them away.'
  if (file) return 'This store knows the one of the file: unset MORTISE_MASTER_KEY.'
  if (environment) return 'This store knows the one of the environment: move the key file away.'
  return 'Keep the one that belongs to this store and take the other away.'
}

function isTheOneKey(
  masterKey: MasterKey,
  storeId: string,
  { fingerprint, check }: NonNullable<StoreFacts['oneKey']>,
) {
  try {
    if (masterKey.fingerprint !== fingerprint) return false
    open(masterKey.key, check, ['key-check', storeId])
    return true
  } catch (error) {
    if (error instanceof EnvelopeRefused) return false
    throw error
  }
}

function refusal(
  { slots }: StoredSlots,
  found: MasterKey | undefined,
  { others = [], dataDir }: KeyPlaces,
  keyFile: string,
): string {
  const ways = slots.map(({ kind, fingerprint, created_at }) => {
    return `  ${kind.padEnd(11)} fingerprint ${fingerprint}, made ${created_at.slice(0, 10)}`
  })
  const hasCode = slots.some(({ kind }) => kind === 'recovery')
  const recover = hasCode ? recoverIn(dataDir) : undefined
  if (found) return wrong(ways, found, recover)
  const [other] = others
  if (other)
    return [`${capital(other.from)} opens no slot of this store.`, ...waysIn(ways, recover)].join('\n')
  return missing(ways, keyFile, recover)
}

/** As it is typed; the folder where it is not the usual one. */
function recoverIn(dataDir: string): string {
  const folder = dataDir === resolve('data') ? '' : ` --data ${dataDir}`
  return `npm run -s mortise --${folder} vault recover`
}

function wrong(ways: readonly string[], { from, fingerprint }: MasterKey, recover?: string): string {
  return [
    `Wrong master key: ${from} holds one with the fingerprint ${fingerprint}.`,
    ...waysIn(ways, recover),
  ].join('\n')
}

function missing(ways: readonly string[], keyFile: string, recover?: string): string {
  return [
    'The master key of this store is missing.',
    `Looked for it in MORTISE_MASTER_KEY (not set) and in ${keyFile} (not there).`,
    ...waysIn(ways, recover),
  ].join('\n')
}

function waysIn(ways: readonly string[], recover?: string): string[] {
  return [
    'Any of these opens it:',
    ...ways,
    'Put the key file back, or name it with MORTISE_MASTER_KEY_FILE, or give the key in MORTISE_MASTER_KEY.',
    ...(recover === undefined ? [] : [`With the recovery code in hand: ${recover}`]),
    'Nothing was changed.',
  ]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
