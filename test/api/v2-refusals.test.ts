// Which refusal comes first where several are due, and how each is worded.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, newKey } from '../support/api.ts'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  integrationsPath,
  rawRequest,
  required,
  startV2,
  type V2,
} from '../support/v2.ts'

const notAcceptable = { detail: 'Could not satisfy the request Accept header.' }
const missingKey = { detail: 'Authentication credentials were not provided.' }
const forbidden = { detail: 'You do not have permission to perform this action.' }
const notFound = { detail: 'Not found.' }

let v2: V2
let one: string
let reader: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
  reader = await newKey(v2.api, v2.account.id, { scopes: ['integrations:read'] })
})
after(() => v2.api.close())

type Sent = { key?: string; accept?: string; type?: string; body?: string; more?: [string, string][] }

/** With nothing in the request but what is given. */
function ask(
  method: string,
  path: string,
  { key, accept, type, body, more = [] }: Sent = {},
): Promise<Answer> {
  const headers: [string, string][] = [...more]
  if (key !== undefined) headers.push(['Authorization', `Token ${key}`])
  if (accept !== undefined) headers.push(['Accept', accept])
  if (type !== undefined) headers.push(['Content-Type', type])
  return rawRequest(v2.api.address, method, path, { headers, ...(body !== undefined && { body }) })
}

function allowedBy({ headers }: Answer): string[] {
  return (headers.get('allow') ?? '').split(', ').sort()
}

const ofList = ['GET', 'HEAD', 'OPTIONS', 'POST']
const ofOne = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT']

describe('the order of checks', () => {
  test('406 comes before 401', async () => {
    expectAnswer(
      await ask('DELETE', `${integrationsPath}absent/`, { accept: 'text/html' }),
      406,
      notAcceptable,
    )
    expectAnswer(await ask('POST', one, { accept: 'text/html', key: 'wrong' }), 406, notAcceptable)
  })

  test('401 comes before 403, 405, 404, 415 and 400', async () => {
    expectAnswer(await ask('PUT', integrationsPath), 401, missingKey)
    expectAnswer(await ask('GET', `${integrationsPath}absent/`), 401, missingKey)
    expectAnswer(await ask('GET', `${integrationsPath}?page=0`), 401, missingKey)
    expectAnswer(await ask('GET', '/v2/nothing'), 401, missingKey)
    expectAnswer(await ask('POST', integrationsPath, { type: 'text/plain', body: 'x' }), 401, missingKey)
    const { headers } = await ask('POST', integrationsPath, { type: 'application/json', body: '{"' })
    assert.equal(headers.get('www-authenticate'), 'Token')
  })

  test('403 comes before 404, 415 and 400', async () => {
    const absent = `${integrationsPath}absent/`
    expectAnswer(await ask('DELETE', absent, { key: reader }), 403, forbidden)
    expectAnswer(await ask('PATCH', absent, { key: reader }), 403, forbidden)
    const unsound = { key: reader, type: 'application/json', body: '{"' }
    expectAnswer(await ask('POST', integrationsPath, unsound), 403, forbidden)
    expectAnswer(await ask('POST', integrationsPath, { ...unsound, type: 'text/plain' }), 403, forbidden)
    const more: [string, string][] = [['Integration-ID', 'absent']]
    expectAnswer(await ask('DELETE', one, { key: reader, more }), 403, forbidden)
  })

  test('405 comes before 404, 415 and 400', async () => {
    const { key } = v2.account
    const more: [string, string][] = [['Integration-ID', 'absent']]
    const body = 'x'
    for (const path of [`${integrationsPath}absent/`, one]) {
      const answer = await ask('POST', path, { key, more, body, type: 'text/plain' })
      expectAnswer(answer, 405, { detail: 'Method "POST" not allowed.' })
    }
    expectAnswer(await ask('DELETE', `${integrationsPath}?page=0&type=9`, { key }), 405, {
      detail: 'Method "DELETE" not allowed.',
    })
  })

  for (const type of ['text/plain', 'application/json', 'application/json garbage', 'json']) {
    test(`404 comes before a body of ${type} is judged`, async () => {
      const sent = { key: v2.account.key, type, body: '{"' }
      expectAnswer(await ask('PATCH', `${integrationsPath}absent/`, sent), 404, notFound)
      expectAnswer(await ask('PUT', `${integrationsPath}absent/`, sent), 404, notFound)
      const more: [string, string][] = [['Integration-ID', 'absent']]
      expectAnswer(await ask('POST', integrationsPath, { ...sent, more }), 404, {
        detail: 'Integration not found.',
      })
    })
  }

  test('403 comes before 429, and 429 before 405 and 404', async () => {
    const limited = await startV2({ rateLimits: { key: 1, account: 0 } })
    try {
      const key = await newKey(limited.api, limited.account.id, { scopes: ['integrations:read'] })
      const many = (method: string, path: string) =>
        Promise.all(
          Array.from({ length: 20 }, () =>
            rawRequest(limited.api.address, method, path, { headers: [['Authorization', `Token ${key}`]] }),
          ),
        )
      const refused = await many('DELETE', `${integrationsPath}1/`)
      assert.ok(refused.every(({ status }) => status === 403))
      for (const [method, path, status] of [
        ['POST', `${integrationsPath}1/`, 405],
        ['GET', `${integrationsPath}absent/`, 404],
      ] as const) {
        const answers = await many(method, path)
        assert.ok(answers.every((answer) => answer.status === 429 || answer.status === status))
        const throttled = answers.find((answer) => answer.status === 429)
        const seconds = Number(throttled?.headers.get('retry-after'))
        assert.ok(Number.isInteger(seconds) && seconds >= 1)
        const told = asObject(throttled?.body).detail
        assert.match(String(told), /^Request was throttled\. Expected available in \d+ seconds?\.$/)
        assert.match(String(told), new RegExp(`in ${seconds} second`))
      }
    } finally {
      await limited.api.close()
    }
  })
})

describe('406', () => {
  for (const accept of [
    'text/html',
    'application/xml',
    'image/*',
    'application/vnd.api+json',
    'text/*;q=0.5',
  ]) {
    test(`Accept: ${accept}`, async () => {
      expectAnswer(await ask('GET', one, { accept, key: v2.account.key }), 406, notAcceptable)
    })
  }
  for (const accept of [
    'application/json',
    '*/*',
    'application/*',
    'text/html, */*;q=0.1',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json; indent=4',
  ]) {
    test(`never with Accept: ${accept}`, async () => {
      const { status, headers } = await ask('GET', one, { accept, key: v2.account.key })
      assert.equal(status, 200)
      assert.match(headers.get('content-type') ?? '', /^application\/json\b/)
    })
  }
})

describe('405', () => {
  for (const path of [integrationsPath, freelancersPath, '/v2/integrations', '/v2/freelancers']) {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      test(`${method} ${path} names the method and allows others`, async () => {
        const answer = await ask(method, path, { key: v2.account.key })
        assert.equal(answer.status, 405)
        assert.equal(asObject(answer.body).detail, `Method "${method}" not allowed.`)
        assert.deepEqual(allowedBy(answer), ofList)
      })
    }
  }
  for (const method of ['POST', 'COPY']) {
    test(`${method} on one integration names the method and allows others`, async () => {
      const answer = await ask(method, one, { key: v2.account.key })
      expectAnswer(answer, 405, { detail: `Method "${method}" not allowed.` })
      assert.deepEqual(allowedBy(answer), ofOne)
    })
  }
})

test('OPTIONS lists what is allowed', async () => {
  const list = await ask('OPTIONS', integrationsPath, { key: v2.account.key })
  assert.ok(list.status === 200 || list.status === 204)
  assert.deepEqual(allowedBy(list), ofList)
  assert.deepEqual(allowedBy(await ask('OPTIONS', one, { key: v2.account.key })), ofOne)
})

test('HEAD answers as GET does, without the body', async () => {
  for (const path of [integrationsPath, one, `${integrationsPath}absent/`, `${integrationsPath}?page=9`]) {
    const get = await ask('GET', path, { key: v2.account.key })
    const head = await ask('HEAD', path, { key: v2.account.key })
    assert.deepEqual([head.status, head.text], [get.status, ''], path)
    const own = ['date', 'x-request-id', 'connection', 'keep-alive']
    const shown = ({ headers }: Answer) => [...headers].filter(([name]) => !own.includes(name)).sort()
    assert.deepEqual(shown(head), shown(get), path)
  }
  assert.equal((await ask('HEAD', one)).status, 401)
})

test('an unknown route is 404 in JSON, under /v2 and elsewhere', async () => {
  for (const path of ['/v2/nothing', '/v2/nothing/', '/v2/', '/v2/integrations/1/nothing/', '/nothing']) {
    const answer = await ask('GET', path, { key: v2.account.key })
    expectAnswer(answer, 404, notFound)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json\b/)
  }
})

test('headers and members that would change the method or the path are ignored', async () => {
  const more: [string, string][] = [
    ['X-HTTP-Method-Override', 'DELETE'],
    ['X-HTTP-Method', 'DELETE'],
    ['X-Method-Override', 'DELETE'],
    ['X-Original-URL', `${integrationsPath}1/`],
    ['X-Rewrite-URL', `${integrationsPath}1/`],
  ]
  const { key } = v2.account
  const shown = await ask('GET', `${one}?_method=DELETE`, { key, more })
  assert.deepEqual([shown.status, `${integrationsPath}${asObject(shown.body).id}/`], [200, one])
  const body = JSON.stringify({ ...required, _method: 'DELETE' })
  const type = 'application/json'
  assert.equal((await ask('POST', integrationsPath, { key, more, body, type })).status, 201)
  assert.equal((await ask('POST', `${one}?_method=DELETE`, { key, more, body, type })).status, 405)
  assert.equal((await ask('GET', one, { key })).status, 200)
})

test('headers and query members with the names of prototypes are inert', async () => {
  const more: [string, string][] = [
    ['__proto__', 'x'],
    ['constructor', 'y'],
    ['prototype', 'z'],
  ]
  const { status } = await ask('GET', `${one}?__proto__[polluted]=1&constructor.prototype.polluted=1`, {
    key: v2.account.key,
    more,
  })
  assert.equal(status, 200)
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})
