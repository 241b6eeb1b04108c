// What the console tries with a connection: a call whose answer is shown as text, and its snippet on a page apart.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { newKey } from '../support/api.ts'
import { type Proxied, secretKey, startProxied } from '../support/proxied.ts'
import { type SignedIn, signedIn } from '../support/signed-in.ts'
import { asObject, textOf } from '../support/v2.ts'

let proxied: Proxied
let ask: SignedIn
before(async () => {
  proxied = await startProxied()
  ask = await signedIn(proxied.v2.api, proxied.v2.account.key)
})
beforeEach(() => {
  proxied.upstream.asked.length = 0
})
after(() => proxied.close())

const tryPath = (id = proxied.id) => `/v2/connections/${id}/try/`
const tried = async (body: object) => {
  const answer = await ask('POST', tryPath(), body, '1')
  assert.equal(answer.status, 200, answer.text)
  return asObject(answer.body)
}

describe('a call that is tried', () => {
  test('is sent with the credential and what was given, and with nothing of the browser', async () => {
    const given = { method: 'POST', path: '/v1/x?y=1', headers: { 'X-Mine': 'mine' }, body: 'a=1' }
    const { status, body } = await tried(given)
    assert.equal(status, 200)
    assert.equal(typeof body, 'string')
    const sent = proxied.upstream.asked[0]
    assert.equal(sent?.method, 'POST')
    assert.equal(sent?.url, '/v1/x?y=1')
    const { host: _, connection: __, ...headers } = asObject(sent?.headers)
    assert.deepEqual(headers, {
      'x-mine': 'mine',
      authorization: `Bearer ${secretKey}`,
      'content-length': '3',
    })
    assert.equal(String(await sent?.body()), 'a=1')
  })

  test('is on record, and needs the scope for it', async () => {
    await tried({ method: 'GET', path: '/v1/x' })
    await proxied.v2.api.hub.flush()
    const records = await proxied.v2.api.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'connection.used')
      .execute()
    assert.ok(records.length > 0)
    const reader = await newKey(proxied.v2.api, proxied.v2.account.id, { scopes: ['connections:read'] })
    const without = await signedIn(proxied.v2.api, reader)
    const refused = await without('POST', tryPath(), { method: 'GET', path: '/v1/x' }, '1')
    assert.equal(refused.status, 403)
  })

  test('is answered by Mortise as the call itself would be, where it goes nowhere', async () => {
    const refused = async (body: object, id = proxied.id) => {
      const answer = await ask('POST', tryPath(id), body, '1')
      return [answer.status, asObject(answer.body).code]
    }
    assert.deepEqual(await refused({ method: 'GET', path: '//evil' }), [400, 'malformed'])
    assert.deepEqual(await refused({ method: 'GET', path: '/x' }, 999_999), [404, 'not_found'])
    assert.equal(proxied.upstream.asked.length, 0)
  })

  test('shows no more than a part of a long answer or one that breaks off, and of what is no text its length alone', async () => {
    proxied.upstream.answer((_request, response) => response.end('å'.repeat(200_000)))
    const long = await tried({ method: 'GET', path: '/v1/x' })
    assert.deepEqual([long.is_cut, long.body_bytes], [true, 262_144])
    assert.match(textOf(long.body), /^å+$/)
    proxied.upstream.answer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half of it', () => response.destroy())
    })
    const broken = await tried({ method: 'GET', path: '/v1/x' })
    assert.deepEqual([broken.body, broken.is_cut], ['half of it', true])
    proxied.upstream.answer((_request, response) => response.end(Buffer.from([0xff, 0xfe, 0])))
    const binary = await tried({ method: 'GET', path: '/v1/x' })
    assert.deepEqual([binary.body, binary.body_bytes, binary.is_cut], [null, 3, false])
  })
})

describe('the preview of a snippet', () => {
  test('is a page of its own that has no origin and can be framed by the console alone', async () => {
    const html = '<p id="it">Hello</p>'
    const id = await proxied.v2.make('html', { html })
    const { status, headers, text } = await ask('GET', `/v2/connections/${id}/preview/`)
    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    assert.ok(text.includes(html))
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /^sandbox allow-scripts;/)
    assert.match(policy, /frame-ancestors 'self'/)
    assert.doesNotMatch(policy, /allow-same-origin/)
  })

  test('is refused where there is no snippet, to other accounts, and to other sites', async () => {
    assert.equal((await ask('GET', `/v2/connections/${proxied.id}/preview/`)).status, 409)
    assert.equal((await ask('GET', '/v2/connections/999999/preview/')).status, 404)
    assert.equal((await fetch(`${proxied.v2.api.address}/console/api/v2/connections/1/preview/`)).status, 401)
  })
})
