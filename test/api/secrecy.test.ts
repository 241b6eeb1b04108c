// Keys, secrets and bodies never reach a log, an error or a data file in clear.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { spellingsOf } from '../support/idempotency.ts'
import { exchange, multipart, send } from '../support/raw-request.ts'
import { newConnection } from '../support/sample-connections.ts'
import { refuseWrites } from '../support/store.ts'

const canary = 'canary-3f9c1d'
const form = 'application/x-www-form-urlencoded'

function isNowhereIn(haystack: string, what: string, ...texts: string[]): void {
  for (const text of texts) {
    for (const spelling of [...spellingsOf(text), Buffer.from(text).toString('utf16le')]) {
      const at = haystack.indexOf(spelling)
      const around = haystack.slice(Math.max(0, at - 120), at).replaceAll(/[^\x20-\x7e]/g, '.')
      assert.equal(at, -1, `${what} holds it after: ${around}`)
    }
  }
}

describe('logs and errors', () => {
  let api: TestApi
  let key: string
  before(async () => {
    api = await startApi({ trustedProxies: ['127.0.0.1'] })
    const made = await newAccount(api)
    key = made.key
    await newConnection(api, made.id, {
      provider: 'stripe',
      fields: { publishable_key: 'pk', secret_key: `${canary}-secret` },
    })
  })
  after(() => api.close())

  let requests = 0
  const raw = (method: string, path: string, type?: string, body?: string) =>
    send(api.address, method, path, {
      headers: [
        ['x-forwarded-for', `10.2.${requests >> 8}.${requests++ & 255}`],
        ...(type === undefined ? [] : [['content-type', type] as const]),
      ],
      ...(body !== undefined && { body }),
    })

  /** What is logged while `work` runs; a line is written only once its answer has left. */
  async function logOf(work: () => Promise<void>): Promise<string> {
    const start = await marked()
    await work()
    const end = await marked()
    return api.log().slice(start, end)
  }
  async function marked(): Promise<number> {
    const mark = `mark=${requests++}-`
    await fetch(`${api.address}/healthz?${mark}`)
    while (!api.log().includes(mark)) await new Promise((resolve) => setImmediate(resolve))
    return api.log().indexOf('\n', api.log().indexOf(mark)) + 1
  }

  test('hold no key that came in a query, however its name is spelt and wherever it was sent', async () => {
    const log = await logOf(async () => {
      const names = ['api_key', '%61pi_key', 'api%5Fkey', '%61%70%69%5f%6b%65%79', 'api%5fkey']
      const paths = [
        '/api/v1/integrations',
        '/api/v1/integrations/1',
        '/v2/integrations/',
        '/nothing',
        '/healthz',
      ]
      for (const name of names) {
        for (const path of paths) {
          for (const query of [
            `${name}=${key}`,
            `a=1&${name}=${key}&b=2`,
            `&&${name}=${key}`,
            `${name}=x&${name}=${key}`,
          ]) {
            await raw('GET', `${path}?${query}`)
          }
        }
      }
    })
    assert.ok(log.includes('/api/v1/integrations'), 'requests are logged')
    isNowhereIn(log, 'the log', key)
  })

  test('hold no key of a mistyped address, wherever in it api_key stands', async () => {
    const log = await logOf(async () => {
      for (const tail of [
        '&',
        ';',
        '%3F',
        '%3f',
        '/',
        '?page=1?',
        '?next=/api/v1/integrations?',
        '?a=1;',
        '#',
        '?=',
      ]) {
        await raw('GET', `/api/v1/integrations${tail}api_key=${key}`)
      }
    })
    isNowhereIn(log, 'the log', key)
  })

  test('hold no key of an address that cannot be read', async () => {
    const log = await logOf(async () => {
      const answers = [
        await raw('GET', `/api/v1/integrations?api_key=${key}&x=%zz`),
        await raw('GET', `/api/v1/integrations?api_key=${key}%ff`),
        await raw('GET', `/api/v1/integrations/%zz?api_key=${key}`),
        await raw('GET', `/v2/integrations/%ff/?api_key=${key}`),
        await raw('GET', `/%?api_key=${key}`),
        await raw('GET', `/api/v1/integrations/${'9'.repeat(2_000)}?api_key=${key}`),
        await raw('GET', `${api.address}/api/v1/integrations?api_key=${key}`),
      ]
      for (const { status, text } of answers) {
        assert.ok(status < 500)
        isNowhereIn(text, 'an answer', key)
      }
      const broken = await exchange(api.address, `GET /api/v1/integrations?api_key=${key} HTTP/9\r\n\r\n`)
      isNowhereIn(broken, 'an answer', key)
    })
    isNowhereIn(log, 'the log', key)
  })

  test('hold no key that came in a header or a body, valid or wrong, taken or refused', async () => {
    const wrong = `${canary}-wrong-key`
    const log = await logOf(async () => {
      const parts = multipart({ api_key: key, title: wrong })
      const answers = [
        await call(api.address, 'GET', '/v2/integrations/', { key }),
        await call(api.address, 'GET', '/v2/integrations/', { key: wrong }),
        await call(api.address, 'GET', '/v2/integrations/', { key: `${wrong} ${key}` }),
        await call(api.address, 'GET', '/v2/integrations/', { headers: { authorization: `Basic ${key}` } }),
        await call(api.address, 'GET', '/v2/absent/', { key }),
        await raw('POST', '/api/v1/integrations', form, `api_key=${wrong}`),
        await raw('POST', '/api/v1/integrations', form, `api_key=${key}&title=${wrong}`),
        await raw('POST', '/api/v1/integrations', parts.type, parts.body),
        await raw('POST', '/api/v1/integrations', 'application/json', `{"api_key":"${key}","x":"${wrong}"}`),
        await raw('POST', '/api/v1/integrations', 'application/json', `{"api_key":"${key}",`),
        await raw('POST', '/api/v1/integrations', `application/json; x=${wrong}; charset=${wrong}`, key),
      ]
      for (const { text } of answers) isNowhereIn(text, 'an answer', key, wrong)
    })
    isNowhereIn(log, 'the log', key, wrong)
  })

  test('hold nothing of a body that is refused', async () => {
    const word = `${canary}-body`
    const log = await logOf(async () => {
      const bodies = [
        `{"name":"${word}"`,
        `{"name":"${word}",}`,
        `["${word}"]`,
        `"${word}"`,
        `${word}`,
        `{"name":{"${word}":1},"email":"${word}","metadata":"${word}","id":"${word}/"}`,
        `{"__proto__":"${word}"}`,
        `{"name":"${word}\\ud800"}`,
      ]
      for (const path of ['/v2/integrations/', '/v2/freelancers/', '/api/v1/integrations']) {
        for (const body of bodies) {
          const headers = { 'content-type': 'application/json' }
          const answer = await call(api.address, 'POST', path, { key, body, headers })
          assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${body}`)
          isNowhereIn(answer.text, `the answer to ${body}`, word)
        }
        const large = `{"name":"${word}","padding":"${'x'.repeat(3_000_000)}"}`
        await call(api.address, 'POST', path, { key, body: large }).catch(() => undefined)
      }
    })
    isNowhereIn(log, 'the log', word)
  })

  test('hold nothing of a body that is taken, nor of what the store refused unexpectedly', async () => {
    const word = `${canary}-taken`
    const log = await logOf(async () => {
      const body = {
        name: word,
        email: `${word}@example.com`,
        recipient: word,
        address_line_1: word,
        zip_code: '1',
        city: word,
        metadata: { [word]: word },
      }
      const create = () => call(api.address, 'POST', '/v2/integrations/', { key, body })
      assert.equal((await create()).status, 201)
      const accept = await refuseWrites(api.db, 'integrations')
      try {
        const answer = await create()
        assert.equal(answer.status, 500)
        isNowhereIn(answer.text, 'an answer', word, key)
      } finally {
        await accept()
      }
    })
    assert.ok(log.includes('"err"'), 'what nobody foresaw is logged')
    isNowhereIn(log, 'the log', word, key)
  })

  test('hold no secret of a connection that was shown, nor of one whose sealed value is damaged', async () => {
    const secret = `${canary}-secret`
    const log = await logOf(async () => {
      const shown = await call(api.address, 'GET', '/api/v1/integrations', { key })
      assert.ok(shown.text.includes(secret))
      const { sealed } = await api.db
        .selectFrom('connection_secrets')
        .select('sealed')
        .executeTakeFirstOrThrow()
      const replace = (value: string) =>
        api.db.updateTable('connection_secrets').set({ sealed: value }).execute()
      for (const damaged of [`${sealed.slice(0, -3)}AAA`, 'v9.x', sealed.replace(/^v1\.[^.]+/, 'v1.other')]) {
        await replace(damaged)
        const answer = await call(api.address, 'GET', '/api/v1/integrations/1', { key })
        assert.equal(answer.status, 500)
        isNowhereIn(answer.text, 'an answer', secret, key, damaged)
      }
      await replace(sealed)
      const again = await call(api.address, 'GET', '/api/v1/integrations/1', { key })
      assert.equal(again.status, 200)
    })
    isNowhereIn(log, 'the log', secret, key)
  })

  test('hold one line of JSON for each request, with account, route, status and time', async () => {
    const log = await logOf(async () => {
      await call(api.address, 'GET', '/api/v1/integrations/1?api_key=x&id=1%0a%1b[31m', { key })
    })
    const lines = log.trimEnd().split('\n')
    assert.equal(lines.length, 2, 'the one of the request, and that of the mark')
    const record: unknown = JSON.parse(lines[0] ?? '')
    const text = JSON.stringify(record)
    assert.match(text, /"account":1\b/)
    assert.match(text, /"route":"\/api\/v1\/integrations\/:id"/)
    assert.match(text, /"status":422\b/)
    assert.match(text, /"duration_ms":\d/)
    assert.ok(!log.includes('\u001b'), 'control characters do not reach a terminal')
  })
})

test('no file of the data folder holds a key or a secret in clear, also after use, revocation and shutdown', async () => {
  const api = await startApi()
  try {
    const { id, key } = await newAccount(api)
    const caller = api.hub.callerFor(id)
    const imported = `${canary}-imported-key`
    await api.hub.apiKeys.import(caller, { name: 'moved in' }, imported)
    const { key: made, text: revoked } = await api.hub.apiKeys.create(caller, { name: 'revoked' })
    const secrets = { event_key: `${canary}-event`, api_key: `${canary}-api` }
    const plain = `${canary}-plain`
    await newConnection(api, id, { provider: 'active_campaign', fields: { ...secrets, actid: plain } })
    for (const text of [key, imported, revoked]) {
      const answer = await call(api.address, 'GET', `/api/v1/integrations?api_key=${text}`)
      assert.ok(answer.text.includes(secrets.event_key))
    }
    await api.hub.apiKeys.revoke(caller, made.uid)
    await api.hub.flush()
    const hidden = [key, imported, revoked, ...Object.values(secrets)]

    const contents = (await api.store.files()).map((bytes) => bytes.toString('latin1'))
    assert.ok(
      contents.some((content) => content.includes(plain)),
      'what may be read is found this way',
    )
    for (const [at, content] of contents.entries()) {
      isNowhereIn(content, `file ${at}`, ...hidden)
    }
    isNowhereIn(api.log(), 'the log', ...hidden)
  } finally {
    await api.close()
  }
})
