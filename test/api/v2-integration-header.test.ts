// The Integration-ID header on integrations, and keys that are bound to one of them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, call, newAccount, newKey } from '../support/api.ts'
import { pathOf, routes } from '../support/routes.ts'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  idsOf,
  integrationsPath,
  rawRequest,
  required,
  startV2,
  textOf,
  type V2,
} from '../support/v2.ts'

const unknown = { detail: 'Integration not found.' }

let v2: V2
let mine: string
before(async () => {
  v2 = await startV2()
  mine = await v2.create(integrationsPath)
})
after(() => v2.api.close())

const at = (id: string) => `${integrationsPath}${id}/`
const acting = (method: string, path: string, id: string, body?: unknown) =>
  v2.send(method, path, body, { 'integration-id': id })

describe('Integration-ID', () => {
  test('is optional, and changes nothing where it names an integration of the caller', async () => {
    for (const path of [integrationsPath, at(mine), at('1')]) {
      const without = await v2.send('GET', path)
      const withOne = await acting('GET', path, mine)
      assert.deepEqual([withOne.status, withOne.text], [200, without.text])
    }
    assert.equal((await acting('PUT', at(mine), '1', required)).status, 200)
  })

  test('is known in any case of its name', async () => {
    for (const name of ['INTEGRATION-ID', 'Integration-Id', 'integration-id']) {
      assert.equal((await v2.send('GET', integrationsPath, undefined, { [name]: mine })).status, 200)
      expectAnswer(await v2.send('GET', integrationsPath, undefined, { [name]: 'absent' }), 404, unknown)
    }
  })

  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { name: 'New' }],
    ['PUT', required],
    ['DELETE', undefined],
  ] as const) {
    test(`naming an unknown integration is 404 on ${method}, and nothing is done`, async () => {
      const before = await v2.send('GET', at(mine))
      expectAnswer(await acting(method, at(mine), 'absent', body), 404, unknown)
      assert.equal((await v2.send('GET', at(mine))).text, before.text)
    })
  }

  test('naming an unknown integration is 404 on the list and on create', async () => {
    const count = asObject((await v2.send('GET', integrationsPath)).body).count
    expectAnswer(await acting('GET', integrationsPath, 'absent'), 404, unknown)
    expectAnswer(await acting('POST', integrationsPath, 'absent', required), 404, unknown)
    assert.equal(asObject((await v2.send('GET', integrationsPath)).body).count, count)
  })

  test("naming another account's integration answers byte for byte like an unknown one", async () => {
    const other = await newAccount(v2.api)
    const authorization = `Token ${other.key}`
    const foreign = await v2.send('GET', integrationsPath, undefined, {
      authorization,
      'integration-id': mine,
    })
    expectAnswer(foreign, 404, unknown)
    assert.equal(foreign.text, (await acting('GET', integrationsPath, 'absent')).text)
  })

  test('is compared exactly: other case, inner space and wildcards name nothing', async () => {
    const id = await v2.create(integrationsPath, { id: 'Exact' })
    for (const name of [
      'exact',
      'EXACT',
      'Exac',
      'Exact ,Exact',
      'Exact,Exact',
      '%45xact',
      '*',
      'E%',
      '_xact',
    ]) {
      expectAnswer(await acting('GET', at(id), name), 404, unknown)
    }
  })

  test('left empty it names nothing', async () => {
    expectAnswer(await acting('GET', integrationsPath, ''), 404, unknown)
  })

  test('that holds anything but ASCII is 400', async () => {
    const headers: [string, string][] = [['Authorization', `Token ${v2.account.key}`]]
    const answer = await rawRequest(v2.api.address, 'GET', at(mine), {
      headers: [...headers, ['Integration-ID', 'caf\u00e9']],
    })
    assert.equal(answer.status, 400)
    assert.doesNotMatch(answer.text, /caf/)
  })

  test('given twice it is 400, also where both are the same', async () => {
    for (const second of [mine, '1', 'absent']) {
      const answer = await rawRequest(v2.api.address, 'GET', at(mine), {
        headers: [
          ['Authorization', `Token ${v2.account.key}`],
          ['Integration-ID', mine],
          ['integration-id', second],
        ],
      })
      assert.equal(answer.status, 400)
      assert.equal(typeof asObject(answer.body).detail, 'string')
    }
  })
})

describe('where Integration-ID is required', () => {
  const requiring = routes.filter(({ route }) => route.integrationHeader === 'required')

  test('there are such routes, and all are ours: their errors have codes', () => {
    assert.ok(requiring.length > 0)
    for (const { label, route } of requiring) assert.equal(route.codedErrors, true, label)
  })

  for (const { label, route } of requiring) {
    const path = pathOf(route, '999999')

    test(`${label} without it is 400 and says so; of a key that is bound it is not asked`, async () => {
      expectAnswer(await v2.send(route.method, path), 400, {
        detail: 'The Integration-ID header is required.',
        code: 'integration_required',
      })
      const key = await newKey(v2.api, v2.account.id, { integrationId: mine })
      const { status, text } = await call(v2.api.address, route.method, path, { key })
      assert.notEqual(status, 401)
      assert.doesNotMatch(text, /integration_required/)
    })
  }
})

describe('a key bound to one integration', () => {
  let bound: string
  let send: (method: string, path: string, body?: unknown, id?: string) => Promise<Answer>
  before(async () => {
    bound = await v2.create(integrationsPath)
    const key = await newKey(v2.api, v2.account.id, { integrationId: bound })
    send = (method, path, body, id) =>
      call(v2.api.address, method, path, {
        key,
        body,
        headers: id === undefined ? {} : { 'integration-id': id },
      })
  })

  test('needs no Integration-ID, and may name its own', async () => {
    assert.equal((await send('GET', at(bound))).status, 200)
    assert.equal((await send('GET', at(bound), undefined, bound)).status, 200)
  })

  test('answers 404 where another one is named, be it there or not', async () => {
    for (const id of [mine, '1', 'absent'])
      expectAnswer(await send('GET', at(bound), undefined, id), 404, unknown)
  })

  test('lists its own alone, and counts it alone', async () => {
    const list = await send('GET', integrationsPath)
    assert.deepEqual([asObject(list.body).count, idsOf(list)], [1, [bound]])
    expectAnswer(await send('GET', `${integrationsPath}?type=1`), 200, {
      count: 0,
      next: null,
      previous: null,
      results: [],
    })
    expectAnswer(await send('GET', `${integrationsPath}?page=2&page_size=1`), 404, {
      detail: 'Invalid page.',
    })
  })

  test('sees every other one as not there', async () => {
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', {}],
      ['PUT', required],
    ] as const) {
      const there = await send(method, at(mine), body)
      expectAnswer(there, 404, { detail: 'Not found.' })
      assert.equal(there.text, (await send(method, at('absent'), body)).text)
    }
  })

  test('may change its own', async () => {
    assert.equal((await send('PATCH', at(bound), { name: 'Mine' })).status, 200)
    assert.equal((await send('PUT', at(bound), required)).status, 200)
  })

  test('may create no integration and no freelancer: 403', async () => {
    for (const path of [integrationsPath, freelancersPath]) {
      const { status, body } = await send('POST', path, required)
      assert.equal(status, 403)
      textOf(asObject(body).detail)
    }
  })

  test('may delete none: 403, whether it is there or not', async () => {
    for (const id of [bound, mine, '1', 'absent']) assert.equal((await send('DELETE', at(id))).status, 403)
    assert.equal((await v2.send('GET', at(bound))).status, 200)
  })

  test('hears its 403 before its body is judged', async () => {
    for (const path of [integrationsPath, freelancersPath]) {
      assert.equal((await send('POST', path, {})).status, 403, path)
    }
  })

  test('is revoked when its integration is deleted', async () => {
    assert.equal((await v2.send('DELETE', at(bound))).status, 204)
    expectAnswer(await send('GET', integrationsPath), 401, { detail: 'Invalid token.' })
    await v2.create(integrationsPath, { id: bound })
    assert.equal((await send('GET', at(bound))).status, 401)
  })
})

test('a key may be bound to an Invoice Integration: it sees that freelancer alone', async () => {
  const { integration, id } = asObject((await v2.send('POST', freelancersPath, required)).body)
  await v2.create(freelancersPath)
  const key = await newKey(v2.api, v2.account.id, { integrationId: textOf(integration) })
  assert.deepEqual(idsOf(await call(v2.api.address, 'GET', freelancersPath, { key })), [id])
  assert.deepEqual(idsOf(await call(v2.api.address, 'GET', integrationsPath, { key })), [integration])
  assert.equal((await v2.send('DELETE', `${freelancersPath}${id}/`)).status, 204)
  assert.equal((await call(v2.api.address, 'GET', freelancersPath, { key })).status, 401)
})
