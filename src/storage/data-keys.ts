// An account's data keys, wrapped.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

export type DataKeyRow = {
  id: string
  wrapped: string
  root_key_id: string | null
  /** How many values were sealed with it, about. */
  seals: number
  created_at: Timestamp
}

const columns = ['id', 'wrapped', 'root_key_id', 'seals', 'created_at'] as const

export function dataKeysOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const one = (id: string) => ({
    update: db.updateTable('data_keys').where('account_id', '=', accountId).where('id', '=', id),
  })
  return {
    /** It comes after those that there are, and seals from now on. */
    async insert(row: {
      id: string
      wrapped: string
      root_key_id: string
      created_at: Timestamp
    }): Promise<void> {
      const { highest } = await db
        .selectFrom('data_keys')
        .where('account_id', '=', accountId)
        .select((eb) => eb.fn.max('position').as('highest'))
        .executeTakeFirstOrThrow()
      const position = highest === null ? 0 : Number(highest) + 1
      await db
        .insertInto('data_keys')
        .values({ account_id: accountId, ...row, position, seals: 0 })
        .execute()
    },

    /** Oldest first, with the account's uid, which they are bound to. */
    async all(): Promise<{ accountUid: string; rows: DataKeyRow[] }> {
      const { uid } = await db
        .selectFrom('accounts')
        .select('uid')
        .where('id', '=', accountId)
        .executeTakeFirstOrThrow()
      const rows = await db
        .selectFrom('data_keys')
        .select(columns)
        .where('account_id', '=', accountId)
        .orderBy('position')
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return { accountUid: uid, rows }
    },

    /** The same key, wrapped with another root key. */
    async rewrap(id: string, wrapped: string, rootKeyId: string): Promise<void> {
      await one(id).update.set({ wrapped, root_key_id: rootKeyId }).execute()
    },

    /** The keys themselves are gone with this, and all that they have sealed; no root key is needed by what is left. */
    async destroy(): Promise<void> {
      await db
        .updateTable('data_keys')
        .set({ wrapped: '', root_key_id: null })
        .where('account_id', '=', accountId)
        .execute()
    },

    async noteSeals(id: string, more: number): Promise<void> {
      await one(id)
        .update.set((eb) => ({ seals: eb('seals', '+', more) }))
        .execute()
    },

    /** @throws ReferenceViolation where a value needs it */
    async remove(id: string): Promise<void> {
      await db.deleteFrom('data_keys').where('account_id', '=', accountId).where('id', '=', id).execute()
    },
  }
}

/** Which account a data key is of. */
export async function accountOfDataKey(db: Db, id: string): Promise<number | undefined> {
  const row = await within(db, 'all accounts')
    .selectFrom('data_keys')
    .select('account_id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.account_id
}

/** Of keys that an earlier version has made: it knew one root key alone. */
export async function nameRootKeys(db: Db, rootKeyId: string): Promise<void> {
  await within(db, 'all accounts')
    .updateTable('data_keys')
    .set({ root_key_id: rootKeyId })
    .where('root_key_id', 'is', null)
    .execute()
}

/** What a root key has wrapped: data keys, and keys of audit trails. */
export async function countWrapped(db: Db, rootKeyId: string): Promise<number> {
  const count = async (table: 'data_keys' | 'audit_chains') => {
    const { rows } = await within(db, 'all accounts')
      .selectFrom(table)
      .select((eb) => eb.fn.countAll().as('rows'))
      .where((eb) =>
        eb.or([
          eb('root_key_id', '=', rootKeyId),
          // As nodes of an earlier version make them.
          eb.and([eb('root_key_id', 'is', null), eb('wrapped', 'like', `v1.${rootKeyId}.%`)]),
        ]),
      )
      .executeTakeFirstOrThrow()
    return Number(rows)
  }
  return (await count('data_keys')) + (await count('audit_chains'))
}
