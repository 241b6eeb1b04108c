// Slots: the root keys of a store, each in a box for every slot, and the anchor that tells genuine from planted.
import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Timestamp } from '../hub/timestamp.ts'
import type { SlotKeyRow, SlotRow, StoredSlots } from '../storage/key-slots.ts'
import { privateKeyFrom, publicTextOf, putIntoBox, takeFromBox } from './box.ts'
import { EnvelopeRefused, open, seal } from './envelope.ts'
import type { SlotParameters, SlotSecret } from './slot-secret.ts'

export type RootKey = { readonly id: string; readonly key: KeyObject }

/** What whoever has opened a store knows. */
export type Opened = {
  readonly slotId: string
  /** Opens the boxes of this slot, those that come later too. */
  readonly privateKey: KeyObject
  /** Never leaves the store's own processes: what bears its mark was written by one of them. */
  readonly anchor: KeyObject
  /** Oldest first. */
  readonly rootKeys: readonly RootKey[]
}

export function newRootKey(): RootKey {
  return { id: randomBytes(8).toString('hex'), key: createSecretKey(randomBytes(32)) }
}

export function newAnchor(): KeyObject {
  return createSecretKey(randomBytes(32))
}

/** A new slot for a secret, with the root keys in boxes for it. */
export async function makeSlot(
  storeId: string,
  { anchor, rootKeys }: Pick<Opened, 'anchor' | 'rootKeys'>,
  secret: SlotSecret,
  at: Timestamp,
): Promise<{ slot: SlotRow; keys: SlotKeyRow[]; privateKey: KeyObject }> {
  const id = randomBytes(4).toString('hex')
  const parameters = await secret.parameters()
  const seed = await secret.seed(parameters)
  const privateKey = privateKeyFrom(part(seed, 'private key'))
  const bare = {
    id,
    kind: secret.kind,
    fingerprint: secret.fingerprint(seed),
    parameters: JSON.stringify(parameters),
    public_key: publicTextOf(privateKey),
  }
  const sealKey = createSecretKey(part(seed, 'anchor'))
  const slot: SlotRow = {
    ...bare,
    anchor: seal(sealKey, id, anchor.export(), ['key_slots', storeId, id, 'anchor']),
    proof: proofOf(anchor, storeId, bare),
    created_at: at,
  }
  return { slot, keys: rootKeys.map((rootKey) => boxFor(storeId, anchor, slot, rootKey)), privateKey }
}

/** A root key for a slot whose secret nobody has to know. */
export function boxFor(
  storeId: string,
  anchor: KeyObject,
  { id, public_key }: Pick<SlotRow, 'id' | 'public_key'>,
  rootKey: RootKey,
): SlotKeyRow {
  const place = { keyId: rootKey.id, place: ['slot_keys', storeId, id, rootKey.id] }
  const box = putIntoBox(public_key, anchor, rootKey.key.export(), place)
  return { slot_id: id, root_key_id: rootKey.id, box }
}

/**
 * Tries a secret on every slot of its kind.
 * @returns undefined where it opens none
 * @throws SlotDamaged where it is the right one, and a box that it opens is damaged
 */
export async function openWith(
  storeId: string,
  secret: SlotSecret,
  stored: StoredSlots,
): Promise<Opened | undefined> {
  for (const slot of stored.slots) {
    if (slot.kind !== secret.kind) continue
    const seed = await seedFor(secret, slot)
    const anchor = seed && anchorIn(storeId, slot, seed)
    if (!anchor) continue
    const bare = { slotId: slot.id, privateKey: privateKeyFrom(part(seed, 'private key')), anchor }
    return { ...bare, rootKeys: rootKeysFrom(storeId, bare, stored) }
  }
  return undefined
}

/** @returns undefined where what the slot is derived with was damaged, so that no secret fits it any more */
async function seedFor(secret: SlotSecret, { parameters }: SlotRow): Promise<Buffer | undefined> {
  try {
    return await secret.seed(JSON.parse(parameters) as SlotParameters)
  } catch {
    return undefined
  }
}

function anchorIn(storeId: string, slot: SlotRow, seed: Buffer): KeyObject | undefined {
  try {
    const sealKey = createSecretKey(part(seed, 'anchor'))
    return createSecretKey(open(sealKey, slot.anchor, ['key_slots', storeId, slot.id, 'anchor']))
  } catch (error) {
    if (error instanceof EnvelopeRefused) return undefined
    throw error
  }
}

/** The secret is right, and what it should open is not: another slot may still open it. */
export class SlotDamaged extends Error {
  override readonly name = 'SlotDamaged'
}

/**
 * Takes the root keys out of the boxes of the slot that the store was opened with, oldest first.
 * @throws SlotDamaged where a box is missing, damaged or not the store's own
 */
export function rootKeysFrom(
  storeId: string,
  { slotId, privateKey, anchor }: Pick<Opened, 'slotId' | 'privateKey' | 'anchor'>,
  { keys, rootKeyIds }: StoredSlots,
): RootKey[] {
  const boxes = new Map(keys.filter((row) => row.slot_id === slotId).map((row) => [row.root_key_id, row.box]))
  return rootKeyIds.map((id) => {
    try {
      const place = ['slot_keys', storeId, slotId, id]
      return { id, key: createSecretKey(takeFromBox(privateKey, anchor, boxes.get(id) ?? '', place)) }
    } catch (error) {
      if (!(error instanceof EnvelopeRefused)) throw error
      throw new SlotDamaged(
        `The slot ${slotId} is damaged: the root key ${id} in it was changed or is missing. Open the store with another slot, or restore a backup.`,
      )
    }
  })
}

/** Whether one who had the store open has made the slot: others must not be given anything. */
export function isGenuine(anchor: KeyObject, storeId: string, slot: SlotRow): boolean {
  const expected = Buffer.from(proofOf(anchor, storeId, slot))
  const given = Buffer.from(slot.proof)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

type Bare = Pick<SlotRow, 'id' | 'kind' | 'fingerprint' | 'parameters' | 'public_key'>

function proofOf(
  anchor: KeyObject,
  storeId: string,
  { id, kind, fingerprint, parameters, public_key }: Bare,
) {
  const facts = JSON.stringify(['mortise.v1 slot', storeId, id, kind, fingerprint, parameters, public_key])
  return createHmac('sha256', anchor).update(facts).digest('base64url')
}

/** The seed itself does nothing; each of its uses has a key of its own. */
function part(seed: Buffer, use: 'private key' | 'anchor'): Buffer {
  return Buffer.from(hkdfSync('sha256', seed, '', `mortise.v1 slot ${use}`, 32))
}
