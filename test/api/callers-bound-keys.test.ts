// Keys bound to one integration: they see it and what belongs to it, and nothing of its neighbours.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { comparable, listOf, objectOf } from '../support/json-shapes.ts'
import { newConnection } from '../support/sample-connections.ts'

const identity = {
  name: 'Bound Ltd',
  email: 'bound@example.com',
  recipient: 'Bound Ltd',
  address_line_1: 'Street 2',
  zip_code: '11129',
  city: 'Stockholm',
}

describe('a key bound to one integration', () => {
  let api: TestApi
  let account: number
  let full: string
  let bound: string
  let connections: { own: number; others: number }
  let freelancer: Readonly<Record<string, unknown>>

  before(async () => {
    api = await startApi()
    const made = await newAccount(api)
    account = made.id
    full = made.key
    for (const id of ['mine', 'other']) {
      await call(api.address, 'POST', '/v2/integrations/', { key: full, body: { ...identity, id } })
    }
    const answer = await call(api.address, 'POST', '/v2/freelancers/', { key: full, body: identity })
    freelancer = objectOf(answer.body)
    bound = await newKey(api, account, { integrationId: 'mine' })
    const fields = { secret_key: 'sk' }
    const own = await newConnection(api, account, { provider: 'stripe', integrationId: 'mine', fields })
    const others = await newConnection(api, account, { provider: 'stripe', integrationId: 'other', fields })
    connections = { own: own.id, others: others.id }
  })
  after(() => api.close())

  const get = (path: string, integrationId?: string, key = bound) =>
    call(api.address, 'GET', path, {
      key,
      ...(integrationId !== undefined && { headers: { 'integration-id': integrationId } }),
    })
  const idsIn = (body: unknown) => listOf(objectOf(body).results).map(({ id }) => id)

  test('may name its own integration in Integration-ID or leave the header out', async () => {
    for (const path of [
      '/v2/integrations/',
      '/v2/integrations/mine/',
      '/v2/freelancers/',
      '/v2/connections/',
      `/v2/connections/${connections.own}/`,
      '/api/v1/integrations',
    ]) {
      assert.equal((await get(path)).status, 200, path)
      assert.deepEqual(comparable(await get(path, 'mine')), comparable(await get(path)))
    }
  })

  test('gets 404 for any other Integration-ID, the same for one there is and one there is not', async () => {
    const lists = ['/v2/integrations/', '/v2/freelancers/', '/v2/connections/']
    for (const path of ['/v2/integrations/mine/', `/v2/connections/${connections.own}/`, ...lists]) {
      const answer = await get(path, 'other')
      assert.equal(answer.status, 404, path)
      assert.equal(objectOf(answer.body).detail, 'Integration not found.')
      assert.deepEqual(comparable(answer), comparable(await get(path, 'absent')))
      assert.deepEqual(comparable(answer), comparable(await get(path, '1')))
    }
    const answer = await get('/api/v1/integrations', 'other')
    assert.equal(answer.status, 404)
    assert.deepEqual(comparable(answer), comparable(await get('/api/v1/integrations', 'absent')))
  })

  test('sees in lists only what belongs to it, also in their counts and filters', async () => {
    const { body } = await get('/v2/integrations/')
    assert.deepEqual([objectOf(body).count, idsIn(body)], [1, ['mine']])
    assert.deepEqual(idsIn((await get('/v2/integrations/?type=3')).body), ['mine'])
    assert.equal(objectOf((await get('/v2/integrations/?type=1')).body).count, 0)
    assert.equal((await get('/v2/integrations/?page=2&page_size=1')).status, 404)
    assert.deepEqual(objectOf((await get('/v2/freelancers/')).body).count, 0)
    assert.deepEqual(idsIn((await get('/v2/connections/')).body), [connections.own])
    assert.equal(objectOf((await get('/v2/connections/?q=connection')).body).count, 1)
    assert.ok(Number(objectOf((await get('/v2/integrations/', undefined, full)).body).count) >= 4)
  })

  test('sees on v1 only the connections of its integration', async () => {
    const list = await get('/api/v1/integrations')
    assert.deepEqual(
      listOf(list.body).map(({ id }) => id),
      [connections.own],
    )
    assert.equal((await get(`/api/v1/integrations/${connections.own}`)).status, 200)
    const other = await get(`/api/v1/integrations/${connections.others}`)
    assert.equal(other.status, 404)
    assert.deepEqual(comparable(other), comparable(await get('/api/v1/integrations/999999')))
  })

  test('gets for another integration what it gets for one that does not exist', async () => {
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['PUT', identity]] as const) {
      const ask = (id: string) => call(api.address, method, `/v2/integrations/${id}/`, { key: bound, body })
      const answer = await ask('other')
      assert.equal(answer.status, 404, method)
      assert.deepEqual(comparable(answer), comparable(await ask('absent')))
    }
    for (const [method, body] of [['GET'], ['PATCH', { title: 'x' }], ['PUT', {}], ['DELETE']] as const) {
      const ask = (id: number) => call(api.address, method, `/v2/connections/${id}/`, { key: bound, body })
      const answer = await ask(connections.others)
      assert.equal(answer.status, 404, method)
      assert.deepEqual(comparable(answer), comparable(await ask(999_999)))
    }
    const ask = (id: string) => get(`/v2/freelancers/${id}/`)
    const answer = await ask(String(freelancer.id))
    assert.equal(answer.status, 404)
    assert.deepEqual(comparable(answer), comparable(await ask('absent')))
    assert.equal(objectOf((await get('/v2/integrations/other/', undefined, full)).body).name, identity.name)
  })

  test('may change its integration, but neither create nor delete any, nor a freelancer with one', async () => {
    const change = { key: bound, body: { city: 'Gothenburg' } }
    assert.equal((await call(api.address, 'PATCH', '/v2/integrations/mine/', change)).status, 200)
    const refused = [
      ['POST', '/v2/integrations/'],
      ['DELETE', '/v2/integrations/mine/'],
      ['DELETE', '/v2/integrations/other/'],
      ['DELETE', '/v2/integrations/absent/'],
      ['POST', '/v2/freelancers/'],
      ['DELETE', `/v2/freelancers/${freelancer.id}/`],
    ] as const
    for (const [method, path] of refused) {
      const body = method === 'POST' ? { ...identity, id: 'fresh' } : undefined
      const answer = await call(api.address, method, path, { key: bound, body })
      assert.equal(answer.status, 403, `${method} ${path}`)
      assert.equal(typeof objectOf(answer.body).detail, 'string')
    }
    assert.equal((await get('/v2/integrations/fresh/', undefined, full)).status, 404)
    assert.equal((await get('/v2/freelancers/fresh/', undefined, full)).status, 404)
    assert.equal((await get('/v2/integrations/mine/', undefined, full)).status, 200)
  })

  test('follows its integration to a new id', async () => {
    await call(api.address, 'PATCH', '/v2/integrations/mine/', { key: bound, body: { id: 'renamed' } })
    assert.deepEqual(idsIn((await get('/v2/integrations/')).body), ['renamed'])
    assert.equal((await get('/v2/integrations/', 'renamed')).status, 200)
    assert.equal((await get('/v2/integrations/', 'mine')).status, 404)
    assert.deepEqual(
      listOf((await get('/api/v1/integrations')).body).map(({ id }) => id),
      [connections.own],
    )
    assert.deepEqual(idsIn((await get('/v2/connections/', 'renamed')).body), [connections.own])
    await call(api.address, 'PATCH', '/v2/integrations/renamed/', { key: bound, body: { id: 'mine' } })
  })

  test('bound to an Invoice Integration sees its freelancer alone', async () => {
    const another = { ...identity, name: 'Another freelancer' }
    await call(api.address, 'POST', '/v2/freelancers/', { key: full, body: another })
    const key = await newKey(api, account, { integrationId: String(freelancer.integration) })
    assert.deepEqual(idsIn((await get('/v2/freelancers/', undefined, key)).body), [freelancer.id])
    assert.equal((await get(`/v2/freelancers/${freelancer.id}/`, undefined, key)).status, 200)
  })

  test('ends with its integration, at once, however that is deleted', async () => {
    await call(api.address, 'POST', '/v2/integrations/', { key: full, body: { ...identity, id: 'short' } })
    const short = await newKey(api, account, { integrationId: 'short' })
    assert.equal((await get('/v2/integrations/', undefined, short)).status, 200)
    await call(api.address, 'DELETE', '/v2/integrations/short/', { key: full })
    assert.equal((await get('/v2/integrations/', undefined, short)).status, 401)
    assert.equal((await get('/api/v1/integrations', undefined, short)).status, 401)

    const created = await call(api.address, 'POST', '/v2/freelancers/', {
      key: full,
      body: { ...identity, id: 'f' },
    })
    const ofFreelancer = await newKey(api, account, {
      integrationId: String(objectOf(created.body).integration),
    })
    assert.equal((await get('/v2/freelancers/', undefined, ofFreelancer)).status, 200)
    await call(api.address, 'DELETE', '/v2/freelancers/f/', { key: full })
    assert.equal((await get('/v2/freelancers/', undefined, ofFreelancer)).status, 401)
    assert.equal((await get('/v2/integrations/')).status, 200, 'other bound keys stay')

    await call(api.address, 'POST', '/v2/integrations/', { key: full, body: { ...identity, id: 'short' } })
    assert.equal(
      (await get('/v2/integrations/', undefined, short)).status,
      401,
      'the id alone revives no key',
    )
  })
})
