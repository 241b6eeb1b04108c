// Killed at any moment, a server that starts again has every acknowledged request done once, and its answer.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { idOf, keyOf, named, ran, replayed } from '../support/idempotency.ts'
import { type Folders, type Served, start } from '../support/process.ts'
import { openRaw, requestText } from '../support/raw-http.ts'
import { freelancersPath, integrationsPath } from '../support/v2.ts'

const isFull = process.env.TEST_SCALE === 'full'
const kills = isFull ? 100 : 3
const clients = isFull ? 20 : 10

type Server = {
  readonly key: string
  /** A request to whichever process serves now; it fails where none does. */
  send(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>
  address(): string
  kill(): Promise<void>
  restart(): Promise<void>
  /** What is on disk, seen by a connection of its own. */
  rows(query: string, ...values: string[]): Record<string, unknown>[]
  file: string
}

async function withServer(work: (server: Server) => Promise<void>): Promise<void> {
  const home: Folders = newHome()
  const begin = () => start('serve', ['--data', home.data], { ...home.env, MORTISE_LOG_LEVEL: 'error' })
  let served: Served = await begin()
  const key = keyIn(served.output().stdout)
  const file = join(home.data, 'mortise.db')
  try {
    await work({
      key,
      file,
      address: () => served.address,
      send: (method, path, body, idempotencyKey) =>
        call(served.address, method, path, {
          key,
          body,
          headers: idempotencyKey === undefined ? {} : keyOf(idempotencyKey),
        }),
      async kill() {
        await served.stop('SIGKILL')
      },
      async restart() {
        served = await begin()
      },
      rows(query, ...values) {
        const db = new DatabaseSync(file, { readOnly: true })
        try {
          return db
            .prepare(query)
            .all(...values)
            .map((row) => ({ ...row }))
        } finally {
          db.close()
        }
      },
    })
  } finally {
    await served.stop('SIGKILL')
    home.remove()
  }
}

const countNamed = ({ rows }: Server, name: string) =>
  rows('SELECT uid FROM integrations WHERE name = ?', name).length

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
      await until('the server waits for the store', async () => {
        const isAlive = fetch(`${server.address()}/healthz`, { signal: AbortSignal.timeout(150) })
        return isAlive.then(
          () => false,
          () => true,
        )
      })
      await server.kill()
      assert.ok(['no answer', 503].includes(await lost), 'it was not done')
      holder.close()
      await server.restart()
      assert.equal(countNamed(server, 'admitted'), 0)
      const made = ran(await server.send('POST', integrationsPath, early, 'admitted'), 201)
      replayed(await server.send('POST', integrationsPath, early, 'admitted'), made)
      assert.equal(countNamed(server, 'admitted'), 1)
      assert.equal(countNamed(server, 'within'), 0)
      const first = ran(await server.send('POST', integrationsPath, within, 'within'), 201)
      replayed(await server.send('POST', integrationsPath, within, 'within'), first)
      assert.equal(countNamed(server, 'within'), 1)

      for (const path of isFull ? [integrationsPath, freelancersPath] : [freelancersPath]) {
        const name = `committed ${path}`
        const unread = server.send('POST', path, named(name), name.replace(' ', '-')).catch(() => undefined)
        await until('it is on disk', () => countNamed(server, name) === 1)
        await server.kill()
        const answered = await unread
        await server.restart()
        const again = await server.send('POST', path, named(name), name.replace(' ', '-'))
        assert.equal(again.headers.get('idempotent-replayed'), 'true', 'it had been done')
        assert.equal(again.status, 201)
        if (answered !== undefined) assert.equal(again.text, answered.text)
        assert.equal(countNamed(server, name), 1)
      }
    })
  })

  test('at random moments, under clients that create, change and delete until they are told: each once', async () => {
    await withServer(async (server) => {
      const state = { isOver: false }
      const done: Client[] = Array.from({ length: clients }, (_, number) => ({ number, acknowledged: [] }))
      const working = Promise.all(done.map((client) => keepWorking(server, client, state)))
      const count = () => done.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
      const progress = (more: number) => {
        const wanted = count() + more
        return until('more was acknowledged', () => count() >= wanted)
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
        state.isOver = true
      }
      await working
      const all = done.flatMap(({ acknowledged }) => acknowledged)
      expectEachOnce(server, all)
      for (const { path, method, body, key, answer } of all.slice(-100)) {
        replayed(await server.send(method, path, body, key), answer)
      }
      await server.kill()
      assert.deepEqual(server.rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
      assert.deepEqual(server.rows('PRAGMA foreign_key_check'), [])
      expectEachOnce(server, all)
    })
  })
})

type Acknowledged = {
  noun: 'integration' | 'freelancer'
  method: 'POST' | 'PATCH'
  path: string
  body: Record<string, unknown>
  key: string
  answer: Answer
  /** The object's id, and whether it was deleted in the end. */
  object: { id: string; name: string; city: string; isDeleted: boolean; changes: number }
}
type Client = { number: number; acknowledged: Acknowledged[] }

/** Creates, changes and perhaps deletes, again and again; every request is repeated until it is answered. */
async function keepWorking(server: Server, client: Client, state: { isOver: boolean }): Promise<void> {
  for (let round = 0; !state.isOver; round++) {
    const noun = round % 2 === 0 ? 'integration' : 'freelancer'
    const path = noun === 'integration' ? integrationsPath : freelancersPath
    const name = `client-${client.number}-${round}`
    const body = named(name)
    const created = await insist(server, 'POST', path, body, name)
    assert.equal(created.status, 201, created.text)
    const object = { id: idOf(created), name, city: body.city as string, isDeleted: false, changes: 0 }
    client.acknowledged.push({ noun, method: 'POST', path, body, key: name, answer: created, object })
    const one = `${path}${object.id}/`
    for (let change = 0; change < round % 3; change++) {
      const body = { city: `city-${change}` }
      const key = `${name}-${change}`
      const answer = await insist(server, 'PATCH', one, body, key)
      assert.equal(answer.status, 200, answer.text)
      object.city = body.city
      object.changes++
      client.acknowledged.push({ noun, method: 'PATCH', path: one, body, key, answer, object })
    }
    if (round % 4 === 3) {
      const removed = await insist(server, 'DELETE', one)
      assert.ok([204, 404].includes(removed.status), removed.text)
      object.isDeleted = true
    }
  }
}

async function insist(
  server: Server,
  method: string,
  path: string,
  body?: unknown,
  key?: string,
): Promise<Answer> {
  for (const begun = performance.now(); performance.now() - begun < 60_000; ) {
    try {
      const answer = await server.send(method, path, body, key)
      if (answer.status < 500 && answer.status !== 409) return answer
    } catch {
      // Nobody listens, or the server was killed before it answered.
    }
    await wait(5)
  }
  throw new Error(`${method} ${path} was not answered for a minute`)
}

function expectEachOnce(server: Server, all: readonly Acknowledged[]): void {
  const cityOf = Map.groupBy(server.rows('SELECT name, city FROM integrations WHERE type <> 1'), (row) =>
    String(row.name),
  )
  const audit = server.rows('SELECT action, data FROM audit')
  const times = Map.groupBy(audit, ({ action, data }) => `${action} ${Object(JSON.parse(String(data))).id}`)
  const objects = new Map(all.map(({ object, noun }) => [object, noun]))
  for (const [object, noun] of objects) {
    const rows = cityOf.get(object.name) ?? []
    assert.deepEqual(
      rows.map(({ city }) => city),
      object.isDeleted ? [] : [object.city],
      `${object.name} is there once, as it was acknowledged last`,
    )
    const count = (action: string) => times.get(`${noun}.${action} ${object.id}`)?.length ?? 0
    const counts = [count('created'), count('changed'), count('deleted')]
    assert.deepEqual(counts, [1, object.changes, object.isDeleted ? 1 : 0], `${object.name} was done once`)
  }
  assert.equal(
    cityOf.size,
    [...objects.keys()].filter(({ isDeleted }) => !isDeleted).length,
    'nothing else is there',
  )
}
