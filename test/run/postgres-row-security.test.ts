// MORTISE_PG_RLS: a query that forgets its account gets nothing, because PostgreSQL itself keeps accounts apart.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { type Db, transact, within } from '../../src/storage/database.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { newDatabase, newSecuredDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Folders, run, start } from '../support/process.ts'

let home: Folders
let database: TestDatabase
/** What a verb has, on a database with row-level security. */
let db: Db
/** The same queries by somebody whom it does not bind. */
let unbound: Db
const accounts = [1, 2] as const

before(async () => {
  home = newHome()
  database = await newSecuredDatabase()
  const env = { ...home.env, DATABASE_URL: database.roleUrl, MORTISE_PG_RLS: 'on' }
  const served = await start('serve', ['--data', home.data], env)
  await run(['accounts', 'create', 'Second', '--data', home.data], { env })
  await served.stop()
  const options = { connectionsMax: 4, hasRowSecurity: true }
  db = openPostgres({ ...options, url: database.roleUrl ?? '' })
  unbound = openPostgres({ ...options, url: database.url, hasRowSecurity: false })
})
after(async () => {
  await db.destroy()
  await unbound.destroy()
  await database.remove()
  home.remove()
})

type Query = (db: Db) => Promise<number>
const count = async (rows: Promise<readonly unknown[]>) => (await rows).length

/** Queries that forgot their account. */
const careless: Record<string, Query> = {
  select: (db) => count(db.selectFrom('integrations').selectAll().execute()),
  'select of keys': (db) => count(db.selectFrom('api_keys').select('digest').execute()),
  'select with a join': (db) =>
    count(
      db
        .selectFrom('api_keys as k')
        .innerJoin('accounts as a', 'a.id', 'k.account_id')
        .select('k.uid')
        .execute(),
    ),
  'raw select': async (db) => (await sql`select * from data_keys`.execute(db)).rows.length,
  update: async (db) =>
    Number(
      (await db.updateTable('integrations').set({ city: 'elsewhere' }).executeTakeFirst()).numUpdatedRows,
    ),
  delete: async (db) => Number((await db.deleteFrom('tallies').executeTakeFirst()).numDeletedRows),
}

/** Undone whatever it did, so that the next one finds all there is. */
async function undone(db: Db, whose: number | 'nobody', query: Query): Promise<number> {
  let found = -1
  const end = new Error('undone')
  const work = async (db: Db) => {
    found = await query(db)
    throw end
  }
  const running = whose === 'nobody' ? db.transaction().execute(work) : transact(db, whose, work)
  await assert.rejects(running, end)
  return found
}

describe('a query that forgot its account', () => {
  for (const [name, query] of Object.entries(careless)) {
    test(`${name}: gets the account’s rows that it is asked within, and none where nobody said`, async () => {
      const all = await undone(unbound, 'nobody', query)
      const own: number[] = []
      for (const account of accounts) own.push(await undone(db, account, query))
      assert.ok(own.every((rows) => rows > 0))
      assert.equal(
        own.reduce((sum, rows) => sum + rows),
        all,
        'without row-level security it gets them all',
      )
      assert.equal(await undone(db, 'nobody', query), 0)
    })
  }

  test('outside a transaction is no other, and nothing is left on the connection', async () => {
    const read = (db: Db) => db.selectFrom('integrations').select('account_id').execute()
    for (let round = 0; round < 20; round++) {
      for (const account of accounts) {
        assert.deepEqual(await read(within(db, account)), [{ account_id: account }])
        assert.deepEqual(await read(db), [])
      }
      assert.equal((await read(within(db, 'all accounts'))).length, 2)
    }
  })

  test('cannot put a row into another account', async () => {
    const insert = transact(db, 1, (db) =>
      db.insertInto('sequences').values({ account_id: 2, name: 'foreign', value: 1 }).execute(),
    )
    await assert.rejects(insert, /row-level security policy/)
  })
})

test('every table with rows of accounts is secured, and the rest is named here', async () => {
  const { rows } = await sql<{ name: string; secured: boolean }>`
    select relname as name, relforcerowsecurity and relrowsecurity as secured from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`.execute(unbound)
  const open = rows.flatMap(({ name, secured }) => (secured ? [] : name))
  assert.deepEqual(open, [
    'key_slots',
    'kysely_migration',
    'kysely_migration_lock',
    'leases',
    'rate_limits',
    'root_keys',
    'slot_keys',
    'store',
  ])
  assert.ok(rows.length > open.length + 10)
})

describe('a wrapped read', () => {
  const reads: Record<string, (db: Db) => Promise<unknown>> = {
    'in an order': (db) => db.selectFrom('audit').selectAll().orderBy('sequence', 'desc').limit(3).execute(),
    'behind an offset': (db) =>
      db.selectFrom('audit').select('sequence').orderBy('sequence').offset(1).limit(2).execute(),
    'that counts': (db) =>
      db
        .selectFrom('audit')
        .select((eb) => eb.fn.countAll().as('n'))
        .execute(),
    'with a join': (db) =>
      db
        .selectFrom('api_keys as k')
        .leftJoin('integrations as i', 'i.uid', 'k.integration_uid')
        .selectAll('k')
        .select('i.id as integration_id')
        .execute(),
  }
  for (const [name, read] of Object.entries(reads)) {
    test(`${name} is the read that it wraps`, async () => {
      for (let round = 0; round < 8; round++) {
        const wrapped = await read(within(db, 1))
        assert.deepEqual(wrapped, await transact(db, 1, read))
      }
    })
  }

  test('finds its rows by the index', async () => {
    const client = new pg.Client({ connectionString: database.roleUrl })
    await client.connect()
    try {
      await client.query('set enable_seqscan = off')
      const { rows } = await client.query(
        `explain select o.* from (select set_config('mortise.account', $2, true) as account) s
         cross join lateral (select q.* from (select uid from integrations where account_id = 1 and id = $1) q
         where s.account is not null offset 0) o`,
        ['1', '1'],
      )
      const plan = rows.map((row) => String(Object.values(row)[0])).join('\n')
      assert.match(plan, /Index (Only )?Scan using integrations_\w+ [\s\S]*Index Cond: \(\(?account_id = 1/)
      assert.ok(plan.indexOf('Nested Loop') < plan.indexOf('Index'), plan)
    } finally {
      await client.end()
    }
  })
})

describe('switching it', () => {
  const serve = (url: string | undefined, rls?: string) =>
    start('serve', ['--data', home.data], {
      ...home.env,
      DATABASE_URL: url,
      MORTISE_PG_WAIT: '0',
      ...(rls !== undefined && { MORTISE_PG_RLS: rls }),
    })
  const isOn = async (url: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(
      "select relforcerowsecurity as on from pg_class where relname = 'audit'",
    )
    await client.end()
    return rows[0]?.on
  }

  test('on, for a role that it does not bind, is refused with the statements that make one', async () => {
    const own = await newDatabase('migrated')
    try {
      const env = { ...home.env, DATABASE_URL: own.url, MORTISE_PG_RLS: 'on' }
      const { code, stderr } = await run(['serve', '--port', '0', '--data', home.data], { env })
      assert.equal(code, exitCodes.storeRefused)
      assert.match(stderr, /no effect on the role mortise.*create role mortise_app login nosuperuser/)
      assert.equal(await isOn(own.url), false)
    } finally {
      await own.remove()
    }
  })

  test('on, while nodes are connected that do not know of it, is refused; left out, it stays; off takes it away', async () => {
    const own = await newSecuredDatabase()
    const first = await serve(own.roleUrl)
    const key = keyIn(first.output().stdout)
    const get = async (address: string) =>
      Object((await call(address, 'GET', '/v2/integrations/', { key })).body).count
    try {
      assert.equal(await get(first.address), 1)
      await assert.rejects(
        serve(own.roleUrl, 'on'),
        /Nodes without MORTISE_PG_RLS are connected, from 127\.0\.0\.1: /,
      )
      assert.equal(await get(first.address), 1)
      await first.stop()
      const nodes = await Promise.all([serve(own.roleUrl, 'on'), serve(own.roleUrl, 'on')])
      for (const { address } of nodes) assert.equal(await get(address), 1)
      assert.equal(await isOn(own.url), true)
      const silent = await serve(own.roleUrl)
      assert.equal(await get(silent.address), 1, 'it knows from the database')
      for (const node of [...nodes, silent]) await node.stop()
      const last = await serve(own.roleUrl, 'off')
      assert.equal(await get(last.address), 1)
      assert.equal(await isOn(own.url), false)
      await last.stop()
    } finally {
      first.child.kill('SIGKILL')
      await own.remove()
    }
  })
})
