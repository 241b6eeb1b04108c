// How a key reaches v2, and what is answered when it does not.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { comparable } from '../support/json-shapes.ts'
import { exchange, multipart, send } from '../support/raw-request.ts'

const path = '/v2/integrations/'
const words = {
  none: 'Authentication credentials were not provided.',
  empty: 'Invalid token header. No credentials provided.',
  spaces: 'Invalid token header. Token string should not contain spaces.',
  bad: 'Invalid token.',
} as const

describe('a key on v2', () => {
  let api: TestApi
  let key: string
  before(async () => {
    api = await startApi()
    key = (await newAccount(api)).key
  })
  after(() => api.close())

  const withHeader = (authorization?: string) =>
    call(api.address, 'GET', path, authorization === undefined ? {} : { headers: { authorization } })

  async function isRefused(answer: Awaited<ReturnType<typeof call>>, detail: string): Promise<void> {
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('www-authenticate'), 'Token')
    assert.equal(answer.text, JSON.stringify({ detail }))
  }

  for (const keyword of ['Token', 'token', 'TOKEN', 'Bearer', 'bearer', 'BEARER']) {
    test(`is taken after the keyword ${keyword}`, async () => {
      assert.equal((await withHeader(`${keyword} ${key}`)).status, 200)
    })
  }

  test('is refused in four wordings, each with WWW-Authenticate', async () => {
    await isRefused(await withHeader(), words.none)
    await isRefused(await withHeader(`Basic ${key}`), words.none)
    await isRefused(await withHeader(key), words.none)
    await isRefused(await withHeader('Token'), words.empty)
    await isRefused(await withHeader('Bearer'), words.empty)
    await isRefused(await withHeader(`Token ${key} ${key}`), words.spaces)
    await isRefused(await withHeader('Token x'), words.bad)
    await isRefused(await withHeader(`Token ${'x'.repeat(10_000)}`), words.bad)
  })

  test('is refused with 401 where the header comes twice', async () => {
    const answer = await send(api.address, 'GET', path, {
      headers: [
        ['authorization', `Token ${key}`],
        ['authorization', `Token ${key}`],
      ],
    })
    assert.equal(answer.status, 401, answer.text)
    assert.equal(answer.headers['www-authenticate'], 'Token')
  })

  test('is refused with 401 where it holds a byte beyond ASCII, and never ends in a 500', async () => {
    const answer = await send(api.address, 'GET', path, { headers: [['authorization', 'Token k\u00e9y']] })
    assert.equal(answer.status, 401, answer.text)
    const withNul = await exchange(
      api.address,
      `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Token a\0b\r\nconnection: close\r\n\r\n`,
    )
    assert.match(withNul, /^HTTP\/1\.1 40[01] /)
  })

  test('is never taken from a query or a body', async () => {
    const form = multipart({ api_key: key })
    const json = JSON.stringify({ api_key: key })
    const answers = [
      await call(api.address, 'GET', `${path}?api_key=${key}`),
      await call(api.address, 'POST', path, { body: { api_key: key } }),
      await call(api.address, 'POST', path, { body: new URLSearchParams({ api_key: key }) }),
      await call(api.address, 'POST', path, { body: form.body, headers: { 'content-type': form.type } }),
    ]
    for (const answer of answers) await isRefused(answer, words.none)
    const get = await send(api.address, 'GET', path, {
      headers: [['content-type', 'application/json']],
      body: json,
    })
    assert.equal(get.status, 401)
  })

  test('is asked for on paths that do not exist and by methods that a path does not know', async () => {
    for (const [method, where] of [
      ['GET', '/v2/nothing/'],
      ['GET', '/v2'],
      ['DELETE', path],
      ['PUT', path],
    ] as const) {
      await isRefused(await call(api.address, method, where), words.none)
    }
    assert.equal((await call(api.address, 'GET', '/v2/nothing/', { key })).status, 404)
    assert.equal((await call(api.address, 'DELETE', path, { key })).status, 405)
  })

  test('is judged before a byte of the body is read, and the connection is closed', async () => {
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`
    for (const framing of ['content-length: 1048576\r\n\r\n', 'transfer-encoding: chunked\r\n\r\n']) {
      // The body never comes: an answer and an end prove that nobody waits for it.
      const received = await exchange(api.address, `${head}${framing}`)
      assert.match(received, /^HTTP\/1\.1 401 /)
      assert.match(received, /\r\nconnection: close\r\n/i)
    }
  })

  test('is judged after 406, and before 403, 405, 404 and the body', async () => {
    const weak = await newKey(api, 1, { scopes: ['freelancers:read'] })
    const html = { accept: 'text/html' }
    assert.equal((await call(api.address, 'GET', path, { headers: html })).status, 406)
    assert.equal((await call(api.address, 'GET', path, { key: weak, headers: html })).status, 406)
    const body = '{broken'
    const headers = { 'content-type': 'text/plain' }
    assert.equal((await call(api.address, 'PUT', `${path}absent/`, { body, headers })).status, 401)
    assert.equal((await call(api.address, 'PUT', `${path}absent/`, { key: weak, body, headers })).status, 403)
    assert.equal((await call(api.address, 'PUT', `${path}absent/`, { key, body, headers })).status, 404)
    assert.equal((await call(api.address, 'PUT', path, { key, body, headers })).status, 405)
    assert.equal((await call(api.address, 'PUT', `${path}1/`, { key, body, headers })).status, 415)
  })

  test('of every wrong kind is refused by the same bytes', async () => {
    const { id } = await newAccount(api)
    const caller = api.hub.callerFor(id)
    const { key: made, text: revoked } = await api.hub.apiKeys.create(caller, { name: 'to be revoked' })
    await api.hub.apiKeys.revoke(caller, made.uid)
    const unknown = await newKeyOfAnotherHub()
    const wrongSum = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    const [first, ...others] = await Promise.all(
      [revoked, unknown, wrongSum, 'any-text'].map((text) => withHeader(`Token ${text}`)),
    )
    assert.ok(first)
    assert.equal(first.status, 401)
    for (const other of others) assert.deepEqual(comparable(other), comparable(first))
  })
})

async function newKeyOfAnotherHub(): Promise<string> {
  const other = await startApi()
  const { key } = await newAccount(other)
  await other.close()
  return key
}
