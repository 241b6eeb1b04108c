// Seals and opens the values of an account, with data keys that the master key wraps.
import { createHmac, createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'
import { HubError } from '../hub/errors.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { dataKeysOf } from '../storage/data-keys.ts'
import type { Db } from '../storage/database.ts'
import { EnvelopeRefused, keyIdOf, open, seal } from './envelope.ts'
import type { MasterKey } from './master-key.ts'
import { Secret } from './secret.ts'

/** Where a sealed value stands: it opens nowhere else. `row` is the row's uid, never a public id. */
export type Place = { readonly table: string; readonly row: string; readonly field: string }

export type Sealer = {
  seal(place: Place, secret: Secret): string
  /** @throws HubError secret_integrity_error */
  open(place: Place, sealed: string): Secret
  /** A keyed hash, by which two texts can be told the same without keeping either. */
  fingerprint(text: string): string
  matches(fingerprint: string, text: string): boolean
  /** A name for bytes that nobody can work out who has them, but not the key. */
  nameOf(bytes: Buffer): string
}

export type Vault = {
  /** Gives a new account its first data key; part of the transaction that makes the account. */
  createDataKey(db: Db, account: { id: number; uid: string }, now: Timestamp): Promise<void>
  sealerOf(db: Db, accountId: number): Promise<Sealer>
}

/** How many accounts' unwrapped data keys are held in memory. */
const sealersMax = 10_000

export function createVault(masterKey: MasterKey): Vault {
  const sealers = new Map<number, Sealer>()

  return {
    async createDataKey(db, account, now) {
      const id = randomBytes(8).toString('hex')
      const wrapped = seal(masterKey.key, masterKey.fingerprint, randomBytes(32), [
        'data_keys',
        account.uid,
        id,
      ])
      await dataKeysOf(db, account.id).insert({ id, wrapped, created_at: now })
    },

    async sealerOf(db, accountId) {
      const known = sealers.get(accountId)
      if (known) return known
      const { accountUid, rows } = await dataKeysOf(db, accountId).all()
      const keys = rows.map((row) => ({
        id: row.id,
        key: createSecretKey(
          intact(() => open(masterKey.key, row.wrapped, ['data_keys', accountUid, row.id])),
        ),
      }))
      const sealer = createSealer(accountUid, keys)
      // What an open transaction has read may be undone: only committed keys are kept.
      if (!db.isTransaction) remember(sealers, accountId, sealer)
      return sealer
    },
  }
}

/** @param keys oldest first; the last one seals, all open */
function createSealer(accountUid: string, keys: ReadonlyArray<{ id: string; key: KeyObject }>): Sealer {
  const keyOf = new Map(keys.map(({ id, key }) => [id, key]))
  const current = keys.at(-1)
  const placeOf = ({ table, row, field }: Place) => [table, accountUid, row, field]

  return {
    seal(place, secret) {
      if (!current) throw new Error('This account has no data key.')
      return seal(current.key, current.id, Buffer.from(secret.reveal(), 'utf8'), placeOf(place))
    },
    open(place, sealed) {
      const key = keyOf.get(keyIdOf(sealed) ?? '')
      if (!key) throw damaged(`its data key ${keyName(sealed)} is not known`)
      return new Secret(intact(() => open(key, sealed, placeOf(place))).toString('utf8'))
    },
    fingerprint(text) {
      if (!current) throw new Error('This account has no data key.')
      return `${current.id}.${keyedHash(current.key, 'fingerprint', text)}`
    },
    matches(fingerprint, text) {
      const [id = '', hash = ''] = fingerprint.split('.')
      const key = keyOf.get(id)
      return (
        key !== undefined &&
        timingSafeEqual(Buffer.from(keyedHash(key, 'fingerprint', text)), Buffer.from(hash.padEnd(43)))
      )
    },
    nameOf(bytes) {
      if (!current) throw new Error('This account has no data key.')
      return keyedHash(current.key, 'name', bytes)
    },
  }
}

/** With a key derived from the data key, which itself does nothing but seal. */
function keyedHash(key: KeyObject, purpose: 'fingerprint' | 'name', data: string | Buffer): string {
  const derived = createHmac('sha256', key).update(`mortise.v1 ${purpose}`).digest()
  return createHmac('sha256', derived).update(data).digest('base64url')
}

function intact(work: () => Buffer): Buffer {
  try {
    return work()
  } catch (error) {
    if (error instanceof EnvelopeRefused) throw damaged()
    throw error
  }
}

function damaged(why = 'it was damaged or moved'): HubError {
  return new HubError('secret_integrity_error', `A sealed value could not be opened: ${why}.`)
}

/** The id that a value names, unless that is damaged itself. */
function keyName(sealed: string): string {
  const id = keyIdOf(sealed) ?? ''
  return /^[0-9a-f]{16}$/.test(id) ? id : ''
}

function remember(sealers: Map<number, Sealer>, accountId: number, sealer: Sealer): void {
  const oldest = sealers.keys().next()
  if (sealers.size >= sealersMax && !oldest.done) sealers.delete(oldest.value)
  sealers.set(accountId, sealer)
}
