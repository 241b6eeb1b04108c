// Two processes on one database, either of which may be killed at any moment: nothing is lost, nothing done twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { keyOf, replayed } from '../support/idempotency.ts'
import { newDatabase } from '../support/postgres.ts'
import { type Served, start } from '../support/process.ts'
import { type Asked, type Client, expectEachOnce, keepWorking } from '../support/steady-clients.ts'

const isFull = process.env.TEST_SCALE === 'full'
const kills = isFull ? 20 : 2
const clients = isFull ? 16 : 8

test(`kill -9 of one of two nodes under load (${kills} times): each acknowledged write is there once`, async () => {
  const home = newHome()
  const database = await newDatabase()
  const session = new pg.Client({ connectionString: database.url })
  await session.connect()
  const env = { ...home.env, DATABASE_URL: database.url, MORTISE_LOG_LEVEL: 'error' }
  const begin = () => start('serve', ['--data', home.data], env)
  const first = await begin()
  const nodes: [Served, Served] = [first, await begin()]
  const key = keyIn(first.output().stdout)
  let turn = 0
  const server: Asked = {
    send: (method, path, body, id) =>
      call(nodes[turn++ % 2 === 0 ? 0 : 1].address, method, path, {
        key,
        body,
        headers: id === undefined ? {} : keyOf(id),
      }),
    rows: async (query) => (await session.query(query)).rows,
  }
  const state = { isOver: false }
  const done: Client[] = Array.from({ length: clients }, (_, number) => ({ number, acknowledged: [] }))
  const working = Promise.all(done.map((client) => keepWorking(server, client, state)))
  const count = () => done.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
  try {
    try {
      for (let killed = 0; killed < kills; killed++) {
        const wanted = count() + 1 + Math.random() * 2 * clients
        await until('more was acknowledged', () => count() >= wanted)
        await wait(Math.random() * 100)
        const which = killed % 2 === 0 ? 0 : 1
        await nodes[which].stop('SIGKILL')
        nodes[which] = await begin()
      }
      const wanted = count() + clients
      await until('more was acknowledged', () => count() >= wanted)
    } finally {
      state.isOver = true
    }
    await working
    const all = done.flatMap(({ acknowledged }) => acknowledged)
    await expectEachOnce(server, all)
    for (const { path, method, body, key: id, answer } of all.slice(-50)) {
      replayed(await server.send(method, path, body, id), answer)
    }
    const { body } = await server.send('GET', '/v2/integrations/')
    const rows = await server.rows('select uid from integrations')
    assert.equal(Object(body).count, rows.length, 'lists count what there is')
    const doubles = await server.rows(
      'select account_id, sequence from audit group by account_id, sequence having count(*) > 1',
    )
    assert.deepEqual(doubles, [])
    const hanging = await server.rows(
      `select pid from pg_stat_activity where application_name = 'mortise' and state like 'idle in transaction%'
       and state_change < now() - interval '5 seconds'`,
    )
    assert.deepEqual(hanging, [], 'the dead hold nothing')
  } finally {
    for (const node of nodes) await node.stop('SIGKILL')
    await session.end()
    await database.remove()
    home.remove()
  }
})
