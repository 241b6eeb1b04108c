// Ready to be split by account: every key and index begins with it, and the exceptions are those that are documented.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { repository } from '../support/command-line.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

let database: TestDatabase
let session: pg.Client
before(async () => {
  database = await newDatabase('migrated')
  session = new pg.Client({ connectionString: database.url })
  await session.connect()
})
after(async () => {
  await session.end()
  await database.remove()
})

/** What is the installation's own, and `accounts`, whose key is the account. */
const withoutAccount = [
  'accounts',
  'key_slots',
  'kysely_migration',
  'kysely_migration_lock',
  'rate_limits',
  'root_keys',
  'slot_keys',
  'store',
]

const names = async (query: string): Promise<string[]> =>
  (await session.query(query)).rows.map((row) => Object.values(row).join(' '))

test('every table has the account, but for the installation’s own', async () => {
  const found = await names(`
    select relname from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace and not exists
      (select from pg_attribute where attrelid = c.oid and attname = 'account_id' and attnotnull)
    order by 1`)
  assert.deepEqual(found, withoutAccount)
})

test('every index of the others begins with it, but for those that find a row without it', async () => {
  const found = await names(`
    select t.relname, string_agg(a.attname, ' ' order by k.at) from pg_index i
    join pg_class t on t.oid = i.indrelid
    cross join lateral unnest(i.indkey::int[]) with ordinality k(number, at)
    join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number
    where t.relnamespace = 'public'::regnamespace and t.relname <> all (array[${withoutAccount.map((name) => `'${name}'`)}])
    group by t.relname, i.indexrelid having min(a.attname) filter (where k.at = 1) <> 'account_id' order by 1, 2`)
  assert.deepEqual(found, [
    'api_keys digest',
    'connection_upkeep check_at',
    'console_links digest',
    'console_sessions digest',
    'data_keys root_key_id',
    'hourly_counts hour',
    'logos name',
    'previous_secrets expires_at',
    'stored_answers expires_at',
  ])
})

test('references to rows of accounts take the account with them, but for those to the account itself', async () => {
  const found = await names(`
    select c.conrelid::regclass, c.confrelid::regclass from pg_constraint c
    join pg_attribute a on a.attrelid = c.confrelid and a.attnum = c.confkey[1]
    where c.contype = 'f' and a.attname <> 'account_id' and c.confrelid::regclass::text <> 'accounts'
    order by c.conrelid::regclass::text, c.confrelid::regclass::text`)
  assert.deepEqual(found, [
    'audit_chains root_keys',
    'data_keys root_keys',
    'slot_keys key_slots',
    'slot_keys root_keys',
  ])
})

test('and operators are told of each of them', () => {
  const text = readFileSync(join(repository, 'docs', 'operations.md'), 'utf8')
  const [, split = ''] = text.split('### A cluster split by account')
  const own = withoutAccount.map((name) => (name.startsWith('kysely') ? 'kysely_migration*' : name))
  for (const name of [
    ...own,
    'leases',
    'api_keys (digest)',
    'console_sessions (digest)',
    'console_links (digest)',
    'logos (name)',
    'expires_at',
    'connection_upkeep (check_at)',
    'hourly_counts (hour)',
    'data_keys (root_key_id)',
  ])
    assert.ok(split.includes(`\`${name}\``), name)
})
