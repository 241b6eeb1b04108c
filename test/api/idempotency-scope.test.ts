// What an Idempotency-Key stands for: account, integration acted as, method, route and object, and nothing beyond.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { timestampAt } from '../../src/hub/timestamp.ts'
import { call, newAccount, newKey } from '../support/api.ts'
import { countNamed, idOf, keyOf, named, ran, refusedAsReused, replayed } from '../support/idempotency.ts'
import { expectAnswer, freelancersPath, integrationsPath, startV2, type V2 } from '../support/v2.ts'

let v2: V2
let nowMs = Date.parse('2026-03-01T12:00:00Z')
let other: { id: number; key: string }
before(async () => {
  v2 = await startV2({ now: () => timestampAt(nowMs) })
  other = await newAccount(v2.api)
})
after(() => v2.api.close())

const send = (key: string, method: string, path: string, body: unknown, headers: Record<string, string>) =>
  call(v2.api.address, method, path, { key, body, headers })
const post = (key: string, body: unknown, more: Record<string, string> = {}) =>
  v2.send('POST', integrationsPath, body, keyOf(key, more))

describe('the same key is another one', () => {
  test('in another account, and neither hears of the other', async () => {
    const mine = ran(await post('two-accounts', named('mine')), 201)
    const theirs = ran(
      await send(other.key, 'POST', integrationsPath, named('theirs'), keyOf('two-accounts')),
      201,
    )
    replayed(await post('two-accounts', named('mine')), mine)
    replayed(await send(other.key, 'POST', integrationsPath, named('theirs'), keyOf('two-accounts')), theirs)
  })

  test('in another account also where everything is the same, the id too', async () => {
    const body = named('same everywhere', { id: 'same-id' })
    ran(await post('same', body), 201)
    ran(await send(other.key, 'POST', integrationsPath, body, keyOf('same')), 201)
    assert.equal(await countNamed(v2, 'same everywhere'), 1)
    assert.equal(await countNamed(v2, 'same everywhere', other.id), 1)
  })

  test('with another Integration-ID, and with none', async () => {
    const [a1, a2] = [await v2.create(integrationsPath), await v2.create(integrationsPath)]
    const scopes = [{}, { 'integration-id': a1 }, { 'integration-id': a2 }, { 'integration-id': '1' }]
    const firsts = []
    for (const scope of scopes) firsts.push(ran(await post('acting', named('acting'), scope), 201))
    assert.equal(new Set(firsts.map(idOf)).size, 4)
    for (const [at, scope] of scopes.entries()) {
      const first = firsts[at]
      assert.ok(first)
      replayed(await post('acting', named('acting'), scope), first)
    }
  })

  test('on another route, by another method, and on another object', async () => {
    const one = ran(await post('routes', named('r')), 201)
    const freelancer = ran(await v2.send('POST', freelancersPath, named('r'), keyOf('routes')), 201)
    const two = await v2.create(integrationsPath)
    for (const path of [
      `${integrationsPath}${idOf(one)}/`,
      `${integrationsPath}${two}/`,
      `${freelancersPath}${idOf(freelancer)}/`,
    ]) {
      const changed = ran(await v2.send('PATCH', path, named('r'), keyOf('routes')), 200)
      replayed(await v2.send('PATCH', path, named('r'), keyOf('routes')), changed)
    }
    replayed(await post('routes', named('r')), one)
  })

  test('on another object that has taken over the id', async () => {
    const first = await v2.create(integrationsPath, { id: 'reused-id' })
    const patch = () => v2.send('PATCH', `${integrationsPath}reused-id/`, { city: 'X' }, keyOf('taken-over'))
    const change = ran(await patch(), 200)
    await v2.send('PATCH', `${integrationsPath}${first}/`, { id: 'moved-on' })
    await v2.create(integrationsPath, { id: 'reused-id', name: 'the second' })
    assert.partialDeepStrictEqual(ran(await patch(), 200).body, { name: 'the second', city: 'X' })
    const moved = await v2.send('PATCH', `${integrationsPath}moved-on/`, { city: 'X' }, keyOf('taken-over'))
    replayed(moved, change)
  })
})

describe('the same key is the same', () => {
  test('for another API key of the account', async () => {
    const first = ran(await post('two-api-keys', named('shared')), 201)
    const second = await newKey(v2.api, v2.account.id)
    replayed(await send(second, 'POST', integrationsPath, named('shared'), keyOf('two-api-keys')), first)
  })

  test('after the integration acted as was renamed', async () => {
    const id = await v2.create(integrationsPath)
    const first = ran(await post('acting-renamed', named('n'), { 'integration-id': id }), 201)
    ran(await v2.send('PATCH', `${integrationsPath}${id}/`, { id: `renamed-${id}` }), 200)
    replayed(await post('acting-renamed', named('n'), { 'integration-id': `renamed-${id}` }), first)
  })

  test('for a key bound to an integration and for one that acts as it', async () => {
    const id = await v2.create(integrationsPath)
    const bound = await newKey(v2.api, v2.account.id, { integrationId: id })
    const path = `${integrationsPath}${id}/`
    const first = ran(await send(bound, 'PATCH', path, { city: 'B' }, keyOf('bound')), 200)
    replayed(await v2.send('PATCH', path, { city: 'B' }, keyOf('bound', { 'integration-id': id })), first)
  })
})

describe('replaying needs a key that may do it now', () => {
  const withKey = (key: string, idempotencyKey: string, body: unknown, more = {}) =>
    send(key, 'POST', integrationsPath, body, keyOf(idempotencyKey, more))

  test('a revoked key is 401, an expired one too, and another valid one still gets the answer', async () => {
    const caller = v2.api.hub.callerFor(v2.account.id)
    const revoked = await v2.api.hub.apiKeys.create(caller, { name: 'revoked' })
    const expiresAt = timestampAt(nowMs + 1_000)
    const expired = await v2.api.hub.apiKeys.create(caller, { name: 'expired', expiresAt })
    const first = ran(await withKey(revoked.text, 'was-valid', named('v')), 201)
    replayed(await withKey(expired.text, 'was-valid', named('v')), first)
    await v2.api.hub.apiKeys.revoke(caller, revoked.key.uid)
    nowMs += 2_000
    for (const text of [revoked.text, expired.text]) {
      expectAnswer(ran(await withKey(text, 'was-valid', named('v')), 401), 401, { detail: 'Invalid token.' })
    }
    replayed(await post('was-valid', named('v')), first)
  })

  test('a key whose scope was removed is 403, and so is one that never had it', async () => {
    const { key, text } = await v2.api.hub.apiKeys.create(v2.api.hub.callerFor(v2.account.id), { name: 's' })
    const first = ran(await withKey(text, 'scoped', named('s')), 201)
    await v2.api.db
      .updateTable('api_keys')
      .set({ scopes: JSON.stringify(['integrations:read', 'freelancers:write']) })
      .where('uid', '=', key.uid)
      .execute()
    v2.api.hub.admission.forgetKeys()
    const reader = await newKey(v2.api, v2.account.id, { scopes: ['integrations:read'] })
    for (const weak of [text, reader]) {
      expectAnswer(ran(await withKey(weak, 'scoped', named('s')), 403), 403, {
        detail: 'You do not have permission to perform this action.',
      })
    }
    replayed(await post('scoped', named('s')), first)
  })

  test('a bound key, which may create nothing, gets no stored create of one that may', async () => {
    const id = await v2.create(integrationsPath)
    const bound = await newKey(v2.api, v2.account.id, { integrationId: id })
    for (const path of [integrationsPath, freelancersPath]) {
      const body = named('not for the bound')
      const headers = keyOf('by-the-unbound', { 'integration-id': id })
      ran(await v2.send('POST', path, body, headers), 201)
      ran(await send(bound, 'POST', path, body, keyOf('by-the-unbound')), 403)
    }
  })

  test('a bound key gets no stored change of an integration that it cannot see', async () => {
    const [own, hidden] = [await v2.create(integrationsPath), await v2.create(integrationsPath)]
    const bound = await newKey(v2.api, v2.account.id, { integrationId: own })
    const path = `${integrationsPath}${hidden}/`
    ran(await v2.send('PATCH', path, { city: 'H' }, keyOf('hidden', { 'integration-id': own })), 200)
    const answer = await send(bound, 'PATCH', path, { city: 'H' }, keyOf('hidden'))
    expectAnswer(ran(answer, 404), 404, { detail: 'Not found.' })
  })
})

describe('object ids', () => {
  test('an id that is taken is 400, changes nothing, is not stored, and may be had once it is free', async () => {
    const body = named('the second', { id: 'wanted' })
    const one = `${integrationsPath}wanted/`
    await v2.create(integrationsPath, { id: 'wanted', name: 'the first' })
    for (let tries = 0; tries < 2; tries++) {
      expectAnswer(ran(await post('taken', body), 400), 400, {
        id: ['integration with this id already exists.'],
      })
    }
    assert.partialDeepStrictEqual((await v2.send('GET', one)).body, { name: 'the first' })
    await v2.send('DELETE', one)
    const made = ran(await post('taken', body), 201)
    replayed(await post('taken', body), made)
    refusedAsReused(await post('taken', named('a third', { id: 'wanted' })))
  })

  test('an id that only another account has is free', async () => {
    await send(other.key, 'POST', integrationsPath, named('x', { id: 'elsewhere' }), {})
    ran(await post('elsewhere', named('x', { id: 'elsewhere' })), 201)
  })
})
