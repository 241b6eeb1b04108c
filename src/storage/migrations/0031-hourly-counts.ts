// What the console's first page reads: what is counted by the hour, deliveries that were given up, and an integration's connections by health.
import { type Kysely, sql } from 'kysely'

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
  // Those alone that nobody tries any more: few, however many were delivered.
  await db.schema
    .createIndex('deliveries_exhausted')
    .on('deliveries')
    .columns(['account_id', 'webhook_uid', 'sequence'])
    .where(sql.ref('status'), '=', sql.lit('exhausted'))
    .execute()
  await db.schema
    .createIndex('connections_integration_health')
    .on('connections')
    .columns(['account_id', 'integration_uid', 'health_status', 'id'])
    .execute()
}
