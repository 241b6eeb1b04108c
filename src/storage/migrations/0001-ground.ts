// The first tables: accounts and their keys, integrations, freelancers, connections, audit.
import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('store')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('accounts')
    .addColumn('id', 'bigint', (c) => c.primaryKey())
    .addColumn('uid', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('sequences')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('sequences_pk', ['account_id', 'name'])
    .execute()

  await db.schema
    .createTable('data_keys')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('wrapped', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('data_keys_pk', ['account_id', 'id'])
    .execute()

  await db.schema
    .createTable('integrations')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('type', 'integer', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('metadata', 'text', (c) => c.notNull())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('recipient', 'text', (c) => c.notNull())
    .addColumn('address_line_1', 'text', (c) => c.notNull())
    .addColumn('address_line_2', 'text')
    .addColumn('zip_code', 'text', (c) => c.notNull())
    .addColumn('city', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('integrations_pk', ['account_id', 'uid'])
    .addUniqueConstraint('integrations_id', ['account_id', 'id'])
    .addUniqueConstraint('integrations_position', ['account_id', 'position'])
    .execute()
  await db.schema
    .createIndex('integrations_type')
    .on('integrations')
    .columns(['account_id', 'type', 'position'])
    .execute()

  await db.schema
    .createTable('api_keys')
    .addColumn('account_id', 'bigint', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull().unique())
    .addColumn('prefix', 'text', (c) => c.notNull())
    .addColumn('last_four', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('integration_uid', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text')
    .addColumn('revoked_at', 'text')
    .addColumn('last_used_at', 'text')
    .addPrimaryKeyConstraint('api_keys_pk', ['account_id', 'uid'])
    .execute()

  await db.schema
    .createTable('freelancers')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('integration_uid', 'text', (c) => c.notNull())
    .addColumn('metadata', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('freelancers_pk', ['account_id', 'uid'])
    .addUniqueConstraint('freelancers_id', ['account_id', 'id'])
    .addUniqueConstraint('freelancers_position', ['account_id', 'position'])
    .addUniqueConstraint('freelancers_integration', ['account_id', 'integration_uid'])
    .addForeignKeyConstraint(
      'freelancers_integration_fk',
      ['account_id', 'integration_uid'],
      'integrations',
      ['account_id', 'uid'],
    )
    .execute()

  await db.schema
    .createTable('connections')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('id', 'bigint', (c) => c.notNull())
    .addColumn('uid', 'text', (c) => c.notNull())
    .addColumn('integration_uid', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('use_cloudfront', 'integer', (c) => c.notNull())
    .addColumn('fields', 'text', (c) => c.notNull())
    .addColumn('metadata', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('connections_pk', ['account_id', 'id'])
    .addUniqueConstraint('connections_uid', ['account_id', 'uid'])
    .addForeignKeyConstraint(
      'connections_integration_fk',
      ['account_id', 'integration_uid'],
      'integrations',
      ['account_id', 'uid'],
    )
    .execute()
  await db.schema
    .createIndex('connections_integration')
    .on('connections')
    .columns(['account_id', 'integration_uid', 'id'])
    .execute()

  await db.schema
    .createTable('connection_secrets')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('connection_uid', 'text', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('connection_secrets_pk', ['account_id', 'connection_uid', 'field'])
    .addForeignKeyConstraint(
      'connection_secrets_connection_fk',
      ['account_id', 'connection_uid'],
      'connections',
      ['account_id', 'uid'],
      (c) => c.onDelete('cascade'),
    )
    .execute()

  await db.schema
    .createTable('audit')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('sequence', 'bigint', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('key_uid', 'text')
    .addColumn('address', 'text')
    .addColumn('request_id', 'text')
    .addColumn('times', 'bigint', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_pk', ['account_id', 'sequence'])
    .execute()
  await db.schema.createIndex('audit_action').on('audit').columns(['account_id', 'action', 'at']).execute()
}
