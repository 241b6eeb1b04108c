// Requests framed to be read in two ways: each is refused or read in one way, and nothing hidden in it is done.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { answerTo, exchange, expectSafe, openRaw, type RawAnswer, requestText } from '../support/raw-http.ts'

const integrations = '/v2/integrations/'
const json = 'Content-Type: application/json'

let api: TestApi
let key: string
before(async () => {
  api = await startApi()
  key = (await newAccount(api)).key
  await call(api.address, 'POST', integrations, { key, body: { ...fields, id: 'mine' } })
})
after(() => api.close())

const fields = {
  name: 'Name',
  email: 'a@example.com',
  recipient: 'R',
  address_line_1: 'A',
  zip_code: '1',
  city: 'C',
}

let hiddenCount = 0

/** What an attacker hides: it would create a row of its own, were it read as a request. */
function hidden(): string {
  const body = JSON.stringify({ ...fields, id: `hidden-${++hiddenCount}` })
  return requestText('POST', integrations, { key, headers: [json], body })
}

/** An admitted POST with these header lines, and bytes behind them. */
function framed(
  lines: readonly string[],
  rest: string,
  options: { version?: string; end?: string } = {},
): string {
  const { version = 'HTTP/1.1', end = '\r\n' } = options
  const head = [
    `POST ${integrations} ${version}`,
    'Host: mortise.test',
    `Authorization: Token ${key}`,
    json,
    ...lines,
  ]
  return `${head.join(end)}${end}${end}${rest}`
}

/** A chunked body that ends at once, and something behind it. */
const ended = () => `0\r\n\r\n${hidden()}`

/** Looks for the row that was hidden last. */
async function expectNothingHidden(): Promise<void> {
  const answer = await call(api.address, 'GET', `${integrations}hidden-${hiddenCount}/`, { key })
  assert.equal(answer.status, 404, 'the hidden request was done')
}

/** Refused as no HTTP, once, and the connection closed before anything else on it is read. */
async function expectRefused(data: string): Promise<void> {
  const answers = await exchange(api.address, data)
  assert.deepEqual(
    answers.map(({ status }) => status),
    [400],
    answers.map(({ text }) => text).join(),
  )
  for (const answer of answers) {
    expectSafe(answer)
    assert.equal(answer.headers.get('connection'), 'close')
    assert.equal(typeof JSON.parse(answer.text).detail, 'string')
  }
  await expectNothingHidden()
}

describe('bodies of two lengths', () => {
  const ambiguous: Record<string, () => string> = {
    'chunked and a length': () => framed(['Transfer-Encoding: chunked', 'Content-Length: 5'], ended()),
    'a length and chunked': () => framed(['Content-Length: 5', 'Transfer-Encoding: chunked'], ended()),
    'two lengths': () => framed(['Content-Length: 0', `Content-Length: ${hidden().length}`], hidden()),
    'two equal lengths': () => framed(['Content-Length: 2', 'Content-Length: 2'], `{}${hidden()}`),
    'a list of lengths': () => framed(['Content-Length: 2, 2'], `{}${hidden()}`),
    'a length with a plus': () => framed(['Content-Length: +2'], `{}${hidden()}`),
    'a length below zero': () => framed(['Content-Length: -1'], hidden()),
    'a length with a space in it': () => framed(['Content-Length: 2 2'], `{}${hidden()}`),
    'a hexadecimal length': () => framed(['Content-Length: 0x2'], `{}${hidden()}`),
    'a length with an exponent': () => framed(['Content-Length: 1e1'], `{}${hidden()}`),
    'a length beyond 64 bits': () => framed(['Content-Length: 18446744073709551617'], `{}${hidden()}`),
    'an empty length': () => framed(['Content-Length: '], `${hidden()}`),
    'Transfer-Encoding xchunked': () => framed(['Transfer-Encoding: xchunked'], ended()),
    'chunked that is not last': () => framed(['Transfer-Encoding: chunked, identity'], ended()),
    'two transfer encodings': () =>
      framed(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], ended()),
    'a transfer encoding after a control character': () =>
      framed(['Transfer-Encoding: \x0bchunked'], ended()),
    'a transfer encoding behind a space': () => framed(['Transfer-Encoding : chunked'], ended()),
    'a length behind a space': () => framed(['Content-Length : 2'], `{}${hidden()}`),
    'chunked in HTTP/1.0 beside a length': () =>
      framed(['Transfer-Encoding: chunked', 'Content-Length: 5'], ended(), { version: 'HTTP/1.0' }),
    'a chunk of negative size': () => framed(['Transfer-Encoding: chunked'], `-1\r\n\r\n${ended()}`),
    'a chunk of hexadecimal prefix': () => framed(['Transfer-Encoding: chunked'], `0x2\r\n{}\r\n${ended()}`),
    'a chunk longer than said': () => framed(['Transfer-Encoding: chunked'], `2\r\n{}}}\r\n${ended()}`),
    'a chunk beyond 64 bits': () =>
      framed(['Transfer-Encoding: chunked'], `10000000000000002\r\n{}\r\n${ended()}`),
    'chunks ended by bare line feeds': () =>
      framed(['Transfer-Encoding: chunked'], `2\n{}\n0\n\n${hidden()}`),
    'a flood of chunk extensions': () =>
      framed(['Transfer-Encoding: chunked'], `2;${'a=b;'.repeat(10_000)}\r\n{}\r\n${ended()}`),
  }
  for (const [what, data] of Object.entries(ambiguous)) {
    test(`${what}: refused, closed, and what is hidden in it is not done`, () => expectRefused(data()))
  }

  test('a trailer is no header: it neither admits nor frames', async () => {
    const head = requestText('POST', integrations, {
      headers: [json, 'Transfer-Encoding: chunked', 'Trailer: X'],
    })
    const admitting = `0\r\nAuthorization: Token ${key}\r\n\r\n`
    assert.equal((await answerTo(api.address, head + admitting)).status, 401)
    const framing = `0\r\nContent-Length: 500\r\n\r\n${hidden()}`
    assert.ok([400, 401].includes((await answerTo(api.address, head + framing)).status))
    await expectNothingHidden()
  })
})

describe('heads that are no HTTP', () => {
  const get = (lines: readonly string[], end = '\r\n') =>
    [`GET ${integrations} HTTP/1.1`, 'Host: a', `Authorization: Token ${key}`, ...lines].join(end) + end + end
  const broken: Record<string, () => string> = {
    'lines ended by bare line feeds': () => get([], '\n'),
    'one header ended by a bare line feed': () => get(['X-A: b\nX-B: c']),
    'a bare carriage return in a value': () => get(['X-A: b\rX-B: c']),
    'a folded header': () => get(['X-A: b', ' c']),
    'a header folded by a tab': () => get(['X-A: b', '\tTransfer-Encoding: chunked']),
    'a space before the colon': () => get(['X-A : b']),
    'a header without a name': () => get([': b']),
    'a header without a colon': () => get(['X-A']),
    'a null byte in a value': () => get(['X-A: b\0c']),
    'a null byte in a name': () => get(['X\0A: b']),
    'a null byte in the address': () => get([]).replace(integrations, '/v2/integrations/\0/'),
    'a space in the address': () => get([]).replace(integrations, '/v2/ integrations/'),
    'bytes that are no ASCII in the address': () =>
      get([]).replace(integrations, '/v2/integrations/\xff\xfe/'),
    'a method that is none': () => get([]).replace('GET', 'FOO'),
    'a method in lower case': () => get([]).replace('GET', 'get'),
    'a version that is none': () => get([]).replace('HTTP/1.1', 'HTTP/1.2'),
    'HTTP/0.9': () => `GET ${integrations}\r\n\r\n`,
    'the opening of HTTP/2': () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'the opening of TLS': () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'no Host': () => `GET ${integrations} HTTP/1.1\r\nAuthorization: Token ${key}\r\n\r\n`,
  }
  for (const [what, data] of Object.entries(broken)) {
    test(`${what}: refused in JSON, and the connection closed`, () => expectRefused(`${data()}${hidden()}`))
  }
})

describe('heads that are HTTP, and odd', () => {
  const expectOneSafe = async (data: string): Promise<RawAnswer> => {
    const answer = await answerTo(api.address, data)
    assert.ok(answer.status >= 200 && answer.status < 500, `${answer.status}`)
    expectSafe(answer)
    assert.doesNotMatch(answer.text, /evil\.test/)
    return answer
  }

  test('two Hosts are refused, or neither is believed', async () => {
    await expectOneSafe(
      requestText('GET', `${integrations}?page_size=1`, { key, headers: ['Host: evil.test'] }),
    )
  })

  test('an absolute address is refused, or read as its path; its host is not believed', async () => {
    await expectOneSafe(requestText('GET', `http://evil.test${integrations}?page_size=1`, { key }))
  })

  test('TRACE is refused and mirrors nothing', async () => {
    const answer = await expectOneSafe(
      requestText('TRACE', integrations, { key, headers: ['X-Marker: zebra'] }),
    )
    assert.equal(answer.status, 405)
    assert.doesNotMatch(answer.text, /zebra|Token/)
  })

  test('CONNECT opens no tunnel', async () => {
    const connection = await openRaw(api.address)
    connection.send(`${requestText('CONNECT', '127.0.0.1:80', { key })}${hidden()}`)
    for (const { status } of await connection.closed()) assert.ok(status >= 400 && status < 500)
    await expectNothingHidden()
  })

  for (const protocol of ['h2c', 'websocket', 'TLS/1.2']) {
    test(`Upgrade to ${protocol} is not followed`, async () => {
      const headers = [
        'Connection: Upgrade, HTTP2-Settings',
        `Upgrade: ${protocol}`,
        'HTTP2-Settings: AAMAAABkAAQAAP__',
      ]
      const answer = await expectOneSafe(requestText('GET', integrations, { key, headers }))
      assert.ok([200, 400, 426].includes(answer.status))
    })
  }

  test('Connection: X takes no header of ours away', async () => {
    const headers = ['Connection: close, Authorization, Content-Type']
    assert.equal((await expectOneSafe(requestText('GET', integrations, { key, headers }))).status, 200)
  })
})

describe('requests within bodies', () => {
  const inBody = (method: string, path: string, withKey: boolean, headers: readonly string[] = []) =>
    requestText(method, path, { ...(withKey && { key }), headers: [json, ...headers], body: hidden() })
  const cases: Record<string, { status: number; data: () => string }> = {
    'of a stranger': { status: 401, data: () => inBody('POST', integrations, false) },
    'of a GET': { status: 200, data: () => inBody('GET', integrations, true) },
    'of a DELETE': { status: 404, data: () => inBody('DELETE', `${integrations}none/`, true) },
    'of OPTIONS': { status: 204, data: () => inBody('OPTIONS', integrations, true) },
    'to a method not allowed': { status: 405, data: () => inBody('PATCH', integrations, true) },
    'to an unknown path': { status: 404, data: () => inBody('POST', '/v2/none/', true) },
    'to a path that cannot be read': {
      status: 400,
      data: () => inBody('POST', '/v2/integrations/%E0%A4%A/', true),
    },
    'to a public path': { status: 200, data: () => inBody('GET', '/healthz', false) },
    'that is no JSON': { status: 400, data: () => inBody('POST', integrations, true) },
    'of a client that takes no JSON': {
      status: 406,
      data: () => inBody('POST', integrations, true, ['Accept: image/png']),
    },
    'with an odd expectation': {
      status: 417,
      data: () => inBody('POST', integrations, true, ['Expect: a-pony']),
    },
  }
  for (const [what, { status, data }] of Object.entries(cases)) {
    test(`a request in the body ${what} is not done`, async () => {
      const answers = await exchange(api.address, data())
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [status],
      )
      await expectNothingHidden()
    })
  }

  test('a request in the body of HEAD is not done', async () => {
    const answers = await exchange(api.address, inBody('HEAD', integrations, true), { head: true })
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200],
    )
    await expectNothingHidden()
  })
})

describe('pipelining', () => {
  const numbered = (number: number) => requestText('GET', `${integrations}?n=${number}&page_size=1`, { key })
  const numbersOf = (answers: readonly RawAnswer[]) =>
    answers.map(({ text }) => Number(/[?&]n=(\d+)/.exec(JSON.parse(text).next)?.[1]))

  test('a hundred requests in one go are all answered, in order', async () => {
    const connection = await openRaw(api.address)
    connection.send(Array.from({ length: 100 }, (_, number) => numbered(number)).join(''))
    const answers = await connection.take(100)
    assert.deepEqual(
      numbersOf(answers),
      Array.from({ length: 100 }, (_, number) => number),
    )
    connection.socket.destroy()
  })

  test('what precedes a broken one is answered in order; it is refused, and nothing behind it is done', async () => {
    const connection = await openRaw(api.address)
    const good = Array.from({ length: 49 }, (_, number) => numbered(number))
    const bad = `POST ${integrations} HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n`
    connection.send([...good, bad, ...Array.from({ length: 50 }, hidden)].join(''))
    const answers = await connection.closed()
    const last = answers.at(-1)
    assert.ok(answers.length <= 50)
    assert.equal(last?.status, 400)
    assert.equal(last.headers.get('connection'), 'close')
    assert.deepEqual(
      numbersOf(answers.slice(0, -1)),
      Array.from({ length: 49 }, (_, number) => number),
    )
    await expectNothingHidden()
  })
})

test('of all that was hidden, nothing was done later either', async () => {
  const { body } = await call(api.address, 'GET', `${integrations}?page_size=100`, { key })
  const { results } = body as { results: Array<{ id: string }> }
  assert.deepEqual(
    results.map(({ id }) => id),
    ['1', 'mine'],
  )
})
