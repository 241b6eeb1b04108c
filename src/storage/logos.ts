// Queries on logos: kept once per account, for as long as an integration uses them.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

/** By name alone, which nobody can guess: whoever shows an invoice has no key. */
export async function findLogo(db: Db, name: string): Promise<Buffer | undefined> {
  const row = await within(db, 'all accounts')
    .selectFrom('logos')
    .select('base64')
    .where('name', '=', name)
    .executeTakeFirst()
  return row && Buffer.from(row.base64, 'base64')
}

export function logosOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async put(name: string, bytes: Buffer, at: Timestamp): Promise<void> {
      await db
        .insertInto('logos')
        .values({ account_id: accountId, name, base64: bytes.toString('base64'), created_at: at })
        .onConflict((conflict) => conflict.columns(['account_id', 'name']).doNothing())
        .execute()
    },

    /** Removes a picture that no integration uses any more. */
    async dropUnused(name: string): Promise<void> {
      await db
        .deleteFrom('logos')
        .where('account_id', '=', accountId)
        .where('name', '=', name)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('integrations')
                .select('uid')
                .where('integrations.account_id', '=', accountId)
                .where('integrations.logo', '=', name),
            ),
          ),
        )
        .execute()
    },
  }
}
