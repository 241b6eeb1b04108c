// Killed at any moment, a server that starts again has every acknowledged request done once, and its answer.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../support/command-line.ts'
import { named, ran, replayed } from '../support/idempotency.ts'
import { startOnFile } from '../support/killable.ts'
import { openRaw, requestText } from '../support/raw-http.ts'
import { historyFaults, repeatLatest, startClients } from '../support/steady-clients.ts'
import { freelancersPath, integrationsPath } from '../support/v2.ts'

const isFull = process.env.TEST_SCALE === 'full'
const kills = isFull ? 200 : 3
const clients = isFull ? 20 : 10

type Server = Awaited<ReturnType<typeof startOnFile>>

async function withServer(work: (server: Server) => Promise<void>): Promise<void> {
  const server = await startOnFile()
  try {
    await work(server)
  } finally {
    await server.close()
  }
}

const countNamed = async ({ rows }: Server, name: string) =>
  (await rows(`SELECT uid FROM integrations WHERE name = '${name}'`)).length

describe('kill -9', { concurrency: 2 }, () => {
  test('before, within and after the transaction: the repeated request ends with one object', async () => {
    await withServer(async (server) => {
      const early = named('admitted')
      const text = JSON.stringify(early)
      const waiting = await openRaw(server.address())
      const headers = [`Content-Length: ${Buffer.byteLength(text)}`, 'Content-Type: application/json']
      headers.push('Expect: 100-continue', 'Idempotency-Key: admitted')
      waiting.send(requestText('POST', integrationsPath, { key: server.key, headers }))
      await waiting.until(() => waiting.received().startsWith('HTTP/1.1 100 '))

      const within = named('within')
      const holder = new DatabaseSync(server.file)
      holder.exec('BEGIN IMMEDIATE')
      const lost = server.send('POST', integrationsPath, within, 'within').then(
        ({ status }) => status,
        () => 'no answer',
      )
      // The server asks for the store, again and again, and cannot have it.
      await wait(300)
      await server.kill()
      assert.ok(['no answer', 503].includes(await lost), 'it was not done')
      holder.close()
      await server.restart()
      assert.equal(await countNamed(server, 'admitted'), 0)
      const made = ran(await server.send('POST', integrationsPath, early, 'admitted'), 201)
      replayed(await server.send('POST', integrationsPath, early, 'admitted'), made)
      assert.equal(await countNamed(server, 'admitted'), 1)
      assert.equal(await countNamed(server, 'within'), 0)
      const first = ran(await server.send('POST', integrationsPath, within, 'within'), 201)
      replayed(await server.send('POST', integrationsPath, within, 'within'), first)
      assert.equal(await countNamed(server, 'within'), 1)

      for (const path of isFull ? [integrationsPath, freelancersPath] : [freelancersPath]) {
        const name = `committed ${path}`
        const unread = server.send('POST', path, named(name), name.replace(' ', '-')).catch(() => undefined)
        await until('it is on disk', async () => (await countNamed(server, name)) === 1)
        await server.kill()
        const answered = await unread
        await server.restart()
        const again = await server.send('POST', path, named(name), name.replace(' ', '-'))
        assert.equal(again.headers.get('idempotent-replayed'), 'true', 'it had been done')
        assert.equal(again.status, 201)
        if (answered !== undefined) assert.equal(again.text, answered.text)
        assert.equal(await countNamed(server, name), 1)
      }
    })
  })

  test('at random moments, under clients that create, change and delete until they are told: each once', async () => {
    await withServer(async (server) => {
      const working = startClients(server, clients)
      const progress = (more: number) => {
        const wanted = working.count() + more
        return until('more was acknowledged', () => working.count() >= wanted)
      }
      try {
        for (let killed = 0; killed < kills; killed++) {
          // Every other one as soon as it listens, perhaps; the rest in the midst of work.
          if (killed % 2 === 0) await progress(1 + Math.random() * 2 * clients)
          await wait(Math.random() * 100)
          await server.kill()
          await server.restart()
        }
        await progress(clients)
      } finally {
        // Whatever went wrong, the clients stop asking.
        await working.stop()
      }
      await repeatLatest(server, working, 100)
      assert.deepEqual(await historyFaults(server, working), [])
      await server.kill()
      assert.deepEqual(await server.rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
      assert.deepEqual(await server.rows('PRAGMA foreign_key_check'), [])
      assert.deepEqual(await historyFaults(server, working), [])
    })
  })
})
