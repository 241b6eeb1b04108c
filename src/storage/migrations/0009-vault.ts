// The vault: root keys and the slots that open them, which key each sealed value needs, and chained audit trails.
import { type Kysely, PostgresAdapter, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('root_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('position', 'bigint', (c) => c.notNull().unique())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createTable('key_slots')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('parameters', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('anchor', 'text', (c) => c.notNull())
    .addColumn('proof', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await schema
    .createTable('slot_keys')
    .addColumn('slot_id', 'text', (c) => c.notNull().references('key_slots.id').onDelete('cascade'))
    .addColumn('root_key_id', 'text', (c) => c.notNull().references('root_keys.id').onDelete('cascade'))
    .addColumn('box', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('slot_keys_pk', ['slot_id', 'root_key_id'])
    .execute()

  await schema
    .alterTable('data_keys')
    .addColumn('root_key_id', 'text', (c) => c.references('root_keys.id'))
    .execute()
  await schema
    .alterTable('data_keys')
    .addColumn('position', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema
    .alterTable('data_keys')
    .addColumn('seals', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
  await schema.createIndex('data_keys_root').on('data_keys').columns(['root_key_id']).execute()

  for (const table of sealedTables) await nameKeys(db, table)

  await schema
    .createTable('audit_chains')
    .addColumn('account_id', 'bigint', (c) => c.primaryKey())
    .addColumn('wrapped', 'text', (c) => c.notNull())
    .addColumn('root_key_id', 'text', (c) => c.notNull().references('root_keys.id'))
    .addColumn('first', 'bigint', (c) => c.notNull())
    .addColumn('first_link', 'text', (c) => c.notNull())
    .addColumn('last', 'bigint', (c) => c.notNull())
    .addColumn('last_link', 'text', (c) => c.notNull())
    .addColumn('proof', 'text', (c) => c.notNull())
    .execute()
  for (const column of ['link', 'counted'])
    await schema.alterTable('audit').addColumn(column, 'text').execute()
}

/** Their rows hold a sealed value. */
const sealedTables = ['connection_secrets', 'previous_secrets', 'stored_answers'] as const

/**
 * Names the data key that each sealed value needs, so that no key can go before the values do. Null where an
 * earlier version has written the row, or where the value is damaged.
 */
async function nameKeys(db: Kysely<unknown>, table: (typeof sealedTables)[number]): Promise<void> {
  const isPostgres = db.getExecutor().adapter instanceof PostgresAdapter
  const constraint = sql`constraint ${sql.ref(`${table}_key_fk`)}
    foreign key (account_id, key_id) references data_keys (account_id, id)`
  if (isPostgres) {
    await sql`alter table ${sql.table(table)} add column key_id text collate "C", add ${constraint}`.execute(
      db,
    )
  } else {
    await rebuild(db, table, constraint)
  }
  // Behind `v1.` and before the next dot.
  await sql`update ${sql.table(table)} set key_id = substr(sealed, 4, 16) where exists (
    select 1 from data_keys k where k.account_id = ${sql.table(table)}.account_id and k.id = substr(sealed, 4, 16)
  )`.execute(db)
}

/** SQLite adds a constraint to no table that is there: it is made anew with one more column, and filled. */
async function rebuild(
  db: Kysely<unknown>,
  table: string,
  constraint: ReturnType<typeof sql>,
): Promise<void> {
  type Master = { type: string; name: string; sql: string | null }
  const { rows } = await sql<Master>`
    select type, name, sql from sqlite_master where tbl_name = ${table} and sql is not null`.execute(db)
  const made = rows.find(({ type }) => type === 'table')?.sql
  if (!made) throw new Error(`There is no table ${table}.`)
  const { rows: columns } = await sql<{ name: string }>`select name from pragma_table_info(${table})`.execute(
    db,
  )
  const names = sql.join(columns.map(({ name }) => sql.ref(name)))
  const old = sql.table(`${table}_old`)
  await sql`alter table ${sql.table(table)} rename to ${old}`.execute(db)
  const { sql: text } = sql`${constraint}`.compile(db)
  const body = made.slice(made.indexOf('('), made.lastIndexOf(')'))
  // Columns have to come before constraints: the new one is put first.
  await sql.raw(`create table "${table}" ("key_id" text, ${body.slice(1)}, ${text})`).execute(db)
  await sql`insert into ${sql.table(table)} (${names}) select ${names} from ${old}`.execute(db)
  await sql`drop table ${old}`.execute(db)
  for (const { type, sql: index } of rows) if (type === 'index' && index) await sql.raw(index).execute(db)
}
