// Rotation of the root key: a new one for every slot, and the keys that the old one wrapped are wrapped anew.
import { listAccounts } from '../storage/accounts.ts'
import { auditChainsOf } from '../storage/audit-chains.ts'
import { countWrapped, dataKeysOf } from '../storage/data-keys.ts'
import { type Db, hold, ReferenceViolation, transact } from '../storage/database.ts'
import {
  deleteRootKey,
  insertRootKey,
  insertSlotKeys,
  listRootKeys,
  readSlots,
} from '../storage/key-slots.ts'
import { seal } from '../vault/envelope.ts'
import type { KeyRing } from '../vault/key-ring.ts'
import { boxFor, isGenuine, newRootKey, type RootKey } from '../vault/slots.ts'
import { dataKeyPlace, type Vault } from '../vault/vault.ts'
import type { RecordAudit } from './audit.ts'
import { chainPlace } from './audit-chains.ts'
import { type Caller, installationId } from './caller.ts'
import { HubError } from './errors.ts'
import { recordOfInstallation } from './installation-record.ts'
import type { Clock, Timestamp } from './timestamp.ts'

export type RootKeyFacts = {
  readonly id: string
  readonly createdAt: Timestamp
  /** It wraps what is wrapped from now on. */
  readonly isCurrent: boolean
  /** How many data keys and keys of audit trails it has wrapped. */
  readonly wraps: number
}

/** Accounts whose keys are wrapped anew in one transaction. */
const accountsAtOnce = 100

export type RootRotation = ReturnType<typeof rootRotation>

export function rootRotation(needs: {
  db: Db
  now: Clock
  keyRing: KeyRing
  vault: Vault
  record: RecordAudit
}) {
  const { db, now, keyRing, vault, record } = needs

  async function list(): Promise<RootKeyFacts[]> {
    const rows = await listRootKeys(db)
    const facts: RootKeyFacts[] = []
    for (const { id, created_at } of rows) {
      const isCurrent = id === rows.at(-1)?.id
      facts.push({ id, createdAt: created_at, isCurrent, wraps: await countWrapped(db, id) })
    }
    return facts
  }

  /** Of one account, or of the installation; in a transaction that holds it. */
  async function rewrap(db: Db, accountId: number, rootKey: RootKey): Promise<number> {
    let done = 0
    const anew = async (wrapped: string, place: readonly string[]) =>
      seal(rootKey.key, rootKey.id, (await vault.unwrap(db, wrapped, place)).export(), place)
    if (accountId !== installationId) {
      const dataKeys = dataKeysOf(db, accountId)
      const { accountUid, rows } = await dataKeys.all()
      for (const { id, wrapped, root_key_id } of rows) {
        if (root_key_id === rootKey.id) continue
        await dataKeys.rewrap(id, await anew(wrapped, dataKeyPlace(accountUid, id)), rootKey.id)
        done++
      }
    }
    const chains = auditChainsOf(db, accountId)
    const chain = await chains.find()
    if (chain && chain.root_key_id !== rootKey.id) {
      await chains.rewrap(await anew(chain.wrapped, chainPlace(accountId)), rootKey.id)
      done++
    }
    return done
  }

  return {
    list,

    /** What `begin` would do. */
    async plan(): Promise<{ isResumed: boolean; wraps: number; slots: number; strangers: string[] }> {
      const keys = await list()
      const left = keys.filter(({ isCurrent }) => !isCurrent).reduce((sum, { wraps }) => sum + wraps, 0)
      const all = keys.reduce((sum, { wraps }) => sum + wraps, 0)
      const { slots } = await readSlots(db)
      const strangers = slots.filter((slot) => !isGenuine(keyRing.anchor, keyRing.storeId, slot))
      return {
        isResumed: left > 0,
        wraps: left > 0 ? left : all,
        slots: slots.length - strangers.length,
        strangers: strangers.map(({ id }) => id),
      }
    },

    /**
     * A new root key, in a box for every slot; or the one that an earlier rotation, which was cut off, has made.
     * A slot that nobody who had the store open has written gets none.
     */
    begin(by?: Caller): Promise<{ rootKeyId: string; isResumed: boolean }> {
      return transact(db, 'all accounts', async (db) => {
        await hold(db, installationId)
        const { id: currentId } = await keyRing.current(db)
        for (const { id } of keyRing.rootKeys) {
          if (id !== currentId && (await countWrapped(db, id)) > 0)
            return { rootKeyId: currentId, isResumed: true }
        }
        const rootKey = newRootKey()
        const { storeId, anchor } = keyRing
        const { slots } = await readSlots(db)
        const genuine = slots.filter((slot) => isGenuine(anchor, storeId, slot))
        await insertRootKey(db, { id: rootKey.id, created_at: now() })
        await insertSlotKeys(
          db,
          genuine.map((slot) => boxFor(storeId, anchor, slot, rootKey)),
        )
        await recordOfInstallation(
          db,
          { record, by, at: now() },
          {
            action: 'root_key.created',
            subject: `root_key/${rootKey.id}`,
            data: { slots: genuine.map(({ id }) => id) },
          },
        )
        return { rootKeyId: rootKey.id, isResumed: false }
      })
    },

    /**
     * Wraps the keys of some accounts anew.
     * @param after the account that was the last so far; undefined at the beginning
     * @returns the last account of these; null where there are no more
     */
    async step(after: number | undefined): Promise<{ rewrapped: number; rest: number | null }> {
      const rootKey = await keyRing.current(db)
      const ids = [installationId, ...(await listAccounts(db)).map(({ id }) => id)]
      const some = ids.filter((id) => id > (after ?? -1)).slice(0, accountsAtOnce)
      const rewrapped = await transact(db, 'all accounts', async (db) => {
        let sum = 0
        for (const id of some) {
          await hold(db, id)
          sum += await rewrap(db, id, rootKey)
        }
        return sum
      })
      return { rewrapped, rest: some.length < accountsAtOnce ? null : (some.at(-1) ?? null) }
    },

    /** @throws HubError in_use where something is wrapped with it */
    drop(id: string, by?: Caller): Promise<void> {
      return transact(db, 'all accounts', async (db) => {
        await hold(db, installationId)
        const current = await keyRing.current(db)
        if (id === current.id) throw new HubError('in_use', `The root key ${id} is the one that wraps now.`)
        const wraps = await countWrapped(db, id)
        if (wraps > 0) throw stillNeeded(id, wraps)
        try {
          await deleteRootKey(db, id)
        } catch (error) {
          if (!(error instanceof ReferenceViolation)) throw error
          throw stillNeeded(id, await countWrapped(db, id))
        }
        await recordOfInstallation(
          db,
          { record, by, at: now() },
          {
            action: 'root_key.dropped',
            subject: `root_key/${id}`,
            data: {},
          },
        )
      })
    },
  }
}

function stillNeeded(id: string, wraps: number): HubError {
  return new HubError(
    'in_use',
    `The root key ${id} is still needed: it wraps ${wraps} key${wraps === 1 ? '' : 's'}. Run this first: mortise vault rotate`,
  )
}
