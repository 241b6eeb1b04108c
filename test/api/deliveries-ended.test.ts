// When nothing is sent any more: to what is gone, given up, disabled or deleted, or leads where nobody may call.
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { call, newAccount } from '../support/api.ts'
import { daysMs, hoursMs, movableClock } from '../support/connections.ts'
import { type Received, verified } from '../support/receiver.ts'
import { asObject, integrationsPath, resultsOf } from '../support/v2.ts'
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
const parsed = (one: Received | undefined) => asObject(JSON.parse(one?.body ?? ''))
const typesOf = (all: readonly Received[]) => all.map((one) => parsed(one).type)

test('410 disables at once, with an event to the others, and nothing more is sent', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  const watcher = await v2.hook({ url: `${v2.receiver.address}/watch`, events: ['endpoint.disabled'] })
  v2.receiver.answer = ({ path }, response) => response.writeHead(path === '/watch' ? 204 : 410).end()
  await change()
  await v2.deliver()
  await v2.deliver()
  const gone = await v2.got(200, v2.send('GET', at(id)))
  assert.ok(gone.disabled_at)
  assert.equal(gone.disabled_reason, 'gone')
  const told = v2.receiver.received.filter(({ path }) => path === '/watch')
  assert.deepEqual(typesOf(told), ['endpoint.disabled'])
  assert.equal(asObject(parsed(told[0]).data).id, id)
  assert.ok(verified(watcher.secret, told[0] as Received))
  await change('after')
  clock.move(2 * daysMs)
  await v2.deliver()
  assert.equal(v2.receiver.received.filter(({ path }) => path === '/hook').length, 1)
  await v2.send('PATCH', at(id), { disabled_at: null })
  v2.receiver.answer = (_request, response) => response.writeHead(204).end()
  await change('enabled')
  await v2.deliver()
  const names = v2.receiver.received
    .filter(({ path }) => path === '/hook')
    .map((one) => asObject(parsed(one).data).name)
  assert.ok(names.includes('enabled'), 'new events flow once it is enabled')
  assert.ok(!names.includes('after'), 'and those of the meantime do not')
})

test('five days without a success disable, once; a success before begins the time anew', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  const down: Webhooks['receiver']['answer'] = (_request, response) => response.writeHead(500).end()
  const daily = async () => {
    await change()
    await v2.deliver()
    clock.move(daysMs)
    await v2.deliver()
  }
  v2.receiver.answer = down
  for (let day = 0; day < 4; day++) await daily()
  v2.receiver.answer = (_request, response) => response.writeHead(204).end()
  await daily()
  assert.equal((await v2.got(200, v2.send('GET', at(id)))).failing_since, null)
  v2.receiver.answer = down
  for (let day = 0; day < 5; day++) {
    assert.equal((await v2.got(200, v2.send('GET', at(id)))).disabled_at, null)
    await daily()
  }
  await daily()
  const given = await v2.got(200, v2.send('GET', at(id)))
  assert.equal(given.disabled_reason, 'failing')
  const told = resultsOf(await v2.send('GET', '/v2/events/?type=endpoint.disabled'))
  assert.equal(told.filter(({ data }) => asObject(data).id === id).length, 1)
})

test('nothing is sent to what was deleted or disabled while its deliveries wait', async () => {
  for (const end of ['DELETE', 'PATCH']) {
    const { id } = await v2.hook({ events: ['integration.*'] })
    v2.receiver.answer = (_request, response) => response.writeHead(500).end()
    await change()
    await v2.deliver()
    const { length } = v2.receiver.received
    assert.ok(length > 0)
    await v2.send(end, at(id), end === 'PATCH' ? { disabled_at: clock.now() } : undefined)
    clock.move(hoursMs)
    await v2.deliver()
    assert.equal(v2.receiver.received.length, length, end)
  }
})

test('nothing is sent for an account once it is deleted', async () => {
  const { id, key } = await newAccount(v2.api)
  const send = (method: string, path: string, body?: unknown) =>
    call(v2.api.address, method, path, { key, body, headers: { 'integration-id': '1' } })
  assert.equal((await send('POST', webhooksPath, { url: `${v2.receiver.address}/theirs` })).status, 201)
  v2.receiver.answer = (_request, response) => response.writeHead(500).end()
  await send('PATCH', `${integrationsPath}1/`, { name: 'x' })
  await v2.deliver()
  const { length } = v2.receiver.received
  assert.ok(length > 0)
  await v2.api.hub.accounts.removal.remove(null, id)
  clock.move(hoursMs)
  await v2.deliver()
  assert.equal(v2.receiver.received.length, length)
})

test('a name that leads elsewhere by the time it is used is not called, and the log does not say why', async () => {
  const addresses = new Map([
    ['hooks.example.com', '127.0.0.1'],
    ['gone.example.com', ''],
  ])
  const guarded = await startWebhooks({
    egress: {
      resolve: async (name) => {
        const address = addresses.get(name)
        if (!address) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
        return [{ address, family: 4 }]
      },
    },
  })
  try {
    const told = new Set<string>()
    for (const name of [...addresses.keys(), 'nowhere.example.com']) {
      const { id } = await guarded.hook({ url: `https://${name}/` })
      const tested = await guarded.got(200, guarded.send('POST', `${webhooksPath}${id}/test/`))
      const [attempt] = tested.attempts as Record<string, unknown>[]
      assert.equal(tested.status, 'exhausted')
      told.add(JSON.stringify([attempt?.status, attempt?.error, attempt?.answer]))
    }
    assert.deepEqual([...told], ['[null,"no_answer",null]'])
    assert.equal(guarded.receiver.received.length, 0)
  } finally {
    await guarded.api.close()
  }
})

test('what another node changed of a webhook holds for every change from then on', async () => {
  const { id } = await v2.hook({ events: ['integration.*'] })
  await change('heard')
  await v2.deliver()
  assert.equal(v2.receiver.received.length, 1)
  const other = await v2.api.another()
  const acting = await other.integrations.actAs(other.callerFor(v2.account.id), '1')
  const changes = [{ events: ['connection.*'] }, { events: ['*'], isDisabled: true }, { isDisabled: false }]
  const heard: number[] = []
  for (const given of changes) {
    await other.webhooks.change(acting, id, given)
    v2.receiver.received.length = 0
    await change('other')
    await v2.deliver()
    heard.push(v2.receiver.received.filter((one) => parsed(one).type === 'integration.updated').length)
  }
  assert.deepEqual(heard, [0, 0, 1])
  await other.close()
})
