// Verification: what a provider says becomes a connection's health; silence is no verdict, and no secret is told.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, newKey } from '../support/api.ts'
import { at, hoursMs } from '../support/connections.ts'
import type { Said } from '../support/stand-in.ts'
import { asObject, resultsOf } from '../support/v2.ts'
import { refused, startVerifying, type Verifying } from '../support/verifying.ts'

let all: Verifying
before(async () => {
  all = await startVerifying()
})
after(() => all.api.close())

const good = 'sk_test_good0001'
const silences: ReadonlyArray<[what: string, status: string, said: Said]> = [
  ['no answer', 'unreachable', 'cut'],
  ['a fault of its own', 'unreachable', { status: 503 }],
  ['a redirect', 'unreachable', { status: 302, headers: { location: 'https://example.com/' } }],
  [
    'a page of HTML',
    'unreachable',
    { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
  ],
  ['too many requests', 'rate_limited', { status: 429, headers: { 'retry-after': '7' } }],
]

describe('what the provider says', () => {
  test('yes: the connection is healthy, and known to be whose', async () => {
    const id = await all.stripe()
    all.knows({ [good]: 'acct_1' })
    const { health, notices } = await all.verify(id)
    assert.deepEqual(health, {
      status: 'healthy',
      reason: null,
      checked_at: all.clock.now(),
      account: 'Shop acct_1',
      mode: 'test',
      scopes: null,
    })
    assert.deepEqual(notices, [])
    assert.deepEqual(await all.health(id), health)
    assert.partialDeepStrictEqual(await all.checks(id), [
      { at: all.clock.now(), cause: 'request', status: 'healthy', account: 'Shop acct_1', reason: null },
    ])
  })

  test('no: it is rejected, with a reason, and still known whose it was', async () => {
    const id = await all.stripe()
    all.knows({ [good]: 'acct_1' })
    await all.verify(id)
    all.says(refused)
    const { health } = await all.verify(id)
    assert.partialDeepStrictEqual(health, { status: 'rejected', account: 'Shop acct_1' })
    assert.match(`${health.reason}`, /Stripe does not accept this credential/)
  })

  for (const [what, status, said] of silences) {
    test(`${what}: no verdict; whose a healthy one is stays known, and it is healthy again afterwards`, async () => {
      const id = await all.stripe()
      all.knows({ [good]: 'acct_1' })
      await all.verify(id)
      all.says(said)
      const { health } = await all.verify(id)
      assert.partialDeepStrictEqual(health, { status, account: 'Shop acct_1', mode: 'test' })
      all.knows({ [good]: 'acct_1' })
      assert.equal((await all.verify(id)).health.status, 'healthy')
    })
  }

  test('the latest twenty checks are kept, the last one first', async () => {
    const id = await all.stripe()
    for (let times = 0; times < 23; times++) {
      all.says(times % 2 === 0 ? refused : { status: 503 })
      all.clock.move(1_000)
      await all.verify(id)
    }
    const checks = await all.checks(id)
    assert.equal(checks.length, 20)
    assert.deepEqual(
      checks.map(({ status }) => status),
      checks.map((_, at) => (at % 2 === 0 ? 'rejected' : 'unreachable')),
    )
    assert.deepEqual(
      checks.map((check) => `${check.at}`),
      checks
        .map((check) => `${check.at}`)
        .toSorted()
        .toReversed(),
    )
  })
})

describe('whose a credential is', () => {
  test('that it is another account than before is told, by whatever check finds it, and put on record', async () => {
    for (const cause of ['request', 'schedule'] as const) {
      const id = await all.stripe()
      all.knows({ [good]: 'acct_1', sk_test_other001: 'acct_2' })
      await all.verify(id)
      await all.change('PATCH', id, { fields: { secret_key: 'sk_test_other001' } })
      all.clock.move(20_000)
      if (cause === 'request') {
        const { notices } = await all.verify(id)
        assert.match(`${notices}`, /another account of the provider than before/)
      } else {
        await all.api.hub.verification.checkAllDue({
          onError: assert.fail,
          stop: new AbortController().signal,
        })
      }
      const [check] = await all.checks(id)
      assert.partialDeepStrictEqual(check, { cause, status: 'healthy', account: 'Shop acct_2' })
      assert.match(`${check?.reason}`, /another account/)
      const records = resultsOf(await all.send('GET', '/v2/audit/?action=connection.verified&page_size=100'))
      assert.ok(records.some(({ data }) => Object(data).id === id && Object(data).switched === true))
      const { notices } = await all.verify(id)
      assert.doesNotMatch(`${notices}`, /than before/, 'it is told once')
    }
  })

  test('that another connection has the same account is told', async () => {
    all.knows({ sk_test_twin0001: 'acct_twin', sk_test_twin0002: 'acct_twin' })
    const first = await all.stripe('sk_test_twin0001')
    await all.verify(first)
    const second = await all.stripe('sk_test_twin0002')
    const { notices } = await all.verify(second)
    assert.deepEqual(notices, [`The same account of the provider is connected by ${first} too.`])
  })

  test('a key that is bound to one integration hears of none of another', async () => {
    all.knows({ sk_test_bound001: 'acct_bound' })
    const other = await all.create('/v2/integrations/', { id: 'other-one' })
    await all.verify(await all.stripe('sk_test_bound001'))
    const { body } = await all.send(
      'POST',
      '/v2/connections/',
      { provider: 'stripe', title: 'its own', fields: { secret_key: 'sk_test_bound001' } },
      { 'integration-id': other },
    )
    const key = await newKey(all.api, all.account.id, {
      integrationId: other,
      scopes: ['connections:read', 'connections:write'],
    })
    const { id } = asObject(body)
    const answer = await call(all.api.address, 'POST', `/v2/connections/${id}/verify/`, { key })
    assert.equal(answer.status, 200, answer.text)
    assert.partialDeepStrictEqual(answer.body, { health: { status: 'healthy' }, notices: [] })
  })
})

describe('while the provider is asked', () => {
  test('the connection is changed: the answer says nothing about what it is now', async () => {
    const id = await all.stripe('sk_test_old00001')
    all.says(async () => {
      all.says(refused)
      all.clock.move(5)
      await all.change('PATCH', id, { fields: { secret_key: 'sk_test_new00001' } })
      return refused
    })
    const { health } = await all.verify(id)
    assert.equal(health.status, 'unverified')
    assert.deepEqual(await all.checks(id), [])
  })

  test('it is deleted: it is gone', async () => {
    const id = await all.stripe()
    all.says(async () => {
      await all.send('DELETE', `${at(id)}?force=true`)
      return refused
    })
    assert.equal((await all.send('POST', at(id, 'verify'))).status, 404)
  })

  test('others may write: nothing is held', async () => {
    const id = await all.stripe()
    all.says(async () => {
      await all.change('PATCH', id, { title: 'changed meanwhile' })
      await all.create('/v2/integrations/')
      return refused
    })
    await all.verify(id)
  })
})

describe('who may', () => {
  test('needs connections:write, for asking changes what is known; the checks need connections:read', async () => {
    const id = await all.stripe()
    all.knows({ [good]: 'acct_1' })
    const headers = { 'integration-id': '1' }
    const reads = await newKey(all.api, all.account.id, { scopes: ['connections:read'] })
    const calls = await newKey(all.api, all.account.id, { scopes: ['proxy:call', 'secrets:read'] })
    const send = (method: string, action: string, key: string) =>
      call(all.api.address, method, at(id, action), { key, headers })
    assert.equal((await send('POST', 'verify', reads)).status, 403)
    assert.equal((await send('POST', 'verify', calls)).status, 403)
    assert.equal((await send('GET', 'checks', reads)).status, 200)
    assert.equal((await send('GET', 'checks', calls)).status, 403)
  })

  test('sees a foreign connection as one that is not there, byte for byte, and nobody is asked', async () => {
    const id = await all.stripe()
    const stranger = await newAccount(all.api)
    const other = await all.create('/v2/integrations/', { id: 'elsewhere' })
    const before = all.provider.seen.length
    for (const [method, action] of [
      ['POST', 'verify'],
      ['GET', 'checks'],
    ] as const) {
      const nothing = await all.send(method, at(999_999, action))
      const strange = await call(all.api.address, method, at(id, action), {
        key: stranger.key,
        headers: { 'integration-id': '1' },
      })
      const elsewhere = await all.send(method, at(id, action), undefined, { 'integration-id': other })
      for (const answer of [strange, elsewhere]) {
        assert.equal(answer.status, 404)
        assert.equal(answer.text, nothing.text)
      }
    }
    assert.equal(all.provider.seen.length, before)
  })
})

test('a verification under an Idempotency-Key asks once, and its answer is repeated', async () => {
  const id = await all.stripe()
  all.knows({ [good]: 'acct_1' })
  const key = { 'idempotency-key': 'verify-once' }
  const before = all.provider.seen.length
  const first = await all.send('POST', at(id, 'verify'), undefined, key)
  const again = await all.send('POST', at(id, 'verify'), undefined, key)
  assert.equal(again.text, first.text)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(all.provider.seen.length, before + 2, 'the balance and the account, once')
})

test('what Mortise found of other credentials is forgotten with them', async () => {
  const id = await all.make('drip', { access_token: 'drip-token-1', api_account_id: '7' })
  all.provider.answer(({ headers: { authorization = '' } }) =>
    authorization.startsWith('Basic ')
      ? { status: 200, body: { accounts: [{ id: '7', name: 'Seven' }] } }
      : { status: 401 },
  )
  const { health } = await all.verify(id)
  assert.partialDeepStrictEqual(health, { status: 'healthy', account: 'Seven' })
  assert.equal(Object((await all.get(id)).fields).token_kind, 'api_token')
  all.clock.move(hoursMs)
  const changed = await all.change('PATCH', id, { fields: { access_token: 'drip-token-2' } })
  assert.equal(Object(changed.fields).token_kind, 'oauth')
})
