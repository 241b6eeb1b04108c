// Webhooks by API: made, shown, changed, disabled, their secret given once, and addresses that are not called.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, newAccount, newKey } from '../support/api.ts'
import { notPublic } from '../support/not-public.ts'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  integrationsPath,
  resultsOf,
  textOf,
} from '../support/v2.ts'
import { startWebhooks, type Webhooks, webhooksPath } from '../support/webhooks.ts'

let v2: Webhooks
before(async () => {
  v2 = await startWebhooks()
})
after(() => v2.api.close())

const at = (id: string) => `${webhooksPath}${id}/`
const list = async (headers = {}) => resultsOf(await v2.send('GET', webhooksPath, undefined, headers))

test('a webhook is made with a secret of 32 random bytes that no other answer shows', async () => {
  const { id, secret, shown } = await v2.hook({ metadata: { b: 1, a: 2 } })
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.equal(Buffer.from(secret.slice(6), 'base64').length, 32)
  const { secret_key: _, ...rest } = shown
  assert.deepEqual(Object.keys(rest), [
    'id',
    'integration',
    'url',
    'events',
    'metadata',
    'disabled_at',
    'disabled_reason',
    'failing_since',
    'created_at',
    'updated_at',
  ])
  assert.deepEqual([rest.events, rest.disabled_at, rest.integration], [['*'], null, '1'])
  assert.deepEqual(await v2.got(200, v2.send('GET', at(id))), rest)
  assert.deepEqual(
    (await list()).find((one) => one.id === id),
    rest,
  )
  const other = await v2.hook()
  assert.notEqual(other.secret, secret, 'each has its own')
  const rows = await v2.api.db.selectFrom('webhook_secrets').select('sealed').execute()
  for (const { sealed } of rows) assert.match(sealed, /^v1\./)
  for (const file of await v2.api.store.files())
    assert.ok(!file.includes(secret.slice(6)), 'nowhere in the store')
  assert.ok(!v2.api.log().includes(secret.slice(6)))
})

test('a secret may be given, of 24 to 64 bytes, and is otherwise refused', async () => {
  const given = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
  for (const bytes of [24, 64]) {
    const { secret } = await v2.hook({ secret_key: given(bytes) })
    assert.equal(secret, given(bytes))
  }
  for (const wrong of [given(23), given(65), given(32).slice(6), `${given(32)}x`, 'whsec_', 'whsec_%%%%']) {
    const answer = await v2.send('POST', webhooksPath, { url: `${v2.receiver.address}/`, secret_key: wrong })
    assert.equal(answer.status, 400, wrong)
    assert.deepEqual(Object.keys(asObject(answer.body)), ['secret_key', 'code', 'doc_url'])
    assert.ok(!answer.text.includes(wrong.slice(6) || '?'), 'and it is not repeated')
  }
})

test('events are judged by the list, and named once each', async () => {
  const url = `${v2.receiver.address}/`
  const { shown } = await v2.hook({ events: ['connection.*', 'api_key.created', 'connection.*'] })
  assert.deepEqual(shown.events, ['connection.*', 'api_key.created'])
  for (const events of [['nothing.happened'], ['connection'], ['conn*'], [], 'connection.*', [1]]) {
    const answer = await v2.send('POST', webhooksPath, { url, events })
    assert.equal(answer.status, 400, JSON.stringify(events))
    assert.ok('events' in asObject(answer.body))
  }
})

test('what GET shows can be sent back, and changes nothing', async () => {
  const { id } = await v2.hook({ events: ['integration.*'], metadata: { a: 1 } })
  const shown = await v2.got(200, v2.send('GET', at(id)))
  for (const method of ['PUT', 'PATCH']) {
    const { updated_at: _, ...again } = await v2.got(200, v2.send(method, at(id), shown))
    const { updated_at: __, ...before } = shown
    assert.deepEqual(again, before)
  }
  const cleared = await v2.got(200, v2.send('PUT', at(id), { url: shown.url }))
  assert.deepEqual([cleared.events, cleared.metadata], [['*'], {}])
  expectAnswer(await v2.send('PATCH', at(id), { secret_key: 'x', nonsense: 1 }), 400, {
    secret_key: ['Unknown field.'],
    nonsense: ['Unknown field.'],
    code: 'invalid',
  })
})

test('it is disabled by a time and enabled by null', async () => {
  const { id } = await v2.hook()
  const off = await v2.got(200, v2.send('PATCH', at(id), { disabled_at: '2020-01-01T00:00:00Z' }))
  assert.ok(textOf(off.disabled_at) > '2026', 'at the time of the change')
  assert.equal(off.disabled_reason, 'by_request')
  const still = await v2.got(200, v2.send('PATCH', at(id), { disabled_at: '2021-01-01T00:00:00Z' }))
  assert.equal(still.disabled_at, off.disabled_at)
  const on = await v2.got(200, v2.send('PATCH', at(id), { disabled_at: null }))
  assert.deepEqual([on.disabled_at, on.disabled_reason], [null, null])
})

test('a secret is rotated, also to one that was given, and shown in that answer alone', async () => {
  const { id, secret } = await v2.hook()
  const made = await v2.got(200, v2.send('POST', `${at(id)}rotate_secret/`, {}))
  assert.notEqual(made.secret_key, secret)
  assert.match(textOf(made.secret_key), /^whsec_/)
  const own = `whsec_${Buffer.alloc(30, 9).toString('base64')}`
  const given = await v2.got(200, v2.send('POST', `${at(id)}rotate_secret/`, { secret_key: own }))
  assert.equal(given.secret_key, own)
  assert.ok(!('secret_key' in (await v2.got(200, v2.send('GET', at(id))))))
})

test('a repeated request makes one webhook, and its secret is for the key that asked', async () => {
  const send = (key: string) =>
    call(v2.api.address, 'POST', webhooksPath, {
      key,
      body: { url: `${v2.receiver.address}/once` },
      headers: { 'integration-id': '1', 'idempotency-key': 'once' },
    })
  const [first, again] = [await send(v2.account.key), await send(v2.account.key)]
  assert.deepEqual([again.status, again.text], [201, first.text])
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  const other = await send(await newKey(v2.api, v2.account.id))
  assert.notEqual(asObject(other.body).secret_key, asObject(first.body).secret_key)
})

test('it hangs on the integration acted as, which cannot go before it', async () => {
  await v2.create(integrationsPath, { id: 'shop' })
  const acting = { 'integration-id': 'shop' }
  const { id } = await v2.hook({}, acting)
  assert.equal((await v2.send('GET', at(id), undefined, acting)).status, 200)
  assert.equal((await v2.send('GET', at(id))).status, 404, 'not another one')
  const none = await call(v2.api.address, 'GET', webhooksPath, { key: v2.account.key })
  assert.deepEqual([none.status, asObject(none.body).code], [400, 'integration_required'])
  const refused = await v2.send('DELETE', `${integrationsPath}shop/`)
  assert.deepEqual(
    [refused.status, asObject(refused.body).detail],
    [409, 'This integration cannot be deleted: 1 webhook hangs on it. Delete those first.'],
  )
  await v2.connect('shop')
  const both = await v2.send('DELETE', `${integrationsPath}shop/`)
  assert.equal(
    asObject(both.body).detail,
    'This integration cannot be deleted: 1 connection and 1 webhook hang on it. Delete those first.',
  )
  assert.equal((await v2.send('DELETE', at(id), undefined, acting)).status, 204)
  assert.equal((await v2.send('GET', at(id), undefined, acting)).status, 404)
  const secrets = await v2.api.db
    .selectFrom('webhook_secrets')
    .where('webhook_uid', '=', id)
    .selectAll()
    .execute()
  assert.deepEqual(secrets, [], 'its secrets are gone with it')
})

test('a freelancer with a webhook cannot be deleted', async () => {
  const freelancer = await v2.create(freelancersPath)
  const { integration } = asObject((await v2.send('GET', `${freelancersPath}${freelancer}/`)).body)
  await v2.hook({}, { 'integration-id': textOf(integration) })
  const refused = await v2.send('DELETE', `${freelancersPath}${freelancer}/`)
  assert.deepEqual(
    [refused.status, asObject(refused.body).detail],
    [409, 'This freelancer cannot be deleted: 1 webhook hangs on it. Delete those first.'],
  )
})

test('a bound key has the webhooks of its integration, and none of the Web App Integration', async () => {
  await v2.create(integrationsPath, { id: 'bound' })
  const bound = await newKey(v2.api, v2.account.id, { integrationId: 'bound' })
  const made = await call(v2.api.address, 'POST', webhooksPath, {
    key: bound,
    body: { url: `${v2.receiver.address}/` },
  })
  assert.deepEqual([made.status, asObject(made.body).integration], [201, 'bound'])
  const first = await newKey(v2.api, v2.account.id, { integrationId: '1' })
  const url = `${v2.receiver.address}/`
  for (const [method, path, body] of [
    ['GET', webhooksPath, undefined],
    ['POST', webhooksPath, { url }],
  ] as const) {
    const answer = await call(v2.api.address, method, path, { key: first, body })
    assert.equal(answer.status, 403, 'it would hear of the whole account')
  }
})

test('addresses that are not public are refused, all in the same words', async () => {
  const { id } = await v2.hook()
  const refused = [
    ...notPublic,
    'https://example.com/#part',
    'example.com',
    'no address',
    `${new URL(v2.receiver.address).origin.replace(/\d+$/, '1')}/`,
  ]
  const answers = new Set<string>()
  for (const url of refused) {
    const made = await v2.send('POST', webhooksPath, { url })
    assert.deepEqual([made.status, asObject(made.body).code], [400, 'egress_denied'], url)
    const changed = await v2.send('PATCH', at(id), { url })
    answers.add(made.text).add(changed.text)
  }
  assert.equal(answers.size, 1)
  const kept = await v2.got(200, v2.send('GET', at(id)))
  assert.equal(kept.url, `${v2.receiver.address}/hook`)
  assert.equal((await v2.send('POST', webhooksPath, { url: 'https://hooks.example.com/' })).status, 201)
})

test('an account has fifty at most', async () => {
  const { id } = await newAccount(v2.api)
  const key = await newKey(v2.api, id)
  const make = () =>
    call(v2.api.address, 'POST', webhooksPath, {
      key,
      body: { url: `${v2.receiver.address}/` },
      headers: { 'integration-id': '1' },
    })
  const all = await Promise.all(Array.from({ length: 55 }, make))
  assert.equal(all.filter(({ status }) => status === 201).length, 50)
  const refused = all.filter(({ status }) => status !== 201)
  assert.deepEqual(
    refused.map(({ status, body }) => [status, asObject(body).code]),
    Array.from({ length: 5 }, () => [409, 'too_many']),
  )
})
