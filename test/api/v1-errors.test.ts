// How v1 words its errors: a code and a message, whatever went wrong.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { type Answer, call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { objectOf } from '../support/json-shapes.ts'
import { newConnection } from '../support/sample-connections.ts'

const list = '/api/v1/integrations'
const notFound = '{"error":"not_found","message":"Integration not found."}'

/** @returns the message */
function isError(answer: Answer, status: number, code?: string): string {
  assert.equal(answer.status, status, answer.text)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  assert.deepEqual(Object.keys(objectOf(answer.body)), ['error', 'message'])
  const { error, message } = objectOf(answer.body)
  if (code !== undefined) assert.equal(error, code)
  assert.match(String(error), /^[a-z_]+$/)
  assert.ok(typeof message === 'string' && message.length > 3)
  return message
}

describe('v1 answers', () => {
  let api: TestApi
  let account: number
  let key: string
  before(async () => {
    api = await startApi()
    const made = await newAccount(api)
    account = made.id
    key = made.key
    await newConnection(api, account, { provider: 'disqus' })
  })
  after(() => api.close())

  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    call(api.address, method, path, { key, headers })

  test('401 with the documented words, for no key and for a bad one', async () => {
    for (const bad of [undefined, 'bad-key']) {
      const answer = await call(api.address, 'GET', list, { key: bad })
      assert.equal(answer.status, 401)
      assert.equal(answer.text, '{"error":"unauthorized","message":"API key is missing or wrong."}')
    }
  })

  test('403 to a key without connections:read', async () => {
    const weak = await newKey(api, account, { scopes: ['integrations:read', 'secrets:read'] })
    for (const path of [list, `${list}/1`, `${list}/999`]) {
      isError(await call(api.address, 'GET', path, { key: weak }), 403, 'forbidden')
      isError(await call(api.address, 'POST', `${path}?api_key=${weak}`), 403, 'forbidden')
      const body = new URLSearchParams({ api_key: weak })
      isError(await call(api.address, 'POST', path, { body }), 403, 'forbidden')
    }
  })

  test('404 for an id that there is not, and for one that is no integer', async () => {
    for (const id of [
      '2',
      '0',
      '-1',
      '99999999999999999999',
      'abc',
      '1.0',
      '1e0',
      '0x1',
      '1a',
      '%20',
      'null',
      '9'.repeat(1_500),
    ]) {
      const answer = await ask('GET', `${list}/${id}`)
      assert.equal(answer.status, 404, id)
      assert.equal(answer.text, notFound, id)
      assert.equal((await ask('POST', `${list}/${id}`)).text, notFound, id)
    }
  })

  test('404 on paths that do not exist', async () => {
    for (const path of ['/api/v1/', '/api/v1/nothing', `${list}/1/more`]) {
      isError(await ask('GET', path), 404, 'not_found')
    }
  })

  test('405 with Allow to every method that is neither GET nor POST', async () => {
    for (const path of [list, `${list}/1`]) {
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const answer = await ask(method, path)
        isError(answer, 405)
        const allow = (answer.headers.get('allow') ?? '').split(', ')
        assert.ok(allow.includes('GET') && allow.includes('POST') && !allow.includes(method))
      }
    }
  })

  test('406 to a client that does not accept JSON, and 200 to one that does', async () => {
    for (const accept of [
      'text/html',
      'application/xml',
      'image/*',
      'application/json;q=0',
      'text/html, text/*',
    ]) {
      isError(await ask('GET', list, { accept }), 406)
      isError(await ask('POST', list, { accept }), 406)
    }
    for (const accept of [
      '*/*',
      'application/*',
      'application/json',
      'text/html, application/json;q=0.1',
      'TEXT/HTML,*/*',
    ]) {
      assert.equal((await ask('GET', list, { accept })).status, 200, accept)
    }
  })

  test('422 where a request holds what is not read', async () => {
    isError(await call(api.address, 'POST', list, { key, body: { title: 'x' } }), 422)
  })

  test('an error in its own shape where the address itself cannot be read', async () => {
    for (const path of [`${list}/%zz`, `${list}/%ff`, `${list}?provider=%ff`, `${list}/1?id=%zz`]) {
      const answer = await ask('GET', path)
      assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`)
      isError(answer, answer.status)
    }
  })

  test('HEAD as GET without a body', async () => {
    for (const path of [list, `${list}/1`]) {
      const [get, head] = [await ask('GET', path), await ask('HEAD', path)]
      assert.deepEqual([head.status, head.text], [200, ''])
      assert.equal(head.headers.get('content-length'), get.headers.get('content-length'))
    }
    assert.equal((await ask('HEAD', `${list}/999`)).status, 404)
  })
})

test('v1 answers 500 without a word of what broke, and goes on afterwards', async () => {
  const api = await startApi()
  try {
    const { id, key } = await newAccount(api)
    await newConnection(api, id, { provider: 'disqus' })
    await sql`alter table connections rename to hidden_connections`.execute(api.db)
    for (const path of [list, `${list}/1`]) {
      const answer = await call(api.address, 'GET', path, { key })
      isError(answer, 500)
      assert.doesNotMatch(answer.text, /connections|sql|table|select|\.ts|\bat /i)
    }
    await sql`alter table hidden_connections rename to connections`.execute(api.db)
    assert.equal((await call(api.address, 'GET', list, { key })).status, 200)
  } finally {
    await api.close()
  }
})
