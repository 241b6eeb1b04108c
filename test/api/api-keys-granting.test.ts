// A key hands on no more than it has: scopes, integration, addresses and end, when made and when changed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accountScopes } from '../../src/hub/caller.ts'
import { newAccount, newKey } from '../support/api.ts'
import { grantor, type Keys, keysPath, refusesMembers, startKeys } from '../support/api-keys.ts'
import { comparable } from '../support/json-shapes.ts'
import { timestamp } from '../support/sample-connections.ts'
import { asObject, expectAnswer, idsOf, required } from '../support/v2.ts'

const at = (id: string) => `${keysPath}${id}/`
const end = '2026-05-01T00:00:00.000000Z'
const sooner = '2026-04-30T23:59:59.999999Z'
const later = '2026-05-01T00:00:00.000001Z'

let keys: Keys
before(async () => {
  keys = await startKeys({ trustedProxies: ['127.0.0.1'] })
  for (const id of ['mine', 'other']) await keys.send('POST', '/v2/integrations/', { ...required, id })
})
after(() => keys.api.close())

/** From within the addresses of every key here. */
const inside = { 'x-forwarded-for': '10.1.2.3' }
const create = (key: string, given: object = {}) =>
  keys.send('POST', keysPath, { name: 'child', ...given }, { key, headers: inside })
const change = (key: string, id: string, given: object) =>
  keys.send('PATCH', at(id), given, { key, headers: inside })

describe('scopes', () => {
  test('that the key of the request lacks cannot be granted, and are named', async () => {
    const { key } = await keys.make(grantor('audit:read'))
    const answer = await create(key, { scopes: ['audit:read', 'secrets:read', 'proxy:call'] })
    const [message] = Object.values(refusesMembers(answer, 'scopes')).flat()
    assert.match(String(message), /lacks secrets:read, proxy:call\b/)
    assert.ok(!String(message).includes('audit:read'))
  })

  test('are those of the key of the request where none are named, but never operator', async () => {
    const { key } = await keys.make(grantor('audit:read'))
    assert.deepEqual(asObject((await create(key)).body).scopes, ['audit:read', 'keys:write'])
    const operator = await newKey(keys.api, keys.account.id, { scopes: ['keys:write', 'operator'] })
    assert.deepEqual(asObject((await create(operator)).body).scopes, ['keys:write'])
    assert.deepEqual(asObject((await create(operator, { scopes: ['operator'] })).body).scopes, ['operator'])
    refusesMembers(await create(keys.account.key, { scopes: ['operator'] }), 'scopes')
  })

  test('lost since the key was admitted cannot be granted any more', async () => {
    const { id, key } = await keys.make(grantor('audit:read'))
    assert.equal((await create(key, { scopes: ['audit:read'] })).status, 201)
    await change(keys.account.key, id, { scopes: ['keys:write'] })
    refusesMembers(await create(key, { scopes: ['audit:read'] }), 'scopes')
  })
})

describe('a key that ends', () => {
  test('makes none that lives longer, and by default one that ends with it', async () => {
    const { key } = await keys.make({ expires_at: end })
    assert.equal(asObject((await create(key)).body).expires_at, end)
    for (const expires_at of [sooner, end]) {
      assert.equal(asObject((await create(key, { expires_at })).body).expires_at, expires_at)
    }
    for (const expires_at of [later, null]) refusesMembers(await create(key, { expires_at }), 'expires_at')
  })

  test('because it was rolled makes none that lives longer than its grace', async () => {
    const { id, key } = await keys.make()
    await keys.send('POST', `${at(id)}roll/`, { grace_seconds: 60 })
    const graceEnd = '2026-03-01T12:01:00.000000Z'
    assert.equal(asObject((await create(key)).body).expires_at, graceEnd)
    refusesMembers(await create(key, { expires_at: end }), 'expires_at')
  })
})

describe('a bound key', () => {
  test('makes keys bound like itself alone, and by default such ones', async () => {
    const { key } = await keys.make({ integration: 'mine' })
    for (const given of [{}, { integration: 'mine' }]) {
      assert.equal(asObject((await create(key, given)).body).integration, 'mine')
    }
    refusesMembers(await create(key, { integration: null }), 'integration')
    const [other, absent] = [
      await create(key, { integration: 'other' }),
      await create(key, { integration: 'absent' }),
    ]
    refusesMembers(other, 'integration')
    assert.deepEqual(comparable(other), comparable(absent), 'what it cannot see is not there')
  })

  test('sees, changes, rolls and revokes those bound like itself alone', async () => {
    const { id: own, key } = await keys.make({ integration: 'mine' })
    const sibling = await keys.make({ integration: 'mine' })
    const strangers = [await keys.make(), await keys.make({ integration: 'other' })]
    const seen = idsOf(await keys.send('GET', `${keysPath}?page_size=100`, undefined, { key }))
    assert.ok(seen.includes(own) && seen.includes(sibling.id))
    const absent = async (method: string, tail: string, body?: object) =>
      comparable(await keys.send(method, `${at('absent')}${tail}`, body, { key }))
    for (const { id } of strangers) {
      assert.ok(!seen.includes(id))
      for (const [method, tail, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { name: 'x' }],
        ['POST', 'roll/', {}],
        ['DELETE', '', undefined],
      ] as const) {
        for (const headers of [{}, { 'idempotency-key': `${id}${method}` }]) {
          const answer = await keys.send(method, `${at(id)}${tail}`, body, { key, headers })
          assert.equal(answer.status, 404, `${method} ${tail}`)
          assert.deepEqual(comparable(answer), await absent(method, tail, body))
        }
      }
    }
    const idempotent = { key, headers: { 'idempotency-key': 'sibling' } }
    const renamed = await keys.send('PATCH', at(sibling.id), { name: 'sister' }, idempotent)
    assert.equal(renamed.status, 200, renamed.text)
    assert.equal((await keys.send('POST', `${at(sibling.id)}roll/`, {}, idempotent)).status, 201)
    assert.equal((await keys.send('DELETE', at(sibling.id), undefined, { key })).status, 204)
  })
})

describe('a key with addresses', () => {
  test('makes keys for addresses within its own alone, and by default for the same', async () => {
    const addresses = ['10.0.0.0/8', '2001:db8::/32']
    const { key } = await keys.make({ addresses })
    assert.deepEqual(asObject((await create(key)).body).addresses, addresses)
    for (const within of [
      ['10.0.0.0/8'],
      ['10.255.0.0/16', '10.9.8.7'],
      ['2001:db8:1::/48', '2001:DB8::1'],
    ]) {
      assert.equal((await create(key, { addresses: within })).status, 201, within.join())
    }
    for (const beyond of [
      null,
      ['0.0.0.0/0'],
      ['10.0.0.0/7'],
      ['10.0.0.1', '11.0.0.1'],
      ['::/0'],
      ['2001:db9::'],
    ]) {
      refusesMembers(await create(key, { addresses: beyond }), 'addresses')
    }
  })
})

describe('all of it together', () => {
  test('is told in one answer, in the order of the object', async () => {
    const { key } = await keys.make({
      ...grantor(),
      integration: 'mine',
      addresses: ['10.0.0.0/8'],
      expires_at: end,
    })
    const all = { scopes: ['audit:read'], integration: null, addresses: null, expires_at: null }
    refusesMembers(await create(key, all), 'scopes', 'integration', 'addresses', 'expires_at')
  })

  test('is no limit for the command line', async () => {
    const caller = keys.api.hub.callerFor(keys.account.id)
    const { key } = await keys.api.hub.apiKeys.create(caller, { name: 'root', scopes: ['operator'] })
    assert.deepEqual(key.scopes, ['operator'])
  })
})

describe('a change of a key that can do more than the one of the request', () => {
  let strong: string
  let weak: string
  before(async () => {
    strong = (await keys.make({ addresses: ['10.0.0.0/8'], expires_at: end })).id
    weak = (await keys.make(grantor('audit:read'))).key
  })

  test('may rename it, send back what it is, and take away', async () => {
    const { body } = await change(weak, strong, { name: 'renamed' })
    assert.partialDeepStrictEqual(body, { name: 'renamed', scopes: [...accountScopes] })
    expectAnswer(await change(weak, strong, asObject(body)), 200, body)
    const less = {
      scopes: accountScopes.filter((scope) => scope !== 'proxy:call'),
      addresses: ['10.0.0.0/9'],
      expires_at: sooner,
    }
    assert.partialDeepStrictEqual((await change(weak, strong, less)).body, less)
  })

  test('may add nothing, not even what the key of the request has: the old text would be worth more', async () => {
    for (const more of [
      { scopes: [...accountScopes] },
      { addresses: null },
      { addresses: ['10.0.0.0/9', '192.0.2.1'] },
      { expires_at: null },
      { expires_at: end },
    ]) {
      const before = await keys.one(strong)
      const members = refusesMembers(await change(weak, strong, more), 'scopes')
      assert.match(String(members.scopes), /secrets:read/)
      assert.deepEqual(await keys.one(strong), before)
    }
    assert.equal((await change(keys.account.key, strong, { addresses: null, expires_at: null })).status, 200)
  })

  test('of its own limits is refused to every key', async () => {
    const { id, key } = await keys.make({ ...grantor(), addresses: ['10.0.0.0/8'], expires_at: end })
    refusesMembers(await change(key, id, { scopes: [...accountScopes] }), 'scopes')
    refusesMembers(await change(key, id, { addresses: null }), 'addresses')
    refusesMembers(await change(key, id, { expires_at: null }), 'expires_at')
    assert.equal((await change(key, id, { addresses: ['10.1.0.0/16'], expires_at: sooner })).status, 200)
    refusesMembers(await change(key, id, { expires_at: end }), 'expires_at')
  })

  test('may not bring one back that has expired', async () => {
    const past = await keys.make({ expires_at: '2026-03-01T13:00:00Z' })
    keys.time = timestamp('2026-03-01T13:00:00Z')
    assert.equal((await keys.one(past.id)).state, 'expired')
    assert.equal((await change(weak, past.id, { name: 'still expired' })).status, 200)
    refusesMembers(await change(weak, past.id, { expires_at: end }), 'scopes')
    assert.equal(await keys.works(past.key), false)
    assert.equal((await change(keys.account.key, past.id, { expires_at: end })).status, 200)
    assert.ok(await keys.works(past.key))
  })
})

test('a key that is revoked while it makes another one makes none', async () => {
  const { id, key } = await keys.make()
  const revoke = keys.send('DELETE', at(id))
  const [, ...answers] = await Promise.all([revoke, ...Array.from({ length: 5 }, () => create(key))])
  const after = await create(key)
  assert.equal(after.status, 401)
  for (const { status } of answers) assert.ok([201, 401].includes(status), String(status))
  const { status } = await keys.send('GET', keysPath, undefined, { key: (await newAccount(keys.api)).key })
  assert.equal(status, 200)
})
