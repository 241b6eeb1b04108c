// The list of an account's keys: those that ended too, in pages, by state, with their last use.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call } from '../support/api.ts'
import { type Keys, keysPath, refusesMembers, startKeys } from '../support/api-keys.ts'
import { timestamp } from '../support/sample-connections.ts'
import { asObject, idsOf, resultsOf } from '../support/v2.ts'

let keys: Keys
before(async () => {
  keys = await startKeys()
})
after(() => keys.api.close())

test('has all keys, oldest first, those that ended too, and can be narrowed to a state', async () => {
  const listed = await startKeys()
  try {
    const made: Record<string, string> = {}
    for (const name of ['active', 'expired', 'revoked', 'revoked and expired']) {
      listed.time = timestamp(listed.time.replace(/\d\d\.000000Z$/, `0${Object.keys(made).length + 1}Z`))
      const expires_at = name.includes('expired') ? '2026-03-02T00:00:00Z' : null
      made[name] = (await listed.make({ name, expires_at })).id
    }
    await listed.send('DELETE', `${keysPath}${made.revoked}/`)
    await listed.send('DELETE', `${keysPath}${made['revoked and expired']}/`)
    listed.time = timestamp('2026-03-02T00:00:00Z')
    const all = await listed.send('GET', keysPath)
    assert.deepEqual(
      resultsOf(all).map(({ name, state }) => [name, state]),
      [
        ['test', 'active'],
        ['active', 'active'],
        ['expired', 'expired'],
        ['revoked', 'revoked'],
        ['revoked and expired', 'revoked'],
      ],
    )
    for (const [state, count] of [
      ['active', 2],
      ['expired', 1],
      ['revoked', 2],
    ] as const) {
      const { body } = await listed.send('GET', `${keysPath}?state=${state}`)
      assert.equal(asObject(body).count, count, state)
      assert.ok(
        resultsOf(await listed.send('GET', `${keysPath}?state=${state}`)).every((k) => k.state === state),
      )
    }
    const page = await listed.send('GET', `${keysPath}?state=revoked&page_size=1&page=last`)
    assert.deepEqual(idsOf(page), [made['revoked and expired']])
    assert.match(String(asObject(page.body).previous), /\/v2\/api_keys\/\?page_size=1&state=revoked$/)
  } finally {
    await listed.api.close()
  }
})

test('knows no other state', async () => {
  refusesMembers(await keys.send('GET', `${keysPath}?state=gone`), 'state')
  refusesMembers(await keys.send('GET', `${keysPath}?state=active&state=revoked`), 'state')
  assert.equal((await keys.send('GET', `${keysPath}?state=`)).status, 200)
})

test('says when each was last used', async () => {
  const { id, key } = await keys.make()
  assert.equal((await keys.one(id)).last_used_at, null)
  await keys.works(key)
  await keys.api.hub.flush()
  assert.equal((await keys.one(id)).last_used_at, keys.time)
})

test('any key may retrieve itself, whatever else it may, and none where none is given', async () => {
  for (const given of [{ scopes: ['connections:read'] }, { scopes: ['audit:read'], integration: '1' }]) {
    const made = await keys.make({ name: 'itself', ...given })
    const { status, body, text } = await keys.send('GET', `${keysPath}current/`, undefined, { key: made.key })
    assert.equal(status, 200, text)
    assert.partialDeepStrictEqual(body, { id: made.id, name: 'itself', ...given, state: 'active' })
    assert.ok(!text.includes(made.key))
    const others = await keys.send('GET', `${keysPath}${made.id}/`, undefined, { key: made.key })
    assert.equal(others.status, 403)
  }
  assert.equal((await call(keys.api.address, 'GET', `${keysPath}current/`)).status, 401)
})
