// Connections are reached through the integration that they hang on: by its id in the header, or by a key bound to it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { connectionRoutes } from '../../src/contract/v2/connections.ts'
import { embedRoutes } from '../../src/contract/v2/embeds.ts'
import { type Answer, call, newAccount, newKey } from '../support/api.ts'
import {
  at,
  type Connections,
  connectionsPath,
  everythingOf,
  startConnections,
} from '../support/connections.ts'
import { comparable } from '../support/json-shapes.ts'
import { newConnection } from '../support/sample-connections.ts'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  idsOf,
  integrationsPath,
  rawRequest,
  required,
  textOf,
} from '../support/v2.ts'

const routes = Object.entries({ ...connectionRoutes, embed: embedRoutes.embed }).map(
  ([name, { method, path }]) => ({
    label: `${name} (${method} ${path})`,
    method,
    pathFor: (id: number | string) => path.replace(':id', String(id)),
    hasId: path.includes(':id'),
  }),
)
const fields = { secret_key: 'secret-of-the-shop', publishable_key: 'pk_test_1' }
/** Good for every route that has a body, and ignored by the others. */
const body = { provider: 'stripe', title: 'Shop', fields }
const bodyOf = (method: string, path: string) =>
  path.endsWith('/restore/')
    ? {}
    : method === 'PATCH'
      ? { fields: { secret_key: 'another-secret-of-the-shop' } }
      : body
const unknown = { detail: 'Integration not found.', code: 'integration_not_found' }

let v2: Connections
let own: number
let neighbour: number
let foreign: number
before(async () => {
  v2 = await startConnections()
  for (const id of ['shop', 'other']) await v2.create(integrationsPath, { id })
  const connection = { provider: 'stripe', fields }
  own = (await newConnection(v2.api, v2.account.id, { ...connection, integrationId: 'shop' })).id
  neighbour = (await newConnection(v2.api, v2.account.id, { ...connection, integrationId: 'other' })).id
  const stranger = await newAccount(v2.api)
  await call(v2.api.address, 'POST', integrationsPath, {
    key: stranger.key,
    body: { ...required, id: 'theirs' },
  })
  foreign = (await newConnection(v2.api, stranger.id, { ...connection, id: 7_001, integrationId: 'theirs' }))
    .id
})
after(() => v2.api.close())

/** A request with any key, and with a header or none. */
function ask(method: string, path: string, integrationId?: string, key = v2.account.key): Promise<Answer> {
  const headers = { ...(integrationId !== undefined && { 'integration-id': integrationId }) }
  const isRead = method === 'GET'
  return call(v2.api.address, method, path, { key, headers, ...(!isRead && { body: bodyOf(method, path) }) })
}

async function changingNothing(work: () => Promise<void>): Promise<void> {
  const untouched = await everythingOf(v2.api)
  await work()
  assert.equal(await everythingOf(v2.api), untouched)
}

for (const { label, method, pathFor, hasId } of routes) {
  describe(label, () => {
    test('without Integration-ID is 400, whether the connection is there or not', () =>
      changingNothing(async () => {
        for (const id of [own, 999]) {
          expectAnswer(await ask(method, pathFor(id)), 400, {
            detail: 'The Integration-ID header is required.',
            code: 'integration_required',
          })
        }
        for (const query of ['?integration_id=shop', '?Integration-ID=shop', '?integration=shop']) {
          assert.equal((await ask(method, `${pathFor(own)}${query}`)).status, 400)
        }
      }))

    test('with an Integration-ID that is unknown, foreign or blank is 404, byte for byte alike', () =>
      changingNothing(async () => {
        const answer = await ask(method, pathFor(own), 'absent')
        expectAnswer(answer, 404, unknown)
        for (const id of ['theirs', 'their~', 'SHOP', 'shop,shop', '']) {
          assert.deepEqual(comparable(await ask(method, pathFor(own), id)), comparable(answer), id)
        }
      }))

    test('with Integration-ID twice is 400, also where both are the same', () =>
      changingNothing(async () => {
        for (const second of ['shop', 'other', 'absent']) {
          const { status, body } = await rawRequest(v2.api.address, method, pathFor(own), {
            headers: [
              ['Authorization', `Token ${v2.account.key}`],
              ['Integration-ID', 'shop'],
              ['integration-id', second],
            ],
          })
          assert.deepEqual([status, asObject(body).code], [400, 'invalid_header'])
        }
      }))

    if (!hasId) return

    test("answers another integration's connection, and another account's, as one that does not exist", () =>
      changingNothing(async () => {
        const absent = await ask(method, pathFor(999), 'shop')
        expectAnswer(absent, 404, { detail: 'Not found.', code: 'not_found' })
        const bound = await newKey(v2.api, v2.account.id, { integrationId: 'shop' })
        for (const id of [
          neighbour,
          foreign,
          0,
          -1,
          '01',
          '1.0',
          '1e0',
          'abc',
          '9'.repeat(16),
          '9'.repeat(30),
        ]) {
          assert.deepEqual(comparable(await ask(method, pathFor(id), 'shop')), comparable(absent), `${id}`)
          assert.deepEqual(comparable(await ask(method, pathFor(id), undefined, bound)), comparable(absent))
        }
        assert.notEqual((await ask('GET', at(neighbour), 'other')).status, 404, 'it is there for its own')
      }))
  })
}

test('a key is asked for before the header, and a scope before the header as well', async () => {
  const weak = await newKey(v2.api, v2.account.id, { scopes: ['integrations:read'] })
  for (const { method, pathFor } of routes) {
    assert.equal((await ask(method, pathFor(own), undefined, 'mrt_wrong')).status, 401)
    assert.equal((await ask(method, pathFor(own), 'absent', weak)).status, 403)
  }
})

test('a connection hangs on the integration of the header, whatever the body says', async () => {
  const given = { ...body, integration: 'other' }
  const answer = await v2.send('POST', connectionsPath, given, { 'integration-id': 'shop' })
  const { id, integration } = asObject(answer.body)
  assert.equal(integration, 'shop')
  const moved = await v2.send(
    'PATCH',
    `${connectionsPath}${id}/`,
    { integration: 'other' },
    { 'integration-id': 'shop' },
  )
  assert.equal(asObject(moved.body).integration, 'shop')
  assert.equal((await ask('DELETE', `${connectionsPath}${id}/`, 'shop')).status, 204)
})

describe('a key bound to one integration', () => {
  test('needs no header, may name its own, and is 404 with any other', async () => {
    const bound = await newKey(v2.api, v2.account.id, { integrationId: 'shop' })
    const without = await ask('GET', at(own), undefined, bound)
    assert.equal(without.status, 200)
    assert.deepEqual(comparable(await ask('GET', at(own), 'shop', bound)), comparable(without))
    for (const { method, pathFor } of routes) {
      for (const id of ['other', '1', 'absent', 'theirs', '']) {
        expectAnswer(await ask(method, pathFor(own), id, bound), 404, unknown)
      }
    }
  })

  test('makes, sees, changes, reveals and deletes connections of its own integration alone', async () => {
    const bound = await newKey(v2.api, v2.account.id, { integrationId: 'shop' })
    const made = await ask('POST', connectionsPath, undefined, bound)
    assert.equal(made.status, 201, made.text)
    const { id, integration } = asObject(made.body)
    assert.equal(integration, 'shop')
    assert.deepEqual(idsOf(await ask('GET', connectionsPath, undefined, bound)), [own, id])
    assert.equal(asObject((await ask('GET', `${connectionsPath}?q=shop`, undefined, bound)).body).count, 1)
    const mine = `${connectionsPath}${id}/`
    for (const [method, path, status] of [
      ['PATCH', mine, 200],
      ['PUT', mine, 200],
      ['POST', `${mine}reveal/`, 200],
      ['POST', `${mine}restore/`, 200],
      ['DELETE', `${mine}?force=true`, 204],
    ] as const) {
      assert.equal((await ask(method, path, undefined, bound)).status, status, `${method} ${path}`)
    }
  })

  test('may be bound to an Invoice Integration, whose freelancer cannot be deleted under its connections', async () => {
    const { id, integration } = asObject((await v2.send('POST', freelancersPath, required)).body)
    const bound = await newKey(v2.api, v2.account.id, { integrationId: textOf(integration) })
    const made = asObject((await ask('POST', connectionsPath, undefined, bound)).body)
    assert.equal(made.integration, integration)
    const refused = await v2.send('DELETE', `${freelancersPath}${id}/`)
    assert.deepEqual([refused.status, asObject(refused.body).code], [409, 'in_use'])
    assert.equal((await ask('DELETE', `${connectionsPath}${made.id}/`, undefined, bound)).status, 204)
    assert.equal((await v2.send('DELETE', `${freelancersPath}${id}/`)).status, 204)
  })
})

describe('an integration with connections', () => {
  const deleted = (id: string) => v2.send('DELETE', `${integrationsPath}${id}/`)
  const make = async (id: string) => asObject((await ask('POST', connectionsPath, id)).body).id

  test('cannot be deleted: 409 that counts them; without them it can, and then nothing is reached through it', async () => {
    await v2.create(integrationsPath, { id: 'busy' })
    const ids = [await make('busy'), await make('busy')]
    for (const [left, words] of [
      [ids, /2 connections/],
      [ids.slice(1), /1 connection\b/],
    ] as const) {
      const { status, body } = await deleted('busy')
      assert.equal(status, 409)
      assert.match(textOf(asObject(body).detail), words)
      assert.equal((await ask('DELETE', `${connectionsPath}${left[0]}/`, 'busy')).status, 204)
    }
    assert.equal((await deleted('busy')).status, 204)
    expectAnswer(await ask('GET', connectionsPath, 'busy'), 404, unknown)
    await v2.create(integrationsPath, { id: 'busy' })
    assert.deepEqual(idsOf(await ask('GET', connectionsPath, 'busy')), [])
  })

  test('keeps them, their secrets, earlier secrets, uses and bound keys when it is renamed', async () => {
    await v2.create(integrationsPath, { id: 'before' })
    const bound = await newKey(v2.api, v2.account.id, { integrationId: 'before' })
    const id = Number(await make('before'))
    await ask('PATCH', at(id), 'before')
    await ask('POST', at(id, 'reveal'), 'before')
    const shown = async (integration: string | undefined, key?: string) =>
      Promise.all(
        ['', 'usage', 'restore'].map(
          async (action) => (await ask('GET', at(id, action), integration, key)).body,
        ),
      )
    const earlier = await shown('before')

    await v2.send('PATCH', `${integrationsPath}before/`, { id: 'after' })
    expectAnswer(await ask('GET', at(id), 'before'), 404, unknown)
    const [connection, ...more] = earlier
    assert.deepEqual(await shown('after'), [{ ...asObject(connection), integration: 'after' }, ...more])
    assert.deepEqual(await shown(undefined, bound), await shown('after'))
    const revealed = asObject((await ask('POST', at(id, 'reveal'), 'after')).body).secrets
    assert.deepEqual(revealed, { secret_key: 'another-secret-of-the-shop' })
    assert.equal((await ask('POST', at(id, 'restore'), 'after')).status, 200)
    const restored = asObject((await ask('POST', at(id, 'reveal'), 'after')).body).secrets
    assert.deepEqual(restored, { secret_key: fields.secret_key })
    await v2.create(integrationsPath, { id: 'before' })
    assert.deepEqual(
      idsOf(await ask('GET', connectionsPath, 'before')),
      [],
      'the old id names another one now',
    )
  })
})
