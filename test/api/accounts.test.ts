// Accounts over HTTP: for operators alone, made whole with their first key, listed and never mixed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accountScopes } from '../../src/hub/caller.ts'
import { call, newKey } from '../support/api.ts'
import { type Keys, madeIn, refusesMembers, startKeys } from '../support/api-keys.ts'
import { keyOf, replayed } from '../support/idempotency.ts'
import { comparable } from '../support/json-shapes.ts'
import { asObject, expectAnswer, idsOf, resultsOf } from '../support/v2.ts'

const path = '/v2/accounts/'
const address = {
  email: 'albin@pinestreet.tech',
  recipient: 'Pinestreet Technology AB',
  address_line_1: 'Malmvägen 8',
  address_line_2: 'Second floor',
  zip_code: '14171',
  city: 'Segeltorp',
}

let keys: Keys
let operator: string
before(async () => {
  keys = await startKeys()
  operator = await newKey(keys.api, keys.account.id, { scopes: ['operator'] })
})
after(() => keys.api.close())

const ask = (method: string, where: string, body?: unknown, headers = {}, key = operator) =>
  keys.send(method, where, body, { key, headers })

async function create(given: object = {}): Promise<{ id: number; key: string }> {
  const { status, body, text } = await ask('POST', path, { name: 'Pinestreet', ...given })
  assert.equal(status, 201, text)
  const { id, api_key } = asObject(body)
  return { id: Number(id), key: String(asObject(api_key).key) }
}

describe('a new account', () => {
  test('comes with its Web App Integration and a key that can do all within it', async () => {
    const answer = await ask('POST', path, { name: 'Pinestreet', ...address })
    assert.equal(answer.status, 201, answer.text)
    const { api_key, ...account } = asObject(answer.body)
    const id = Number(account.id)
    assert.deepEqual(Object.entries(account), [
      ['id', id],
      ['name', 'Pinestreet'],
      ['created_at', keys.time],
      ['integration', '1'],
    ])
    const { key, shown } = madeIn({ ...answer, body: api_key })
    assert.deepEqual(shown.scopes, [...accountScopes])
    const own = await ask('GET', '/v2/integrations/', undefined, {}, key)
    const [webApp, ...others] = resultsOf(own)
    assert.partialDeepStrictEqual(webApp, { id: '1', type: 1, name: 'Pinestreet', ...address })
    assert.deepEqual(others, [])
    assert.deepEqual(idsOf(await ask('GET', '/v2/api_keys/', undefined, {}, key)), [shown.id])
    expectAnswer(await ask('GET', `${path}${id}/`), 200, { id, name: 'Pinestreet', created_at: keys.time })
  })

  test('needs a name alone; the rest of its identity is blank until somebody fills it in', async () => {
    const { key } = await create({ name: ' Bare ' })
    const [webApp] = resultsOf(await ask('GET', '/v2/integrations/', undefined, {}, key))
    assert.partialDeepStrictEqual(webApp, { name: 'Bare', recipient: 'Bare', email: '', city: '' })
  })

  test('may bring the number it is known by, and the next one is beyond it', async () => {
    assert.equal((await create({ id: 4_000 })).id, 4_000)
    assert.equal((await create()).id, 4_001)
    const taken = await ask('POST', path, { name: 'Again', id: 4_000 })
    expectAnswer(taken, 400, { id: ['There is an account 4000 already, or there was.'], code: 'id_taken' })
    const [found] = resultsOf(await ask('GET', `${path}?page=last&page_size=2`))
    assert.equal(found?.name, 'Pinestreet', 'the row is unchanged')
  })

  test('is refused with every mistake named, and then nothing is made', async () => {
    const before = asObject((await ask('GET', path)).body).count
    const bad = { id: 0, name: '', email: 'x', zip_code: 5, scopes: [], address_line_1: null }
    refusesMembers(
      await ask('POST', path, bad),
      'name',
      'id',
      'email',
      'address_line_1',
      'zip_code',
      'scopes',
    )
    for (const id of [-1, 1.5, '7', 2 ** 48 + 1, null]) {
      refusesMembers(await ask('POST', path, { name: 'x', id }), 'id')
    }
    refusesMembers(await ask('POST', path, {}), 'name')
    assert.equal(asObject((await ask('GET', path)).body).count, before)
  })

  test('is made once where its Idempotency-Key is repeated, and its key is given again', async () => {
    const once = () => ask('POST', path, { name: 'Once' }, keyOf('account'))
    const first = await once()
    replayed(await once(), first)
    const named = resultsOf(await ask('GET', `${path}?page_size=100`)).filter(({ name }) => name === 'Once')
    assert.equal(named.length, 1)
    const other = await newKey(keys.api, keys.account.id, { scopes: ['operator'] })
    const again = await ask('POST', path, { name: 'Once' }, keyOf('account'), other)
    assert.equal(again.headers.get('idempotent-replayed'), null, 'another key is shown no text')
  })

  test('is on the trail of the operator, and begins its own without naming the operator', async () => {
    const { id } = await create({ name: 'Audited' })
    const rows = await keys.api.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'account.created')
      .where('data', 'like', `%"id":${id},%`)
      .orderBy('account_id')
      .execute()
    const [own, theirs] = rows
    assert.deepEqual([rows.length, own?.account_id, theirs?.account_id], [2, keys.account.id, id])
    assert.ok(own?.key_uid && own.address)
    assert.deepEqual([theirs?.key_uid, theirs?.address], [null, null])
    assert.equal(theirs?.request_id, own?.request_id)
  })
})

describe('the accounts of an installation', () => {
  test('are listed in pages, by ascending id', async () => {
    const answer = await ask('GET', `${path}?page_size=100`)
    const ids = idsOf(answer)
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => Number(a) - Number(b)),
    )
    assert.equal(asObject(answer.body).count, ids.length)
    assert.deepEqual(Object.keys(resultsOf(answer)[0] ?? {}), ['id', 'name', 'created_at'])
    const first = asObject((await ask('GET', `${path}?page_size=1`)).body)
    assert.match(String(first.next), /\/v2\/accounts\/\?page=2&page_size=1$/)
  })

  test('that do not exist are 404, whatever their number looks like', async () => {
    for (const id of ['999999', '0', '-1', '01', '1.0', '1e0', 'x', '99999999999999999999', '%31%00']) {
      expectAnswer(await ask('GET', `${path}${id}/`), 404, { detail: 'Not found.', code: 'not_found' })
    }
  })

  test('are nothing to a key without operator: 403 for every id alike, its own too', async () => {
    const { id, key } = await create()
    const strangers = [`${path}${keys.account.id}/`, `${path}${id}/`, `${path}999999/`]
    const [first, ...others] = await Promise.all(
      strangers.map((where) => ask('GET', where, undefined, {}, key)),
    )
    assert.ok(first)
    assert.equal(first.status, 403)
    for (const other of others) assert.deepEqual(comparable(other), comparable(first))
    assert.equal((await ask('GET', path, undefined, {}, key)).status, 403)
    assert.equal((await ask('POST', path, { name: 'x' }, {}, key)).status, 403)
  })

  test('cannot be changed by HTTP', async () => {
    const { id } = await create()
    for (const method of ['PUT', 'PATCH']) {
      assert.equal((await ask(method, `${path}${id}/`)).status, 405, method)
    }
  })
})

test('a key with operator alone can do nothing within an account, its own or another', async () => {
  const { id } = await create()
  for (const where of ['/v2/integrations/', '/v2/freelancers/', '/v2/api_keys/', '/api/v1/integrations']) {
    const headers = { 'integration-id': String(id) }
    const { status } = await call(keys.api.address, 'GET', where, { key: operator, headers })
    assert.equal(status, 403, where)
  }
})
