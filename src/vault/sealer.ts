// Seals and opens the values of one account, each in its place.
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { HubError } from '../hub/errors.ts'
import { type Observer, unobserved } from '../hub/observer.ts'
import { EnvelopeRefused, keyIdOf, open, seal } from './envelope.ts'
import { Secret } from './secret.ts'

/** Where a sealed value stands: it opens nowhere else. `row` is the row's uid, never a public id. */
export type Place = { readonly table: string; readonly row: string; readonly field: string }

/** As it is stored: the value, and the data key that it needs. */
export type Sealed = { readonly sealed: string; readonly keyId: string }

export type Sealer = {
  /** The data key that seals. */
  readonly keyId: string
  seal(place: Place, secret: Secret): Sealed
  /** @throws HubError secret_integrity_error */
  open(place: Place, sealed: string): Secret
  /** Whether it has the data key that a value names. */
  knows(sealed: string): boolean
  /** A keyed hash, by which two texts can be told the same without keeping either. */
  fingerprint(text: string): string
  matches(fingerprint: string, text: string): boolean
  /** A name for bytes that nobody can work out who has them, but not the key. */
  nameOf(bytes: Buffer): string
}

/**
 * @param keys oldest first; the last one seals, all open
 * @param onSeal is told of each seal before it is made, and may refuse it
 * @param observer hears of each value that is sealed, and of each that is to be opened
 */
export function createSealer(
  accountUid: string,
  keys: ReadonlyArray<{ id: string; key: KeyObject }>,
  onSeal: () => void,
  { tell }: Pick<Observer, 'tell'> = unobserved,
): Sealer {
  const keyOf = new Map(keys.map(({ id, key }) => [id, key]))
  const current = keys.at(-1)
  if (!current) throw new Error('This account has no data key.')
  const placeOf = ({ table, row, field }: Place) => [table, accountUid, row, field]

  return {
    keyId: current.id,
    seal(place, secret) {
      onSeal()
      tell({ what: 'sealed' })
      const plaintext = Buffer.from(secret.reveal(), 'utf8')
      return { sealed: seal(current.key, current.id, plaintext, placeOf(place)), keyId: current.id }
    },
    open(place, sealed) {
      let isIntact = false
      try {
        const key = keyOf.get(keyIdOf(sealed) ?? '')
        if (!key) throw damaged(`its data key ${keyName(sealed)} is not known`)
        const bytes = intact(() => open(key, sealed, placeOf(place)))
        isIntact = true
        return new Secret(bytes.toString('utf8'))
      } finally {
        tell({ what: 'opened', isIntact })
      }
    },
    knows: (sealed) => keyOf.has(keyIdOf(sealed) ?? ''),
    fingerprint: (text) => `${current.id}.${keyedHash(current.key, 'fingerprint', text)}`,
    matches(fingerprint, text) {
      const [id = '', hash = ''] = fingerprint.split('.')
      const key = keyOf.get(id)
      if (!key) return false
      const [given, expected] = [Buffer.from(hash), Buffer.from(keyedHash(key, 'fingerprint', text))]
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    nameOf: (bytes) => keyedHash(current.key, 'name', bytes),
  }
}

export function damaged(why = 'it was damaged or moved'): HubError {
  return new HubError('secret_integrity_error', `A sealed value could not be opened: ${why}.`)
}

/** With a key derived from the data key, which itself does nothing but seal. */
function keyedHash(key: KeyObject, purpose: 'fingerprint' | 'name', data: string | Buffer): string {
  const derived = createHmac('sha256', key).update(`mortise.v1 ${purpose}`).digest()
  return createHmac('sha256', derived).update(data).digest('base64url')
}

/** @throws HubError secret_integrity_error where the envelope does not open */
export function intact(work: () => Buffer): Buffer {
  try {
    return work()
  } catch (error) {
    if (error instanceof EnvelopeRefused) throw damaged()
    throw error
  }
}

/** The id that a value names, unless that is damaged itself. */
function keyName(sealed: string): string {
  const id = keyIdOf(sealed) ?? ''
  return /^[0-9a-f]{16}$/.test(id) ? id : ''
}
