// What connections and keys made by the API need: hints, earlier secrets, health, uses, addresses.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .alterTable('connections')
    .addColumn('title_key', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await schema
    .alterTable('connections')
    .addColumn('health_status', 'text', (c) => c.notNull().defaultTo('unverified'))
    .execute()
  for (const column of ['health_reason', 'health_checked_at', 'health_account']) {
    await schema.alterTable('connections').addColumn(column, 'text').execute()
  }
  await schema.alterTable('connection_secrets').addColumn('hint', 'text').execute()
  await schema.alterTable('api_keys').addColumn('addresses', 'text').execute()

  await schema
    .createTable('previous_secrets')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('connection_uid', 'text', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('hint', 'text')
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addColumn('replaced_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('previous_secrets_pk', ['account_id', 'connection_uid', 'field'])
    .addForeignKeyConstraint(
      'previous_secrets_connection_fk',
      ['account_id', 'connection_uid'],
      'connections',
      ['account_id', 'uid'],
      (c) => c.onDelete('cascade'),
    )
    .execute()
  await schema.createIndex('previous_secrets_expiry').on('previous_secrets').columns(['expires_at']).execute()

  await schema
    .createTable('connection_uses')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('connection_uid', 'text', (c) => c.notNull())
    .addColumn('key_uid', 'text', (c) => c.notNull())
    .addColumn('last_used_at', 'text', (c) => c.notNull())
    .addColumn('times', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('connection_uses_pk', ['account_id', 'connection_uid', 'key_uid'])
    .addForeignKeyConstraint(
      'connection_uses_connection_fk',
      ['account_id', 'connection_uid'],
      'connections',
      ['account_id', 'uid'],
      (c) => c.onDelete('cascade'),
    )
    .execute()

  await schema
    .createIndex('audit_subject')
    .on('audit')
    .columns(['account_id', 'subject', 'sequence'])
    .execute()
  await fillTitleKeys(db as Kysely<{ connections: Titled }>)
}

type Titled = { account_id: number; id: number; title: string; title_key: string }

async function fillTitleKeys(db: Kysely<{ connections: Titled }>): Promise<void> {
  for (const { account_id, id, title } of await db
    .selectFrom('connections')
    .select(['account_id', 'id', 'title'])
    .execute()) {
    await db
      .updateTable('connections')
      .set({ title_key: title.normalize('NFC').toUpperCase() })
      .where('account_id', '=', account_id)
      .where('id', '=', id)
      .execute()
  }
}
