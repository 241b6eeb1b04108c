// How results of deliveries are written: many at a time where they come quickly, soon where they do not.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type { Outcome } from '../../src/hub/delivery-attempts.ts'
import { resultKeeper } from '../../src/hub/delivery-results.ts'
import { LeaseLost } from '../../src/hub/leases.ts'
import { unobserved } from '../../src/hub/observer.ts'
import { systemClock } from '../../src/hub/timestamp.ts'
import { deliveriesOf } from '../../src/storage/deliveries.ts'
import type { Endpoint } from '../../src/storage/webhooks.ts'
import { integrationsPath, resultsOf } from '../support/v2.ts'
import { startWebhooks, type Webhooks, webhooksPath } from '../support/webhooks.ts'

let v2: Webhooks
let endpoint: Endpoint
before(async () => {
  v2 = await startWebhooks()
  const { id } = await v2.hook({ events: ['integration.*'] })
  endpoint = { accountId: v2.account.id, uid: id }
  // From here on the test delivers.
  await v2.api.hub.deliveries.stop()
})
after(() => v2.api.close())

let writes: number
let isLost: boolean
beforeEach(() => {
  writes = 0
  isLost = false
})

const delivered = (): Outcome => ({
  attempt: { at: systemClock(), status: 204, error: null, duration_ms: 1, answer: null },
  isDelivered: true,
  isGone: false,
  askedMs: null,
})

function keeper() {
  const needs = {
    db: v2.api.store.db,
    now: systemClock,
    random: Math.random,
    wait,
    record: v2.api.hub.auditLog.record,
    observer: unobserved,
  }
  const lease = {
    async guard() {
      writes++
      if (isLost) throw new LeaseLost('It is lost.')
    },
  }
  return resultKeeper(needs, endpoint, lease, () => undefined)
}

async function waitingAfter(changes: number) {
  for (let n = 0; n < changes; n++) await v2.send('PATCH', `${integrationsPath}1/`, { name: `n${n}` })
  return deliveriesOf(v2.api.store.db, endpoint.accountId).due(endpoint.uid, systemClock(), 1_000)
}

const pending = async () =>
  resultsOf(await v2.send('GET', `${webhooksPath}${endpoint.uid}/deliveries/?status=pending&page_size=100`))
    .length

test('those that come within some milliseconds are on disk together, all of them after a flush', async () => {
  const due = await waitingAfter(60)
  assert.equal(due.length, 60)
  const kept = keeper()
  for (const delivery of due) {
    await kept.add({ delivery, outcome: delivered() })
    await new Promise((resolve) => setImmediate(resolve))
  }
  await kept.flush()
  assert.equal(await pending(), 0)
  assert.ok(writes <= 10, `${writes} writes`)
})

test('one is written soon, though nothing comes after it', async () => {
  const [delivery] = await waitingAfter(1)
  assert.ok(delivery)
  const kept = keeper()
  await kept.add({ delivery, outcome: delivered() })
  for (let tries = 0; (await pending()) > 0; tries++) {
    assert.ok(tries < 100, 'it is not written')
    await wait(10)
  }
})

test('without the lease none is written, and whoever adds or flushes is told', async () => {
  const [delivery] = await waitingAfter(1)
  assert.ok(delivery)
  const result = { delivery, outcome: delivered() }
  const kept = keeper()
  isLost = true
  await kept.add(result)
  await assert.rejects(kept.flush(), LeaseLost)
  assert.throws(() => kept.add(result), LeaseLost)
  assert.equal(await pending(), 1)
})
