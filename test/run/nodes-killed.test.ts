// Two processes on one database, either of which may be killed at any moment: nothing is lost, nothing done twice.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../support/command-line.ts'
import { startOnDatabase } from '../support/killable.ts'
import { newDatabase } from '../support/postgres.ts'
import { historyFaults, repeatLatest, startClients } from '../support/steady-clients.ts'

const isFull = process.env.TEST_SCALE === 'full'
const kills = isFull ? 20 : 2
const clients = isFull ? 16 : 8

test(`kill -9 of one of two nodes under load (${kills} times): each acknowledged write is there once`, async () => {
  const database = await newDatabase()
  const server = await startOnDatabase(database.url)
  const working = startClients(server, clients)
  try {
    try {
      for (let killed = 0; killed < kills; killed++) {
        const wanted = working.count() + 1 + Math.random() * 2 * clients
        await until('more was acknowledged', () => working.count() >= wanted)
        await wait(Math.random() * 100)
        const which = killed % 2 === 0 ? 0 : 1
        await server.kill(which)
        await server.restart(which)
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
    await server.close()
    await database.remove()
  }
})
