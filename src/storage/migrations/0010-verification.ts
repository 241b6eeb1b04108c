// What verifying and refreshing connections needs: whom a credential belongs to, the latest checks, and when to look again.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  for (const column of ['health_identity', 'health_mode', 'health_scopes']) {
    await schema.alterTable('connections').addColumn(column, 'text').execute()
  }
  await schema
    .createIndex('connections_identity')
    .on('connections')
    .columns(['account_id', 'provider', 'health_identity'])
    .execute()

  await schema
    .createTable('connection_checks')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('connection_uid', 'text', (c) => c.notNull())
    .addColumn('sequence', 'bigint', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('reason', 'text')
    .addColumn('account', 'text')
    .addColumn('duration_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('connection_checks_pk', ['account_id', 'connection_uid', 'sequence'])
    .addForeignKeyConstraint(
      'connection_checks_connection_fk',
      ['account_id', 'connection_uid'],
      'connections',
      ['account_id', 'uid'],
      (c) => c.onDelete('cascade'),
    )
    .execute()

  await schema
    .createTable('connection_upkeep')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('connection_uid', 'text', (c) => c.notNull())
    .addColumn('check_at', 'text')
    .addColumn('check_failures', 'bigint', (c) => c.notNull())
    .addColumn('refresh_not_before', 'text')
    .addColumn('refresh_failures', 'bigint', (c) => c.notNull())
    .addColumn('refresh_refused', 'text')
    .addColumn('refresh_begun_at', 'text')
    .addColumn('refreshed_at', 'text')
    .addPrimaryKeyConstraint('connection_upkeep_pk', ['account_id', 'connection_uid'])
    .addForeignKeyConstraint(
      'connection_upkeep_connection_fk',
      ['account_id', 'connection_uid'],
      'connections',
      ['account_id', 'uid'],
      (c) => c.onDelete('cascade'),
    )
    .execute()
  await schema.createIndex('connection_upkeep_due').on('connection_upkeep').columns(['check_at']).execute()

  // What is there already is looked at as soon as its turn comes.
  await sql`
    insert into connection_upkeep (account_id, connection_uid, check_at, check_failures, refresh_failures)
    select account_id, uid, '1970-01-01T00:00:00.000000Z', 0, 0 from connections`.execute(db)
}
