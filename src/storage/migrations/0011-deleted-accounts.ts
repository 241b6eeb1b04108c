// Accounts that were deleted keep a row without a name, so that nobody else is ever given their number.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('accounts').addColumn('deleted_at', 'text').execute()
}
