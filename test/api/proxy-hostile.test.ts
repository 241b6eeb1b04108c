// Providers that misbehave: bounded in time and memory, told with one text, and no harm to other calls.
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { after, afterEach, before, describe, test } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { generate } from 'selfsigned'
import { guard } from '../../src/outbound/guard.ts'
import { OutboundFailure, outbound } from '../../src/outbound/send.ts'
import { allowing, type Proxied, proxyPath, startProxied } from '../support/proxied.ts'
import { type RawUpstream, startRawUpstream, startUpstream, type Upstream } from '../support/upstream.ts'

let raw: RawUpstream
let good: Upstream
let proxied: Proxied
/** What the misbehaving provider says, once it was asked. */
let speak: (socket: Socket) => void = () => undefined
let bad: string
let well: string

before(async () => {
  raw = await startRawUpstream((socket) => speak(socket))
  good = await startUpstream()
  proxied = await startProxied({ egress: { allow: allowing(raw.origin, good.origin) } })
  const make = (origin: string) =>
    proxied.v2.make('active_campaign', { api_endpoint: origin, api_key: 'CANARYkey' })
  bad = proxyPath(await make(raw.origin))
  well = proxyPath(await make(good.origin))
})
afterEach(async () => {
  const other = await proxied.ask('GET', '/api/3/x', { target: well })
  assert.equal(other.status, 200, 'other calls go on')
})
after(async () => {
  await proxied.close()
  await raw.close()
  await good.close()
})

const unreachable = { detail: 'The provider could not be reached.', code: 'provider_unreachable' }
const ask = (method = 'GET') => proxied.ask(method, '/api/3/x', { target: bad })
const head = 'HTTP/1.1 200 OK\r\n'

describe('an answer that is none', () => {
  const cases: Record<string, (socket: Socket) => void> = {
    'nothing, and a hang-up': (socket) => socket.end(),
    'a reset': (socket) => socket.resetAndDestroy(),
    'no HTTP': (socket) => socket.end('220 mail.example ESMTP\r\n'),
    'half a header': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Le'),
    'HTTP/2': (socket) => socket.end(Buffer.from('000000040000000000', 'hex')),
    'headers of 64 KB': (socket) => socket.end(`${head}X-Long: ${'x'.repeat(65_536)}\r\n\r\n`),
    '10,000 headers': (socket) => socket.end(`${head}${'X-Many: x\r\n'.repeat(10_000)}\r\n`),
    'two lengths': (socket) => socket.end(`${head}Content-Length: 1\r\ncontent-length: 2\r\n\r\nab`),
    'a length and a coding': (socket) =>
      socket.end(`${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`),
    'a header that is folded into a NUL': (socket) => socket.end(`${head}X-A: a\0b\r\n\r\n`),
    'an upgrade that nobody asked for': (socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
  }
  for (const [what, say] of Object.entries(cases)) {
    test(`such as ${what} is 502, with the text that stands for all`, async () => {
      speak = say
      const answer = await ask()
      assert.deepEqual([answer.status, answer.json()], [502, unreachable])
      assert.equal(answer.header('mortise-origin'), 'mortise')
      assert.ok(!proxied.v2.api.log().includes('CANARYkey'))
    })
  }
})

describe('an answer that breaks off', () => {
  const cases: Record<string, string> = {
    'within its length': `${head}Content-Length: 10000000000\r\n\r\nsome`,
    'within a chunk': `${head}Transfer-Encoding: chunked\r\n\r\n100\r\nsome`,
    'with a chunk that is none': `${head}Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\nzz\r\n`,
    'before its last chunk': `${head}Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n`,
  }
  for (const [how, text] of Object.entries(cases)) {
    test(`${how} is seen to break off`, async () => {
      speak = (socket) => socket.end(text)
      await assert.rejects(ask(), { code: 'ECONNRESET' })
    })
  }
})

test('an answer without end is handed on as long as it is taken, and nothing of it is held', async () => {
  const part = Buffer.alloc(65_536, 'x')
  speak = (socket) => {
    socket.write(`${head}Content-Length: 10000000000\r\n\r\n`)
    const more = () => {
      while (socket.writable && socket.write(part)) {
        // Until it takes no more.
      }
    }
    socket.on('drain', more)
    more()
  }
  const before = process.memoryUsage().rss
  const { address } = proxied.v2.api
  const headers = { authorization: `Token ${proxied.key}`, 'integration-id': '1' }
  const response = await fetch(`${address}${bad}/api/3/x`, { headers })
  let taken = 0
  for await (const chunk of response.body ?? []) {
    taken += chunk.length
    if (taken > 200_000_000) break
  }
  assert.ok(process.memoryUsage().rss - before < 128 * 1_048_576, 'held while it was on its way')
  const begun = performance.now()
  while (raw.open() > 0 && performance.now() - begun < 5_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(raw.open(), 0)
})

test('a hundred calls to providers of every bad kind leave no connection behind', async () => {
  const says = [
    (socket: Socket) => socket.resetAndDestroy(),
    (socket: Socket) => socket.end(`${head}Content-Length: 100\r\n\r\nsome`),
    (socket: Socket) => socket.end(`${head}X-Long: ${'x'.repeat(65_536)}\r\n\r\n`),
  ]
  let at = 0
  speak = (socket) => says[at++ % says.length]?.(socket)
  await Promise.allSettled(Array.from({ length: 100 }, () => ask()))
  const begun = performance.now()
  while (raw.open() > 0 && performance.now() - begun < 5_000)
    await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(raw.open(), 0)
})

describe('time', () => {
  const limits = { headersTimeoutMs: 400, idleTimeoutMs: 400 }
  const request = () => ({ method: 'GET', origin: raw.origin, path: '/', headers: [], body: null })
  let door: ReturnType<typeof outbound>
  before(() => {
    door = outbound({ guard: guard({ allow: allowing(raw.origin) }) })
  })
  after(() => door.close())

  const cases: Record<string, (socket: Socket) => void> = {
    'no answer': () => undefined,
    'an answer of one byte a time, without end': (socket) => {
      const timer = setInterval(() => (socket.writable ? socket.write('H') : clearInterval(timer)), 50)
      socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
    },
    'interim answers without end': (socket) => {
      const timer = setInterval(
        () => (socket.writable ? socket.write('HTTP/1.1 103 Early Hints\r\n\r\n') : clearInterval(timer)),
        20,
      )
    },
    'a thousand interim answers at once, again and again': (socket) => {
      const timer = setInterval(
        () =>
          socket.writable
            ? socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000))
            : clearInterval(timer),
        20,
      )
    },
  }
  for (const [what, say] of Object.entries(cases)) {
    test(`is up for ${what}`, { timeout: 15_000 }, async () => {
      speak = say
      const begun = performance.now()
      await assert.rejects(
        door.send(request(), limits),
        (error) => error instanceof OutboundFailure && error.kind === 'timed_out',
      )
      const tookMs = performance.now() - begun
      assert.ok(tookMs < 3_000, `${tookMs} ms`)
    })
  }

  test('is up for an answer that falls silent, and not for one that goes on slowly', {
    timeout: 15_000,
  }, async () => {
    speak = (socket) => socket.write(`${head}Content-Length: 100\r\n\r\nsome`)
    const silent = await door.send(request(), limits)
    await assert.rejects(silent.body.toArray(), /timeout/i)
    speak = (socket) => {
      socket.write(`${head}Content-Length: 10\r\n\r\n`)
      let left = 10
      const timer = setInterval(() => {
        socket.write('x')
        if (--left === 0) clearInterval(timer)
      }, 200)
    }
    const slow = await door.send(request(), limits)
    assert.equal(Buffer.concat(await slow.body.toArray()).toString(), 'xxxxxxxxxx')
  })

  test('of fifteen seconds to the headers is up in fact', {
    timeout: 30_000,
    skip: process.env.TEST_SCALE !== 'full',
  }, async () => {
    speak = () => undefined
    const begun = performance.now()
    const answer = await ask()
    assert.deepEqual([answer.status, answer.json().code], [504, 'provider_timeout'])
    const tookMs = performance.now() - begun
    assert.ok(tookMs > 14_000 && tookMs < 18_000, `${tookMs} ms`)
  })
})

/** What is left after it is held by somebody. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

describe('a certificate', () => {
  for (const [what, subject, more] of [
    ['that nobody vouches for', '127.0.0.1', {}],
    ['of another name', 'other.example', {}],
    [
      'that has ended',
      '127.0.0.1',
      { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2020-02-01') },
    ],
  ] as const) {
    test(`${what} is refused before anything is sent, as often as it is met`, async () => {
      const pem = await generate([{ name: 'commonName', value: subject }], { keySize: 2048, ...more })
      let received = 0
      const server = createTlsServer({ key: pem.private, cert: pem.cert }, (socket) => {
        socket.on('data', (chunk) => {
          received += chunk.length
        })
      })
      server.on('tlsClientError', () => undefined)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      assert.ok(typeof address === 'object' && address !== null)
      const origin = `https://127.0.0.1:${address.port}`
      const door = outbound({ guard: guard({ allow: allowing(origin) }) })
      try {
        const refusedTimes = async (rounds: number) => {
          for (let at = 0; at < rounds; at++) {
            const headers = [['authorization', 'Bearer CANARY']] as const
            await assert.rejects(
              door.send({ method: 'GET', origin, path: '/', headers, body: null }),
              (error) => error instanceof OutboundFailure && error.kind === 'unreachable',
            )
          }
          collectGarbage()
          return process.memoryUsage().rss
        }
        const rounds = process.env.TEST_SCALE === 'full' ? 1_000 : 30
        // The heap grows to what it works in, and stays there; what is held would grow with each of them.
        const resident = [await refusedTimes(rounds)]
        for (let at = 0; at < 3; at++) resident.push(await refusedTimes(rounds))
        const moreMb = resident.slice(1).map((bytes, at) => (bytes - (resident[at] ?? 0)) / 1_048_576)
        assert.ok(Math.min(...moreMb) < 20, `${moreMb.map(Math.round)} MB more`)
        assert.equal(received, 0)
      } finally {
        await door.close()
        await new Promise((resolve) => server.close(resolve))
      }
    })
  }
})
