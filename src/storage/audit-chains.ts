// Queries on where an account's chain of audit records begins and ends.
import type { Selectable } from 'kysely'
import { type Db, within } from './database.ts'
import { posted, prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

export type ChainRow = Omit<Selectable<Schema['audit_chains']>, 'account_id'>

const columns = [
  'wrapped',
  'root_key_id',
  'first',
  'first_link',
  'last',
  'last_link',
  'proof',
  'last_event',
  'listeners',
] as const

const chain = prepared<{ account: number }, ChainRow>((db, value) =>
  db.selectFrom('audit_chains').select(columns).where('account_id', '=', value('account')),
)

type Last = { account: number; last: number; last_link: string; proof: string; last_event: number }

const setLast = posted<Last>((db, value) =>
  db
    .updateTable('audit_chains')
    .set({
      last: value('last'),
      last_link: value('last_link'),
      proof: value('proof'),
      last_event: value('last_event'),
    })
    .where('account_id', '=', value('account')),
)

export function auditChainsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const update = db.updateTable('audit_chains').where('account_id', '=', accountId)
  return {
    async find(): Promise<ChainRow | undefined> {
      const [row] = await chain(db, { account: accountId })
      return row
    },

    async insert(row: ChainRow): Promise<void> {
      await db
        .insertInto('audit_chains')
        .values({ account_id: accountId, ...row })
        .execute()
    },

    async setLast(ends: Pick<ChainRow, 'last' | 'last_link' | 'proof' | 'last_event'>): Promise<void> {
      await setLast(db, { account: accountId, ...ends })
    },

    async setFirst(ends: Pick<ChainRow, 'first' | 'first_link' | 'proof'>): Promise<void> {
      await update.set(ends).execute()
    },

    async remove(): Promise<void> {
      await db.deleteFrom('audit_chains').where('account_id', '=', accountId).execute()
    },

    async rewrap(wrapped: string, rootKeyId: string): Promise<void> {
      await update.set({ wrapped, root_key_id: rootKeyId }).execute()
    },
  }
}

/** The accounts that have a chain; 0 is the installation. */
export async function listChains(db: Db): Promise<Array<{ account_id: number; root_key_id: string }>> {
  return within(db, 'all accounts')
    .selectFrom('audit_chains')
    .select(['account_id', 'root_key_id'])
    .orderBy('account_id')
    .execute()
}
