// PostgreSQL that goes away, is slow or is full: clients are told 503, and nothing that was acknowledged is lost.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { transact } from '../../src/storage/database.ts'
import { integrationsOf } from '../../src/storage/integrations.ts'
import { call } from '../support/api.ts'
import { until } from '../support/command-line.ts'
import { keyOf, named } from '../support/idempotency.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { startProxy } from '../support/tcp-proxy.ts'
import { integrationsPath } from '../support/v2.ts'

const isFull = process.env.TEST_SCALE === 'full'
const restarts = isFull ? 10 : 2

let server: PostgresServer
let cluster: Nodes
before(async () => {
  server = await startPostgres()
  const url = server.url('postgres')
  cluster = await startNodes([url, url])
})
after(async () => {
  await cluster.close()
  await server.remove()
})

const ask = (node: number, method: string, path: string, options: { body?: unknown; id?: string } = {}) =>
  call(cluster.node(node).address, method, path, {
    key: cluster.account.key,
    body: options.body,
    ...(options.id !== undefined && { headers: keyOf(options.id) }),
  })

/** Runs a statement outside of the product. */
async function administer(statement: string): Promise<Array<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: server.url('postgres') })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

type Load = { statuses: Set<number>; acknowledged: Map<string, number>; stop(): Promise<void> }

/** Clients that create with keys and read, on both nodes; each create is repeated until it is acknowledged. */
function startLoad(name: string, clients = 8): Load {
  const statuses = new Set<number>()
  const acknowledged = new Map<string, number>()
  let isOver = false
  async function work(client: number): Promise<void> {
    for (let at = 0; !isOver; at++) {
      const id = `${name}-${client}-${at}`
      for (let attempt = 0; ; attempt++) {
        const { status } = await ask(client + attempt, 'POST', integrationsPath, { body: named(id), id })
        statuses.add(status)
        if (status === 201) break
        await wait(20)
      }
      acknowledged.set(id, 1)
      statuses.add((await ask(client, 'GET', `${integrationsPath}?page=last`)).status)
    }
  }
  const working = Promise.all(Array.from({ length: clients }, (_, client) => work(client)))
  return {
    statuses,
    acknowledged,
    async stop() {
      isOver = true
      await working
    },
  }
}

async function expectAllOnce({ acknowledged, statuses }: Load, prefix: string): Promise<void> {
  for (const status of statuses) assert.ok([200, 201, 503].includes(status), `${status}`)
  const rows = await administer(
    `select name, count(*)::int as n from integrations where name like '${prefix}-%' group by name`,
  )
  const found = new Map(rows.map(({ name, n }) => [String(name), Number(n)]))
  assert.deepEqual(
    [...acknowledged.keys()].filter((name) => found.get(name) !== 1),
    [],
    'each acknowledged one is there once',
  )
  assert.deepEqual(
    [...found].filter(([, n]) => n !== 1),
    [],
    'and nothing twice',
  )
  const { body } = await ask(0, 'GET', integrationsPath)
  const [row] = await administer(`select count(*)::int as n from integrations where account_id = 1`)
  assert.equal(Object(body).count, row?.n, 'lists count what there is')
}

describe('PostgreSQL', { concurrency: 1 }, () => {
  test(`stopped as by a crash and started again, under load (${restarts} times)`, async () => {
    const load = startLoad('crash')
    try {
      for (let at = 0; at < restarts; at++) {
        const wanted = load.acknowledged.size + 20
        await until('more was acknowledged', () => load.acknowledged.size >= wanted)
        await server.stopImmediately()
        assert.equal((await call(cluster.node(at).address, 'GET', '/readyz')).status, 503)
        assert.equal((await call(cluster.node(at).address, 'GET', '/healthz')).status, 200)
        await wait(200)
        await server.start()
        const back = performance.now()
        for (const { address } of cluster.nodes) {
          await until('it serves again', async () => (await call(address, 'GET', '/readyz')).status === 200)
        }
        assert.ok(performance.now() - back < 5_000, 'within five seconds')
      }
    } finally {
      await load.stop()
    }
    assert.ok(load.statuses.has(503), 'the outage was noticed')
    await expectAllOnce(load, 'crash')
  })

  test('that ends all its sessions, again and again', async () => {
    const load = startLoad('ended')
    try {
      for (let at = 0; at < 10; at++) {
        await wait(50)
        await administer(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mortise'`,
        )
      }
    } finally {
      await load.stop()
    }
    assert.ok(load.acknowledged.size > 0)
    await expectAllOnce(load, 'ended')
  })

  test('whose sessions end while nobody uses them is asked again at once', async () => {
    await administer(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mortise'`,
    )
    await wait(100)
    for (const node of [0, 1]) assert.equal((await ask(node, 'GET', integrationsPath)).status, 200)
  })

  test('an account that somebody holds for long is 503 for its writers, and nobody else waits', async () => {
    const { db, hub } = cluster.node(0)
    const holder = new pg.Client({ connectionString: server.url('postgres') })
    await holder.connect()
    try {
      await holder.query('begin')
      await holder.query(`select 1 from accounts where id = ${cluster.account.id} for update`)
      const held = ask(0, 'POST', integrationsPath, { body: named('held') })
      assert.equal((await ask(0, 'GET', integrationsPath)).status, 200)
      const other = await hub.accounts.create({ name: 'Other' })
      await hub.integrations.create(hub.callerFor(other.id), {
        name: 'n',
        email: 'a@example.com',
        recipient: 'r',
        addressLine1: 'a',
        zipCode: 'z',
        city: 'c',
      })
      const { status, headers } = await held
      assert.equal(status, 503)
      assert.equal(headers.get('retry-after'), '1')
    } finally {
      await holder.query('rollback')
      await holder.end()
    }
    assert.equal((await ask(0, 'POST', integrationsPath, { body: named('held') })).status, 201)
    const made = await db.selectFrom('integrations').select('uid').where('name', '=', 'held').execute()
    assert.equal(made.length, 1)
  })

  test('transactions that stand in each other’s way are run again, three times at most', async () => {
    const { db } = cluster.node(0)
    for (const [failures, ends] of [
      [2, 'well'],
      [3, 'busy'],
    ] as const) {
      let runs = 0
      const work = transact(db, cluster.account.id, async (db) => {
        runs++
        await integrationsOf(db, cluster.account.id).find('1')
        if (runs <= failures) {
          await sql`do $$ begin raise exception 'made to fail' using errcode = '40001'; end $$`.execute(db)
        }
        return 'well'
      })
      if (ends === 'well') assert.equal(await work, 'well')
      else await assert.rejects(work, { code: 'storage_busy' })
      assert.equal(runs, 3)
    }
  })

  test('a deadlock between two transactions ends with both done', async () => {
    const { hub, db } = cluster.node(0)
    const other = await hub.accounts.create({ name: 'Deadlocked' })
    let waiting = 0
    const [first, second] = [cluster.account.id, other.id]
    const touch = (one: number, then: number) =>
      transact(db, 'all accounts', async (db) => {
        const rename = (id: number) =>
          db.updateTable('accounts').set({ name: 'touched' }).where('id', '=', id).execute()
        await rename(one)
        waiting++
        for (let tries = 0; waiting < 2 && tries < 100; tries++) {
          await db.selectFrom('accounts').select('id').where('id', '=', one).execute()
        }
        await rename(then)
        return 'done'
      })
    assert.deepEqual(await Promise.all([touch(first, second), touch(second, first)]), ['done', 'done'])
  })

  test('no connection is lost on the way: many more requests than connections, and all are served', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async (_, at) =>
        at % 4 === 0
          ? (await ask(at, 'POST', integrationsPath, { body: named('many') })).status
          : (await ask(at, 'GET', integrationsPath)).status,
      ),
    )
    assert.deepEqual([...new Set(statuses)].sort(), [200, 201])
    const [sessions] = await administer(
      `select count(*)::int as n, count(*) filter (where state like 'idle in%')::int as hanging
       from pg_stat_activity where application_name = 'mortise'`,
    )
    assert.ok(Number(sessions?.n) <= 20, 'ten for each node at most')
    assert.equal(sessions?.hanging, 0)
  })
})

test('a database that has gone silent is 503 within its time limit, and used again afterwards', async () => {
  await administer('create database silent')
  const proxy = await startProxy(server.url('silent'))
  const behind = await startNodes([proxy.through(server.url('silent'))])
  try {
    const { address } = behind.node(0)
    const get = () => call(address, 'GET', integrationsPath, { key: behind.account.key })
    assert.equal((await get()).status, 200)
    proxy.stall()
    const begun = performance.now()
    const answers = await Promise.all([
      get(),
      call(address, 'GET', '/healthz'),
      call(address, 'GET', '/readyz'),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [503, 200, 503],
    )
    assert.ok(performance.now() - begun < 17_000)
    proxy.goOn()
    await until('it serves again', async () => (await get()).status === 200)
  } finally {
    await behind.close()
    await proxy.close()
  }
})
