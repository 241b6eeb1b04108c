// What the console's first page reads: checks and deliveries counted by the hour, and an integration's connections by health.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('hourly_counts')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('hour', 'text', (c) => c.notNull())
    .addColumn('n', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('hourly_counts_pk', ['account_id', 'what', 'hour'])
    .execute()
  // What is too old to be drawn goes, whosever it is.
  await db.schema.createIndex('hourly_counts_hour').on('hourly_counts').column('hour').execute()
  await db.schema
    .createIndex('connections_integration_health')
    .on('connections')
    .columns(['account_id', 'integration_uid', 'health_status', 'id'])
    .execute()
}
