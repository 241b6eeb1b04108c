// Whoever does not answer keeps nobody else waiting: not other webhooks, nor other accounts.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { systemClock } from '../../src/hub/timestamp.ts'
import { transact } from '../../src/storage/database.ts'
import { webhooksOf } from '../../src/storage/webhooks.ts'
import { call, newAccount } from '../support/api.ts'
import { allowing, type Receiver, startReceiver } from '../support/receiver.ts'
import { asObject, integrationsPath, textOf } from '../support/v2.ts'
import { startWebhooks, type Webhooks, webhooksPath } from '../support/webhooks.ts'

const isFull = process.env.TEST_SCALE === 'full'
const waiting = isFull ? 10_000 : 2_000
const changes = isFull ? 100 : 30

let v2: Webhooks
let silent: Receiver
before(async () => {
  silent = await startReceiver()
  silent.answer = () => undefined
  const quick = await startReceiver()
  v2 = await startWebhooks({ egress: allowing(silent.address, quick.address) })
  await v2.receiver.close()
  Object.assign(v2, { receiver: quick })
})
after(async () => {
  // What hangs on it ends at once.
  await silent.close()
  await v2.api.close()
  await v2.receiver.close()
})

async function make(key: string, url: string): Promise<string> {
  const made = await call(v2.api.address, 'POST', webhooksPath, {
    key,
    body: { url, events: ['integration.*'] },
    headers: { 'integration-id': '1' },
  })
  assert.equal(made.status, 201, made.text)
  return textOf(asObject(made.body).id)
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

test(`with ${waiting} deliveries waiting for one that never answers, others have theirs within a second`, async () => {
  const dead = await make(v2.account.key, `${silent.address}/dead`)
  await make(v2.account.key, `${v2.receiver.address}/same`)
  const other = await newAccount(v2.api)
  await make(other.key, `${v2.receiver.address}/other`)
  await call(v2.api.address, 'PATCH', `${integrationsPath}1/`, {
    key: v2.account.key,
    body: { name: 'first' },
  })
  await v2.receiver.waitFor(1)
  await transact(v2.api.store.db, v2.account.id, async (db) => {
    await sql`
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${waiting})
      insert into events (account_id, sequence, id, type, integration_uid, integration_id, at, body)
      select ${v2.account.id}, 100000 + n, 'evt_' || n, 'integration.updated', null, null, '2026-01-01T00:00:00.000000Z', '{}'
      from numbers`.execute(db)
    await sql`
      insert into deliveries (account_id, webhook_uid, sequence, status, due_at, tries, attempts, created_at)
      select account_id, ${dead}, sequence, 'pending', at, 0, '[]', at from events
      where account_id = ${v2.account.id} and sequence > 100000`.execute(db)
  })
  await v2.api.hub.deliveries.look()
  await silent.waitFor(1)
  v2.receiver.received.length = 0
  const delays: number[] = []
  for (let n = 0; n < changes; n++) {
    for (const { key } of [v2.account, other]) {
      const begun = performance.now()
      const already = v2.receiver.received.length
      await call(v2.api.address, 'PATCH', `${integrationsPath}1/`, { key, body: { name: `n${n}` } })
      await v2.receiver.waitFor(already + 1)
      delays.push(performance.now() - begun)
    }
    if (n % 10 === 0) await v2.api.hub.deliveries.look()
    await wait(5)
  }
  assert.ok(median(delays) < 1_000, `${median(delays)} ms at the median`)
  const slowest = delays.toSorted((a, b) => a - b)[Math.ceil(delays.length * 0.99) - 1] ?? 0
  assert.ok(slowest < 2_000, `${slowest} ms for the slowest of a hundred`)
  assert.ok(silent.received.length <= 5, 'and it is not asked more than it may be')
  assert.equal(v2.receiver.received.length, 2 * changes)
})

test('many that never answer leave the others their places', async () => {
  const accounts = []
  for (let n = 0; n < 24; n++) accounts.push(await newAccount(v2.api))
  for (const { id, key } of accounts) {
    for (let n = 0; n < 3; n++) {
      const uid = await make(key, `${silent.address}/dead`)
      // Mortise knows that they fail, whatever this process has seen of them.
      const failing = { disabledAt: null, disabledReason: null, failingSince: systemClock(), failures: 5 }
      await transact(v2.api.store.db, id, (db) => webhooksOf(db, id).setHealth(uid, failing))
    }
  }
  await Promise.all(
    accounts.map(({ key }) =>
      call(v2.api.address, 'PATCH', `${integrationsPath}1/`, { key, body: { name: 'x' } }),
    ),
  )
  const well = await newAccount(v2.api)
  await make(well.key, `${v2.receiver.address}/well`)
  const delays: number[] = []
  for (let n = 0; n < 10; n++) {
    const { length } = v2.receiver.received
    const begun = performance.now()
    await call(v2.api.address, 'PATCH', `${integrationsPath}1/`, { key: well.key, body: { name: `n${n}` } })
    await v2.receiver.waitFor(length + 1)
    delays.push(performance.now() - begun)
  }
  assert.ok(median(delays) < 1_000, `${median(delays)} ms at the median`)
})
