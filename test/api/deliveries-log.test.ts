// What became of deliveries: listed, told try by try, and made again: one, a range, or a test.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { gapsMs } from '../../src/hub/delivery-schedule.ts'
import { JsonText } from '../../src/hub/json-text.ts'
import { call, newAccount, newKey } from '../support/api.ts'
import { movableClock, secretsFor } from '../support/connections.ts'
import { type Received, verified } from '../support/receiver.ts'
import { asObject, integrationsPath, resultsOf, textOf } from '../support/v2.ts'
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

test('a test is sent at once to that webhook alone, and says how it went', async () => {
  const { id, secret } = await v2.hook({ events: ['connection.deleted'] })
  await v2.hook({ url: `${v2.receiver.address}/other` })
  await v2.deliver()
  v2.receiver.received.length = 0
  v2.receiver.answer = (_request, response) => response.writeHead(200).end('hello')
  const tested = await v2.got(200, v2.send('POST', at(id, 'test/')))
  assert.deepEqual([tested.status, tested.type, tested.last_status], ['delivered', 'webhook.test', 200])
  await v2.deliver()
  assert.equal(v2.receiver.received.length, 1)
  assert.ok(verified(secret, v2.receiver.received[0] as Received))
  assert.equal(asObject(parsed(v2.receiver.received[0]).data).id, id)
  v2.receiver.answer = (_request, response) => response.writeHead(500).end()
  const failed = await v2.got(200, v2.send('POST', at(id, 'test/')))
  assert.deepEqual([failed.status, failed.next_attempt_at], ['exhausted', null], 'it is not repeated')
  assert.equal((await v2.got(200, v2.send('GET', at(id)))).failing_since, null, 'nor held against it')
})

test('one delivery, or those of a range, are made again under the same id', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  v2.receiver.answer = (_request, response) => response.writeHead(500).end()
  const since = clock.now()
  for (let n = 0; n < 3; n++) await change(`r${n}`)
  await v2.deliver()
  for (const gap of gapsMs) {
    clock.move(gap * 1.2 + 1)
    await v2.deliver()
  }
  assert.deepEqual(
    (await log(id)).map(({ status }) => status),
    ['exhausted', 'exhausted', 'exhausted'],
  )
  v2.receiver.answer = (_request, response) => response.writeHead(204).end()
  v2.receiver.received.length = 0
  const [newest] = await log(id)
  const replayed = await v2.got(200, v2.send('POST', at(id, `deliveries/${textOf(newest?.id)}/replay/`)))
  assert.equal(replayed.id, newest?.id)
  await v2.deliver()
  assert.deepEqual(
    v2.receiver.received.map((one) => one.id),
    [newest?.id],
  )
  const range = await v2.got(200, v2.send('POST', at(id, 'replay/'), { since }))
  assert.deepEqual(range, { replayed: 2, after: null }, 'those that are not delivered yet')
  await v2.deliver()
  assert.deepEqual(
    (await log(id)).map(({ status }) => status),
    ['delivered', 'delivered', 'delivered'],
  )
  const all = await v2.got(200, v2.send('POST', at(id, 'replay/'), { since, which: 'all' }))
  assert.equal(all.replayed, 3)
  await v2.deliver()
  assert.equal(v2.receiver.received.length, 6)
  assert.equal(new Set(v2.receiver.received.map((one) => one.id)).size, 3)
  const late = await v2.hook({ url: `${v2.receiver.address}/late`, events: ['integration.*'] })
  const earlier = await v2.got(200, v2.send('POST', at(late.id, 'replay/'), { since }))
  assert.equal(earlier.replayed, 3, 'also to one that was made afterwards')
  await v2.send('PATCH', at(late.id), { disabled_at: clock.now() })
  assert.equal((await v2.send('POST', at(late.id, 'replay/'), {})).status, 409)
})

test('what a receiver answers is kept to 4 KiB, without what looks like a secret', async () => {
  const { id, secret } = await v2.hook({ events: ['integration.*'] })
  const ownKey = await newKey(v2.api, v2.account.id)
  v2.receiver.answer = ({ headers }, response) => {
    const texts = [
      secret,
      headers['webhook-signature'],
      ownKey,
      'Bearer abcdefghijklmnop',
      'sk_live_abcdefghijklmnop',
    ]
    response.writeHead(200).end(`plain ${texts.join(' ')} \0 ${'ä'.repeat(5_000)}`)
  }
  await change()
  await v2.deliver()
  const [shown] = await log(id)
  const { attempts } = await v2.got(200, v2.send('GET', at(id, `deliveries/${textOf(shown?.id)}/`)))
  const [attempt] = attempts as Record<string, unknown>[]
  const answer = textOf(attempt?.answer)
  assert.ok(Buffer.byteLength(answer) <= 4_096 && answer.startsWith('plain whsec_****'), answer)
  for (const text of [secret.slice(6), ownKey, 'abcdefghijklmnop', '\0'])
    assert.ok(!answer.includes(text), text)
})

test('no payload holds a secret', async () => {
  await v2.hook()
  const secrets = secretsFor('stripe', 'hook')
  const fields = new Map(
    Object.entries(secrets).map(([name, text]) => [name, new JsonText(JSON.stringify(text))]),
  )
  const caller = v2.api.hub.callerFor(v2.account.id)
  await v2.api.hub.connections.create(caller, { integrationId: '1', provider: 'stripe', title: 'x', fields })
  const key = await newKey(v2.api, v2.account.id)
  await v2.deliver()
  assert.ok(v2.receiver.received.length >= 2)
  for (const { body } of v2.receiver.received) {
    assert.ok(!body.includes('CANARY') && !body.includes(key))
    assert.ok(!body.includes('whsec_'))
  }
})

test('deliveries are listed newest first, in pages, by status, and by those alone who may see the webhook', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  for (let n = 0; n < 5; n++) await change(`p${n}`)
  await v2.deliver()
  const first = await v2.got(200, v2.send('GET', at(id, 'deliveries/?page_size=2')))
  const { pathname, search } = new URL(textOf(first.next))
  const second = resultsOf(await v2.send('GET', `${pathname}${search}`))
  const numbers = [...(first.results as Array<{ sequence: number }>), ...second].map(({ sequence }) =>
    Number(sequence),
  )
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => b - a),
  )
  assert.equal(new Set(numbers).size, 4)
  assert.equal(resultsOf(await v2.send('GET', at(id, 'deliveries/?status=exhausted'))).length, 0)
  assert.equal((await v2.send('GET', at(id, 'deliveries/?status=lost'))).status, 400)
  const other = await newAccount(v2.api)
  const foreign = await call(v2.api.address, 'GET', at(id, 'deliveries/'), {
    key: other.key,
    headers: { 'integration-id': '1' },
  })
  assert.equal(foreign.status, 404)
})
