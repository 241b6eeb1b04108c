// Sessions of operators at other accounts than their own.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('console_sessions').addColumn('home_account_id', 'bigint').execute()
}
