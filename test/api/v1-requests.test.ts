// What v1 reads of a request besides its key: the id, filters, Integration-ID, and nothing else.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { providers } from '../../src/catalogue/index.ts'
import { type Answer, call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { comparable, listOf, objectOf } from '../support/json-shapes.ts'
import { multipart, send } from '../support/raw-request.ts'
import { newConnection } from '../support/sample-connections.ts'

const form = 'application/x-www-form-urlencoded'
const list = '/api/v1/integrations'

describe('v1', () => {
  let api: TestApi
  let key: string
  before(async () => {
    api = await startApi()
    const { id, key: made } = await newAccount(api)
    key = made
    const body = {
      id: 'second',
      name: 'Second',
      email: 'second@example.com',
      recipient: 'Second',
      address_line_1: 'Street 4',
      zip_code: '1',
      city: 'Oslo',
    }
    await call(api.address, 'POST', '/v2/integrations/', { key, body })
    for (const [provider, integrationId] of [
      ['stripe', '1'],
      ['mailchimp', '1'],
      ['stripe', 'second'],
      ['paypal', 'second'],
      ['disqus', '1'],
    ] as const) {
      await newConnection(api, id, { provider, integrationId, title: provider })
    }
    const stranger = await newAccount(api)
    await newConnection(api, stranger.id, { provider: 'intercom', id: 77 })
  })
  after(() => api.close())

  const get = (path: string, integrationId?: string) =>
    call(api.address, 'GET', path, {
      key,
      ...(integrationId !== undefined && { headers: { 'integration-id': integrationId } }),
    })
  const post = (path: string, type: string, body: string) =>
    call(api.address, 'POST', path, { body, headers: { 'content-type': type } })
  const idsOf = (answer: Answer) => {
    assert.equal(answer.status, 200, answer.text)
    return listOf(answer.body).map(({ id }) => id)
  }
  function isRefusedNaming(answer: Answer, ...names: string[]): void {
    assert.equal(answer.status, 422, answer.text)
    const { error, message, ...more } = objectOf(answer.body)
    assert.ok(typeof error === 'string' && error !== '')
    assert.deepEqual(more, {})
    for (const name of names) assert.ok(String(message).includes(name), `${message} does not name ${name}`)
  }

  test('POST with nothing but api_key answers what GET answers', async () => {
    for (const path of [list, `${list}/1`, `${list}/3`]) {
      const { status, text } = await get(path)
      const posted = await post(path, form, `api_key=${key}`)
      assert.deepEqual([posted.status, posted.text], [status, text])
      assert.equal((await call(api.address, 'POST', path, { key })).text, text)
    }
    const absent = await post(`${list}/999`, form, `api_key=${key}`)
    assert.deepEqual(comparable(absent), comparable(await get(`${list}/999`)))
  })

  test('takes the id in body or query when it equals that of the path', async () => {
    const path = `${list}/2`
    const { text } = await get(path)
    const parts = multipart({ api_key: key, id: '2' })
    const answers = [
      await get(`${path}?id=2`),
      await post(path, form, `api_key=${key}&id=2`),
      await post(path, parts.type, parts.body),
      await post(path, 'application/json', JSON.stringify({ api_key: key, id: '2' })),
      await post(path, 'application/json', JSON.stringify({ api_key: key, id: 2 })),
      await send(api.address, 'GET', path, {
        headers: [['content-type', form]],
        body: `api_key=${key}&id=2`,
      }),
    ]
    for (const answer of answers) {
      assert.equal(answer.status, 200, answer.text)
      assert.equal(answer.text, text)
    }
  })

  test('refuses another id in body or query, and any id in the body of the list, naming it', async () => {
    const path = `${list}/2`
    isRefusedNaming(await get(`${path}?id=1`), 'id')
    isRefusedNaming(await post(path, form, `api_key=${key}&id=1`), 'id')
    isRefusedNaming(await post(path, 'application/json', JSON.stringify({ api_key: key, id: 1 })), 'id')
    isRefusedNaming(await post(path, 'application/json', JSON.stringify({ api_key: key, id: [2] })), 'id')
    isRefusedNaming(await post(list, form, `api_key=${key}&id=2`), 'id')
  })

  test('refuses every other member of a body by name, whatever carries it, and never shows its value', async () => {
    const members = { api_key: key, title: 'canary-value', provider: 'canary-value' }
    const parts = multipart(members)
    for (const path of [list, `${list}/1`]) {
      const answers = [
        await post(path, form, new URLSearchParams(members).toString()),
        await post(path, parts.type, parts.body),
        await post(path, 'application/json', JSON.stringify(members)),
        await call(api.address, 'POST', path, { key, body: { title: 1, provider: { a: 'canary-value' } } }),
        await call(api.address, 'POST', path, { key, body: { title: null, provider: [] } }),
      ]
      for (const answer of answers) {
        isRefusedNaming(answer, 'title', 'provider')
        assert.ok(!answer.text.includes('canary-value'))
        assert.ok(!answer.text.includes(key))
      }
      const get = await send(api.address, 'GET', path, {
        headers: [
          ['authorization', `Token ${key}`],
          ['content-type', form],
        ],
        body: 'secret_key=x',
      })
      assert.equal(get.status, 422)
      assert.ok(get.text.includes('secret_key'))
    }
  })

  test('refuses filters in a body: they belong into the query', async () => {
    isRefusedNaming(await post(list, form, `api_key=${key}&integration_type=email`), 'integration_type')
    assert.deepEqual(idsOf(await post(`${list}?integration_type=email`, form, `api_key=${key}`)), [2])
  })

  test('refuses a body that is no object, or not readable, with an error in its own shape', async () => {
    for (const [type, body] of [
      ['application/json', '[]'],
      ['application/json', '"text"'],
      ['application/json', '{broken'],
      ['text/plain', 'text'],
      ['application/xml', '<a/>'],
    ] as const) {
      const answer = await call(api.address, 'POST', list, { key, body, headers: { 'content-type': type } })
      isRefusedNaming(answer)
    }
  })

  test('filters the list by integration_type, provider and type, alone and together', async () => {
    assert.deepEqual(idsOf(await get(list)), [1, 2, 3, 4, 5])
    assert.deepEqual(idsOf(await get(`${list}?integration_type=payment`)), [1, 3, 4])
    assert.deepEqual(idsOf(await get(`${list}?integration_type=email`)), [2])
    assert.deepEqual(idsOf(await get(`${list}?provider=stripe`)), [1, 3])
    assert.deepEqual(idsOf(await get(`${list}?type=IntegrationPaypal`)), [4])
    assert.deepEqual(idsOf(await get(`${list}?integration_type=payment&provider=stripe`)), [1, 3])
    assert.deepEqual(
      idsOf(await get(`${list}?integration_type=payment&provider=paypal&type=IntegrationPaypal`)),
      [4],
    )
    assert.deepEqual(idsOf(await get(`${list}?integration_type=email&provider=stripe`)), [])
    assert.deepEqual(idsOf(await get(`${list}?provider=intercom`)), [], 'that one is another account’s')
  })

  test('knows every provider, type and integration_type of the catalogue as a filter', async () => {
    for (const { name, type, integrationType } of providers) {
      for (const query of [`provider=${name}`, `type=${type}`, `integration_type=${integrationType}`]) {
        assert.equal((await get(`${list}?${query}`)).status, 200, query)
      }
    }
  })

  test('narrows the list to the integration that Integration-ID names; without it, all are listed', async () => {
    assert.deepEqual(idsOf(await get(list, '1')), [1, 2, 5])
    assert.deepEqual(idsOf(await get(list, 'second')), [3, 4])
    assert.deepEqual(idsOf(await get(`${list}?provider=stripe`, 'second')), [3])
    const posted = await call(api.address, 'POST', list, {
      body: new URLSearchParams({ api_key: key }),
      headers: { 'integration-id': 'second' },
    })
    assert.deepEqual(idsOf(posted), [3, 4])
  })

  test('shows under Integration-ID only what is within it', async () => {
    assert.equal((await get(`${list}/3`, 'second')).status, 200)
    const outside = await get(`${list}/1`, 'second')
    assert.equal(outside.status, 404)
    assert.deepEqual(comparable(outside), comparable(await get(`${list}/999`, 'second')))
  })

  test('answers 404 in its own shape for an Integration-ID that there is not', async () => {
    for (const path of [list, `${list}/1`]) {
      const answer = await get(path, 'absent')
      assert.equal(answer.status, 404)
      assert.deepEqual(answer.body, { error: 'not_found', message: 'Integration not found.' })
    }
  })

  test('follows a connection when its integration is renamed', async () => {
    await call(api.address, 'PATCH', '/v2/integrations/second/', { key, body: { id: 'renamed' } })
    assert.deepEqual(idsOf(await get(list, 'renamed')), [3, 4])
    assert.equal((await get(list, 'second')).status, 404)
    await call(api.address, 'PATCH', '/v2/integrations/renamed/', { key, body: { id: 'second' } })
  })
})
