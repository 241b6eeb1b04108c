// One try at delivering: what counts as no answer, and how long is waited for one.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { generate } from 'selfsigned'
import { type Attempts, deliveryAttempts } from '../../src/hub/delivery-attempts.ts'
import { guard } from '../../src/outbound/guard.ts'
import { outbound } from '../../src/outbound/send.ts'
import { Secret } from '../../src/vault/secret.ts'
import { allowing } from '../support/proxied.ts'

const secrets = [new Secret(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)]
const message = { id: 'evt_1_x', body: '{"type":"connection.updated"}' }

describe('a try at delivering', { concurrency: true }, () => {
  const servers: Server[] = []
  const doors: Array<{ close(): Promise<void> }> = []
  let silent: Server
  let untrusted: Server
  let asked = 0
  before(async () => {
    const pem = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 })
    silent = createServer(() => undefined)
    untrusted = createTlsServer({ key: pem.private, cert: pem.cert }, (_request, response) => {
      asked++
      response.end()
    })
    for (const server of [silent, untrusted]) {
      servers.push(server)
      await once(server.listen(0, '127.0.0.1'), 'listening')
    }
  })
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    for (const door of doors) await door.close()
  })

  function attemptsAt(origin: string): Attempts {
    const door = outbound({ guard: guard({ allow: allowing(origin) }) })
    doors.push(door)
    return deliveryAttempts({
      send: door.send,
      now: () => new Date().toISOString() as ReturnType<Parameters<typeof deliveryAttempts>[0]['now']>,
      observer: { tell: () => undefined },
    })
  }
  const originOf = (server: Server, scheme: string) =>
    `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`

  test('ends after fifteen seconds where nobody answers, and says so', { timeout: 30_000 }, async () => {
    const origin = originOf(silent, 'http')
    const outcome = await attemptsAt(origin)(`${origin}/hooks`, secrets, message)
    assert.deepEqual([outcome.isDelivered, outcome.attempt.error], [false, 'timed_out'])
    const { duration_ms } = outcome.attempt
    assert.ok(duration_ms >= 14_900 && duration_ms < 20_000, `${duration_ms} ms`)
  })

  test('is no success where the certificate is not to be trusted, and nothing is sent', async () => {
    const origin = originOf(untrusted, 'https')
    const outcome = await attemptsAt(origin)(`${origin}/hooks`, secrets, message)
    assert.deepEqual([outcome.isDelivered, outcome.attempt.error], [false, 'no_answer'])
    assert.equal(asked, 0)
  })
})
