// How a key reaches v1: query, form, JSON or header, by POST and by GET with a body, and which of them counts.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { exchange, multipart, type RawAnswer, send } from '../support/raw-request.ts'
import { newConnection } from '../support/sample-connections.ts'

const unauthorized = '{"error":"unauthorized","message":"API key is missing or wrong."}'
const form = 'application/x-www-form-urlencoded'

describe('a key on v1', () => {
  let api: TestApi
  let key: string
  const expected = new Map<string, string>()
  const paths = ['/api/v1/integrations', '/api/v1/integrations/1'] as const

  before(async () => {
    // Wrong keys are counted per address: every request comes from another one.
    api = await startApi({ trustedProxies: ['127.0.0.1'] })
    const made = await newAccount(api)
    key = made.key
    await newConnection(api, made.id, { provider: 'stripe', fields: { secret_key: 'sk' } })
    for (const path of paths) {
      const { status, text } = await call(api.address, 'GET', path, { key })
      assert.equal(status, 200)
      expected.set(path, text)
    }
  })
  after(() => api.close())

  let requests = 0
  function ask(
    method: string,
    path: string,
    options: { type?: string; body?: string; authorization?: string } = {},
  ): Promise<RawAnswer> {
    const { type, body, authorization } = options
    const headers: Array<[string, string]> = [
      ['x-forwarded-for', `10.1.${requests >> 8}.${requests++ & 255}`],
    ]
    if (type !== undefined) headers.push(['content-type', type])
    if (authorization !== undefined) headers.push(['authorization', authorization])
    return send(api.address, method, path, { headers, ...(body !== undefined && { body }) })
  }
  function isAdmitted(answer: RawAnswer, path: string): void {
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.text, expected.get(path))
  }
  function isRefused(answer: RawAnswer): void {
    assert.equal(answer.status, 401)
    assert.equal(answer.text, unauthorized)
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/)
  }

  const carriers: ReadonlyArray<[string, (text: string) => { type: string; body: string }]> = [
    ['a urlencoded form', (text) => ({ type: form, body: `api_key=${encodeURIComponent(text)}` })],
    ['a multipart form', (text) => multipart({ api_key: text })],
    ['a JSON body', (text) => ({ type: 'application/json', body: JSON.stringify({ api_key: text }) })],
    [
      'a JSON body with charset and white space',
      (text) => ({
        type: 'application/json; charset=utf-8',
        body: ` {\n "api_key" : ${JSON.stringify(text)}}\n`,
      }),
    ],
  ]

  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      test(`is taken from the query, by ${method} ${path}`, async () => {
        isAdmitted(await ask(method, `${path}?api_key=${key}`), path)
        isAdmitted(await ask(method, `${path}?api%5Fkey=${key}`), path)
        isRefused(await ask(method, `${path}?api_key=wrong`))
        isRefused(await ask(method, `${path}?api_key=`))
        isRefused(await ask(method, `${path}?API_KEY=${key}`))
        isRefused(await ask(method, `${path}?api_key=%ff${key}`))
      })

      for (const [name, carry] of carriers) {
        test(`is taken from ${name}, by ${method} ${path}`, async () => {
          isAdmitted(await ask(method, path, carry(key)), path)
          isRefused(await ask(method, path, carry('wrong')))
          isRefused(await ask(method, path, carry('')))
        })
      }

      test(`is taken from the header as Token or Bearer, by ${method} ${path}`, async () => {
        for (const keyword of ['Token', 'Bearer', 'token', 'BEARER']) {
          isAdmitted(await ask(method, path, { authorization: `${keyword} ${key}` }), path)
        }
        isRefused(await ask(method, path, { authorization: 'Token wrong' }))
        isRefused(await ask(method, path, { authorization: 'Token' }))
        isRefused(await ask(method, path, { authorization: `Token ${key} ${key}` }))
        isRefused(await ask(method, path, { authorization: `Basic ${key}` }))
      })

      test(`is missing where nothing, or nothing readable, carries it, by ${method} ${path}`, async () => {
        isRefused(await ask(method, path))
        isRefused(await ask(method, path, { type: form, body: '' }))
        isRefused(await ask(method, path, { type: form, body: `key=${key}` }))
        isRefused(await ask(method, path, { type: 'application/json', body: '{"api_key":' }))
        isRefused(await ask(method, path, { type: 'application/json', body: JSON.stringify([key]) }))
        isRefused(
          await ask(method, path, { type: 'application/json', body: JSON.stringify({ api_key: [key] }) }),
        )
        isRefused(await ask(method, path, { type: 'application/json', body: '{"api_key":null}' }))
        isRefused(await ask(method, path, { type: 'text/plain', body: `api_key=${key}` }))
      })
    }

    test(`in the header counts before the query, and that before the body, at ${path}`, async () => {
      const wrongBody = { type: form, body: 'api_key=wrong' }
      const rightBody = { type: form, body: `api_key=${key}` }
      isAdmitted(await ask('POST', `${path}?api_key=wrong`, { authorization: `Token ${key}` }), path)
      isAdmitted(await ask('POST', path, { authorization: `Token ${key}`, ...wrongBody }), path)
      isAdmitted(await ask('POST', `${path}?api_key=${key}`, wrongBody), path)
      isRefused(await ask('POST', `${path}?api_key=${key}`, { authorization: 'Token wrong' }))
      isRefused(await ask('POST', path, { authorization: 'Token wrong', ...rightBody }))
      isRefused(await ask('POST', `${path}?api_key=wrong`, rightBody))
    })
  }

  test('that is the literal text of an older system is decoded as any form value is', async () => {
    const account = await newAccount(api)
    const literal = 'a+b&c=d%41/e'
    await api.hub.apiKeys.import(api.hub.callerFor(account.id), { name: 'older' }, literal)
    const query = `/api/v1/integrations?api_key=${encodeURIComponent(literal)}`
    assert.equal((await ask('GET', query)).text, '[]')
    for (const [, carry] of carriers) {
      assert.equal((await ask('POST', '/api/v1/integrations', carry(literal))).text, '[]')
    }
  })

  test('is asked for on paths that do not exist, by other methods, and for objects that do not', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/nothing'],
      ['DELETE', '/api/v1/integrations'],
      ['PUT', '/api/v1/integrations/1'],
      ['GET', '/api/v1/integrations/999'],
      ['GET', '/api/v1/integrations/abc'],
    ] as const) {
      isRefused(await ask(method, path))
      isRefused(await ask(method, path, { type: form, body: 'api_key=wrong' }))
    }
  })

  test('that is wrong in a header or the query is refused before a byte of the body is read', async () => {
    for (const [where, header] of [
      ['?api_key=wrong', ''],
      ['', 'authorization: Token wrong\r\n'],
    ]) {
      const head = `POST /api/v1/integrations${where} HTTP/1.1\r\nhost: x\r\n${header}`
      const received = await exchange(
        api.address,
        `${head}content-type: ${form}\r\ncontent-length: 1000000\r\n\r\n`,
      )
      assert.match(received, /^HTTP\/1\.1 401 /)
      assert.match(received, /\r\nconnection: close\r\n/i)
      assert.ok(received.endsWith(unauthorized))
    }
  })

  test('that comes twice, or in a header with a byte beyond ASCII, is refused with 401', async () => {
    isRefused(await ask('GET', '/api/v1/integrations', { authorization: 'Token k\u00e9y' }))
    const twice = await send(api.address, 'GET', '/api/v1/integrations', {
      headers: [
        ['authorization', `Token ${key}`],
        ['authorization', `Token ${key}`],
      ],
    })
    isRefused(twice)
  })
})
