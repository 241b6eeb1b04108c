// What is done beside the requests is counted too: deliveries, refreshes of tokens, and how far behind it all is.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pino from 'pino'
import { gapsMs } from '../../src/hub/delivery-schedule.ts'
import { repeat } from '../../src/worker/repeat.ts'
import { daysMs, hoursMs, movableClock } from '../support/connections.ts'
import { type Refreshing, startRefreshing } from '../support/refreshing.ts'
import { integrationsPath } from '../support/v2.ts'
import { samplesIn, total, watching } from '../support/watching.ts'
import { startWebhooks, type Webhooks } from '../support/webhooks.ts'

describe('deliveries', { concurrency: 1 }, () => {
  const clock = movableClock()
  let v2: Webhooks
  before(async () => {
    v2 = await startWebhooks({ now: clock.now })
  })
  after(() => v2.api.close())

  const change = () => v2.send('PATCH', `${integrationsPath}1/`, { name: `other ${clock.now()}` })
  const tries = (outcome: string) => ['mortise_delivery_attempt_duration_seconds_count', { outcome }] as const
  const ended = (outcome: string) => ['mortise_deliveries_ended_total', { outcome }] as const
  async function value(name: string, labels: Record<string, string> = {}) {
    return total(samplesIn(await v2.api.metrics()), name, labels) ?? 0
  }

  test('are counted when they are made, tried and delivered', async () => {
    await v2.hook({ events: ['integration.*'] })
    const made = await value('mortise_deliveries_made_total')
    await change()
    await v2.deliver()
    assert.equal(await value('mortise_deliveries_made_total'), made + 1)
    assert.equal(await value(...tries('delivered')), 1)
    assert.equal(await value(...tries('failed')), 0)
    assert.equal(await value(...ended('delivered')), 1)
    assert.equal(await value('mortise_deliveries_waiting'), 0)
    assert.equal(await value('mortise_deliveries_overdue_seconds'), 0)
  })

  test('that fail wait, and say for how long they could have been tried', async () => {
    v2.receiver.answer = (_request, response) => response.writeHead(500).end()
    await change()
    await v2.deliver()
    assert.equal(await value(...tries('failed')), 1)
    assert.equal(await value('mortise_deliveries_waiting'), 1)
    assert.equal(await value('mortise_deliveries_overdue_seconds'), 0, 'its time has not come')
    clock.move(hoursMs)
    await v2.api.hub.deliveries.look()
    const overdue = await value('mortise_deliveries_overdue_seconds')
    assert.ok(overdue > 3_500 && overdue <= 3_600, `${overdue} s: nobody has looked for an hour`)
    await v2.api.hub.deliveries.settled()
    await v2.api.hub.deliveries.look()
    assert.equal(await value('mortise_deliveries_overdue_seconds'), 0)
  })

  test('that are given up are counted once, and so are webhooks that are disabled', async () => {
    for (const gap of gapsMs) {
      clock.move(1.3 * gap)
      await v2.deliver()
    }
    assert.equal(await value(...ended('exhausted')), 1)
    clock.move(5 * daysMs)
    v2.receiver.answer = (_request, response) => response.writeHead(410).end()
    await change()
    await v2.deliver()
    assert.equal(await value('mortise_webhooks_disabled_total', { reason: 'gone' }), 1)
  })
})

describe('refreshes of access tokens', () => {
  let all: Refreshing
  before(async () => {
    all = await startRefreshing()
  })
  after(() => all.api.close())

  const refreshes = async (outcome: string) =>
    total(samplesIn(await all.api.metrics()), 'mortise_token_refreshes_total', {
      provider: 'google_analytics',
      outcome,
    }) ?? 0

  test('are counted by what came of them, once for all who waited', async () => {
    const { id } = await all.google()
    await Promise.all(Array.from({ length: 10 }, () => all.ensure(id)))
    assert.equal(await refreshes('granted'), 1)
    all.clock.move(2 * hoursMs)
    all.server.instead(() => ({ status: 400, body: { error: 'invalid_grant' } }))
    await assert.rejects(all.ensure(id))
    assert.equal(await refreshes('refused'), 1)
    all.server.instead(() => ({ status: 500, body: {} }))
    const other = await all.google()
    await assert.rejects(all.ensure(other.id))
    assert.equal(await refreshes('failed'), 1)
    all.server.instead(undefined)
  })

  test('a check that nobody has made says for how long it is overdue', async () => {
    const checks = async () =>
      total(samplesIn(await all.api.metrics()), 'mortise_checks_overdue_seconds') ?? Number.NaN
    const earlier = await checks()
    all.clock.move(3 * daysMs)
    assert.ok((await checks()) >= earlier + (2 * daysMs) / 1_000)
  })
})

test('what is repeated tells when it last succeeded, and how often it failed', async () => {
  const watched = watching()
  let isFailing = false
  const repetition = repeat(
    {
      name: 'sweep',
      everyMs: 60_000,
      atEnd: 'once more',
      work: async () => {
        if (isFailing) throw new Error('made to fail')
      },
    },
    { log: pino({ level: 'silent' }), observer: watched.observer },
  )
  watched.lookUpWith(async () => ({
    engine: 'sqlite',
    load: { writesWaiting: 0, connections: null },
    isSound: false,
    stored: undefined,
    isStopping: false,
    space: undefined,
    writesRefused: false,
    httpConnections: 0,
  }))
  const read = async (name: string, labels: Record<string, string> = {}) =>
    total(samplesIn(await watched.write()), `mortise_${name}`, { work: 'sweep', ...labels })
  const since = await read('worker_last_success_timestamp_seconds')
  assert.ok(since && Math.abs(since - Date.now() / 1_000) < 60, 'from the start on')
  isFailing = true
  await repetition.stop()
  assert.equal(await read('worker_run_duration_seconds_count', { outcome: 'failed' }), 1)
  assert.equal(await read('worker_last_success_timestamp_seconds'), since)
  isFailing = false
  await repetition.stop()
  assert.equal(await read('worker_run_duration_seconds_count', { outcome: 'done' }), 1)
  assert.ok(Number(await read('worker_last_success_timestamp_seconds')) >= since)
  const samples = samplesIn(await watched.write())
  assert.equal(total(samples, 'mortise_database_answers'), 0, 'a database that does not answer is told')
  assert.equal(total(samples, 'mortise_ready'), 0)
  assert.equal(total(samples, 'mortise_deliveries_waiting'), undefined, 'and what it would know is absent')
})
