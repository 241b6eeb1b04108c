// Tokens of client credentials: had once for all callers and nodes, kept, shown to nobody, and of no use to another client.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Refreshing, startRefreshing } from '../support/refreshing.ts'
import { client } from '../support/token-server.ts'

let all: Refreshing
before(async () => {
  all = await startRefreshing()
})
after(() => all.api.close())

const paypal = (fields: object = {}) => all.make('paypal', { ...client, environment: 'sandbox', ...fields })
const asks = () => all.server.asked.length

test('100 callers on two nodes have one token, which was asked for once, until it ends', async () => {
  const id = await paypal()
  const nodes = [all.api.hub, await all.api.another()]
  for (let round = 0; round < 3; round++) {
    const before = asks()
    const tokens = await Promise.all(
      Array.from({ length: 100 }, (_, at) => all.ensure(id, {}, nodes[at % 2])),
    )
    assert.equal(new Set(tokens).size, 1)
    assert.equal(asks(), before + 1)
    all.clock.move(3_601_000)
  }
  const [last] = all.server.asked.slice(-1)
  assert.equal(last?.host, 'api-m.sandbox.paypal.com')
  assert.deepEqual({ ...last?.form }, { grant_type: 'client_credentials' })
})

test('another client or environment has a token of its own; the former one’s is not used', async () => {
  const id = await paypal()
  const first = await all.ensure(id)
  all.clock.move(1_000)
  await all.change('PATCH', id, { fields: { environment: 'live' } })
  const second = await all.ensure(id)
  assert.notEqual(second, first)
  assert.equal(all.server.asked.at(-1)?.host, 'api-m.paypal.com')
  await all.change('PATCH', id, { fields: { client_secret: 'another' } })
  await assert.rejects(all.ensure(id), { name: 'CredentialRefused', status: 'rejected' })
})

test('a client that changes while a token is had is not given that token', async () => {
  const id = await paypal({ client_secret: 'wrong' })
  all.server.instead(() => ({ status: 200, body: { access_token: 'of-the-wrong-one', expires_in: 60 } }))
  all.server.meanwhile(async () => {
    all.server.meanwhile(undefined)
    all.server.instead(undefined)
    await all.change('PATCH', id, { fields: { client_secret: client.client_secret } })
    return undefined
  })
  assert.match(`${await all.ensure(id)}`, /^at\.c\./)
})

test('a verification asks for one, and keeps it for those who come next', async () => {
  const id = await paypal()
  const before = asks()
  const { health } = await all.verify(id)
  assert.partialDeepStrictEqual(health, { status: 'healthy', mode: 'test', account: 'app the-client_i' })
  await all.verify(id)
  assert.equal(asks(), before + 2, 'one that is kept proves nothing about now')
  await all.ensure(id)
  assert.equal(asks(), before + 2)
})

test('also a provider that gives the same token again is asked once for each verification', async () => {
  const id = await paypal()
  all.server.instead(() => ({ status: 200, body: { access_token: 'the-same', expires_in: 600 } }))
  const before = asks()
  for (let times = 1; times <= 3; times++) {
    assert.equal(Object((await all.verify(id)).health).status, 'healthy')
    assert.equal(asks(), before + times)
  }
  all.server.instead(undefined)
})

test('nobody is shown it', async () => {
  const id = await paypal()
  const token = await all.ensure(id)
  assert.ok(token)
  const { key } = all.account
  const answers = await Promise.all([
    all.send('GET', '/v2/connections/'),
    all.send('POST', `/v2/connections/${id}/reveal/`),
    all.send('GET', `/v2/connections/${id}/restore/`),
    all.send('GET', `/api/v1/integrations/${id}?api_key=${key}`),
    all.send('GET', '/v2/audit/?page_size=100'),
  ])
  for (const { text, status } of answers) {
    assert.equal(status, 200)
    assert.ok(!text.includes(token) && !text.includes('api_token'), text)
  }
  assert.ok(!all.api.log().includes(token))
  for (const file of await all.api.store.files()) assert.ok(!file.includes(token), 'sealed')
})

test('a field that is missing is told, and nobody is asked', async () => {
  const id = await all.make('paypal', { client_id: client.client_id })
  const before = asks()
  const { health } = await all.verify(id)
  assert.partialDeepStrictEqual(health, { status: 'unverifiable' })
  assert.match(Object(health).reason, /client_secret/)
  assert.equal(asks(), before)
})
