// Bodies on their way through the proxy: passed on as they come, held back where the other side is slow, ended where either side ends.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { after, before, beforeEach, describe, test } from 'node:test'
import { call } from '../support/api.ts'
import { type Proxied, proxyPath, startProxied } from '../support/proxied.ts'
import { openRaw, requestText } from '../support/raw-http.ts'
import { whenAsked } from '../support/upstream.ts'

let proxied: Proxied
before(async () => {
  proxied = await startProxied()
})
beforeEach(() => {
  proxied.upstream.asked.length = 0
  proxied.upstream.answer(whenAsked)
})
after(() => proxied.close())

const mebibyte = Buffer.alloc(1_048_576, 'm')
const until = async (what: string, holds: () => boolean, withinMs = 10_000) => {
  const begun = performance.now()
  while (!holds()) {
    assert.ok(performance.now() - begun < withinMs, `not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** A request whose body is sent by the test. */
function begin(method: string, headers: Record<string, string> = {}): ClientRequest {
  const { hostname, port } = new URL(proxied.v2.api.address)
  return request({
    hostname,
    port,
    method,
    path: `${proxyPath(proxied.id)}/v1/files`,
    agent: false,
    headers: { authorization: `Token ${proxied.key}`, 'integration-id': '1', ...headers },
  }).on('error', () => undefined)
}

async function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(sent, 'response')
  assert.ok(response)
  return response as IncomingMessage
}

/** Writes until the other side takes no more; how much that was. */
async function pourInto(target: NodeJS.WritableStream, quietMs = 300): Promise<number> {
  let poured = 0
  let isQuiet = false
  while (!isQuiet && poured < 512 * mebibyte.length) {
    poured += mebibyte.length
    if (target.write(mebibyte)) continue
    isQuiet = await Promise.race([
      once(target, 'drain').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(resolve, quietMs, true)),
    ])
  }
  return poured
}

describe('a body', () => {
  test('reaches the provider while it is still being sent', async () => {
    const sent = begin('POST')
    sent.write('the first part')
    await until('the provider is asked', () => proxied.upstream.asked.length === 1)
    sent.end(', and the rest')
    assert.equal((await answerOf(sent)).statusCode, 200)
    assert.equal(String(await proxied.upstream.asked[0]?.body()), 'the first part, and the rest')
  })

  test('is taken no faster than the provider takes it, and nothing of it is held', async () => {
    proxied.upstream.slow(true)
    const sent = begin('POST')
    const before = process.memoryUsage().rss
    const poured = await pourInto(sent)
    assert.ok(poured < 64 * mebibyte.length, `${poured} bytes were taken`)
    assert.ok(process.memoryUsage().rss - before < 128 * mebibyte.length)
    sent.destroy()
    proxied.upstream.slow(false)
    proxied.upstream.asked[0]?.resume()
    await until('the provider hears of the end', () => proxied.upstream.busy() === 0)
  })

  test('that breaks off breaks off at the provider', async () => {
    const sent = begin('POST', { 'content-length': '1000' })
    sent.write('some')
    await until('the provider is asked', () => proxied.upstream.asked.length === 1)
    sent.destroy()
    await assert.rejects(async () => proxied.upstream.asked[0]?.body())
    await until('the provider hears of the end', () => proxied.upstream.busy() === 0)
  })

  test('that the provider does not want is answered all the same, before it is sent to its end', async () => {
    proxied.upstream.answer((_request, response) => response.writeHead(413).end('too large'))
    const answer = await proxied.ask('POST', '/v1/files', {
      body: Readable.from(Array.from({ length: 64 }, () => mebibyte)),
    })
    assert.deepEqual([answer.status, answer.body.toString()], [413, 'too large'])
    assert.equal(answer.header('connection'), 'close')
  })

  test('that a signature covers is read as a whole, up to 10 MiB and no further', async () => {
    const id = await proxied.v2.make('aweber', {
      consumer_key: 'a',
      consumer_secret: 'b',
      access_token: 'c',
      access_token_secret: 'd',
    })
    const target = proxyPath(id)
    const form = [['Content-Type', 'application/x-www-form-urlencoded']] as const
    const small = await proxied.ask('POST', '/1.0/x', { target, headers: form, body: 'a=1&b=2' })
    assert.equal(small.status, 200)
    assert.equal(String(await proxied.upstream.asked.at(-1)?.body()), 'a=1&b=2')
    assert.match(String(proxied.upstream.asked.at(-1)?.headers.authorization), /^OAuth .*oauth_signature=/)
    const asked = proxied.upstream.asked.length
    const large = Buffer.alloc(10 * mebibyte.length + 1, 'a')
    for (const body of [large, Readable.from([large])]) {
      const refused = await proxied.ask('POST', '/1.0/x', { target, headers: form, body })
      assert.deepEqual([refused.status, refused.json().code], [413, 'body_too_large'])
    }
    assert.equal(proxied.upstream.asked.length, asked)
    const other = await proxied.ask('POST', '/1.0/x', { target, body: Readable.from([large]) })
    assert.equal(other.status, 200, 'of another kind it is not signed')
  })
})

describe('an answer', () => {
  test('reaches the caller while it is still being sent', async () => {
    const part = new PassThrough()
    proxied.upstream.answer((_request, response) => part.pipe(response))
    const sent = begin('GET')
    sent.end()
    part.write('first')
    const response = await answerOf(sent)
    assert.equal(String((await once(response, 'data'))[0]), 'first')
    const ended = once(response, 'end')
    part.end('rest')
    assert.equal(String((await once(response, 'data'))[0]), 'rest')
    await ended
  })

  test('is taken no faster than the caller takes it', async () => {
    let poured = -1
    proxied.upstream.answer((_request, response) => {
      void pourInto(response).then((bytes) => {
        poured = bytes
      })
    })
    const sent = begin('GET')
    sent.end()
    const response = await answerOf(sent)
    await until('nothing more is taken', () => poured >= 0)
    assert.ok(poured < 64 * mebibyte.length, `${poured} bytes were taken`)
    response.destroy()
    await until('the provider hears of the end', () => proxied.upstream.busy() === 0)
  })

  test('that nobody waits for any more is ended at the provider, before and after it began', async () => {
    for (const hasBegun of [false, true]) {
      proxied.upstream.answer((_request, response) => {
        if (hasBegun) response.write('begun')
      })
      const sent = begin('GET')
      sent.end()
      if (hasBegun) await answerOf(sent)
      else await until('the provider is asked', () => proxied.upstream.asked.length > 0)
      sent.destroy()
      await until('the provider hears of the end', () => proxied.upstream.busy() === 0)
    }
  })

  for (const [what, isChunked] of [
    ['that was to have a length', false],
    ['without a length', true],
  ] as const) {
    test(`${what} and breaks off is seen to break off`, async () => {
      proxied.upstream.answer((request, response) => {
        response.writeHead(200, isChunked ? {} : { 'content-length': '1000' })
        response.write('some')
        setTimeout(() => request.socket.resetAndDestroy(), 20)
      })
      const sent = begin('GET')
      sent.end()
      const response = await answerOf(sent)
      response.resume()
      const [error] = await once(response, 'error')
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNRESET')
      assert.equal(response.complete, false)
      await until('it is told in the log', () => proxied.v2.api.log().includes('the provider broke off'))
    })
  }

  for (const [what, body] of [
    ['of plain text', Buffer.from('{"a":"plain"}')],
    ['of any bytes', Buffer.from([0x7b, 0xc3, 0xa4, 0xff, 0x00, 0x0a, 0x7d])],
    ['that is empty', Buffer.alloc(0)],
    ['of some length', Buffer.alloc(40_000, 'ä')],
  ] as const) {
    test(`${what} is byte for byte the provider’s, whether it comes at once or in pieces`, async () => {
      for (const pieces of [1, 3]) {
        for (const headers of [
          { 'content-type': 'application/json', 'content-length': String(body.length) },
          { 'content-type': 'application/json' },
          { 'content-length': String(body.length) },
          {},
        ]) {
          proxied.upstream.answer((_request, response) => {
            response.writeHead(201, headers)
            const size = Math.ceil(body.length / pieces)
            const send = (at: number) => {
              if (at >= pieces - 1) response.end(body.subarray(at * size))
              else {
                response.write(body.subarray(at * size, (at + 1) * size))
                setTimeout(send, 5, at + 1)
              }
            }
            send(0)
          })
          const answer = await proxied.ask('GET', '/v1/files')
          assert.equal(answer.status, 201)
          assert.deepEqual(answer.body, body)
          assert.equal(answer.header('content-type'), headers['content-type'])
        }
      }
    })
  }

  test('without a body keeps the length that it would have', async () => {
    proxied.upstream.answer((request, response) => {
      const isHead = request.method === 'HEAD'
      response.writeHead(isHead ? 200 : 304, { 'content-type': 'text/plain', 'content-length': '1234' }).end()
    })
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 304],
    ] as const) {
      const answer = await proxied.ask(method, '/v1/files')
      assert.deepEqual([answer.status, answer.header('content-length')], [status, '1234'])
    }
  })

  test('of any length comes whole', async () => {
    proxied.upstream.answer((_request, response) =>
      Readable.from(Array.from({ length: 32 }, () => mebibyte)).pipe(response),
    )
    assert.equal((await proxied.ask('GET', '/v1/files')).body.length, 32 * mebibyte.length)
  })
})

describe('time', () => {
  test('is not limited for a body as a whole, but for any other route’s it still is', {
    timeout: 30_000,
  }, async () => {
    const { server } = proxied.v2.api
    const { requestTimeout, headersTimeout } = server
    Object.assign(server, { requestTimeout: 600, headersTimeout: 500 })
    try {
      const sent = begin('POST', { 'content-length': '40' })
      const answered = answerOf(sent)
      const slow = await openRaw(proxied.v2.api.address)
      const headers = ['Content-Length: 40', 'Content-Type: application/json']
      slow.send(requestText('POST', '/v2/integrations/', { key: proxied.v2.account.key, headers }))
      for (let at = 0; at < 40; at++) {
        sent.write('x')
        if (!slow.isClosed()) slow.send(' ')
        await new Promise((resolve) => setTimeout(resolve, 125))
      }
      sent.end()
      assert.equal((await answered).statusCode, 200)
      const [refused] = await slow.closed()
      assert.equal(refused?.status, 408)
    } finally {
      Object.assign(server, { requestTimeout, headersTimeout })
    }
    const alive = await call(proxied.v2.api.address, 'GET', '/healthz')
    assert.equal(alive.status, 200)
  })
})
