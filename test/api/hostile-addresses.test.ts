// Methods, paths and queries that nobody should send: known answers, and never another route, row or header.
import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { scopes } from '../../src/hub/caller.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { answerTo, expectSafe, type RawAnswer, requestText } from '../support/raw-http.ts'
import { isMedia, isRelayed, routes as listed } from '../support/routes.ts'
import { newConnection } from '../support/sample-connections.ts'

const integrations = '/v2/integrations/'
const fields = {
  name: 'Name',
  email: 'a@example.com',
  recipient: 'R',
  address_line_1: 'A',
  zip_code: '1',
  city: 'C',
}
const publicUrl = 'https://hub.example.com'

let api: TestApi
let key: string
before(async () => {
  api = await startApi({ publicUrl })
  const account = await newAccount(api, { scopes })
  key = account.key
  await api.db.updateTable('api_keys').set({ uid: '1' }).execute()
  await call(api.address, 'POST', integrations, { key, body: { ...fields, id: 'mine' } })
  await call(api.address, 'POST', '/v2/freelancers/', { key, body: { ...fields, id: '1' } })
  // So that a page can be given its snippet.
  await newConnection(api, account.id, { provider: 'stripe', fields: { publishable_key: 'pk_test_1' } })
})
after(() => api.close())

async function ask(method: string, path: string, headers: readonly string[] = []): Promise<RawAnswer> {
  const options = method === 'HEAD' ? { head: true as const } : {}
  const answer = await answerTo(api.address, requestText(method, path, { key, headers }), options)
  expectSafe(method === 'HEAD' ? { ...answer, text: '' } : answer)
  return answer
}

// Of what is handed on, somebody else decides which methods there are.
const routes = listed.map(({ route }) => route).filter((route) => !isRelayed(route))
const methodsOf = Map.groupBy(routes, ({ path }) => path.replace(':name', 'stripe').replace(/:\w+/g, '1'))

describe('methods', () => {
  for (const [path, known] of methodsOf) {
    const methods = known.map(({ method }) => method as string)

    test(`${path}: OPTIONS and every method it does not know list those it does`, async () => {
      const expected = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].toSorted()
      const allowOf = (answer: RawAnswer) => answer.headers.get('allow')?.split(/, */).toSorted()
      const options = await ask('OPTIONS', path)
      assert.ok([200, 204].includes(options.status))
      assert.deepEqual(allowOf(options), expected)
      // Node hands CONNECT to nobody, so it closes; that is tested where tunnels are.
      for (const method of METHODS.filter((one) => !expected.includes(one) && one !== 'CONNECT')) {
        const answer = await ask(method, path)
        assert.equal(answer.status, 405, method)
        assert.deepEqual(allowOf(answer), expected, method)
        if (method === 'HEAD') assert.equal(answer.text, '')
        else if (path.startsWith('/api/v1')) assert.equal(JSON.parse(answer.text).error, 'method_not_allowed')
        else assert.equal(JSON.parse(answer.text).detail, `Method "${method}" not allowed.`)
      }
    })

    if (!methods.includes('GET')) continue
    test(`${path}: HEAD is GET without the body`, async () => {
      // How a body is framed is told with the body.
      const varying = ['date', 'x-request-id', 'transfer-encoding']
      // What is counted has grown meanwhile.
      if (path === '/metrics') varying.push('content-length')
      const told = ({ headers }: RawAnswer) =>
        [...headers].filter(([name]) => !varying.includes(name)).toSorted()
      const acting = known.some(({ integrationHeader }) => integrationHeader) ? ['Integration-ID: 1'] : []
      const get = await ask('GET', path, acting)
      const head = await ask('HEAD', path, acting)
      // No picture, event or webhook has such a name; HEAD of pictures that there are is tested with them.
      const isUnknown = known.some(isMedia) || /^\/v2\/(events|webhooks)\/1\//.test(path)
      assert.equal(get.status, isUnknown ? 404 : 200, get.text)
      assert.equal(head.status, get.status)
      assert.deepEqual(told(head), told(get))
    })
  }

  test('a method that is not allowed is told before the kind of its body is looked at', async () => {
    for (const type of ['text/plain', 'no type at all']) {
      const request = requestText('PATCH', integrations, {
        key,
        headers: [`Content-Type: ${type}`],
        body: 'x',
      })
      assert.equal((await answerTo(api.address, request)).status, 405, type)
    }
  })

  test('a thing that does not exist is told before the kind of the body is looked at', async () => {
    for (const type of ['text/plain', 'no type at all']) {
      for (const path of [`${integrations}none/`, '/v2/none/']) {
        const request = requestText('PUT', path, { key, headers: [`Content-Type: ${type}`], body: 'x' })
        assert.equal((await answerTo(api.address, request)).status, 404, `${path} ${type}`)
      }
    }
  })

  test('no header, query or member makes another method or address of a request', async () => {
    const headers = [
      'X-HTTP-Method-Override: DELETE',
      'X-HTTP-Method: DELETE',
      'X-Method-Override: DELETE',
      'X-Original-URL: /v2/integrations/none/',
      'X-Rewrite-URL: /v2/integrations/none/',
    ]
    const shown = await ask('GET', `${integrations}mine/?_method=DELETE`, headers)
    assert.equal(JSON.parse(shown.text).id, 'mine')
    const form = `${new URLSearchParams({ ...fields, id: 'other', _method: 'DELETE' })}`
    const created = await answerTo(
      api.address,
      requestText('POST', `${integrations}?_method=DELETE`, {
        key,
        headers: [...headers, 'Content-Type: application/x-www-form-urlencoded'],
        body: form,
      }),
    )
    assert.equal(created.status, 201, created.text)
    assert.equal((await ask('GET', `${integrations}mine/`)).status, 200)
    assert.equal((await ask('DELETE', `${integrations}other/`)).status, 204)
  })
})

describe('paths', () => {
  const odd = [
    '.',
    '..',
    '%2e',
    '%2e%2e',
    '..%2f',
    '..%2fmine',
    '%2e%2e%2fmine',
    '%00',
    'mine%00',
    'mine%20',
    '%20mine',
    '%ff',
    '%C0%AF',
    '%E0%A4%A',
    '%',
    '%zz',
    'a/b',
    'mine%2f',
    'mine/..',
    'MINE',
    'm%C4%B1ne',
    '%EF%BD%8D%EF%BD%89ne',
    '*',
    ':id',
    '__proto__',
    'constructor',
    "mine'--",
    'mine;x',
    'mine%0d%0aX-Injected:%201',
    'm'.repeat(256),
    'm'.repeat(5_000),
  ]
  for (const id of odd) {
    test(`${id.length > 40 ? `an id of ${id.length} characters` : id} is neither an integration, nor another route or row`, async () => {
      for (const collection of [integrations, '/v2/freelancers/', '/api/v1/integrations/']) {
        const answer = await ask('GET', `${collection}${id}`)
        assert.ok([400, 404, 422].includes(answer.status), `${collection} ${answer.status} ${answer.text}`)
        assert.equal(answer.headers.has('x-injected'), false)
      }
    })
  }

  test('an unknown path is 404 in JSON, whatever it looks like', async () => {
    for (const path of [
      '/nothing',
      '//nothing',
      '/v2/integrations//mine/',
      '/v2/../v2/integrations/',
      '/.env',
      '/V2/integrations/',
      '*',
    ]) {
      const answer = await ask(path === '*' ? 'OPTIONS' : 'GET', path)
      assert.equal(answer.status, 404, `${path} ${answer.text}`)
      assert.deepEqual(JSON.parse(answer.text), { detail: 'Not found.' })
    }
  })

  test('an id that would break a header is refused, and one in a query reaches no header', async () => {
    for (const query of [
      '?page=%0d%0aX-Injected:%201',
      '?a=%0d%0aX-Injected:%201',
      '?type=%0d%0aX-Injected:%201',
      '?a=%C3%A9',
    ]) {
      const answer = await ask('GET', `${integrations}${query}`)
      assert.equal(answer.headers.has('x-injected'), false)
      for (const value of answer.headers.values()) assert.match(value, /^[\x20-\x7e]*$/)
    }
  })
})

describe('queries', () => {
  test('a page is a number from 1 to the last one, or last', async () => {
    for (const page of ['1', 'last', '01']) {
      assert.equal((await ask('GET', `${integrations}?page=${page}`)).status, 200, page)
    }
    const none = [
      '0',
      '-1',
      '1.5',
      '1e3',
      '0x1',
      '%201',
      '%EF%BC%91',
      '99999999999999999999',
      '',
      '2',
      '1&page=1',
      '%00',
      'NaN',
      'LAST',
    ]
    for (const page of none) {
      const answer = await ask('GET', `${integrations}?page=${page}`)
      assert.equal(answer.status, 404, page)
      assert.deepEqual(JSON.parse(answer.text), { detail: 'Invalid page.' })
    }
  })

  test('no page size brings more than a hundred, or an error', async () => {
    for (const size of [
      '0',
      '-1',
      'abc',
      '',
      '1.5',
      '101',
      '99999999999999999999',
      '1e999',
      '%00',
      '1&page_size=2',
    ]) {
      const answer = await ask('GET', `${integrations}?page_size=${size}`)
      assert.equal(answer.status, 200, size)
      assert.ok(JSON.parse(answer.text).results.length >= 2, size)
    }
  })

  test('a filter given twice, as a list or as an object selects nothing by surprise', async () => {
    assert.equal((await ask('GET', `${integrations}?type=3&type=1`)).status, 400)
    const { count } = JSON.parse((await ask('GET', integrations)).text)
    for (const query of ['type[]=3', 'type[$ne]=3', 'type.x=3', 'Type=3', '__proto__[type]=3']) {
      const answer = await ask('GET', `${integrations}?${query}`)
      assert.equal(answer.status, 200, query)
      assert.equal(JSON.parse(answer.text).count, count, query)
    }
    for (const type of ['9', 'x', '3%00', '%203', '3.0', "3'--"]) {
      const answer = await ask('GET', `${integrations}?type=${type}`)
      assert.equal(answer.status, 400, type)
      const [message] = JSON.parse(answer.text).type
      assert.match(message, /^Select a valid choice\. .* is not one of the available choices\.$/)
    }
  })

  test('a thousand parameters are served, and bytes that are no UTF-8 refused', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `a${index}=1`).join('&')
    assert.equal((await ask('GET', `${integrations}?${many}`)).status, 200)
    for (const query of ['a=%FF', '%FF=a', 'page=%E0%A4%A', 'type=%', 'a=%C0%AF', 'a=%ED%A0%80']) {
      assert.equal((await ask('GET', `${integrations}?${query}`)).status, 400, query)
    }
  })

  test('links stand on the public address, whatever Host and X-Forwarded headers say', async () => {
    const headers = ['X-Forwarded-Host: evil.test', 'X-Forwarded-Proto: gopher', 'Forwarded: host=evil.test']
    const answer = await ask('GET', `${integrations}?page_size=1`, headers)
    assert.equal(JSON.parse(answer.text).next, `${publicUrl}${integrations}?page=2&page_size=1`)
    assert.doesNotMatch(answer.text, /evil|gopher|mortise\.test/)
    for (const value of answer.headers.values()) assert.doesNotMatch(value, /evil|gopher/)
  })
})

describe('headers', () => {
  test('Integration-ID and Authorization with bytes that are no ASCII, or given twice, are refused', async () => {
    for (const header of [
      'Integration-ID: \xff\xfe',
      'Integration-ID: 1\xe9',
      'Integration-ID: 1\r\nintegration-id: 1',
    ]) {
      assert.equal((await ask('GET', integrations, [header])).status, 400, header)
    }
    const other = ['Authorization: Token \xff', `Authorization: Token ${key}`]
    for (const header of other) {
      assert.ok([400, 401].includes((await ask('GET', integrations, [header])).status), header)
    }
  })
})
