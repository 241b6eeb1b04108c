// Requests with a session: other sites' pages cannot make them.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call } from '../support/api.ts'
import { rawRequest, required, startV2, type V2 } from '../support/v2.ts'

const integrations = '/console/api/v2/integrations/'

let v2: V2
let cookie: string
before(async () => {
  v2 = await startV2()
  cookie = await signIn(v2.account.key)
})
after(() => v2.api.close())

async function signIn(key: string): Promise<string> {
  const answer = await call(v2.api.address, 'POST', '/console/api/session/', {
    body: { api_key: key },
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

function post(headers: Record<string, string>, body: string = JSON.stringify(required)) {
  const all = { cookie, 'content-type': 'application/json', ...headers }
  const pairs = Object.entries(all).filter(([, value]) => value !== '')
  return rawRequest(v2.api.address, 'POST', integrations, { headers: pairs, body })
}

test('a page of another site can change nothing, whatever it sends', async () => {
  const before = await v2.send('GET', '/v2/integrations/')
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    {},
  ]) {
    assert.equal((await post(headers)).status, 403, JSON.stringify(headers))
  }
  const own = { 'sec-fetch-site': 'same-origin' }
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ]) {
    assert.equal((await post({ ...own, 'content-type': type })).status, 403, type)
  }
  const after = await v2.send('GET', '/v2/integrations/')
  assert.equal(after.text, before.text)
  const read = await call(v2.api.address, 'GET', integrations, {
    headers: { cookie, 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(read.status, 403)
})

test("the console's own page can, also in a browser that tells its origin alone", async () => {
  assert.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 201)
  assert.equal((await post({ origin: v2.api.address })).status, 201)
})

test('keys are used from wherever they are, as before', async () => {
  const made = await call(v2.api.address, 'POST', '/v2/integrations/', {
    key: v2.account.key,
    body: required,
    headers: { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
  })
  assert.equal(made.status, 201)
})

test('answers have the headers of the API, and other methods and paths are refused as there', async () => {
  const listed = await call(v2.api.address, 'GET', integrations, { headers: { cookie } })
  assert.equal(listed.headers.get('cache-control'), 'no-store')
  assert.equal(listed.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
  assert.equal(
    (await call(v2.api.address, 'GET', '/console/api/v2/nothing/', { headers: { cookie } })).status,
    404,
  )
  assert.equal((await call(v2.api.address, 'GET', '/console/api/nothing')).status, 404)
  const other = await call(v2.api.address, 'DELETE', integrations, {
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  })
  assert.equal(other.status, 405)
})
