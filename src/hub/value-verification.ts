// Opens every sealed value of an account and says which ones do not open; no value is shown or kept.
import { setImmediate as turn } from 'node:timers/promises'
import { listAccounts } from '../storage/accounts.ts'
import { dataKeysOf } from '../storage/data-keys.ts'
import type { Db } from '../storage/database.ts'
import {
  placeOfSealed,
  type SealedCursor,
  type SealedTable,
  sealedTables,
  sealedValuesOf,
} from '../storage/sealed-values.ts'
import { keyIdOf } from '../vault/envelope.ts'
import type { Vault } from '../vault/vault.ts'
import { HubError } from './errors.ts'

export type DamagedValue = {
  readonly connection: number | null
  /** Where it is one of a webhook. */
  readonly webhook?: string
  readonly field: string
  readonly why: string
}

export type ValueCursor = SealedCursor & { readonly table: SealedTable }

export type VerifiedValues = {
  /** Values that opened. */
  readonly opened: number
  readonly damaged: readonly DamagedValue[]
  /** Null once all were tried. */
  readonly rest: ValueCursor | null
}

const valuesAtOnce = 500

export function valueVerification({ db, vault }: { db: Db; vault: Vault }) {
  /** Some at a time: others have their turn in between. */
  async function* sealedOf(accountId: number) {
    const values = sealedValuesOf(db, accountId)
    for (const table of sealedTables) {
      let after = atStart
      for (;;) {
        const some = await values.from(table, after, valuesAtOnce)
        yield some
        const last = some.at(-1)
        if (!last || some.length < valuesAtOnce) break
        after = { row: last.row, field: last.field }
        await turn()
      }
    }
  }

  return {
    /**
     * How many values say that a key has sealed them which their account has not; none of them is opened.
     * @param isOver ends it early
     */
    async countStrays(isOver: () => boolean): Promise<number> {
      let strays = 0
      for (const { id } of await listAccounts(db)) {
        const known = new Set((await dataKeysOf(db, id).all()).rows.map((key) => key.id))
        for await (const some of sealedOf(id)) {
          if (isOver()) return strays
          strays += some.filter(({ sealed }) => !known.has(keyIdOf(sealed) ?? '')).length
        }
      }
      return strays
    },

    /** Some values of an account. @param rest where the last part ended; undefined at the beginning */
    async verify(accountId: number, rest: ValueCursor | undefined): Promise<VerifiedValues> {
      const [first] = sealedTables
      if (!first) throw new Error('There is nothing that is sealed.')
      const from: ValueCursor = rest ?? { table: first, ...atStart }
      const values = sealedValuesOf(db, accountId)
      const some = await values.from(from.table, from, valuesAtOnce)
      const texts = some.map(({ sealed }) => sealed)
      const damaged: DamagedValue[] = []
      if (some.length > 0) {
        const sealer = await ifIntact(vault.sealerKnowing(db, accountId, texts))
        for (const { row, field, sealed } of some) {
          try {
            // Where the key that seals now is damaged, nothing of the account opens.
            if (sealer instanceof HubError) throw sealer
            sealer.open(placeOfSealed(from.table, { row, field }), sealed)
          } catch (error) {
            if (!(error instanceof HubError)) throw error
            const why = error.message
            if (from.table === 'webhook_secrets') {
              damaged.push({ connection: null, webhook: row, field: 'secret_key', why })
            } else {
              damaged.push({ connection: (await values.connectionId(row)) ?? null, field, why })
            }
          }
        }
      }
      return { opened: some.length - damaged.length, damaged, rest: next(from, some) }
    },
  }
}

async function ifIntact<Value>(opening: Promise<Value>): Promise<Value | HubError> {
  try {
    return await opening
  } catch (error) {
    if (error instanceof HubError && error.code === 'secret_integrity_error') return error
    throw error
  }
}

const atStart: SealedCursor = { row: '', field: '' }

function next({ table }: ValueCursor, some: readonly SealedCursor[]): ValueCursor | null {
  const last = some.at(-1)
  if (last && some.length === valuesAtOnce) {
    return { table, row: last.row, field: last.field }
  }
  const following = sealedTables[sealedTables.indexOf(table) + 1]
  return following ? { table: following, ...atStart } : null
}
