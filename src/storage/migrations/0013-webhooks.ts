// Webhooks with their sealed secrets, and a delivery for each event that one of them hears.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('webhooks')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('integration_uid', 'text', (c) => c.notNull())
    .addColumn('reach', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('events', 'text', (c) => c.notNull())
    .addColumn('metadata', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('disabled_at', 'text')
    .addColumn('disabled_reason', 'text')
    .addColumn('failing_since', 'text')
    .addColumn('failures', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('webhooks_pk', ['account_id', 'uid'])
    .addForeignKeyConstraint('webhooks_integration_fk', ['account_id', 'integration_uid'], 'integrations', [
      'account_id',
      'uid',
    ])
    .execute()
  await schema
    .createIndex('webhooks_integration')
    .on('webhooks')
    .columns(['account_id', 'integration_uid', 'created_at', 'uid'])
    .execute()

  await schema
    .createTable('webhook_secrets')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('webhook_uid', 'text', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text')
    .addPrimaryKeyConstraint('webhook_secrets_pk', ['account_id', 'webhook_uid', 'field'])
    .addForeignKeyConstraint(
      'webhook_secrets_webhook_fk',
      ['account_id', 'webhook_uid'],
      'webhooks',
      ['account_id', 'uid'],
      (c) => c.onDelete('cascade'),
    )
    .addForeignKeyConstraint('webhook_secrets_key_fk', ['account_id', 'key_id'], 'data_keys', [
      'account_id',
      'id',
    ])
    .execute()

  await schema
    .createTable('deliveries')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('webhook_uid', 'text', (c) => c.notNull())
    .addColumn('sequence', 'bigint', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('due_at', 'text')
    .addColumn('tries', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('deliveries_pk', ['account_id', 'webhook_uid', 'sequence'])
    .execute()
  // Those that wait alone: however many were delivered, what is due is found at once.
  await schema
    .createIndex('deliveries_due')
    .on('deliveries')
    .columns(['account_id', 'webhook_uid', 'due_at'])
    .where(sql.ref('due_at'), 'is not', null)
    .execute()

  await schema
    .alterTable('audit_chains')
    .addColumn('listeners', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
}
