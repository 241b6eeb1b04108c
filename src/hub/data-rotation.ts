// Rotation of data keys: a new one for an account, and its values sealed anew while everybody reads and writes.
import { findAccount, listAccounts } from '../storage/accounts.ts'
import { accountOfDataKey, dataKeysOf } from '../storage/data-keys.ts'
import { type Db, ReferenceViolation, transact } from '../storage/database.ts'
import {
  placeOfSealed,
  type SealedCursor,
  type SealedTable,
  sealedTables,
  sealedValuesOf,
} from '../storage/sealed-values.ts'
import { deleteProgress, readProgress, writeProgress } from '../storage/store-facts.ts'
import { sealerKeptMs, type Vault } from '../vault/vault.ts'
import type { RecordAudit } from './audit.ts'
import { type Caller, localCaller } from './caller.ts'
import { HubError, notFound } from './errors.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'

export type DataKeyFacts = {
  readonly id: string
  readonly accountId: number
  readonly createdAt: Timestamp
  readonly isCurrent: boolean
  /** Values that need it. */
  readonly values: number
  /** Stored answers that need it; they go by themselves within a day. */
  readonly answers: number
}

/** How far the rotation of an account has come. */
export type RotationCursor = SealedCursor & {
  readonly table: SealedTable
  readonly resealed: number
  /** Values that could not be opened, and were left as they are. */
  readonly damaged: number
}

export type RotationPart = {
  readonly resealed: number
  readonly damaged: number
  /** Null once the account is done. */
  readonly rest: RotationCursor | null
}

export type RotationPlan = {
  /** An earlier rotation was cut off, and is taken up. */
  readonly isResumed: boolean
  readonly accounts: ReadonlyArray<{ id: number; values: number }>
}

/** Where a rotation finds values, in its order. */
export const rotatedTables: readonly SealedTable[] = sealedTables

export type DataRotation = ReturnType<typeof dataRotation>

/** Values in one transaction: others of the account wait for so many. */
const valuesAtOnce = 500

/** In the store's facts: since when all accounts are being rotated, and which key an account is moving to. */
const ofAll = 'rotation'
export const rotationOf = (accountId: number) => `rotation/${accountId}`

export function dataRotation(needs: { db: Db; now: Clock; vault: Vault; record: RecordAudit }) {
  const { db, now, vault, record } = needs

  /** What is left to do of all accounts, or of one. */
  async function plan(accountId: number | undefined): Promise<RotationPlan> {
    const since = accountId === undefined ? await readProgress(db, ofAll) : undefined
    const ids = accountId === undefined ? (await listAccounts(db)).map(({ id }) => id) : [accountId]
    const accounts: Array<{ id: number; values: number }> = []
    let isResumed = since !== undefined
    for (const id of ids) {
      if (!(await findAccount(db, id))) throw new HubError('not_found', `There is no account ${id}.`)
      const { rows } = await dataKeysOf(db, id).all()
      const current = rows.at(-1)
      const moving = await readProgress(db, rotationOf(id))
      const isBegun = current !== undefined && moving === current.id
      if (since !== undefined && !isBegun && current && current.created_at >= since) continue
      isResumed ||= isBegun
      const values = sealedValuesOf(db, id)
      const count = isBegun ? await leftOf(values, current.id) : await values.count()
      accounts.push({ id, values: count })
    }
    return { isResumed, accounts }
  }

  /** Takes up what was begun, or makes a new key. */
  function begin(accountId: number): Promise<string> {
    return transact(db, accountId, async (db) => {
      if (!(await findAccount(db, accountId)))
        throw new HubError('not_found', `There is no account ${accountId}.`)
      const { accountUid, rows } = await dataKeysOf(db, accountId).all()
      const moving = await readProgress(db, rotationOf(accountId))
      const current = rows.at(-1)?.id
      if (moving !== undefined && moving === current) return moving
      const keyId = await vault.createDataKey(db, { id: accountId, uid: accountUid }, now())
      await writeProgress(db, rotationOf(accountId), keyId)
      return keyId
    })
  }

  /** The next values of a table, in one transaction. @returns the last of them; undefined where there are none */
  function reseal(
    accountId: number,
    keyId: string,
    { table, ...from }: RotationCursor,
  ): Promise<RotationCursor | undefined> {
    return transact(db, accountId, async (db) => {
      const values = sealedValuesOf(db, accountId)
      const some = await values.others(table, keyId, from, valuesAtOnce)
      const last = some.at(-1)
      if (!last) return undefined
      const texts = some.map(({ sealed }) => sealed)
      const sealer = await vault.sealerKnowing(db, accountId, texts)
      // Another rotation has come in between: its key is the one to move to.
      if (sealer.keyId !== keyId)
        throw new HubError('storage_busy', 'Another rotation has begun. Run this again.')
      let [resealed, damaged] = [from.resealed, from.damaged]
      const anew: Array<SealedCursor & { sealed: string }> = []
      for (const { row, field, sealed } of some) {
        const place = placeOfSealed(table, { row, field })
        try {
          anew.push({ row, field, sealed: sealer.seal(place, sealer.open(place, sealed)).sealed })
          resealed++
        } catch (error) {
          if (!(error instanceof HubError) || error.code !== 'secret_integrity_error') throw error
          damaged++
        }
      }
      await values.reseal(table, anew, keyId)
      return { table, row: last.row, field: last.field, resealed, damaged }
    })
  }

  function finish(accountId: number, keyId: string, { resealed, damaged }: RotationCursor): Promise<unknown> {
    return transact(db, accountId, async (db) => {
      await deleteProgress(db, rotationOf(accountId))
      const account = await findAccount(db, accountId)
      if (!account) throw notFound()
      await record(db, localCaller(accountId), now(), {
        action: 'account.rekeyed',
        subject: `account/${account.uid}`,
        data: { id: accountId, key: keyId, values: resealed, damaged },
      })
    })
  }

  return {
    plan,

    /** What `plan` says begins; it is taken up by the next one where it is cut off. */
    async beginAll(): Promise<void> {
      if ((await readProgress(db, ofAll)) === undefined) await writeProgress(db, ofAll, now())
    },

    endAll: (): Promise<void> => deleteProgress(db, ofAll),

    /** Some values of an account. @param rest where the last part ended; undefined at the beginning */
    async step(accountId: number, rest: RotationCursor | undefined): Promise<RotationPart> {
      const [first] = sealedTables
      if (!first) throw new Error('There is nothing that is sealed.')
      const keyId = await begin(accountId)
      if (!rest) vault.forget()
      const from: RotationCursor = rest ?? { table: first, ...atStart, resealed: 0, damaged: 0 }
      const next = await reseal(accountId, keyId, from)
      const { resealed, damaged } = next ?? from
      if (next) return { resealed, damaged, rest: next }
      const table = sealedTables[sealedTables.indexOf(from.table) + 1]
      if (table) return { resealed, damaged, rest: { table, ...atStart, resealed, damaged } }
      await finish(accountId, keyId, from)
      return { resealed, damaged, rest: null }
    },

    async list(accountId: number): Promise<DataKeyFacts[]> {
      const { rows } = await dataKeysOf(db, accountId).all()
      const uses = await sealedValuesOf(db, accountId).uses()
      return rows.map(({ id, created_at }) => {
        const { values = 0, answers = 0 } = uses.get(id) ?? {}
        const isCurrent = id === rows.at(-1)?.id
        return { id, accountId, createdAt: created_at, isCurrent, values, answers }
      })
    },

    /**
     * @param by the operator at the console; nobody at the command line
     * @returns the account that it was of; undefined where there is no such data key
     */
    async drop(id: string, by?: Caller): Promise<number | undefined> {
      const accountId = await accountOfDataKey(db, id)
      if (accountId === undefined) return undefined
      await transact(db, accountId, async (db) => {
        const { accountUid, rows } = await dataKeysOf(db, accountId).all()
        const next = rows[rows.findIndex((row) => row.id === id) + 1]
        if (!next)
          throw new HubError(
            'in_use',
            `The data key ${id} is the one that account ${accountId} seals with now.`,
          )
        if (later(next.created_at, 2 * sealerKeptMs) > now()) {
          const seconds = (2 * sealerKeptMs) / 1_000
          throw new HubError(
            'in_use',
            `Other nodes may still seal with ${id}: it was replaced less than ${seconds} seconds ago. Wait, and run this again.`,
          )
        }
        await refuseNeeded(db, accountId, id)
        try {
          await dataKeysOf(db, accountId).remove(id)
        } catch (error) {
          if (!(error instanceof ReferenceViolation)) throw error
          throw new HubError('in_use', `The data key ${id} was used just now. Run this again.`)
        }
        await record(db, by?.accountId === accountId ? by : localCaller(accountId), now(), {
          action: 'data_key.dropped',
          subject: `account/${accountUid}`,
          data: { id: accountId, key: id },
        })
      })
      vault.forget()
      return accountId
    },
  }
}

const atStart: SealedCursor = { row: '', field: '' }

async function leftOf(values: ReturnType<typeof sealedValuesOf>, keyId: string): Promise<number> {
  let sum = 0
  for (const [id, { values: count }] of await values.uses()) if (id !== keyId) sum += count
  return sum
}

async function refuseNeeded(db: Db, accountId: number, id: string): Promise<void> {
  const sealed = sealedValuesOf(db, accountId)
  const { values = 0, answers = 0 } = (await sealed.uses()).get(id) ?? {}
  const needed = values + (await sealed.countUnnamed(id))
  if (needed > 0) {
    throw new HubError(
      'in_use',
      `The data key ${id} is still needed by ${needed} value${needed === 1 ? '' : 's'}. Run this first: mortise vault rotate --data --account ${accountId}`,
    )
  }
  if (answers > 0) {
    throw new HubError(
      'in_use',
      `The data key ${id} is still needed by ${answers} stored answer${answers === 1 ? '' : 's'}, which go by themselves within a day. Run this again then.`,
    )
  }
}
