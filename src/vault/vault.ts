// The keys of accounts: made, wrapped with the root key, and handed out as sealers.
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { HubError } from '../hub/errors.ts'
import { type Observer, unobserved } from '../hub/observer.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { dataKeysOf } from '../storage/data-keys.ts'
import { type Db, transact } from '../storage/database.ts'
import { keyIdOf, open, seal } from './envelope.ts'
import type { KeyRing } from './key-ring.ts'
import { sealCounts } from './seal-counts.ts'
import { createSealer, damaged, intact, type Sealer } from './sealer.ts'

export type Vault = {
  /** A new data key, which seals from now on; part of a transaction. @returns its id */
  createDataKey(db: Db, account: { id: number; uid: string }, now: Timestamp): Promise<string>
  /** For sealing: it may take some seconds until it knows of a new key that another node has made. */
  sealerOf(db: Db, accountId: number): Promise<Sealer>
  /** For opening: it knows the keys of all these values, where there are any. */
  sealerKnowing(db: Db, accountId: number, sealed: readonly string[]): Promise<Sealer>
  /** Wraps a key with the newest root key. */
  wrap(db: Db, key: KeyObject, place: readonly string[]): Promise<Wrapped>
  /** @throws HubError secret_integrity_error */
  unwrap(db: Db, wrapped: string, place: readonly string[]): Promise<KeyObject>
  /** After keys of accounts have come or gone. */
  forget(): void
  /** Writes down how many values were sealed; a key that has sealed very many is followed by a new one. */
  flush(db: Db, now: Timestamp): Promise<void>
}

export type Wrapped = { readonly wrapped: string; readonly rootKeyId: string }

/** Where a wrapped data key stands. */
export function dataKeyPlace(accountUid: string, id: string): readonly string[] {
  return ['data_keys', accountUid, id]
}

/** How many accounts' unwrapped data keys are held in memory. */
const sealersMax = 10_000
/** How long a node may go on sealing with a key that another one has replaced. */
export const sealerKeptMs = 10_000

export function createVault(keyRing: KeyRing, observer: Pick<Observer, 'tell'> = unobserved): Vault {
  const sealers = new Map<number, { sealer: Sealer; untilMs: number }>()
  const counts = sealCounts()

  async function wrap(db: Db, key: KeyObject, place: readonly string[]): Promise<Wrapped> {
    const rootKey = await keyRing.current(db)
    return { wrapped: seal(rootKey.key, rootKey.id, key.export(), place), rootKeyId: rootKey.id }
  }

  async function unwrap(db: Db, wrapped: string, place: readonly string[]): Promise<KeyObject> {
    const rootKey = await keyRing.find(db, keyIdOf(wrapped) ?? '')
    if (!rootKey) throw damaged('its root key is not known')
    return createSecretKey(intact(() => open(rootKey.key, wrapped, place)))
  }

  async function load(db: Db, accountId: number): Promise<Sealer> {
    const { accountUid, rows } = await dataKeysOf(db, accountId).all()
    const keys: Array<{ id: string; key: KeyObject }> = []
    for (const { id, wrapped } of rows) {
      try {
        keys.push({ id, key: await unwrap(db, wrapped, dataKeyPlace(accountUid, id)) })
      } catch (error) {
        // A damaged key fails with the values that need it; the one that seals has to be there.
        if (id === rows.at(-1)?.id || !(error instanceof HubError)) throw error
      }
    }
    for (const { id, seals } of rows) counts.know({ id, accountId, written: seals })
    const sealer = createSealer(accountUid, keys, () => counts.note(sealer.keyId), observer)
    return sealer
  }

  async function sealerOf(db: Db, accountId: number): Promise<Sealer> {
    const known = sealers.get(accountId)
    if (known && known.untilMs > performance.now()) return known.sealer
    const sealer = await load(db, accountId)
    // What an open transaction has read may be undone: only committed keys are kept.
    if (!db.isTransaction) remember(accountId, sealer)
    return sealer
  }

  function remember(accountId: number, sealer: Sealer): void {
    const oldest = sealers.keys().next()
    if (sealers.size >= sealersMax && !oldest.done) sealers.delete(oldest.value)
    sealers.set(accountId, { sealer, untilMs: performance.now() + sealerKeptMs })
  }

  async function createDataKey(
    db: Db,
    account: { id: number; uid: string },
    now: Timestamp,
  ): Promise<string> {
    const id = randomBytes(8).toString('hex')
    const key = createSecretKey(randomBytes(32))
    const { wrapped, rootKeyId } = await wrap(db, key, dataKeyPlace(account.uid, id))
    await dataKeysOf(db, account.id).insert({ id, wrapped, root_key_id: rootKeyId, created_at: now })
    return id
  }

  return {
    createDataKey,
    sealerOf,
    wrap,
    unwrap,

    async sealerKnowing(db, accountId, sealed) {
      const sealer = await sealerOf(db, accountId)
      if (sealed.every((text) => sealer.knows(text))) return sealer
      sealers.delete(accountId)
      return sealerOf(db, accountId)
    },

    forget: () => sealers.clear(),

    async flush(db, now) {
      for (const { accountId, keyId } of await counts.flush(db)) {
        await transact(db, accountId, async (db) => {
          const { accountUid, rows } = await dataKeysOf(db, accountId).all()
          if (rows.at(-1)?.id === keyId) await createDataKey(db, { id: accountId, uid: accountUid }, now)
        })
        sealers.delete(accountId)
      }
    },
  }
}
