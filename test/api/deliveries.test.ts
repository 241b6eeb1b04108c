// Deliveries: signed, repeated on schedule, never forgotten, and never made of what was undone.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { gapsMs } from '../../src/hub/delivery-schedule.ts'
import { daysMs, hoursMs, movableClock } from '../support/connections.ts'
import { type Received, verified } from '../support/receiver.ts'
import { refuseWrites } from '../support/store.ts'
import { asObject, integrationsPath, required, resultsOf, textOf } from '../support/v2.ts'
import { startWebhooks, type Webhooks, webhooksPath } from '../support/webhooks.ts'

// Signatures are judged by today's clock.
const clock = movableClock(new Date().toISOString().replace('Z', '000Z'))
let v2: Webhooks
before(async () => {
  v2 = await startWebhooks({ now: clock.now })
})
after(() => v2.api.close())
beforeEach(async () => {
  await v2.clear()
  clock.set(new Date().toISOString().replace('Z', '000Z'))
})

const at = (id: string, action = '') => `${webhooksPath}${id}/${action}`
const change = (name = 'Other') => v2.send('PATCH', `${integrationsPath}1/`, { name })
const log = async (id: string) => resultsOf(await v2.send('GET', at(id, 'deliveries/?page_size=100')))
const parsed = (one: Received | undefined) => asObject(JSON.parse(one?.body ?? ''))
const typesOf = (all: readonly Received[]) => all.map((one) => parsed(one).type)

async function statusOf(id: string, n = 0): Promise<Record<string, unknown>> {
  return (await log(id))[n] ?? {}
}

test('a change is delivered at once: the very bytes that /v2/events/ shows, and genuine by the reference code', async () => {
  const { id, secret } = await v2.hook({ events: ['integration.*'] })
  await v2.send('PATCH', `${integrationsPath}1/`, {
    name: 'Ünïcode \u{1f600} "quoted" </script>',
    metadata: { big: 1, list: [], nested: { '1': 12345678901234567890n.toString() } },
  })
  const [one] = await v2.receiver.waitFor(1)
  assert.ok(one)
  const event = parsed(one)
  assert.deepEqual(verified(secret, one), event)
  assert.equal(one.headers['content-type'], 'application/json')
  assert.equal(one.id, event.id)
  assert.equal((await v2.send('GET', `/v2/events/${one.id}/`)).text, one.body)
  assert.match(String(one.headers['webhook-timestamp']), /^\d{10}$/)
  assert.throws(() => verified(secret, { ...one, body: `${one.body} ` }), 'and what was changed is not')
  await v2.api.hub.deliveries.settled()
  assert.equal((await statusOf(id)).status, 'delivered')
})

test('a webhook of the Web App Integration hears of the account, any other of its own integration, each of what it asked for', async () => {
  await v2.create(integrationsPath, { id: 'hears' }).catch(() => undefined)
  const whole = await v2.hook({
    url: `${v2.receiver.address}/whole`,
    events: ['connection.*', 'api_key.created'],
  })
  const own = { 'integration-id': 'hears' }
  await v2.hook({ url: `${v2.receiver.address}/own` }, own)
  v2.receiver.received.length = 0
  await v2.connect('1')
  await v2.connect('hears')
  await v2.send('POST', '/v2/api_keys/', { name: 'x' })
  await change()
  await v2.deliver()
  const by = (path: string) => typesOf(v2.receiver.received.filter((one) => one.path === path)).toSorted()
  assert.deepEqual(by('/whole'), ['api_key.created', 'connection.created', 'connection.created'])
  assert.deepEqual(
    by('/own').filter((type) => type !== 'webhook.created'),
    ['connection.created'],
  )
  assert.ok(whole.id)
  for (const { id } of resultsOf(await v2.send('GET', webhooksPath, undefined, own)))
    await v2.send('DELETE', at(textOf(id)), undefined, own)
})

test('what was undone is delivered to nobody', async () => {
  await v2.hook()
  await v2.deliver()
  v2.receiver.received.length = 0
  const repair = await refuseWrites(v2.api.db, 'deliveries')
  assert.equal((await v2.send('POST', integrationsPath, { ...required, id: 'undone' })).status, 500)
  await repair()
  assert.equal((await v2.send('GET', `${integrationsPath}undone/`)).status, 404)
  await v2.send('POST', integrationsPath, { ...required, id: '1' })
  await v2.deliver()
  assert.deepEqual(v2.receiver.received, [])
})

test('what fails is tried ten times on the schedule, each time signed anew under the same id, and then is exhausted', async () => {
  const { id, secret } = await v2.hook({ events: ['integration.*'] })
  v2.receiver.answer = (_request, response) => response.writeHead(500).end('down for repair')
  await change()
  await v2.deliver()
  const started = Date.parse(clock.now())
  let before = started
  for (const gap of gapsMs) {
    const { next_attempt_at, status } = await statusOf(id)
    assert.equal(status, 'pending')
    const next = Date.parse(textOf(next_attempt_at))
    assert.ok(next - before >= gap * 0.8 && next - before <= gap * 1.2, `${next - before} for ${gap}`)
    clock.set(new Date(next - 1).toISOString().replace('Z', '000Z'))
    const { length } = v2.receiver.received
    await v2.deliver()
    assert.equal(v2.receiver.received.length, length, 'not before its time')
    clock.set(new Date(next).toISOString().replace('Z', '000Z'))
    await v2.deliver()
    before = next
  }
  assert.equal(v2.receiver.received.length, 10)
  clock.move(30 * hoursMs)
  await v2.deliver()
  assert.equal(v2.receiver.received.length, 10)
  const [shown] = await log(id)
  assert.deepEqual([shown?.status, shown?.next_attempt_at, shown?.attempts_made], ['exhausted', null, 10])
  const ids = new Set(v2.receiver.received.map((one) => one.id))
  assert.equal(ids.size, 1)
  assert.equal(new Set(v2.receiver.received.map((one) => one.body)).size, 1, 'the same bytes')
  assert.equal(new Set(v2.receiver.received.map((one) => one.headers['webhook-signature'])).size, 10)
  const { Webhook } = await import('standardwebhooks')
  for (const one of v2.receiver.received) {
    const seconds = Number(one.headers['webhook-timestamp'])
    const signature = new Webhook(secret).sign(one.id, new Date(seconds * 1_000), one.body)
    assert.equal(one.headers['webhook-signature'], signature)
  }
  const whole = await v2.got(200, v2.send('GET', at(id, `deliveries/${textOf(shown?.id)}/`)))
  const [attempt] = whole.attempts as Record<string, unknown>[]
  assert.deepEqual([attempt?.status, attempt?.error, attempt?.answer], [500, null, 'down for repair'])
})

test('any answer of success ends it; a redirect, an error, silence or too long an answer does not', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  const outcomes: Array<[string, (response: Parameters<typeof v2.receiver.answer>[1]) => void, boolean]> = [
    ['200', (response) => response.writeHead(200).end('ok'), true],
    ['202', (response) => response.writeHead(202).end(), true],
    ['301', (response) => response.writeHead(301, { location: `${v2.receiver.address}/away` }).end(), false],
    ['307', (response) => response.writeHead(307, { location: `${v2.receiver.address}/away` }).end(), false],
    ['404', (response) => response.writeHead(404).end(), false],
    ['503', (response) => response.writeHead(503).end(), false],
    ['reset', (response) => response.destroy(), false],
    [
      'cut off',
      (response) => {
        response.writeHead(200, { 'content-length': '10' }).write('abc')
        setTimeout(() => response.destroy(), 20)
      },
      false,
    ],
    ['long', (response) => response.writeHead(200).end('x'.repeat(70_000)), false],
    ['long headers', (response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end(), false],
  ]
  for (const [name, answer, isDelivered] of outcomes) {
    v2.receiver.answer = (_request, response) => answer(response)
    await change(name)
    await v2.deliver()
    const [shown] = await log(id)
    assert.equal(shown?.status, isDelivered ? 'delivered' : 'pending', name)
  }
  assert.ok(!v2.receiver.received.some(({ path }) => path === '/away'), 'no redirect is followed')
})

test('Retry-After only lengthens, to a day at most, and nonsense is ignored', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  const next = async (header: string) => {
    v2.receiver.answer = (_request, response) => response.writeHead(503, { 'retry-after': header }).end()
    await change(header)
    await v2.deliver()
    const { next_attempt_at } = await statusOf(id)
    return (Date.parse(textOf(next_attempt_at)) - Date.parse(clock.now())) / 1_000
  }
  assert.equal(await next('120'), 120)
  assert.equal(await next('999999999'), 86_400)
  const date = new Date(Date.parse(clock.now()) + 600_000).toUTCString()
  const wait = await next(date)
  assert.ok(wait > 598 && wait <= 600, String(wait))
  for (const header of ['1', '-5', 'soon', '1e9', '0', new Date(0).toUTCString(), '99999999999999999999']) {
    const seconds = await next(header)
    assert.ok(seconds >= 4 && seconds <= 6, `${header}: ${seconds}`)
  }
})

test('with a new secret, both sign for a day, and then the new one alone', async () => {
  const { id, secret } = await v2.hook({ events: ['integration.*'] })
  const rotated = await v2.got(200, v2.send('POST', at(id, 'rotate_secret/'), {}))
  const next = textOf(rotated.secret_key)
  await change()
  const [one] = await v2.receiver.waitFor(1)
  assert.equal(String(one?.headers['webhook-signature']).split(' ').length, 2)
  for (const either of [secret, next]) assert.ok(verified(either, one as Received))
  await v2.api.hub.deliveries.settled()
  clock.move(daysMs + 1_000)
  await v2.api.hub.sweep()
  v2.receiver.received.length = 0
  await change('later')
  await v2.deliver()
  const [later] = v2.receiver.received
  assert.equal(String(later?.headers['webhook-signature']).split(' ').length, 1)
  const { Webhook } = await import('standardwebhooks')
  const when = new Date(Number(later?.headers['webhook-timestamp']) * 1_000)
  assert.equal(
    later?.headers['webhook-signature'],
    new Webhook(next).sign(later?.id ?? '', when, later?.body ?? ''),
  )
})

test('what does not fail is delivered once, however many changes come at a time', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  const count = 150
  for (let n = 0; n < count; n += 15) {
    await Promise.all(Array.from({ length: 15 }, (_, at) => change(`n${n + at}`)))
    await v2.api.hub.deliveries.look()
  }
  await v2.deliver()
  const { received } = v2.receiver
  assert.equal(received.length, count)
  assert.equal(new Set(received.map((one) => one.id)).size, count)
  const numbers = received.map((one) => Number(parsed(one).sequence))
  assert.equal(Math.max(...numbers) - Math.min(...numbers), count - 1)
  assert.equal(resultsOf(await v2.send('GET', at(id, 'deliveries/?status=pending'))).length, 0)
})
