// The console: who is signed in, and the links that sign in once; both are kept as digests alone.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('console_sessions')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull().unique())
    .addColumn('key_uid', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('console_sessions_pk', ['account_id', 'uid'])
    .execute()
  await db.schema
    .createTable('console_links')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('digest', 'text', (c) => c.notNull().unique())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('console_links_pk', ['account_id', 'digest'])
    .execute()
  // How many connections of an account are how, and which: read on the first page, whatever there is.
  await db.schema
    .createIndex('connections_health')
    .on('connections')
    .columns(['account_id', 'health_status', 'id'])
    .execute()
}
