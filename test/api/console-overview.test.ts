// The first page of the console: how everything in the account is, as far as who asks may see, and the last day by the hour.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import type { Scope } from '../../src/hub/caller.ts'
import { gapsMs } from '../../src/hub/delivery-schedule.ts'
import { later, timestampAt } from '../../src/hub/timestamp.ts'
import { countEventsFrom } from '../../src/storage/events-by-time.ts'
import { hourlyCountsOf } from '../../src/storage/hourly-counts.ts'
import { newKey } from '../support/api.ts'
import { movableClock } from '../support/connections.ts'
import { signedIn } from '../support/signed-in.ts'
import { asObject, integrationsPath } from '../support/v2.ts'
import { startWebhooks, type Webhooks } from '../support/webhooks.ts'

const hourMs = 3_600_000
const hostile = '<img src=x onerror=alert(1)>'

// In the middle of an hour, today: receivers judge signatures by the clock.
const start = timestampAt(Math.floor(Date.now() / hourMs) * hourMs + hourMs / 2)
const clock = movableClock()
let v2: Webhooks
beforeEach(async () => {
  clock.set(start)
  v2 = await startWebhooks({ now: clock.now })
})
afterEach(() => v2.api.close())

async function overview(key = v2.account.key): Promise<Record<string, unknown>> {
  const ask = await signedIn(v2.api, key)
  return v2.got(200, ask('GET', '/v2/overview/'))
}

const keyWith = (options: { scopes?: readonly Scope[]; integrationId?: string }) =>
  newKey(v2.api, v2.account.id, options)

test('it counts all connections and names those that need attention, within the account', async () => {
  const id = await v2.create(integrationsPath, { id: 'shop', name: hostile })
  const [rejected, degraded] = [await v2.connect(id), await v2.connect('1')]
  const set = (connection: number, status: string) =>
    v2.api.db
      .updateTable('connections')
      .set({ health_status: status, health_reason: 'So it is.' })
      .where('id', '=', connection)
      .execute()
  await set(degraded, 'degraded')
  await set(rejected, 'rejected')
  await v2.connect('1')
  const { connections, attention } = await overview()
  assert.deepEqual(connections, {
    unverified: 1,
    healthy: 0,
    degraded: 1,
    rejected: 1,
    unreachable: 0,
    rate_limited: 0,
    unverifiable: 0,
  })
  const unwell = { provider: 'mailchimp', title: 'Newsletter', reason: 'So it is.', checked_at: null }
  assert.deepEqual(attention, [
    { id: rejected, integration: 'shop', integration_name: hostile, status: 'rejected', ...unwell },
    { id: degraded, integration: '1', integration_name: 'Test product', status: 'degraded', ...unwell },
  ])
  const seen = await overview(await keyWith({ integrationId: 'shop' }))
  assert.equal(asObject(seen.connections).degraded, 0)
  assert.equal(asObject(seen.connections).rejected, 1)
})

test('a webhook that fails is named with what its receiver said last, and with what waits', async () => {
  v2.receiver.answer = (_request, response) => response.writeHead(500).end('out of order')
  const { id } = await v2.hook({ metadata: { title: hostile }, events: ['integration.*'] })
  await v2.hook({ url: `${v2.receiver.address}/other`, events: ['connection.*'] })
  await v2.create(integrationsPath)
  await v2.deliver()
  const { webhooks } = await overview()
  assert.deepEqual(webhooks, {
    count: 2,
    failing: [
      {
        id,
        integration: '1',
        title: hostile,
        failing_since: start,
        disabled_at: null,
        disabled_reason: null,
        last_status: 500,
        last_error: null,
        waiting: 1,
        exhausted: 0,
      },
    ],
  })
  v2.receiver.answer = (_request, response) => response.writeHead(410).end()
  clock.move(10_000)
  await v2.deliver()
  const { failing } = asObject((await overview()).webhooks)
  assert.ok(Array.isArray(failing))
  assert.deepEqual([failing[0].disabled_at, failing[0].disabled_reason], [clock.now(), 'gone'])
  await v2.create(integrationsPath, { id: 'shop' })
  const seen = await overview(await keyWith({ integrationId: 'shop' }))
  assert.deepEqual(seen.webhooks, { count: 0, failing: [] }, 'those of other integrations are not')
})

test('deliveries that were given up are told until they are replayed, though the webhook works again', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  v2.receiver.answer = (_request, response) => response.writeHead(500).end()
  await v2.create(integrationsPath)
  await v2.deliver()
  for (const gap of gapsMs) {
    clock.move(gap * 1.2 + 1)
    await v2.deliver()
  }
  const told = async () => {
    const { failing } = asObject((await overview()).webhooks)
    assert.ok(Array.isArray(failing))
    return failing.map(({ waiting, exhausted, failing_since }) => [waiting, exhausted, failing_since])
  }
  assert.deepEqual(await told(), [[0, 1, start]])
  await v2.got(200, v2.send('POST', `/v2/webhooks/${id}/test/`))
  v2.receiver.answer = (_request, response) => response.writeHead(204).end()
  await v2.create(integrationsPath)
  await v2.deliver()
  assert.deepEqual(await told(), [[0, 1, null]], 'a test that failed is none of them')
  await v2.got(200, v2.send('POST', `/v2/webhooks/${id}/replay/`, {}))
  await v2.deliver()
  assert.deepEqual(await told(), [])
})

test('who disabled a webhook is not told that it is disabled', async () => {
  const { id } = await v2.hook()
  await v2.got(200, v2.send('PATCH', `/v2/webhooks/${id}/`, { disabled_at: start }))
  assert.deepEqual((await overview()).webhooks, { count: 1, failing: [] })
})

test('the latest events are there as they are told, of its own integration to a bound key', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await v2.create(integrationsPath, { id })
  const { events } = await overview()
  assert.ok(Array.isArray(events))
  assert.deepEqual(
    events.map(({ type, data }) => [type, data.id]),
    ['g', 'f', 'e', 'd', 'c', 'b'].map((id) => ['integration.created', id]),
  )
  const seen = await overview(await keyWith({ integrationId: 'c' }))
  assert.ok(Array.isArray(seen.events))
  // The key itself is that integration's too.
  assert.deepEqual(
    seen.events.map(({ type }) => type),
    ['api_key.created', 'integration.created'],
  )
})

test('keys that end within two weeks are named, the first to end first', async () => {
  const caller = v2.api.hub.callerFor(v2.account.id)
  const make = (name: string, days: number) =>
    v2.api.hub.apiKeys.create(caller, { name, expiresAt: later(start, days * 24 * hourMs) })
  const [soon] = [await make('soon', 13), await make('later', 15), await make('sooner', 1)]
  const ends = async () => {
    const { ending_keys } = await overview()
    assert.ok(Array.isArray(ending_keys))
    return ending_keys.map(({ name }) => name)
  }
  assert.deepEqual(await ends(), ['sooner', 'soon'])
  await v2.api.hub.apiKeys.revoke(caller, soon.key.uid)
  assert.deepEqual(await ends(), ['sooner'])
})

test('events, checks and deliveries of the last day are counted by the hour', async () => {
  clock.set(later(start, -30 * hourMs))
  await v2.create(integrationsPath, { id: 'long-ago' })
  clock.set(later(start, -2 * hourMs))
  await v2.hook({ events: ['integration.*'] })
  for (const id of ['a', 'b']) await v2.create(integrationsPath, { id })
  await v2.deliver()
  clock.set(start)
  v2.receiver.answer = (_request, response) => response.writeHead(500).end()
  await v2.create(integrationsPath, { id: 'c' })
  await v2.deliver()
  const connection = await v2.make('stripe', { secret_key: 'sk_test_1' })
  await v2.send('POST', `/v2/connections/${connection}/verify/`)
  const { hours, events, ...activity } = asObject((await overview()).activity)
  assert.ok(Array.isArray(hours) && Array.isArray(events))
  assert.equal(hours.length, 24)
  assert.equal(hours.at(-1), timestampAt(Date.parse(start) - hourMs / 2))
  const inHours = (counts: Record<number, number>) => hours.map((_, hour) => counts[hour] ?? 0)
  assert.deepEqual(activity, {
    // Nobody answers for the provider here.
    checks: { accepted: inHours({}), refused: inHours({ 23: 1 }) },
    deliveries: { taken: inHours({ 21: 2 }), failed: inHours({ 23: 1 }) },
  })
  const [two, now] = [events.at(21), events.at(23)]
  assert.equal(two, 3, 'the webhook and two integrations')
  assert.ok(now >= 3, 'the integration, the connection and its health')
  assert.equal(
    events.reduce((sum: number, count: number) => sum + count, 0),
    two + now,
    'what is older is not counted',
  )
})

test('what is counted by the hour goes after two days', async () => {
  const { hub, db } = v2.api
  await hub.deliveries.settled()
  await db.deleteFrom('hourly_counts').execute()
  const count = (hoursAgo: number) =>
    hourlyCountsOf(db, v2.account.id).add('check.accepted', later(start, -hoursAgo * hourMs), 1)
  for (const hoursAgo of [0, 1, 1, 47, 49, 200]) await count(hoursAgo)
  await hub.sweep()
  const left = await db.selectFrom('hourly_counts').select('n').orderBy('hour').execute()
  assert.deepEqual(
    left.map(({ n }) => Number(n)),
    [1, 2, 1],
  )
})

test('counting events by halving says what looking at each of them says', async () => {
  const { db } = v2.api
  const account = { account_id: v2.account.id, integration_uid: null, integration_id: null, body: '{}' }
  const { last } = await db
    .selectFrom('events')
    .select((eb) => eb.fn.max('sequence').as('last'))
    .executeTakeFirstOrThrow()
  const begin = Date.parse(start) - 100 * hourMs
  await db.deleteFrom('events').execute()
  // Bursts, and hours without any.
  const gaps = Array.from({ length: 500 }, (_, n) => (n % 50 === 0 ? 2.3 * hourMs : (n % 7) * 100_000))
  let ms = begin
  const ats = gaps.map((gap) => {
    ms += gap
    return timestampAt(ms)
  })
  const rows = ats.map((at, n) => ({
    ...account,
    at,
    sequence: Number(last) + 1 + n,
    id: `evt_${n}`,
    type: 'webhook.test',
  }))
  await db.insertInto('events').values(rows).execute()
  const times = Array.from({ length: 24 }, (_, n) => timestampAt(begin + n * 5 * hourMs))
  const counted = times.map((time, n) => {
    const end = times[n + 1] ?? timestampAt(ms + hourMs)
    return ats.filter((at) => at >= time && at < end).length
  })
  assert.deepEqual(await countEventsFrom(db, v2.account.id, times), counted)
  assert.deepEqual(
    await countEventsFrom(db, 999_999, times),
    counted.map(() => 0),
  )
})

test('what somebody may not see is left out: webhooks, events, keys, and what opens the store', async () => {
  const { vault, ...all } = await overview()
  assert.deepEqual(Object.keys(asObject(vault)), ['key_since', 'opens_with'])
  assert.deepEqual(vault, { key_since: start, opens_with: null })
  assert.ok(!Object.values(all).includes(null))
  const little = await overview(await keyWith({ scopes: ['connections:read'] }))
  assert.deepEqual(
    [little.webhooks, little.events, little.ending_keys, little.activity],
    [null, null, null, null],
  )
  const operator = await overview(await keyWith({ scopes: ['connections:read', 'operator'] }))
  const { opens_with } = asObject(operator.vault)
  assert.ok(Array.isArray(opens_with) && opens_with.length > 0)
})

test('an event says where it was sent, to who may see the webhooks', async () => {
  await v2.create(integrationsPath, { id: 'shop' })
  const { id: all } = await v2.hook({ metadata: { title: 'All' } })
  const { id: own, shown } = await v2.hook(
    { url: `${v2.receiver.address}/own` },
    { 'integration-id': 'shop' },
  )
  await v2.hook({ events: ['freelancer.*'] })
  await v2.send('PATCH', `${integrationsPath}shop/`, { name: 'Other' })
  await v2.deliver()
  const ask = await signedIn(v2.api, v2.account.key)
  const { results } = asObject((await ask('GET', '/v2/events/?type=integration.updated')).body)
  assert.ok(Array.isArray(results))
  const path = `/v2/events/${results[0].id}/deliveries/`
  const sentTo = async (key: string) => {
    const { deliveries } = await v2.got(200, (await signedIn(v2.api, key))('GET', path))
    assert.ok(Array.isArray(deliveries))
    return deliveries.toSorted((a, b) => (a.title < b.title ? -1 : 1))
  }
  const ofShop = { webhook: own, integration: 'shop', title: shown.url, status: 'delivered' }
  const ofAll = { webhook: all, integration: '1', title: 'All', status: 'delivered' }
  assert.deepEqual(await sentTo(v2.account.key), [ofAll, ofShop])
  assert.deepEqual(await sentTo(await keyWith({ integrationId: 'shop' })), [ofShop])
  const none = await signedIn(v2.api, await keyWith({ scopes: ['connections:read'] }))
  assert.equal((await none('GET', path)).status, 403)
  assert.equal((await ask('GET', '/v2/events/evt_1_0/deliveries/')).status, 404)
})
