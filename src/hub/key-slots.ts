// The rules of key slots: which there are, and that there is always one left to open the store with.
import { type Db, hold, transact } from '../storage/database.ts'
import { deleteSlot, insertSlot, insertSlotKeys, readSlots, type SlotRow } from '../storage/key-slots.ts'
import type { KeyRing } from '../vault/key-ring.ts'
import type { SlotSecret } from '../vault/slot-secret.ts'
import { isGenuine, makeSlot, openWith } from '../vault/slots.ts'
import type { RecordAudit } from './audit.ts'
import { type Caller, installationId } from './caller.ts'
import { HubError } from './errors.ts'
import { recordOfInstallation } from './installation-record.ts'
import type { Clock, Timestamp } from './timestamp.ts'

export type KeySlot = {
  readonly id: string
  readonly kind: string
  readonly fingerprint: string
  readonly createdAt: Timestamp
  /** The store was opened with it by the process that is asked. */
  readonly isInUse: boolean
  /** False where it was written by nobody who had the store open: it is given no key. */
  readonly isGenuine: boolean
}

export type KeySlots = ReturnType<typeof keySlots>

export function keySlots(needs: { db: Db; now: Clock; keyRing: KeyRing; record: RecordAudit }) {
  const { db, now, keyRing, record } = needs
  const { storeId, anchor } = keyRing

  function shown(slot: SlotRow): KeySlot {
    return {
      id: slot.id,
      kind: slot.kind,
      fingerprint: slot.fingerprint,
      createdAt: slot.created_at,
      isInUse: slot.id === keyRing.slotId,
      isGenuine: isGenuine(anchor, storeId, slot),
    }
  }

  /** Slots and root keys change one at a time, on every node. */
  function change<Result>(work: (db: Db) => Promise<Result>): Promise<Result> {
    return transact(db, 'all accounts', async (db) => {
      await hold(db, installationId)
      return work(db)
    })
  }

  async function recordChange(
    db: Db,
    by: Caller | undefined,
    action: 'key_slot.added' | 'key_slot.removed',
    slot: SlotRow,
  ) {
    await recordOfInstallation(
      db,
      { record, by, at: now() },
      {
        action,
        subject: `key_slot/${slot.id}`,
        data: { kind: slot.kind, fingerprint: slot.fingerprint },
      },
    )
  }

  return {
    async list(): Promise<KeySlot[]> {
      const { slots } = await readSlots(db)
      return slots.map(shown)
    },

    /**
     * @param by the operator at the console; nobody at the command line
     * @throws HubError id_taken where a slot for the same key is there
     */
    async add(secret: SlotSecret, by?: Caller): Promise<KeySlot> {
      const ready = await stretched(secret)
      return change(async (db) => {
        await keyRing.reload(db)
        const { slot, keys } = await makeSlot(storeId, keyRing, ready, now())
        const { slots } = await readSlots(db)
        const same = slots.find(
          ({ kind, fingerprint }) => kind === slot.kind && fingerprint === slot.fingerprint,
        )
        if (same) {
          throw new HubError('id_taken', `The slot ${same.id} is for ${secret.from} already.`)
        }
        await insertSlot(db, slot)
        await insertSlotKeys(db, keys)
        await recordChange(db, by, 'key_slot.added', slot)
        return shown(slot)
      })
    },

    /** Which slot a secret opens, with everything in it; nothing is changed. */
    async test(secret: SlotSecret): Promise<KeySlot | undefined> {
      const stored = await readSlots(db)
      const opened = await openWith(storeId, secret, stored)
      const slot = stored.slots.find(({ id }) => id === opened?.slotId)
      return slot && shown(slot)
    },

    /**
     * Its secret opens the store no more. Who has it could have kept what it opened: a rotation follows.
     * @throws HubError not_found; in_use for the last one, and for the one that this process has used
     */
    async remove(id: string, by?: Caller): Promise<KeySlot> {
      return change(async (db) => {
        const { slots } = await readSlots(db)
        const slot = slots.find((slot) => slot.id === id)
        if (!slot) throw new HubError('not_found', `There is no slot ${id}. See: mortise vault slots list`)
        const others = slots.filter((other) => other !== slot && isGenuine(anchor, storeId, other))
        if (others.length === 0) {
          throw new HubError(
            'in_use',
            `The slot ${id} is the last that opens this store: without it everything in it would be lost. Add another first: mortise vault slots add recovery`,
          )
        }
        if (id === keyRing.slotId) {
          throw new HubError(
            'in_use',
            `The slot ${id} is the one that this store was opened with just now, and would not be opened with next time. Open it with another first.`,
          )
        }
        await deleteSlot(db, id)
        await recordChange(db, by, 'key_slot.removed', slot)
        return shown(slot)
      })
    },
  }
}

/** What takes long, which a passphrase does, is over before anybody else has to wait for it. */
async function stretched(secret: SlotSecret): Promise<SlotSecret> {
  const parameters = await secret.parameters()
  const seed = await secret.seed(parameters)
  return { ...secret, parameters: async () => parameters, seed: async () => seed }
}
