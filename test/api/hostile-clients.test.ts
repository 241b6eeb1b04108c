// Clients that hang up, dawdle or only hold connections open: the others do not notice them.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import {
  answerTo,
  expectSafe,
  openRaw,
  type RawAnswer,
  type RawConnection,
  requestText,
} from '../support/raw-http.ts'
import { engine } from '../support/store.ts'

const isFull = process.env.TEST_SCALE === 'full'
const integrations = '/v2/integrations/'
const json = 'Content-Type: application/json'
const fields = {
  name: 'Name',
  email: 'a@example.com',
  recipient: 'R',
  address_line_1: 'A',
  zip_code: '1',
  city: 'C',
}

/** The server's ends of connections that are open now. */
const served = new Set<Socket>()
function onServed(message: unknown): void {
  const { socket } = message as { socket: Socket }
  served.add(socket)
  socket.once('close', () => served.delete(socket))
}

let api: TestApi
let key: string
before(async () => {
  subscribe('net.server.socket', onServed)
  api = await startApi()
  key = (await newAccount(api)).key
})
after(async () => {
  await api.close()
  unsubscribe('net.server.socket', onServed)
})

async function waitUntil(condition: () => boolean, withinMs: number, what: () => string): Promise<void> {
  for (const endsAt = performance.now() + withinMs; !condition(); await wait(10)) {
    assert.ok(performance.now() < endsAt, what())
  }
}

/** Many at once, but not all: each batch starts when the one before is done. */
async function inBatches(count: number, work: (index: number) => Promise<void>): Promise<void> {
  for (let at = 0; at < count; at += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - at) }, (_, index) => work(at + index)))
  }
}

async function hungUp(data: string, options: { reset?: boolean; isRead?: true } = {}): Promise<void> {
  const connection = await openRaw(api.address)
  await new Promise((resolve) => connection.socket.write(data, resolve))
  if (options.isRead) await connection.until(() => connection.received() !== '' || connection.isClosed())
  if (options.reset) connection.socket.resetAndDestroy()
  else connection.socket.destroy()
}

/** Somebody else can have the store at once; on PostgreSQL, no session stands in a transaction. */
async function expectNoTransaction(): Promise<void> {
  const other = await api.store.session()
  try {
    if (engine === 'sqlite') {
      await other.query('begin immediate')
      await other.query('rollback')
    } else {
      const open = await other.query(
        `select state, query from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`,
      )
      assert.deepEqual(open, [])
    }
  } finally {
    await other.close()
  }
}

describe('clients that hang up', () => {
  const hangUps = isFull ? 5_000 : 1_000
  test(`${hangUps} that hang up anywhere leave no connection and no transaction behind`, async () => {
    const openBefore = served.size
    const upload = (id: string) => {
      const body = JSON.stringify({ ...fields, id })
      return requestText('POST', integrations, { key, headers: [json], body })
    }
    await inBatches(hangUps, async (index) => {
      const whole = upload(`hung-up-${index}`)
      const reset = index % 2 === 0
      switch (index % 6) {
        case 0:
          return hungUp(whole.slice(0, 40), { reset })
        case 1:
          return hungUp(whole.slice(0, -10), { reset })
        case 2:
          return hungUp(whole, { reset })
        case 3:
          return hungUp(requestText('GET', '/openapi.json').repeat(20), { reset })
        case 4:
          // In the midst of a large answer: some of it has come, and the rest is on its way.
          return hungUp(requestText('GET', `${integrations}?page_size=100`, { key }).repeat(5), {
            reset,
            isRead: true,
          })
        default:
          return hungUp(
            requestText('POST', integrations, { key, headers: [json, 'Transfer-Encoding: chunked'] }),
            { reset },
          )
      }
    })
    await waitUntil(
      () => served.size <= openBefore,
      5_000,
      () => `${served.size} connections are still open`,
    )
    await expectNoTransaction()
    const answer = await call(api.address, 'POST', integrations, { key, body: { ...fields, id: 'after' } })
    assert.equal(answer.status, 201, answer.text)
    assert.equal((await call(api.address, 'DELETE', `${integrations}after/`, { key })).status, 204)
  })

  test('half an upload stores nothing', async () => {
    for (let index = 1; index < 400; index += 6) {
      assert.equal((await call(api.address, 'GET', `${integrations}hung-up-${index}/`, { key })).status, 404)
    }
  })

  test('none of it was logged as unexpected', () => {
    assert.doesNotMatch(api.log(), /unexpected error/)
  })
})

const [idleCount, newCount] = isFull ? [2_000, 1_000] : [300, 300]
test(`${idleCount} idle connections do not keep ${newCount} new ones from being served`, async () => {
  const idle: RawConnection[] = []
  try {
    await inBatches(idleCount, async () => {
      const connection = await openRaw(api.address)
      idle.push(connection)
      connection.send(requestText('GET', integrations, { key }))
      await connection.take()
    })
    await inBatches(newCount, async () => {
      assert.equal((await answerTo(api.address, requestText('GET', integrations, { key }))).status, 200)
    })
    for (const connection of idle) connection.send(requestText('GET', '/healthz'))
    for (const connection of idle) assert.equal((await connection.take(2)).at(-1)?.status, 200)
  } finally {
    for (const { socket } of idle) socket.destroy()
  }
})

describe('limits of requests', () => {
  test('one request too many of a key is answered 429, other keys and accounts go on', async () => {
    const limited = await startApi({ rateLimits: { key: 3, account: 5 } })
    try {
      const account = await newAccount(limited)
      const second = await newKey(limited, account.id)
      const stranger = await newAccount(limited)
      const served = async (key: string, count: number) => {
        const request = requestText('GET', integrations, { key })
        const answers = await Promise.all(
          Array.from({ length: count }, () => answerTo(limited.address, request)),
        )
        const refused = answers.filter(({ status }) => status !== 200)
        for (const answer of refused) expectThrottled(answer)
        return answers.length - refused.length
      }
      // Limits are for a second: where a busy machine took longer than that, nothing is learnt.
      for (let attempt = 0; ; attempt++) {
        const startedAt = performance.now()
        const counts = [await served(account.key, 6), await served(second, 3), await served(stranger.key, 3)]
        const tookMs = performance.now() - startedAt
        if (tookMs > 900 && attempt < 10) {
          await wait(1_100)
          continue
        }
        // Three of the key, the two that are then left to its account, and another account's own three.
        assert.deepEqual(counts, [3, 2, 3])
        break
      }
    } finally {
      await limited.close()
    }
  })

  test('the 21st wrong key of an address within a minute is answered 429, a right one goes on', async () => {
    const statuses: number[] = []
    for (let index = 0; index < 22; index++) {
      const answer = await answerTo(api.address, requestText('GET', integrations, { key: `wrong-${index}` }))
      expectSafe(answer)
      statuses.push(answer.status)
    }
    assert.deepEqual(statuses, [...Array.from({ length: 20 }, () => 401), 429, 429])
    assert.equal((await answerTo(api.address, requestText('GET', integrations, { key }))).status, 200)
  })
})

function expectThrottled(answer: RawAnswer): void {
  assert.equal(answer.status, 429)
  expectSafe(answer)
  const seconds = Number(answer.headers.get('retry-after'))
  assert.ok(Number.isInteger(seconds) && seconds >= 1)
  const words = `${seconds} second${seconds === 1 ? '' : 's'}`
  assert.deepEqual(JSON.parse(answer.text), {
    detail: `Request was throttled. Expected available in ${words}.`,
  })
}
