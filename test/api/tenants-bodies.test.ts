// What a body cannot do: take an id from another account, change owners, types or times, reach beyond its account.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { comparable, objectOf } from '../support/json-shapes.ts'
import { send } from '../support/raw-request.ts'
import { newConnection } from '../support/sample-connections.ts'

const identity = {
  name: 'Ours',
  email: 'ours@example.com',
  recipient: 'Ours',
  address_line_1: 'Street 3',
  zip_code: '11129',
  city: 'Stockholm',
}

describe('a body', () => {
  let api: TestApi
  let ours: { id: number; key: string }
  let theirs: { id: number; key: string }
  before(async () => {
    api = await startApi()
    theirs = await newAccount(api)
    ours = await newAccount(api)
    for (const path of ['/v2/integrations/', '/v2/freelancers/']) {
      const body = { ...identity, name: 'Theirs', id: 'shared-id' }
      assert.equal((await call(api.address, 'POST', path, { key: theirs.key, body })).status, 201)
    }
  })
  after(() => api.close())

  const ask = (method: string, path: string, body?: unknown, key = ours.key) =>
    call(api.address, method, path, { key, body })
  const nameOf = async (path: string, key: string) =>
    objectOf((await ask('GET', path, undefined, key)).body).name

  for (const path of ['/v2/integrations/', '/v2/freelancers/']) {
    test(`may give an id that another account has, on ${path}, and touches only its own`, async () => {
      const created = await ask('POST', path, { ...identity, id: 'shared-id' })
      assert.equal(created.status, 201)
      assert.equal(await nameOf(`${path}shared-id/`, ours.key), 'Ours')
      assert.equal(await nameOf(`${path}shared-id/`, theirs.key), 'Theirs')
      assert.equal((await ask('DELETE', `${path}shared-id/`)).status, 204)
      assert.equal(await nameOf(`${path}shared-id/`, theirs.key), 'Theirs')

      await ask('POST', path, { ...identity, id: 'to-rename' })
      assert.equal((await ask('PATCH', `${path}to-rename/`, { id: 'shared-id' })).status, 200)
      assert.equal(await nameOf(`${path}shared-id/`, ours.key), 'Ours')
      assert.equal(await nameOf(`${path}shared-id/`, theirs.key), 'Theirs')
    })
  }

  test('cannot set owner, type or times of an integration: such members are ignored', async () => {
    const smuggled = {
      account_id: theirs.id,
      account: theirs.id,
      type: 1,
      uid: 'x',
      position: 0,
      created_at: '2000-01-01T00:00:00Z',
      is_admin: true,
    }
    const created = await ask('POST', '/v2/integrations/', { ...identity, ...smuggled, id: 'plain' })
    assert.equal(created.status, 201)
    assert.equal(objectOf(created.body).type, 3)
    assert.equal((await ask('PATCH', '/v2/integrations/plain/', smuggled)).status, 200)
    assert.equal((await ask('PUT', '/v2/integrations/plain/', { ...identity, ...smuggled })).status, 200)
    const row = await api.db
      .selectFrom('integrations')
      .selectAll()
      .where('id', '=', 'plain')
      .executeTakeFirstOrThrow()
    assert.deepEqual([row.account_id, row.type], [ours.id, 3])
    assert.ok(row.created_at > '2001' && row.uid !== 'x' && row.position > 0)
    assert.ok(!JSON.stringify(row).includes('is_admin'))
  })

  test('of our own resources is refused by name where it holds anything else', async () => {
    for (const name of ['account_id', 'type', 'created_at', 'is_admin']) {
      const { status, body } = await ask('POST', '/v2/freelancers/', { ...identity, [name]: 1 })
      assert.equal(status, 400, name)
      assert.deepEqual(objectOf(body)[name], ['Unknown field.'])
    }
  })

  test('cannot hang a freelancer on an integration: that member is read-only, and ignored', async () => {
    const created = objectOf(
      (await ask('POST', '/v2/freelancers/', { ...identity, integration: 'shared-id' })).body,
    )
    assert.notEqual(created.integration, 'shared-id')
    const path = `/v2/freelancers/${created.id}/`
    const changed = await ask('PATCH', path, { integration: '1', name: 'Renamed' })
    assert.equal(changed.status, 200)
    assert.equal(objectOf(changed.body).integration, created.integration)
    assert.equal(await nameOf('/v2/integrations/1/', ours.key), 'Test product')
  })

  test('with __proto__ or constructor in it, at any depth, is refused and pollutes nothing', async () => {
    const text = JSON.stringify(identity).slice(0, -1)
    for (const member of [
      '"__proto__":{"polluted":1}',
      '"constructor":{"prototype":{"polluted":1}}',
      '"metadata":{"a":[{"__proto__":{"polluted":1}}]}',
      '"metadata":{"\\u005f_proto__":{"polluted":1}}',
    ]) {
      for (const path of ['/v2/integrations/', '/v2/freelancers/']) {
        const answer = await call(api.address, 'POST', path, {
          key: ours.key,
          body: `${text},${member}}`,
          headers: { 'content-type': 'application/json' },
        })
        assert.equal(answer.status, 400, member)
      }
    }
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  })

  test('cannot make an account lose its Web App Integration, nor write an Invoice Integration', async () => {
    assert.equal((await ask('DELETE', '/v2/integrations/1/')).status, 403)
    assert.equal((await ask('PUT', '/v2/integrations/1/', { ...identity, name: 'Test product' })).status, 200)
    const { integration } = objectOf((await ask('POST', '/v2/freelancers/', identity)).body)
    for (const [method, body] of [
      ['PUT', identity],
      ['PATCH', {}],
      ['DELETE', undefined],
    ] as const) {
      const answer = await ask(method, `/v2/integrations/${integration}/`, body)
      assert.equal(answer.status, 403, method)
      assert.ok(String(objectOf(answer.body).detail).length > 20, 'it says why')
    }
  })
})

test('Integration-ID is one header: given twice it is refused, on both APIs', async () => {
  const api = await startApi()
  try {
    const { key } = await newAccount(api)
    const twice = (path: string) =>
      send(api.address, 'GET', path, {
        headers: [
          ['authorization', `Token ${key}`],
          ['Integration-ID', '1'],
          ['integration-id', '1'],
        ],
      })
    assert.equal((await twice('/v2/integrations/')).status, 400)
    assert.equal((await twice('/v2/freelancers/')).status, 400)
    const v1 = await twice('/api/v1/integrations')
    assert.ok(v1.status >= 400 && v1.status < 500)
    assert.deepEqual(Object.keys(objectOf(JSON.parse(v1.text))), ['error', 'message'])
  } finally {
    await api.close()
  }
})

test('an object of the account outside the integration that a request names does not exist for it, on v1', async () => {
  const api = await startApi()
  try {
    const { id, key } = await newAccount(api)
    await call(api.address, 'POST', '/v2/integrations/', { key, body: { ...identity, id: 'second' } })
    const own = await newConnection(api, id, { provider: 'disqus' })
    const get = (connection: number, integration: string) =>
      call(api.address, 'GET', `/api/v1/integrations/${connection}`, {
        key,
        headers: { 'integration-id': integration },
      })
    assert.equal((await get(own.id, '1')).status, 200)
    const outside = await get(own.id, 'second')
    assert.equal(outside.status, 404)
    assert.deepEqual(comparable(outside), comparable(await get(own.id + 1, 'second')))
  } finally {
    await api.close()
  }
})
