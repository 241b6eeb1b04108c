// API keys over HTTP: made, shown without their text, listed, changed and revoked; every change counts at once.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accountScopes } from '../../src/hub/caller.ts'
import { newAccount } from '../support/api.ts'
import { type Keys, keysPath, refusesMembers, startKeys } from '../support/api-keys.ts'
import { keyOf } from '../support/idempotency.ts'
import { asObject, expectAnswer, idsOf, uuid4 } from '../support/v2.ts'

const notFound = { detail: 'Not found.', code: 'not_found' }
const at = (id: string) => `${keysPath}${id}/`

let keys: Keys
before(async () => {
  keys = await startKeys()
})
after(() => keys.api.close())

describe('a new key', () => {
  test('needs a name alone, is shown with its text once, and can all that its maker can', async () => {
    const { id, key, shown } = await keys.make({ name: ' shop floor ' })
    assert.match(id, uuid4)
    assert.match(key, /^mrt_[0-9A-Za-z]{49}$/)
    const expected = {
      id,
      name: 'shop floor',
      prefix: key.slice(0, 8),
      last_four: key.slice(-4),
      scopes: [...accountScopes],
      integration: null,
      addresses: null,
      proxy: null,
      created_at: keys.time,
      expires_at: null,
      revoked_at: null,
      last_used_at: null,
      state: 'active',
    }
    assert.deepEqual(Object.entries(shown), Object.entries(expected))
    assert.deepEqual(Object.entries(await keys.one(id)), Object.entries(expected))
    assert.ok(await keys.works(key))
    for (const path of [keysPath, at(id)]) {
      const { text } = await keys.send('GET', path)
      for (const hidden of [key, key.slice(8, -4), 'digest', '"key"']) assert.ok(!text.includes(hidden), path)
    }
  })

  test('takes scopes, an end, an integration and addresses', async () => {
    const given = {
      scopes: ['proxy:call', 'connections:read'],
      expires_at: '2026-05-01T00:00:00.000000Z',
      integration: '1',
      addresses: ['203.0.113.7', '2001:db8::/32'],
    }
    const { id } = await keys.make(given)
    const { name: _name, ...shown } = await keys.one(id)
    assert.partialDeepStrictEqual(shown, { ...given, scopes: ['connections:read', 'proxy:call'] })
  })

  test('is refused with every mistake named, in the order of the object', async () => {
    const answer = await keys.send('POST', keysPath, {
      name: '',
      scopes: 'all',
      integration: 5,
      addresses: 'any',
      expires_at: 'tomorrow',
      colour: 'red',
    })
    refusesMembers(answer, 'name', 'scopes', 'integration', 'addresses', 'expires_at', 'colour')
    const later = await keys.send('POST', keysPath, {
      name: 'x',
      scopes: [],
      integration: 'absent',
      addresses: [],
      expires_at: keys.time,
    })
    refusesMembers(later, 'scopes', 'integration', 'addresses', 'expires_at')
    refusesMembers(await keys.send('POST', keysPath, { name: 'x', scopes: ['keys:eat'] }), 'scopes')
    refusesMembers(await keys.send('POST', keysPath, { name: 'x', scopes: null }), 'scopes')
    refusesMembers(await keys.send('POST', keysPath, {}), 'name')
  })

  test('cannot be given an id, a text, a state or times: those it is shown with are ignored', async () => {
    const other = await keys.make()
    const { id, key, shown } = await keys.make(other.shown)
    assert.notEqual(id, other.id)
    assert.notEqual(key, other.key)
    assert.deepEqual([shown.state, shown.created_at], ['active', keys.time])
    refusesMembers(await keys.send('POST', keysPath, { name: 'x', key: 'mrt_chosen' }), 'key')
  })

  test('may be made by a form', async () => {
    const body = new URLSearchParams({ name: 'form', scopes: 'keys:write audit:read', addresses: '10.0.0.1' })
    const { status, body: shown } = await keys.send('POST', keysPath, body)
    assert.equal(status, 201)
    assert.partialDeepStrictEqual(shown, { scopes: ['audit:read', 'keys:write'], addresses: ['10.0.0.1'] })
  })
})

describe('a change', () => {
  test('touches only what is given, and what GET gave can be sent back', async () => {
    const { id, shown } = await keys.make({ expires_at: '2026-05-01T00:00:00.000000Z', integration: '1' })
    const { status, body } = await keys.send('PATCH', at(id), { name: 'renamed' })
    assert.equal(status, 200)
    assert.deepEqual(body, { ...shown, name: 'renamed' })
    assert.deepEqual(await keys.one(id), body)
    expectAnswer(await keys.send('PATCH', at(id), body), 200, body)
    expectAnswer(await keys.send('PATCH', at(id), {}), 200, body)
  })

  test('may set and take away an end and addresses', async () => {
    const { id } = await keys.make()
    const ends = { expires_at: '2026-05-01T00:00:00.000000Z', addresses: ['10.0.0.0/8'] }
    assert.partialDeepStrictEqual((await keys.send('PATCH', at(id), ends)).body, ends)
    const never = { expires_at: null, addresses: null }
    assert.partialDeepStrictEqual((await keys.send('PATCH', at(id), never)).body, never)
    refusesMembers(await keys.send('PATCH', at(id), { expires_at: keys.time }), 'expires_at')
  })

  test('moves no key to another integration, nor off it', async () => {
    const bound = await keys.make({ integration: '1' })
    const free = await keys.make()
    for (const [id, integration] of [
      [bound.id, null],
      [bound.id, 'absent'],
      [free.id, '1'],
    ] as const) {
      refusesMembers(await keys.send('PATCH', at(id), { integration }), 'integration')
    }
    assert.equal((await keys.send('PATCH', at(bound.id), { integration: '1' })).status, 200)
  })

  test('of scopes counts from the next request on, though the key is in heavy use', async () => {
    const { id, key } = await keys.make()
    const statusOf = async () => (await keys.send('GET', keysPath, undefined, { key })).status
    let isOver = false
    const useOften = async () => {
      while (!isOver) await statusOf()
    }
    const users = Array.from({ length: 4 }, useOften)
    await statusOf()
    const changed = await keys.send('PATCH', at(id), { scopes: ['audit:read'] })
    const afterwards = await statusOf()
    isOver = true
    await Promise.all(users)
    assert.deepEqual([changed.status, afterwards], [200, 403])
    const again = { headers: keyOf('change') }
    assert.equal((await keys.send('PATCH', at(id), { scopes: ['keys:write'] }, again)).status, 200)
    assert.equal(await statusOf(), 200)
  })

  test('counts also where the key is used in the midst of a change with an Idempotency-Key', async () => {
    const { id, key } = await keys.make()
    const { hub } = keys.api
    const caller = hub.callerFor(keys.account.id)
    const use = () => hub.admission.admit(key, { address: '127.0.0.1', requestId: 'midst' })
    const request = {
      key: 'midst',
      route: 'PATCH',
      target: null,
      canonicalBody: '{}',
      isForAskerAlone: false,
    }
    const answer = { status: 200, body: '' }
    await hub.idempotency.once(caller, request, {
      prepare: async () => async (operations) => {
        await operations.apiKeys.change(caller, id, { scopes: ['audit:read'] })
        assert.ok((await use()).scopes.has('keys:write'), 'nothing is committed yet')
        return answer
      },
      refusal: () => answer,
    })
    assert.deepEqual([...(await use()).scopes], ['audit:read'])
  })

  test('of a key that is revoked is refused, before the body is judged', async () => {
    const { id } = await keys.make()
    await keys.send('DELETE', at(id))
    for (const body of [{ name: 'x' }, { colour: 'red' }]) {
      const { status, body: told } = await keys.send('PATCH', at(id), body)
      assert.deepEqual([status, asObject(told).code], [403, 'read_only'])
    }
  })
})

describe('revoking', () => {
  test('is done at once, and once: afterwards the key is shown with its time, and 404 to DELETE', async () => {
    const { id, key } = await keys.make()
    assert.ok(await keys.works(key))
    const gone = await keys.send('DELETE', at(id))
    assert.deepEqual([gone.status, gone.text], [204, ''])
    assert.equal(await keys.works(key), false)
    assert.partialDeepStrictEqual(await keys.one(id), { revoked_at: keys.time, state: 'revoked' })
    expectAnswer(await keys.send('DELETE', at(id)), 404, notFound)
    expectAnswer(await keys.send('DELETE', at('absent')), 404, notFound)
  })

  test('may be done to the key of the request itself', async () => {
    const { id, key } = await keys.make()
    assert.equal((await keys.send('DELETE', at(id), undefined, { key })).status, 204)
    assert.equal(await keys.works(key), false)
  })

  test('of a key that was bound leaves it on the list, also when its integration is gone', async () => {
    const identity = { name: 'I', email: 'i@example.com', recipient: 'I', address_line_1: 'S', zip_code: '1' }
    await keys.send('POST', '/v2/integrations/', { ...identity, city: 'C', id: 'short' })
    const { id, key } = await keys.make({ integration: 'short' })
    assert.ok(await keys.works(key))
    await keys.send('DELETE', '/v2/integrations/short/')
    assert.equal(await keys.works(key), false)
    assert.partialDeepStrictEqual(await keys.one(id), { integration: '(deleted)', state: 'revoked' })
  })
})

test('keys of another account are not there: not to see, change, roll or revoke', async () => {
  const { id } = await keys.make()
  const { key } = await newAccount(keys.api)
  for (const [method, path, body] of [
    ['GET', at(id), undefined],
    ['PATCH', at(id), { name: 'x' }],
    ['POST', `${at(id)}roll/`, {}],
    ['DELETE', at(id), undefined],
  ] as const) {
    expectAnswer(await keys.send(method, path, body, { key }), 404, notFound)
  }
  assert.ok(!idsOf(await keys.send('GET', keysPath, undefined, { key })).includes(id))
  assert.equal((await keys.one(id)).state, 'active')
})

test('what is done to keys is on the audit trail, with the key that did it and without any text', async () => {
  const maker = await keys.make()
  const { id, key } = await keys.make({ name: 'audited' }, maker.key)
  await keys.send('PATCH', at(id), { scopes: ['audit:read'] }, { key: maker.key })
  await keys.send('DELETE', at(id), undefined, { key: maker.key })
  const rows = await keys.api.db
    .selectFrom('audit')
    .selectAll()
    .where('subject', '=', `api_key/${id}`)
    .orderBy('sequence')
    .execute()
  assert.deepEqual(
    rows.map(({ action, key_uid }) => [action, key_uid]),
    ['api_key.created', 'api_key.changed', 'api_key.revoked'].map((action) => [action, maker.id]),
  )
  assert.deepEqual(JSON.parse(rows[1]?.data ?? '').changed, ['scopes'])
  assert.ok(!JSON.stringify(rows).includes(key.slice(8, -4)))
})
