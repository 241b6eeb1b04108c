// Connections are checked by themselves: in time, not all at once, by one node each, and nothing holds up the others.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Hub } from '../../src/app.ts'
import { capabilitiesOf } from '../../src/catalogue/capabilities.ts'
import { HubError } from '../../src/hub/errors.ts'
import { dueChecksQuery } from '../../src/storage/connection-upkeep.ts'
import { transact } from '../../src/storage/database.ts'
import { until } from '../support/command-line.ts'
import { at, catalogue, daysMs, fieldsFor, hoursMs } from '../support/connections.ts'
import { engine } from '../support/store.ts'
import { refused, startVerifying, type Verifying } from '../support/verifying.ts'

const minuteMs = 60_000
const good = 'sk_test_good0001'

let all: Verifying
before(async () => {
  all = await startVerifying()
})
beforeEach(async () => {
  await all.api.db.updateTable('connection_upkeep').set({ check_at: null }).execute()
  all.knows({ [good]: 'acct_1' })
})
after(() => all.api.close())

/** @returns what could not be looked at */
async function checkDue(hub: Hub = all.api.hub, stop = new AbortController().signal): Promise<unknown[]> {
  const errors: unknown[] = []
  await hub.verification.checkAllDue({ onError: (error) => errors.push(error), stop })
  return errors
}

const asks = () => all.provider.seen.filter(({ path }) => path === '/v1/balance').length

/** In how many milliseconds a connection is due; null where it is not. */
async function dueInMs(id: number): Promise<number | null> {
  const [row] = await all.api.db
    .selectFrom('connection_upkeep')
    .innerJoin('connections', 'connections.uid', 'connection_upkeep.connection_uid')
    .select('check_at')
    .where('connections.id', '=', id)
    .execute()
  assert.ok(row)
  return row.check_at === null ? null : Date.parse(row.check_at) - Date.parse(all.clock.now())
}

function between(value: number | null, from: number, to: number): void {
  assert.ok(value !== null && value >= from && value <= to, `${value} lies from ${from} to ${to}`)
}

describe('the next check comes', () => {
  test('seconds after a connection is made, changed or restored, and then every day, not all at once', async () => {
    const ids: number[] = []
    for (let count = 0; count < 12; count++) ids.push(await all.stripe(good))
    const [first = 0] = ids
    between(await dueInMs(first), 1, minuteMs)
    assert.deepEqual(await checkDue(), [])
    assert.equal((await all.health(first)).status, 'unverified', 'people often change a few things in a row')
    all.clock.move(10_000)
    assert.deepEqual(await checkDue(), [])
    const due = await Promise.all(ids.map(dueInMs))
    for (const [index, ms] of due.entries()) {
      between(ms, 0.75 * daysMs, 1.25 * daysMs)
      assert.partialDeepStrictEqual((await all.checks(ids[index] ?? 0))[0], {
        cause: 'schedule',
        status: 'healthy',
      })
    }
    assert.ok(new Set(due).size > 6)
    await all.change('PATCH', first, { title: 'another' })
    between(await dueInMs(first), 0.75 * daysMs, 1.25 * daysMs)
    await all.change('PATCH', first, { fields: { secret_key: 'sk_test_wrong001' } })
    between(await dueInMs(first), 1, minuteMs)
    all.clock.move(minuteMs)
    await checkDue()
    assert.equal((await all.health(first)).status, 'rejected')
    between(await dueInMs(first), 0.75 * daysMs, 1.25 * daysMs)
    assert.equal((await all.send('POST', at(first, 'restore'), {})).status, 200)
    between(await dueInMs(first), 1, minuteMs)
  })

  test('later each time while the provider is silent, and as soon as it wants where it says so', async () => {
    const id = await all.stripe(good)
    all.clock.move(minuteMs)
    all.says({ status: 503 })
    for (const planned of [1, 5, 15, 60, 360, 360]) {
      assert.deepEqual(await checkDue(), [])
      const ms = await dueInMs(id)
      between(ms, 0.75 * planned * minuteMs, 1.25 * planned * minuteMs)
      all.clock.move(ms ?? 0)
    }
    all.says({ status: 429, headers: { 'retry-after': '40000' } })
    await checkDue()
    between(await dueInMs(id), 0.75 * 40_000_000, 1.25 * 40_000_000)
    all.knows({ [good]: 'acct_1' })
    all.clock.move(2 * daysMs)
    await checkDue()
    between(await dueInMs(id), 0.75 * daysMs, 1.25 * daysMs)
  })

  test('never where there is nobody to ask', async () => {
    const before = all.provider.seen.length
    for (const provider of catalogue.filter((one) => !capabilitiesOf(one).verify.available)) {
      const id = await all.make(provider.name, fieldsFor(provider.name))
      assert.equal(await dueInMs(id), null, provider.name)
    }
    const incomplete = await all.make('stripe', {})
    all.clock.move(minuteMs)
    await checkDue()
    assert.equal((await all.health(incomplete)).status, 'unverifiable')
    assert.equal(await dueInMs(incomplete), null, 'nor before something is changed')
    assert.equal(all.provider.seen.length, before)
  })
})

test('of two nodes at it at the same time, each connection is asked about by one', async () => {
  const ids: number[] = []
  for (let count = 0; count < 20; count++) ids.push(await all.stripe(good))
  all.clock.move(minuteMs)
  const before = asks()
  const nodes = [all.api.hub, await all.api.another(), await all.api.another()]
  const errors = await Promise.all(nodes.map((node) => checkDue(node)))
  assert.deepEqual(errors.flat(), [])
  assert.equal(asks() - before, 20)
  for (const id of ids) assert.equal((await all.checks(id)).length, 1)
})

test('one whose secret is damaged is told of, and holds up no other one', async () => {
  const bad = await all.stripe(good)
  const fine = await all.stripe(good)
  await all.api.db
    .updateTable('connection_secrets')
    .set({ sealed: 'v1.damaged' })
    .where('connection_uid', 'in', (db) => db.selectFrom('connections').select('uid').where('id', '=', bad))
    .execute()
  all.clock.move(minuteMs)
  const [error, ...more] = await checkDue()
  assert.ok(error instanceof HubError && error.code === 'secret_integrity_error', `${error}`)
  assert.deepEqual(more, [])
  assert.equal((await all.health(fine)).status, 'healthy')
  between(await dueInMs(bad), 0.9 * hoursMs, 1.1 * hoursMs)
  assert.deepEqual(await checkDue(), [])
})

test('a stop does not wait for providers, and what they had not said yet counts for nothing', async () => {
  const ids: number[] = []
  for (let count = 0; count < 20; count++) ids.push(await all.stripe(good))
  all.clock.move(minuteMs)
  all.says(() => new Promise(() => undefined))
  const before = asks()
  const stop = new AbortController()
  const checking = checkDue(all.api.hub, stop.signal)
  await until('some were asked about', () => asks() - before === 8)
  const began = performance.now()
  stop.abort()
  assert.deepEqual(await checking, [])
  assert.ok(performance.now() - began < 1_000)
  assert.equal(asks() - before, 8, 'no further one was begun')
  for (const id of ids) assert.deepEqual(await all.checks(id), [])
  all.says(refused)
  assert.deepEqual(await checkDue(await all.api.another()), [], 'another node takes them up at once')
  for (const id of ids) assert.equal((await all.checks(id)).length, 1)
})

test('what is due is found by an index, however many connections there are', async () => {
  const id = await all.stripe(good)
  const { db } = all.api
  const columns = (await db.introspection.getTables())
    .find(({ name }) => name === 'connections')
    ?.columns.map(({ name }) => (name === 'id' ? '1000000 + i' : name === 'uid' ? "'due-' || i" : name))
  assert.ok(columns)
  const numbers = 'with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)'
  for (const text of [
    `insert into connections ${numbers} select ${columns.join(', ')} from connections, n where id = ${id}`,
    'analyze',
    `insert into connection_upkeep (account_id, connection_uid, check_at, check_failures, refresh_failures)
     select account_id, uid, '2030-01-01T00:00:00.000000Z', 0, 0 from connections where uid like 'due-%'`,
    'analyze',
  ]) {
    await sql.raw(text).execute(db)
  }
  const explained = await transact(all.api.store.db, 'all accounts', (db) => {
    const query = dueChecksQuery(db, all.clock.now(), 100)
    return engine === 'postgres' ? query.explain() : query.explain(undefined, sql`query plan`)
  })
  const plan = JSON.stringify(explained)
  assert.match(plan, /connection_upkeep_due/)
  assert.doesNotMatch(plan, /Seq Scan|SCAN|TEMP B-TREE/)
  await sql.raw("delete from connections where uid like 'due-%'").execute(db)
})

test('leases of checks and refreshes are swept', async () => {
  await all.stripe(good)
  all.clock.move(minuteMs)
  await checkDue()
  const count = async () =>
    (await all.api.db.selectFrom('leases').select('name').where('name', 'like', 'check/%').execute()).length
  assert.ok((await count()) > 0)
  await all.api.hub.sweep()
  assert.ok((await count()) > 0, 'a while later, so that whoever had one cannot be taken for another')
  all.clock.move(2 * hoursMs)
  await all.api.hub.sweep()
  assert.equal(await count(), 0)
})
