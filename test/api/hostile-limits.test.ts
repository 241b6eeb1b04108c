// Sizes: headers, addresses and bodies beyond the limits are refused early, and cost the server nothing.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { newAccount, startApi, type TestApi } from '../support/api.ts'
import { newFolders, start } from '../support/process.ts'
import { answerTo, expectSafe, openRaw, type RawAnswer, requestText } from '../support/raw-http.ts'

const json = 'Content-Type: application/json'
const mebibyte = 1_048_576
const newIntegration = JSON.stringify({
  name: 'Name',
  email: 'a@example.com',
  recipient: 'R',
  address_line_1: 'A',
  zip_code: '1',
  city: 'C',
})
/** Where bodies are taken, with the largest that the contract lets in. */
const limited = [
  { path: '/v2/integrations/', bytesMax: 2 * mebibyte },
  { path: '/v2/freelancers/', bytesMax: mebibyte },
]

let api: TestApi
let key: string
before(async () => {
  api = await startApi()
  key = (await newAccount(api)).key
})
after(() => api.close())

function expectRefusal(answer: RawAnswer | undefined, status: number): void {
  assert.equal(answer?.status, status, answer?.text)
  expectSafe(answer)
  assert.equal(typeof JSON.parse(answer.text).detail, 'string')
}

/** Sends chunks until the server hangs up, or far more was sent than any limit; how many bytes that were. */
async function sendWithoutEnd(head: string): Promise<{ sentBytes: number; answers: RawAnswer[] }> {
  const connection = await openRaw(api.address)
  connection.send(head)
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`)
  let sentBytes = 0
  while (!connection.isClosed() && sentBytes < 64 * mebibyte) {
    sentBytes += chunk.length
    if (!connection.socket.write(chunk)) await drained(connection.socket)
    await new Promise(setImmediate)
  }
  return { sentBytes, answers: await connection.closed() }
}

function drained(socket: NodeJS.EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve)
    socket.once('close', resolve)
  })
}

describe('headers and addresses', () => {
  test('headers over 16 KiB are refused with 431 and the connection is closed', async () => {
    const connection = await openRaw(api.address)
    connection.send(requestText('GET', '/v2/integrations/', { key, headers: [`X-A: ${'a'.repeat(17_000)}`] }))
    const [answer] = await connection.closed()
    expectRefusal(answer, 431)
  })

  test('an endless header is refused with 431 before it ends', async () => {
    const connection = await openRaw(api.address)
    connection.send('GET /v2/integrations/ HTTP/1.1\r\nHost: a\r\nX-A: ')
    for (let sent = 0; sent < 4 && !connection.isClosed(); sent++) connection.send('a'.repeat(8_192))
    const [answer] = await connection.closed()
    expectRefusal(answer, 431)
  })

  test('an address of 20 kB is refused with 414 or 431', async () => {
    const answer = await answerTo(
      api.address,
      requestText('GET', `/v2/integrations/?a=${'a'.repeat(20_000)}`, { key }),
    )
    assert.ok([414, 431].includes(answer.status), answer.text)
    expectSafe(answer)
  })

  test('a thousand headers are served or refused, and the next request is served', async () => {
    const headers = Array.from({ length: 1_000 }, (_, index) => `A${index}: 1`)
    const many = await answerTo(api.address, requestText('GET', '/v2/integrations/', { key, headers }))
    assert.ok([200, 431].includes(many.status), many.text)
    expectSafe(many)
    assert.equal((await answerTo(api.address, requestText('GET', '/v2/integrations/', { key }))).status, 200)
  })
})

describe('bodies over the limit', () => {
  for (const { path, bytesMax } of limited) {
    test(`${path}: a length over the limit is refused with 413 before a byte of the body is sent`, async () => {
      const connection = await openRaw(api.address)
      const headers = [json, `Content-Length: ${bytesMax + 1}`]
      connection.send(requestText('POST', path, { key, headers }))
      const [answer] = await connection.closed()
      expectRefusal(answer, 413)
    })

    test(`${path}: a chunked body is refused with 413 at the limit, not at its end`, async () => {
      const head = requestText('POST', path, { key, headers: [json, 'Transfer-Encoding: chunked'] })
      const { sentBytes, answers } = await sendWithoutEnd(head)
      // What is still on its way in the sockets' buffers counts as sent.
      assert.ok(sentBytes < bytesMax + 16 * mebibyte, `${sentBytes} bytes were taken`)
      if (answers.length > 0) expectRefusal(answers[0], 413)
    })
  }

  test('a chunked body just over the limit is told 413', async () => {
    const body = `${(mebibyte + 1).toString(16)}\r\n${'x'.repeat(mebibyte + 1)}`
    const headers = [json, 'Transfer-Encoding: chunked']
    const connection = await openRaw(api.address)
    connection.send(requestText('POST', '/v2/freelancers/', { key, headers, body }))
    const [answer] = await connection.closed()
    expectRefusal(answer, 413)
  })
})

describe('Expect: 100-continue', () => {
  const length = Buffer.byteLength(newIntegration)
  const expecting = (path: string, bytes: number, withKey: boolean, others: readonly string[] = []) =>
    requestText('POST', path, {
      ...(withKey && { key }),
      headers: ['Expect: 100-continue', json, ...(bytes < 0 ? [] : [`Content-Length: ${bytes}`]), ...others],
    })

  test('an admitted request of good size is told to continue, and then done', async () => {
    const connection = await openRaw(api.address)
    connection.send(expecting('/v2/integrations/', length, true))
    assert.deepEqual(
      (await connection.take(1)).map(({ status }) => status),
      [100],
    )
    connection.send(newIntegration)
    assert.deepEqual(
      (await connection.take(2)).map(({ status }) => status),
      [100, 201],
    )
    connection.socket.destroy()
  })

  test('v1 is told to continue where the key is in the body', async () => {
    const form = `api_key=${key}`
    const connection = await openRaw(api.address)
    const headers = ['Expect: 100-continue', 'Content-Type: application/x-www-form-urlencoded']
    connection.send(
      requestText('POST', '/api/v1/integrations', {
        headers: [...headers, `Content-Length: ${form.length}`],
      }),
    )
    assert.deepEqual(
      (await connection.take(1)).map(({ status }) => status),
      [100],
    )
    connection.send(form)
    assert.deepEqual(
      (await connection.take(2)).map(({ status }) => status),
      [100, 200],
    )
    connection.socket.destroy()
  })

  const refusals = [
    { what: 'a stranger', status: 401, head: () => expecting('/v2/integrations/', length, false) },
    {
      what: 'a wrong key',
      status: 401,
      head: () => expecting('/v2/integrations/', length, false, ['Authorization: Token x']),
    },
    {
      what: 'too large a body',
      status: 413,
      head: () => expecting('/v2/integrations/', 2 * mebibyte + 1, true),
    },
    {
      what: 'a client that takes no JSON',
      status: 406,
      head: () => expecting('/v2/integrations/', length, true, ['Accept: image/png']),
    },
  ]
  for (const { what, status, head } of refusals) {
    test(`${what} is refused with ${status} and never told to continue`, async () => {
      const connection = await openRaw(api.address)
      connection.send(head())
      const answers = await connection.closed()
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [status],
      )
      expectRefusal(answers[0], status)
    })
  }

  test('any other expectation is refused in JSON, with the headers of every answer', async () => {
    const answer = await answerTo(
      api.address,
      requestText('GET', '/v2/integrations/', { key, headers: ['Expect: a-pony'] }),
    )
    assert.ok([200, 400, 417].includes(answer.status), answer.text)
    expectSafe(answer)
    assert.notEqual(answer.text, '')
  })
})

describe('strangers with bodies', () => {
  test('an endless chunked body of a stranger is answered 401 at once, unread, and the connection closed', async () => {
    const connection = await openRaw(api.address)
    connection.send(
      requestText('POST', '/v2/integrations/', { headers: [json, 'Transfer-Encoding: chunked'] }),
    )
    connection.send('5\r\nhello\r\n')
    const [answer] = await connection.closed()
    expectRefusal(answer, 401)
    assert.equal(answer?.headers.get('connection'), 'close')

    const head = requestText('POST', '/v2/integrations/', { headers: [json, 'Transfer-Encoding: chunked'] })
    const { sentBytes } = await sendWithoutEnd(head)
    assert.ok(sentBytes < 16 * mebibyte, `${sentBytes} bytes were taken`)
  })

  test('v1 reads no more than its limit from a stranger, whose key may be in the body', async () => {
    const head = requestText('POST', '/api/v1/integrations', {
      headers: [json, 'Transfer-Encoding: chunked'],
    })
    const { sentBytes, answers } = await sendWithoutEnd(head)
    assert.ok(sentBytes < 16 * mebibyte, `${sentBytes} bytes were taken`)
    for (const answer of answers) assert.ok([401, 413].includes(answer.status), answer.text)
  })

  const noProc = process.platform === 'win32' && 'there is no ps to ask'
  test('big bodies of strangers do not make the process grow', { skip: noProc }, async () => {
    const folders = newFolders()
    const served = await start('serve', ['--data', folders.data], {
      ...folders.env,
      MORTISE_LOG_LEVEL: 'error',
    })
    try {
      const { pid } = served.child
      const residentBytes = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) * 1024
      const payload = 'x'.repeat(4 * mebibyte)
      const flood = async (times: number) => {
        for (let sent = 0; sent < times; sent += 10) {
          await Promise.all(
            Array.from({ length: 10 }, async () => {
              const connection = await openRaw(served.address)
              const headers = [json, `Content-Length: ${100 * mebibyte}`]
              connection.send(requestText('POST', '/v2/integrations/', { headers }))
              connection.send(payload)
              await connection.closed()
            }),
          )
        }
      }
      await flood(20)
      const before = residentBytes()
      await flood(100)
      const grownBytes = residentBytes() - before
      assert.ok(grownBytes < 64 * mebibyte, `it grew by ${Math.round(grownBytes / mebibyte)} MiB`)
      assert.equal((await answerTo(served.address, requestText('GET', '/healthz'))).status, 200)
    } finally {
      await served.stop()
      folders.remove()
    }
  })
})
