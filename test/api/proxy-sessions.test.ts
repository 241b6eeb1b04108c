// Calls that go out with a session: one that the site has ended is had anew once, where the call may be made once more.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { movableClock } from '../support/connections.ts'
import { type Proxied, proxyPath, startProxied } from '../support/proxied.ts'
import { json } from '../support/upstream.ts'
import { asObject } from '../support/v2.ts'

const clock = movableClock()
let proxied: Proxied
let id: number
let target: string
const sessions = new Set<string>()
let handshakes = 0
let keepsSessions = true
let acceptsKey = true

before(async () => {
  proxied = await startProxied({ now: clock.now })
})
beforeEach(async () => {
  id = await proxied.v2.make('wishlist', {
    endpoint: `https://${randomUUID()}.example.com/club`,
    api_key: `key-${randomUUID()}`,
  })
  target = proxyPath(id)
  sessions.clear()
  handshakes = 0
  keepsSessions = true
  acceptsKey = true
  proxied.upstream.asked.length = 0
  proxied.upstream.answer((request, response) => {
    request.resume()
    const isHandshake = request.url?.endsWith('/auth') === true
    if (isHandshake && request.method === 'GET')
      return json(response, 200, { success: 1, lock: randomUUID() })
    if (isHandshake) {
      handshakes++
      if (!acceptsKey) return json(response, 401, { success: 0, ERROR_CODE: 65_537 })
      const session = randomUUID()
      if (keepsSessions) sessions.add(session)
      response.setHeader('set-cookie', `session=${session}; path=/`)
      return json(response, 200, { success: 1, key: session })
    }
    const session = /session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const isGood = sessions.has(session)
    json(response, isGood ? 200 : 401, isGood ? { success: 1 } : { success: 0, ERROR_CODE: 65_536 })
  })
})
after(() => proxied.close())

const path = '/?/wlmapi/2.0/json/levels'
const ask = (method = 'GET', body?: string) =>
  proxied.ask(method, path, { target, ...(body !== undefined && { body }) })
const calls = () => proxied.upstream.asked.filter(({ url }) => !url.endsWith('/auth')).length

/** The site forgets everybody, some seconds after they came. */
function dropSessions(): void {
  sessions.clear()
  clock.move(5_000)
}

describe('a session', () => {
  test('is kept from call to call, and had anew once the site has ended it', async () => {
    for (let at = 0; at < 3; at++) assert.equal((await ask()).status, 200)
    assert.deepEqual([handshakes, calls()], [1, 3])
    dropSessions()
    assert.equal((await ask()).status, 200)
    assert.deepEqual([handshakes, calls()], [2, 5])
    assert.equal((await ask()).status, 200)
    assert.deepEqual([handshakes, calls()], [2, 6])
  })

  test('is had anew once for many calls that are refused together', async () => {
    await ask()
    dropSessions()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
    assert.equal(handshakes, 2)
  })

  test('that has ended under a POST is had anew by the next call: the POST is not repeated', async () => {
    await ask()
    dropSessions()
    const refused = await ask('POST', 'a=1')
    assert.deepEqual([refused.status, refused.header('mortise-origin')], [401, 'upstream'])
    assert.equal(calls(), 2)
    assert.equal((await ask('POST', 'a=1')).status, 200)
    assert.deepEqual([handshakes, calls()], [2, 3])
  })

  test('that never arrives is not had anew again and again: the site’s own answer is handed back', async () => {
    keepsSessions = false
    const answer = await ask()
    assert.deepEqual([answer.status, answer.header('mortise-origin')], [401, 'upstream'])
    assert.deepEqual([handshakes, calls()], [1, 1])
  })

  test('whose key is not accepted any more is told as such', async () => {
    await ask()
    dropSessions()
    acceptsKey = false
    const answer = await ask()
    assert.deepEqual([answer.status, answer.json().code], [502, 'provider_refused'])
    assert.deepEqual([handshakes, calls()], [2, 2])
  })

  test('that the site has ended does not make a verification say that the key is bad', async () => {
    await ask()
    dropSessions()
    const { body } = await proxied.v2.send('POST', `/v2/connections/${id}/verify/`)
    assert.equal(asObject(asObject(body).health).status, 'healthy')
    assert.equal(handshakes, 2)
  })
})
