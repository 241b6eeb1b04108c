// What PostgreSQL may say in the middle of a request: 503 or another try, never 500, and no connection is lost by it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { type Answer, call, newAccount } from '../support/api.ts'
import { until } from '../support/command-line.ts'
import { named } from '../support/idempotency.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { integrationsPath } from '../support/v2.ts'

const connectionsMax = 10

let database: TestDatabase
let cluster: Nodes
let session: pg.Client
before(async () => {
  database = await newDatabase('migrated')
  cluster = await startNodes([database.url], { rateLimits: { key: 1_000, account: 0 } })
  session = new pg.Client({ connectionString: database.url })
  await session.connect()
})
after(async () => {
  await session.end()
  await cluster.close()
  await database.remove()
})

const ask = (method: string, path: string, body?: unknown, key = cluster.account.key) =>
  call(cluster.node(0).address, method, path, { key, body })
const read = (key?: string) => ask('GET', integrationsPath, undefined, key)
const create = (name: string, key?: string) => ask('POST', integrationsPath, named(name), key)

async function countOf(name: string): Promise<number> {
  const { rows } = await session.query('select 1 from integrations where name = $1', [name])
  return rows.length
}

/** Whoever works on the database now, beside this test. */
async function sessions(state: string): Promise<Array<{ pid: number }>> {
  const { rows } = await session.query(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
     and application_name = 'mortise' and ${state}`,
  )
  return rows
}

/** Makes writes into a table fail, the first times or always; a sequence counts, since it is not undone. */
async function failing(table: string, sqlState: string, times: number, work: () => Promise<void>) {
  await session.query('create sequence failures')
  await session.query(`create function fail() returns trigger language plpgsql as $$ begin
    if nextval('failures') <= ${times} then raise exception 'made to fail' using errcode = '${sqlState}'; end if;
    return new; end $$`)
  await session.query(`create trigger fail before insert on ${table} for each row execute function fail()`)
  try {
    await work()
  } finally {
    await session.query('drop function fail cascade')
    await session.query('drop sequence failures')
  }
}

describe('a write that PostgreSQL undoes', () => {
  for (const [what, sqlState] of [
    ['serialization', '40001'],
    ['a deadlock', '40P01'],
  ] as const) {
    test(`for ${what} is done again, three times at most: the client has what it wanted, or is told 503`, async () => {
      for (const [failures, status] of [
        [2, 201],
        [3, 503],
      ] as const) {
        await failing('integrations', sqlState, failures, async () => {
          const name = `${sqlState} ${failures}`
          const answer = await create(name)
          assert.equal(answer.status, status, answer.text)
          assert.equal(await countOf(name), status === 201 ? 1 : 0)
          if (status === 503) assert.equal(answer.headers.get('retry-after'), '1')
        })
      }
    })

    test(`for ${what}, being one statement without a transaction, is no other`, async () => {
      for (const [failures, status] of [
        [2, 200],
        [3, 503],
      ] as const) {
        await session.query('delete from rate_limits')
        await failing('rate_limits', sqlState, failures, async () => {
          const answer = await read()
          assert.equal(answer.status, status, answer.text)
        })
      }
    })
  }

  for (const [what, sqlState, status, code] of [
    ['since it took too long', '57014', 503, 'storage_busy'],
    ['since it waited too long for a lock', '55P03', 503, 'storage_busy'],
    ['since its disk is full', '53100', 503, 'storage_full'],
    ['since it has no connection left', '53300', 503, 'storage_unavailable'],
  ] as const) {
    test(`${what} is told as ${code}, and the next one is served`, async () => {
      await failing('integrations', sqlState, 1, async () => {
        const answer = await create(`${sqlState} failed`)
        assert.equal(answer.status, status, answer.text)
        assert.match(cluster.node(0).log(), new RegExp(`"msg":"${code}"`))
        assert.equal(await countOf(`${sqlState} failed`), 0)
        assert.equal((await create(`${sqlState} next`)).status, 201)
      })
    })
  }
})

test('a statement that runs into its time limit while it waits is 503', async () => {
  await holding([cluster.account.id], async () => {
    const written = create('cancelled')
    const waiting = `wait_event_type = 'Lock'`
    await until('it waits', async () => (await sessions(waiting)).length === 1)
    // What the limit does once it is reached.
    for (const { pid } of await sessions(waiting)) await session.query('select pg_cancel_backend($1)', [pid])
    const { status, text } = await written
    assert.equal(status, 503, text)
  })
})

/** Keeps accounts for itself, as a transaction that stands still would. */
async function holding(accounts: readonly number[], work: () => Promise<void>): Promise<void> {
  const holder = new pg.Client({ connectionString: database.url })
  await holder.connect()
  try {
    await holder.query('begin')
    await holder.query('select 1 from accounts where id = any($1) for update', [accounts])
    await work()
  } finally {
    await holder.query('rollback')
    await holder.end()
  }
}

test('an account that cannot be written leaves connections for the others, however many write to it', async () => {
  const other = await newAccount(cluster.node(0))
  let written: Promise<Answer[]> = Promise.resolve([])
  await holding([cluster.account.id], async () => {
    written = Promise.all(Array.from({ length: 3 * connectionsMax }, (_, at) => create(`waits ${at}`)))
    await until('they wait', async () => (await sessions(`wait_event_type = 'Lock'`)).length > 1)
    const begun = performance.now()
    assert.equal((await read(other.key)).status, 200)
    assert.equal((await create('not held up', other.key)).status, 201)
    assert.ok(performance.now() - begun < 2_000, 'nobody else waits')
  })
  for (const [at, { status, text }] of (await written).entries()) {
    assert.equal(status, 201, text)
    assert.equal(await countOf(`waits ${at}`), 1)
  }
})

test('whose turn does not come in time is told 503, and nothing was done', async () => {
  let written: Promise<Answer[]> = Promise.resolve([])
  await holding([cluster.account.id], async () => {
    written = Promise.all(Array.from({ length: connectionsMax }, (_, at) => create(`in vain ${at}`)))
    const first = await Promise.race(Array.from({ length: connectionsMax }, (_, at) => create(`late ${at}`)))
    assert.equal(first.status, 503, first.text)
    assert.equal(first.headers.get('retry-after'), '1')
  })
  for (const [at, { status }] of (await written).entries()) {
    assert.equal(await countOf(`in vain ${at}`), status === 201 ? 1 : 0)
  }
  assert.equal((await create('free again')).status, 201)
})

test('a node without a free connection answers 503, and serves again once there are some', async () => {
  const accounts: Array<{ id: number; key: string }> = []
  for (let at = 0; at < connectionsMax; at++) accounts.push(await newAccount(cluster.node(0)))
  const ids = accounts.map(({ id }) => id)
  const statusesOf = (name: string) =>
    Promise.all(accounts.map(async ({ key }) => (await create(name, key)).status))
  let written: Promise<number[]> = Promise.resolve([])
  await holding(ids, async () => {
    written = statusesOf('held')
    await until(
      'all wait',
      async () => (await sessions(`wait_event_type = 'Lock'`)).length === connectionsMax,
    )
    const answer = await read()
    assert.equal(answer.status, 503, answer.text)
    assert.equal(answer.headers.get('retry-after'), '1')
  })
  for (const status of await written) assert.ok([201, 503].includes(status), `${status}`)
  assert.deepEqual(new Set(await statusesOf('served')), new Set([201]))
  assert.equal((await read()).status, 200)
  assert.ok((await sessions('true')).length <= connectionsMax)
  assert.deepEqual(await sessions(`state like 'idle in%'`), [])
})
