// Events: what changed in an account, in the order of numbers that only rise; the last one stands with the audit chain's end.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('sequence', 'bigint', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('integration_uid', 'text')
    .addColumn('integration_id', 'text')
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('events_pk', ['account_id', 'sequence'])
    .execute()
  await db.schema
    .alterTable('audit_chains')
    .addColumn('last_event', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
}
