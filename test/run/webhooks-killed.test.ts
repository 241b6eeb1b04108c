// Killed at any moment, or stopped for longer than its lease: every acknowledged change is delivered, and none that was undone.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { newDatabase } from '../support/postgres.ts'
import { type Served, start } from '../support/process.ts'
import { type Received, startReceiver, verified } from '../support/receiver.ts'
import { asObject, integrationsPath, textOf } from '../support/v2.ts'

const isFull = process.env.TEST_SCALE === 'full'
const kills = isFull ? 200 : 4
const changes = isFull ? 1_000 : 60
const clients = 4

async function hookTo(served: Served, key: string, url: string): Promise<{ id: string; secret: string }> {
  const made = await call(served.address, 'POST', '/v2/webhooks/', {
    key,
    body: { url, events: ['integration.*'] },
    headers: { 'integration-id': '1' },
  })
  assert.equal(made.status, 201, made.text)
  const { id, secret_key } = asObject(made.body)
  return { id: textOf(id), secret: textOf(secret_key) }
}

test(`kill -9 at ${kills} random moments of ${changes} changes: each that was acknowledged is delivered, none that was not kept, and twice under one id`, async () => {
  const home = newHome()
  const receiver = await startReceiver()
  const { host } = new URL(receiver.address)
  const env = { ...home.env, MORTISE_LOG_LEVEL: 'error', MORTISE_EGRESS_ALLOW: host }
  const begin = () => start('serve', ['--data', home.data], env)
  let served = await begin()
  const key = keyIn(served.output().stdout)
  const { secret } = await hookTo(served, key, `${receiver.address}/hook`)
  const refused: unknown[] = []
  // A receiver that takes its time is killed in the middle more often.
  receiver.answer = (one, response) => {
    try {
      verified(secret, one)
    } catch (error) {
      refused.push(error)
    }
    setTimeout(() => response.writeHead(204).end(), Math.random() * 8)
  }
  const acknowledged = new Set<string>()
  let asked = 0
  /** So many are acknowledged before so many kills. */
  const quota = (kill: number) => changes * (kill / kills)
  const state = { isOver: false, isUp: true, isEnded: false }
  /** A start takes its time on a busy machine: whoever waits for it does so to the end of the test. */
  async function when(holds: () => boolean): Promise<void> {
    while (!holds() && !state.isEnded) await wait(5)
  }
  async function change(): Promise<void> {
    while (acknowledged.size < changes && !state.isEnded) {
      const name = `change ${asked++}`
      try {
        const { status } = await call(served.address, 'PATCH', `${integrationsPath}1/`, {
          key,
          body: { name },
        })
        if (status === 200) acknowledged.add(name)
      } catch {
        // It was killed meanwhile: nobody knows whether that was done.
        await when(() => state.isUp)
      }
      // So that there are changes left for the last kill.
      await when(() => state.isOver || acknowledged.size < quota(killed + 1))
    }
  }
  let killed = 0
  try {
    const working = Promise.all(Array.from({ length: clients }, change))
    for (; killed < kills; killed++) {
      await until('more was acknowledged', () => acknowledged.size >= Math.floor(quota(killed)))
      await wait(Math.random() * 120)
      state.isUp = false
      await served.stop('SIGKILL')
      served = await begin()
      state.isUp = true
    }
    state.isOver = true
    await working
    assert.ok(acknowledged.size >= changes, `${acknowledged.size} were acknowledged`)
    const db = new DatabaseSync(join(home.data, 'mortise.db'), { readOnly: true })
    const waiting = () =>
      Number(db.prepare(`select count(*) as n from deliveries where status = 'pending'`).get()?.n)
    await until('nothing waits any more', () => waiting() === 0)
    const events = new Map(
      db
        .prepare('select id, body from events')
        .all()
        .map(({ id, body }) => [String(id), String(body)]),
    )
    db.close()
    const names = new Set(receiver.received.map(nameOf))
    assert.deepEqual(
      [...acknowledged].filter((name) => !names.has(name)),
      [],
      'each acknowledged one came',
    )
    for (const one of receiver.received) {
      assert.equal(events.get(one.id), one.body, 'what came was kept, and is the same however often it came')
    }
    assert.deepEqual(refused, [], 'each was genuine when it came')
  } finally {
    Object.assign(state, { isOver: true, isUp: true, isEnded: true })
    await served.stop('SIGKILL')
    await receiver.close()
    home.remove()
  }
})

test('a node that stands still for longer than its lease writes nothing over what another one has done since', async () => {
  const home = newHome()
  const receiver = await startReceiver()
  const database = await newDatabase()
  const session = new pg.Client({ connectionString: database.url })
  await session.connect()
  const env = {
    ...home.env,
    DATABASE_URL: database.url,
    MORTISE_LOG_LEVEL: 'error',
    MORTISE_EGRESS_ALLOW: new URL(receiver.address).host,
  }
  const begin = () => start('serve', ['--data', home.data], env)
  const first = await begin()
  const second = await begin()
  try {
    const key = keyIn(first.output().stdout)
    const { id } = await hookTo(first, key, `${receiver.address}/hook`)
    const held: Array<() => void> = []
    receiver.answer = (_request, response) => void held.push(() => response.writeHead(500).end())
    const { status } = await call(first.address, 'PATCH', `${integrationsPath}1/`, {
      key,
      body: { name: 'x' },
    })
    assert.equal(status, 200)
    await receiver.waitFor(1)
    first.child.kill('SIGSTOP')
    receiver.answer = (_request, response) => response.writeHead(204).end()
    // As when it stood still for a minute.
    const ended = await session.query(
      `update leases set expires_at = '2020-01-01T00:00:00.000000Z' where name like 'deliver/%' returning token`,
    )
    assert.equal(ended.rows.length, 1)
    const [one, again] = (await receiver.waitFor(2)) as [Received, Received]
    assert.equal(one.id, again.id)
    assert.equal(one.body, again.body)
    const stateOf = async () =>
      (await session.query('select status, tries, attempts from deliveries')).rows[0]
    let state = await stateOf()
    for (let tries = 0; state.status !== 'delivered' && tries < 100; tries++) {
      await wait(50)
      state = await stateOf()
    }
    assert.equal(state.status, 'delivered')
    first.child.kill('SIGCONT')
    for (const answer of held) answer()
    await until('the first one has noticed', () => first.output().stderr.includes('LeaseLost'))
    assert.deepEqual(await stateOf(), state, 'its failure is not told of what was delivered')
    const { text } = await call(second.address, 'GET', `/v2/webhooks/${id}/deliveries/`, {
      key,
      headers: { 'integration-id': '1' },
    })
    assert.match(text, /"status":"delivered"/)
    // And it goes on with what comes.
    await call(first.address, 'PATCH', `${integrationsPath}1/`, { key, body: { name: 'y' } })
    await receiver.waitFor(3)
  } finally {
    first.child.kill('SIGCONT')
    await first.stop('SIGKILL')
    await second.stop('SIGKILL')
    await session.end()
    await database.remove()
    await receiver.close()
    home.remove()
  }
})

test('a server that is asked to stop lets its deliveries end, and leaves the rest to the next one', async () => {
  const home = newHome()
  const receiver = await startReceiver()
  const env = {
    ...home.env,
    MORTISE_LOG_LEVEL: 'error',
    MORTISE_EGRESS_ALLOW: new URL(receiver.address).host,
  }
  const begin = () => start('serve', ['--data', home.data], env)
  let served = await begin()
  try {
    const key = keyIn(served.output().stdout)
    await hookTo(served, key, `${receiver.address}/hook`)
    receiver.answer = (_request, response) => void setTimeout(() => response.writeHead(204).end(), 700)
    const sent = 12
    await Promise.all(
      Array.from({ length: sent }, (_, n) =>
        call(served.address, 'PATCH', `${integrationsPath}1/`, { key, body: { name: `n${n}` } }),
      ),
    )
    await receiver.waitFor(2)
    assert.equal(await served.stop('SIGTERM'), 0)
    const before = receiver.received.length
    assert.ok(before < sent, 'some were left')
    const db = new DatabaseSync(join(home.data, 'mortise.db'), { readOnly: true })
    const done = Number(
      db.prepare(`select count(*) as n from deliveries where status = 'delivered'`).get()?.n,
    )
    db.close()
    assert.equal(done, before, 'what was under way was let end, and written down')
    served = await begin()
    await receiver.waitFor(sent)
    await wait(300)
    assert.equal(new Set(receiver.received.map(({ id }) => id)).size, sent)
    assert.equal(receiver.received.length, sent, 'none came twice')
  } finally {
    await served.stop('SIGKILL')
    await receiver.close()
    home.remove()
  }
})

function nameOf({ body }: Received): string {
  return textOf(asObject(asObject(JSON.parse(body)).data).name)
}
