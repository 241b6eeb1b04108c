// Queries on all sealed values of an account, whatever table they are in, for those who seal them anew or count them.
import { sql } from 'kysely'
import { type Db, within } from './database.ts'

export type SealedTable = 'connection_secrets' | 'previous_secrets' | 'webhook_secrets'

/** Each table with sealed values that stay; stored answers go by themselves within a day. */
export const sealedTables: readonly SealedTable[] = [
  'connection_secrets',
  'previous_secrets',
  'webhook_secrets',
]

/** The column that says whose the value is, and the table that the value is bound to: what was replaced stays so. */
const standing = {
  connection_secrets: { owner: 'connection_uid', boundTo: 'connection_secrets' },
  previous_secrets: { owner: 'connection_uid', boundTo: 'connection_secrets' },
  webhook_secrets: { owner: 'webhook_uid', boundTo: 'webhook_secrets' },
} as const satisfies Record<SealedTable, object>

/** Where a value of a table stands: it opens nowhere else. */
export function placeOfSealed(table: SealedTable, { row, field }: SealedCursor) {
  return { table: standing[table].boundTo, row, field }
}

/** A value where it stands. */
export type SealedValue = {
  /** The uid of what it belongs to. */
  readonly row: string
  readonly field: string
  readonly sealed: string
  readonly key_id: string | null
}

/** After which value of the table to go on; blank for the first. */
export type SealedCursor = Pick<SealedValue, 'row' | 'field'>

/** Fewer than engines take parameters, and enough to be quick. */
const valuesInStatement = 100

export function sealedValuesOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const rows = (table: SealedTable) => db.selectFrom(table).where('account_id', '=', accountId)

  /** In order, after a place. */
  const inOrder = (table: SealedTable, { row, field }: SealedCursor, limit: number) => {
    const owner = sql.ref<string>(standing[table].owner)
    return rows(table)
      .select([owner.as('row'), 'field', 'sealed', 'key_id'])
      .where(sql<boolean>`(${owner}, field) > (${row}, ${field})`)
      .orderBy(owner)
      .orderBy('field')
      .limit(limit)
  }

  return {
    /** Those that need another key than this one, in order. */
    others(table: SealedTable, keyId: string, after: SealedCursor, limit: number): Promise<SealedValue[]> {
      return inOrder(table, after, limit)
        .where((eb) => eb.or([eb('key_id', '<>', keyId), eb('key_id', 'is', null)]))
        .execute()
    },

    /** All, in order. */
    from: (table: SealedTable, after: SealedCursor, limit: number): Promise<SealedValue[]> =>
      inOrder(table, after, limit).execute(),

    /** Puts values sealed with one key in the places of those that stood there; many in one statement. */
    async reseal(
      table: SealedTable,
      values: ReadonlyArray<SealedCursor & { readonly sealed: string }>,
      keyId: string,
    ): Promise<void> {
      for (let at = 0; at < values.length; at += valuesInStatement) {
        const some = values.slice(at, at + valuesInStatement)
        const rows = some.map((value) => sql`(${value.row}, ${value.field}, ${value.sealed})`)
        await sql`with anew (uid, field, sealed) as (values ${sql.join(rows)})
          update ${sql.table(table)} set sealed = anew.sealed, key_id = ${keyId} from anew
          where account_id = ${accountId} and ${sql.ref(standing[table].owner)} = anew.uid
            and ${sql.table(table)}.field = anew.field`.execute(db)
      }
    },

    /** What callers know the connection of a value by. */
    async connectionId(uid: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('connections')
        .select('id')
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .executeTakeFirst()
      return row?.id
    },

    async count(): Promise<number> {
      let sum = 0
      for (const table of sealedTables) {
        const { n } = await rows(table)
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
        sum += Number(n)
      }
      return sum
    },

    /** Values of an earlier version, which did not say what key they need, and need this one. */
    async countUnnamed(keyId: string): Promise<number> {
      let sum = 0
      for (const table of [...sealedTables, 'stored_answers'] as const) {
        const { n } = await db
          .selectFrom(table)
          .where('account_id', '=', accountId)
          .where('key_id', 'is', null)
          // Behind `v1.` and before the next dot.
          .where(sql`substr(sealed, 4, 16)`, '=', keyId)
          .select((eb) => eb.fn.countAll().as('n'))
          .executeTakeFirstOrThrow()
        sum += Number(n)
      }
      return sum
    },

    /** How many values need each key: those that stay, and answers that are kept for a day. */
    async uses(): Promise<Map<string, { values: number; answers: number }>> {
      const uses = new Map<string, { values: number; answers: number }>()
      for (const table of [...sealedTables, 'stored_answers'] as const) {
        const found = await db
          .selectFrom(table)
          .where('account_id', '=', accountId)
          .select((eb) => ['key_id', eb.fn.countAll().as('n')])
          .groupBy('key_id')
          .execute()
        for (const { key_id, n } of found) {
          const use = uses.get(key_id ?? '') ?? { values: 0, answers: 0 }
          if (table === 'stored_answers') use.answers += Number(n)
          else use.values += Number(n)
          uses.set(key_id ?? '', use)
        }
      }
      return uses
    },
  }
}

/** Accounts that have any sealed value. */
export async function listSealingAccounts(store: Db): Promise<number[]> {
  const db = within(store, 'all accounts')
  const ids = new Set<number>()
  for (const table of sealedTables) {
    const rows = await db.selectFrom(table).select('account_id').distinct().execute()
    for (const { account_id } of rows) ids.add(account_id)
  }
  return [...ids].sort((a, b) => a - b)
}
