// A receiver of webhooks on loopback: keeps what it was sent, and answers as the test wants.
import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { parseAllowed } from '../../src/outbound/allowed.ts'
import type { Egress } from '../../src/outbound/guard.ts'

export type Received = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly id: string
  readonly at: number
}

export type Receiver = {
  readonly address: string
  readonly received: Received[]
  /** Answers from now on. */
  answer: (request: Received, response: ServerResponse, raw: IncomingMessage) => void
  /** Waits until so many have come. */
  waitFor(count: number, timeoutMs?: number): Promise<Received[]>
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const one: Received = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
        id: String(request.headers['webhook-id']),
        at: performance.now(),
      }
      received.push(one)
      receiver.answer(one, response, request)
    })
    request.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const receiver: Receiver = {
    address: `http://127.0.0.1:${address.port}`,
    received,
    answer: (_request, response) => response.writeHead(204).end(),
    async waitFor(count, timeoutMs = 10_000) {
      const until = performance.now() + timeoutMs
      while (received.length < count) {
        assert.ok(performance.now() < until, `${received.length} of ${count} came in time`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return received
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

/** These addresses may be called, though they are not public. */
export function allowing(...addresses: string[]): Egress {
  return {
    allow: addresses.map((address) => {
      const entry = parseAllowed(new URL(address).host)
      assert.ok(entry)
      return entry
    }),
  }
}

/** As a receiver would. @throws where it is not genuine */
export function verified(secret: string, { body, headers }: Pick<Received, 'body' | 'headers'>): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>)
}
