// Two processes on one database, either of which may be killed at any moment: nothing is lost, nothing done twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { keyOf } from '../support/idempotency.ts'
import { newDatabase } from '../support/postgres.ts'
import { type Served, start } from '../support/process.ts'
import { type Asked, historyFaults, repeatLatest, startClients } from '../support/steady-clients.ts'

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
  const working = startClients(server, clients)
  try {
    try {
      for (let killed = 0; killed < kills; killed++) {
        const wanted = working.count() + 1 + Math.random() * 2 * clients
        await until('more was acknowledged', () => working.count() >= wanted)
        await wait(Math.random() * 100)
        const which = killed % 2 === 0 ? 0 : 1
        await nodes[which].stop('SIGKILL')
        nodes[which] = await begin()
      }
      const wanted = working.count() + clients
      await until('more was acknowledged', () => working.count() >= wanted)
    } finally {
      await working.stop()
    }
    await repeatLatest(server, working, 50)
    assert.deepEqual(await historyFaults(server, working), [])
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
