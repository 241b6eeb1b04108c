// Calls with access tokens: one that the provider refuses is had anew once, and the call is made once more where that is safe.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { movableClock } from '../support/connections.ts'
import { type Proxied, proxyPath, startProxied } from '../support/proxied.ts'
import { json } from '../support/upstream.ts'
import { asObject, resultsOf } from '../support/v2.ts'

/** A token that was had a moment ago is not had anew: it is refused for something else. */
const clock = movableClock()
let proxied: Proxied
let target: string
let id: number
/** How many tokens were given; the latest is the only one that is good, unless none is. */
let given = 0
let isAnyGood = true
let isGranting = true

before(async () => {
  proxied = await startProxied({ now: clock.now })
})
beforeEach(async () => {
  id = await proxied.v2.make('paypal', { client_id: `client ${given}`, client_secret: 'secret' })
  target = proxyPath(id)
  isAnyGood = true
  isGranting = true
  proxied.upstream.asked.length = 0
  proxied.upstream.answer((request, response) => {
    request.resume()
    if (request.url === '/v1/oauth2/token') {
      if (!isGranting) return json(response, 401, { error: 'invalid_client' })
      given++
      return json(response, 200, { access_token: `token-${given}`, token_type: 'Bearer', expires_in: 3_600 })
    }
    const isGood = isAnyGood && request.headers.authorization === `Bearer token-${given}`
    json(response, isGood ? 200 : 401, { asked: request.method, words: 'the provider’s own' })
  })
})
after(() => proxied.close())

const grants = () => proxied.upstream.asked.filter(({ url }) => url === '/v1/oauth2/token').length
const calls = () => proxied.upstream.asked.length - grants()
/** How many tokens were stored for the connection. */
async function refreshes(): Promise<number> {
  const records = resultsOf(
    await proxied.v2.send('GET', '/v2/audit/?action=connection.refreshed&page_size=100'),
  )
  return records.filter(({ data }) => asObject(data).id === id).length
}
/** What was good is good no more. */
const revoke = () => {
  given += 1_000
  clock.move(600_000)
}

describe('a token', () => {
  test('is had before the first call, and kept for those after it', async () => {
    for (let at = 0; at < 3; at++) assert.equal((await proxied.ask('GET', '/v1/x', { target })).status, 200)
    assert.deepEqual([grants(), calls()], [1, 3])
  })

  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    test(`that is refused is had anew, and ${method} is asked once more`, async () => {
      await proxied.ask('GET', '/v1/x', { target })
      revoke()
      assert.equal((await proxied.ask(method, '/v1/x', { target })).status, 200)
      assert.deepEqual([grants(), calls()], [2, 3])
    })
  }

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET']) {
    test(`that is refused is had anew, and ${method} with a body is not repeated: the next call finds another`, async () => {
      await proxied.ask('GET', '/v1/x', { target })
      revoke()
      const answer = await proxied.ask(method, '/v1/x', { target, body: 'a=1' })
      assert.deepEqual([answer.status, answer.header('mortise-origin')], [401, 'upstream'])
      assert.equal(answer.json().words, 'the provider’s own')
      assert.equal(calls(), 2)
      const begun = performance.now()
      while ((await refreshes()) < 2) assert.ok(performance.now() - begun < 10_000)
      assert.equal((await proxied.ask(method, '/v1/x', { target, body: 'a=1' })).status, 200)
      assert.deepEqual([grants(), calls()], [2, 3])
    })
  }

  test('is had anew once where the provider refuses the new one too: its answer is handed back', async () => {
    await proxied.ask('GET', '/v1/x', { target })
    isAnyGood = false
    clock.move(600_000)
    const answer = await proxied.ask('GET', '/v1/x', { target })
    assert.deepEqual([answer.status, answer.json().words], [401, 'the provider’s own'])
    assert.deepEqual([grants(), calls()], [2, 3])
    // What was had a moment ago is refused for something else than its age: neither is repeated.
    assert.equal((await proxied.ask('GET', '/v1/x', { target })).status, 401)
    assert.deepEqual([grants(), calls()], [2, 4])
  })

  test('that cannot be had anew leaves the provider’s own answer', async () => {
    await proxied.ask('GET', '/v1/x', { target })
    revoke()
    isGranting = false
    const answer = await proxied.ask('GET', '/v1/x', { target })
    assert.deepEqual([answer.status, answer.header('mortise-origin')], [401, 'upstream'])
    assert.deepEqual([grants(), calls()], [2, 2])
  })

  test('that cannot be had at all is told as such, with the reason, and nothing is asked', async () => {
    isGranting = false
    const answer = await proxied.ask('GET', '/v1/x', { target })
    assert.deepEqual([answer.status, answer.header('mortise-origin')], [502, 'mortise'])
    assert.deepEqual(answer.json(), {
      detail: 'The provider does not accept the client id and secret. Check both.',
      code: 'provider_refused',
    })
    assert.equal(calls(), 0)
  })

  test('is refreshed once for many calls that are refused together', async () => {
    await proxied.ask('GET', '/v1/x', { target })
    revoke()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => proxied.ask('GET', '/v1/x', { target })),
    )
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.equal(grants(), 2)
  })

  test('that was had anew for a call leaves one record of that call, with the status that was answered', async () => {
    await proxied.ask('GET', '/v1/x', { target })
    revoke()
    await proxied.ask('HEAD', '/v1/x', { target })
    await proxied.v2.api.hub.flush()
    const records = resultsOf(await proxied.v2.send('GET', '/v2/audit/?action=connection.used&page_size=100'))
    const own = records.map(({ data }) => asObject(data)).filter((data) => data.id === id)
    assert.deepEqual(own.map(({ method, status }) => [method, status]).toSorted(), [
      ['GET', 200],
      ['HEAD', 200],
    ])
  })
})

test('a 401 to a credential that is no token is handed back, and asked for once', async () => {
  const answer = await proxied.ask('GET', '/v1/x')
  assert.equal(answer.status, 401)
  assert.deepEqual([grants(), calls()], [0, 1])
})
