// Requests that were admitted and refused: on record by key, route and reason; and the refusal stays what it is.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { later, type Timestamp } from '../../src/hub/timestamp.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { page, type Shown } from '../support/audit.ts'
import { comparable } from '../support/json-shapes.ts'
import { timestamp } from '../support/sample-connections.ts'
import { refuseWrites } from '../support/store.ts'
import { asObject, expectAnswer, required, textOf } from '../support/v2.ts'

const forbidden = { detail: 'You do not have permission to perform this action.' }
const minuteMs = 60_000

/** They are written beside the answers, so that of two that come close together either may be first. */
function expectAsked(
  found: ReadonlyArray<readonly unknown[]>,
  expected: ReadonlyArray<readonly unknown[]>,
): void {
  const texts = (list: ReadonlyArray<readonly unknown[]>) => list.map((one) => JSON.stringify(one)).toSorted()
  assert.deepEqual(texts(found), texts(expected))
}

describe('a request that is admitted and then refused', () => {
  let time: Timestamp = timestamp('2026-05-01T10:00:00Z')
  let api: TestApi
  let account: { id: number; key: string }
  let weak: string

  before(async () => {
    api = await startApi({ now: () => time, trustedProxies: ['127.0.0.1'] })
  })
  after(() => api.close())
  /** An account and a minute of its own for every test. */
  beforeEach(async () => {
    time = later(time, 60 * minuteMs)
    account = await newAccount(api)
    weak = await newKey(api, account.id, { scopes: ['freelancers:read'], name: 'weak' })
  })

  /** Oldest first, as they are once what was noted is written. */
  async function denials(): Promise<Shown[]> {
    await api.hub.flush()
    return (await page(api, account.key, '?action=request.denied&page_size=100')).toReversed()
  }
  const asked = async () =>
    (await denials()).map(({ data, times }) => [...Object.values(asObject(data)), times])
  const ask = (method: string, path: string, key = weak, body?: unknown) =>
    call(api.address, method, path, { key, body, headers: { 'x-forwarded-for': '203.0.113.5' } })

  test('for want of a scope is on record with key, address, request, method, route and code', async () => {
    const answer = await ask('GET', '/v2/integrations/secret-name/?api_key=secret-query')
    expectAnswer(answer, 403, forbidden)
    const [record, ...more] = await denials()
    assert.deepEqual(more, [])
    assert.partialDeepStrictEqual(record, {
      action: 'request.denied',
      at: time,
      subject: { type: 'route', id: 'GET /v2/integrations/:id/' },
      key: { name: 'weak' },
      address: '203.0.113.5',
      request_id: answer.headers.get('x-request-id'),
      times: 1,
      data: { method: 'GET', route: '/v2/integrations/:id/', code: 'forbidden' },
    })
    assert.doesNotMatch(JSON.stringify(record), /secret/)
  })

  test('on v1 is on record too, wherever its key stood', async () => {
    await call(api.address, 'GET', `/api/v1/integrations/7?api_key=${weak}`)
    await call(api.address, 'POST', '/api/v1/integrations', { body: new URLSearchParams({ api_key: weak }) })
    expectAsked(await asked(), [
      ['GET', '/api/v1/integrations/:id', 'forbidden', 1],
      ['POST', '/api/v1/integrations', 'forbidden', 1],
    ])
    assert.ok(!JSON.stringify(await denials()).includes(weak))
  })

  test('because its key is bound to one integration is on record', async () => {
    const bound = await newKey(api, account.id, { integrationId: '1' })
    assert.equal((await ask('POST', '/v2/integrations/', bound, required)).status, 403)
    assert.equal((await ask('DELETE', '/v2/freelancers/x/', bound)).status, 403)
    assert.equal((await ask('GET', '/v2/audit/export/', bound)).status, 403)
    expectAsked(await asked(), [
      ['POST', '/v2/integrations/', 'forbidden', 1],
      ['DELETE', '/v2/freelancers/:id/', 'forbidden', 1],
      ['GET', '/v2/audit/export/', 'forbidden', 1],
    ])
  })

  test('because the thing has to stay as it is is on record', async () => {
    const { body } = await ask('POST', '/v2/freelancers/', account.key, required)
    const { integration } = asObject(body)
    assert.equal((await ask('DELETE', '/v2/integrations/1/', account.key)).status, 403)
    assert.equal((await ask('PATCH', `/v2/integrations/${integration}/`, account.key, {})).status, 403)
    expectAsked(await asked(), [
      ['DELETE', '/v2/integrations/:id/', 'read_only', 1],
      ['PATCH', '/v2/integrations/:id/', 'read_only', 1],
    ])
  })

  test('leaves one record a minute for key, route and code, with a count; another one in the next', async () => {
    const second = await newKey(api, account.id, { scopes: ['freelancers:read'] })
    // No answer waits for its record: the next one is asked for when it is there.
    const askInTurn = async (...asked: Parameters<typeof ask>) => {
      await ask(...asked)
      await api.hub.flush()
    }
    for (const id of ['a', 'b', 'c']) await askInTurn('GET', `/v2/integrations/${id}/`)
    await askInTurn('GET', '/v2/integrations/')
    await askInTurn('GET', '/v2/integrations/a/', second)
    await askInTurn('HEAD', '/v2/integrations/a/')
    await askInTurn('GET', '/v2/integrations/d/')
    time = later(time, minuteMs)
    await askInTurn('GET', '/v2/integrations/e/')
    expectAsked(await asked(), [
      ['GET', '/v2/integrations/:id/', 'forbidden', 4],
      ['GET', '/v2/integrations/', 'forbidden', 1],
      ['GET', '/v2/integrations/:id/', 'forbidden', 1],
      ['HEAD', '/v2/integrations/:id/', 'forbidden', 1],
      ['GET', '/v2/integrations/:id/', 'forbidden', 1],
    ])
  })

  test('is counted every time, also where many come at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => ask('DELETE', `/v2/freelancers/${n}/`)))
    assert.deepEqual(await asked(), [['DELETE', '/v2/freelancers/:id/', 'forbidden', 50]])
  })

  test('is answered as ever where it cannot be put on record, and that is logged', async () => {
    const before = await ask('GET', '/v2/integrations/')
    await api.hub.flush()
    time = later(time, minuteMs)
    const accept = await refuseWrites(api.db, 'audit')
    try {
      const answers = await Promise.all([1, 2, 3].map(() => ask('GET', '/v2/integrations/')))
      for (const answer of answers) assert.deepEqual(comparable(answer), comparable(before))
      await api.hub.flush()
    } finally {
      await accept()
    }
    assert.match(api.log(), /a denied request could not be put on record/)
    await ask('GET', '/v2/integrations/')
    assert.equal((await asked()).length, 2, 'the next one is on record again')
  })

  test('waits for no record, and the record is there after the next flush at the latest', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const writing = api.db.transaction().execute(() => held)
    try {
      assert.equal((await ask('GET', '/v2/integrations/')).status, 403, 'while the store is being written')
    } finally {
      release()
      await writing
    }
    assert.deepEqual(await asked(), [['GET', '/v2/integrations/', 'forbidden', 1]])
  })

  test('is seen by its own account alone', async () => {
    await ask('GET', '/v2/integrations/')
    await api.hub.flush()
    const other = await newAccount(api)
    assert.deepEqual(await page(api, other.key, '?action=request.denied'), [])
    assert.equal((await denials()).length, 1)
  })
})

describe('no record of a denial', () => {
  let api: TestApi
  let account: { id: number; key: string }
  before(async () => {
    api = await startApi()
    account = await newAccount(api)
  })
  after(() => api.close())

  test('is left by what is refused for another reason, or by a request without a valid key', async () => {
    const { key } = account
    const statuses = []
    for (const [method, path, options] of [
      ['GET', '/v2/integrations/', {}],
      ['GET', '/v2/integrations/', { key: `${key.slice(0, -1)}!` }],
      ['GET', '/v2/integrations/absent/', { key }],
      ['GET', '/v2/integrations/', { key, headers: { 'integration-id': 'absent' } }],
      ['GET', '/v2/integrations/?type=9', { key }],
      ['POST', '/v2/integrations/', { key, body: {} }],
      ['DELETE', '/v2/integrations/', { key }],
      ['GET', '/v2/absent/', { key }],
      ['GET', '/v2/integrations/', { key, headers: { accept: 'text/html' } }],
    ] as const) {
      statuses.push((await call(api.address, method, path, options)).status)
    }
    assert.deepEqual(statuses, [401, 401, 404, 404, 400, 400, 405, 404, 406])
    await api.hub.flush()
    const records = await page(api, key, '?page_size=100')
    assert.deepEqual(
      records.map(({ action }) => textOf(action)),
      ['api_key.created', 'account.created'],
    )
  })
})
