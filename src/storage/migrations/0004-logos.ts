// Logos: pictures in the database, so that they share its transactions and its backup.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('logos')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('base64', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('logos_pk', ['account_id', 'name'])
    .execute()
  await db.schema.alterTable('integrations').addColumn('logo', 'text').execute()
  await db.schema
    .createIndex('integrations_logo')
    .on('integrations')
    .columns(['account_id', 'logo'])
    .execute()
}
