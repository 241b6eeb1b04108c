// Exports of the audit trail: all of it, oldest first, a line a record, and never more of it in memory than is read.
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { exportPath, fill, idsOf, page } from '../support/audit.ts'
import { until } from '../support/command-line.ts'
import { listOf } from '../support/json-shapes.ts'
import { refuseWrites } from '../support/store.ts'
import { asObject } from '../support/v2.ts'

const inOrder = (count: number) => Array.from({ length: count }, (_, n) => n + 1)

describe('an export', () => {
  let api: TestApi
  let padded: { id: number; key: string }
  before(async () => {
    api = await startApi()
    padded = await newAccount(api)
    await pad(padded.id)
  })
  after(() => api.close())

  async function accountWith(count: number) {
    const account = await newAccount(api)
    await fill(api, account.id, count)
    return account
  }
  /** Ten thousand records of four kilobytes: far more than the system keeps for a connection on its own. */
  async function pad(id: number): Promise<void> {
    const data = JSON.stringify({ id: 'padded', padding: 'x'.repeat(4_000) })
    await sql`with recursive numbers(n) as (select 3 union all select n + 1 from numbers where n < 10000)
      insert into audit (account_id, sequence, at, action, subject, key_uid, address, request_id, times, data)
      select ${id}, n, '2026-01-01T00:00:00.000000Z', 'integration.changed',
        'integration/padded', null, null, null, 1, ${data} from numbers`.execute(api.db)
    await sql`update audit_chains set last = 10000 where account_id = ${id}`.execute(api.db)
  }
  async function exported(key: string, query = '') {
    const { status, text, headers, body } = await call(api.address, 'GET', `${exportPath}${query}`, { key })
    assert.equal(status, 200, text)
    assert.equal(headers.get('content-type'), 'application/x-ndjson')
    assert.match(text, /\n$/)
    return listOf(body)
  }

  /** Opens an export, without reading any of it. */
  async function open(key: string): Promise<{ response: IncomingMessage; server: ServerResponse }> {
    let server: ServerResponse | undefined
    const onRequest = (message: unknown) => {
      server = (message as { response: ServerResponse }).response
    }
    subscribe('http.server.request.start', onRequest)
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { authorization: `Token ${key}` }
        const sent = request(`${api.address}${exportPath}`, { headers, agent: false }, resolve)
        sent.once('error', reject)
        sent.end()
      })
      assert.ok(server)
      return { response, server }
    } finally {
      unsubscribe('http.server.request.start', onRequest)
    }
  }

  test('of ten thousand records has each of them once, oldest first, as the list shows them', async () => {
    const { key } = await accountWith(10_000)
    const newest = await page(api, key, '?page_size=100')
    const records = await exported(key)
    assert.deepEqual(idsOf(records), inOrder(10_002))
    assert.deepEqual(records.slice(-100).toReversed(), newest)
  })

  test('is on record with its filters before it begins, and is not part of itself', async () => {
    const { key } = await accountWith(3)
    const filters = 'action=integration.*&subject=integration/filled-1&since=2026-01-01T00:00:00Z'
    assert.equal((await exported(key, `?${filters}`)).length, 1)
    const [record] = await page(api, key)
    assert.partialDeepStrictEqual(record, { action: 'audit.exported', subject: { type: 'account' } })
    assert.deepEqual(asObject(record?.data).filters, [
      'action in integration.changed, integration.created, integration.deleted',
      'subject integration/filled-1',
      'since 2026-01-01T00:00:00.000000Z',
    ])
    assert.equal((await exported(key)).at(-1)?.action, 'audit.exported', 'the next one has it')
  })

  test('takes the filters of the list, and refuses bad ones before it begins', async () => {
    const { key } = await accountWith(700)
    const records = await exported(key, '?subject=integration/filled-3')
    assert.equal(records.length, 100)
    assert.ok(records.every(({ subject }) => asObject(subject).id === 'filled-3'))
    assert.deepEqual(
      (await call(api.address, 'GET', `${exportPath}?until=2020-01-01T00:00:00Z`, { key })).text,
      '',
    )
    const refused = await call(api.address, 'GET', `${exportPath}?since=x`, { key })
    assert.deepEqual(
      [refused.status, Object.keys(asObject(refused.body))],
      [400, ['since', 'code', 'doc_url']],
    )
    const exports = await page(api, key, '?action=audit.exported')
    assert.equal(exports.length, 2, 'what was refused is no export')
  })

  test('has nothing of another account', async () => {
    const other = await accountWith(5)
    const { key } = await newAccount(api)
    assert.deepEqual(idsOf(await exported(key)), [1, 2])
    assert.deepEqual(await exported(key), (await exported(key)).slice(0, -1))
    assert.equal((await exported(other.key)).length, 7)
  })

  test('is given to clients that accept JSON Lines, JSON or anything, and told to others in JSON', async () => {
    const { key } = await newAccount(api)
    const ask = (accept: string) => call(api.address, 'GET', exportPath, { key, headers: { accept } })
    for (const accept of [
      'application/x-ndjson',
      'application/json',
      '*/*',
      'text/html, application/*;q=0.1',
    ]) {
      assert.equal((await ask(accept)).status, 200, accept)
    }
    assert.equal((await ask('text/csv')).status, 406)
    const list = { key, headers: { accept: 'application/x-ndjson' } }
    assert.equal((await call(api.address, 'GET', '/v2/audit/', list)).status, 406, 'the list is JSON alone')
  })

  test('asked for by HEAD begins nothing and leaves no record', async () => {
    const { key } = await newAccount(api)
    const { status, headers, text } = await call(api.address, 'HEAD', exportPath, { key })
    assert.deepEqual([status, headers.get('content-type'), text], [200, 'application/x-ndjson', ''])
    assert.deepEqual(await page(api, key, '?action=audit.exported'), [])
  })

  test('that cannot be put on record is refused, not begun', async () => {
    const { key } = await newAccount(api)
    const accept = await refuseWrites(api.db, 'audit')
    try {
      const { status, headers } = await call(api.address, 'GET', exportPath, { key })
      assert.equal(status, 500)
      assert.match(headers.get('content-type') ?? '', /^application\/json\b/)
    } finally {
      await accept()
    }
  })

  test('waits for a client that stops reading, with little in memory, and goes on where it was', async () => {
    const { response, server } = await open(padded.key)
    const made = () => (server.socket?.bytesWritten ?? 0) + server.writableLength
    let before = -1
    while (made() > before) {
      before = made()
      await wait(150)
    }
    assert.ok(before > 0 && before < 20_000_000, `${before} bytes were made for nobody`)
    assert.ok(server.writableLength < 4_000_000, `${server.writableLength} bytes wait in memory`)

    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    const lines = Buffer.concat(chunks).toString().trimEnd().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).id),
      inOrder(10_000),
    )
  })

  test('whose client goes away ends, and leaves one line in the log that says so', async () => {
    const { response, server } = await open(padded.key)
    const requestId = response.headers['x-request-id']
    response.destroy()
    await until('the server lets go', () => server.destroyed || server.closed)
    const lines = () =>
      api
        .log()
        .split('\n')
        .filter((line) => line.includes(`"request_id":"${requestId}"`))
    await until('it is logged', () => lines().length > 0)
    assert.equal(lines().length, 1)
    assert.match(lines()[0] ?? '', /"route":"\/v2\/audit\/export\/".*"cut_off":true/)
    assert.ok(!api.log().includes(padded.key))
  })

  test('that breaks off here has no proper end, so that nobody takes a part for the whole', async () => {
    const { response } = await open(padded.key)
    await api.db.updateTable('audit').set({ data: '{' }).where('account_id', '=', padded.id).execute()
    await assert.rejects(async () => {
      for await (const _ of response);
    }, /aborted/)
    const requestId = response.headers['x-request-id']
    assert.match(api.log(), new RegExp(`"request_id":"${requestId}","err".*unexpected error`))
  })
})
