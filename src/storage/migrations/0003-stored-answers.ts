// Stored answers: what a repeated request with the same Idempotency-Key gets.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('stored_answers')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('route', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('asked_id', 'text')
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('stored_answers_pk', ['account_id', 'key', 'route', 'target'])
    .addUniqueConstraint('stored_answers_position', ['account_id', 'position'])
    .execute()
  await db.schema.createIndex('stored_answers_expiry').on('stored_answers').columns(['expires_at']).execute()
}
