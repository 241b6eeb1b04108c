// Signing in at the console: what begins a session, what ends it, and where its cookie is worth something.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, type Timestamp, timestampAt } from '../../src/hub/timestamp.ts'
import {
  type Answer,
  type ApiOptions,
  call,
  newAccount,
  newKey,
  startApi,
  type TestApi,
} from '../support/api.ts'
import { cookieOf, ownPage as own, signInWith } from '../support/console-session.ts'
import { asObject } from '../support/v2.ts'

const session = '/console/api/session/'
const integrations = '/console/api/v2/integrations/'
const minuteMs = 60_000

type Given = ApiOptions & { at?: Timestamp }

/** A server whose clock is moved by hand. */
async function withConsole(
  use: (
    api: TestApi,
    clock: { pass(ms: number): void },
    account: { id: number; key: string },
  ) => Promise<void>,
  options: Given = {},
): Promise<void> {
  let at = timestampAt(Date.parse('2027-01-31T12:00:00Z'))
  const api = await startApi({ ...options, now: () => at })
  const pass = (ms: number) => {
    at = later(at, ms)
  }
  try {
    await use(api, { pass }, await newAccount(api))
  } finally {
    await api.close()
  }
}

function signIn(api: TestApi, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return call(api.address, 'POST', session, { body, headers: { ...own, ...headers } })
}

const signedIn = (api: TestApi, key: string) => signInWith(api, { api_key: key })

const get = (api: TestApi, cookie: string, path = integrations) =>
  call(api.address, 'GET', path, { headers: { cookie } })

test('a link signs in once, within half an hour, with all that the command line may do', async () => {
  await withConsole(async (api, clock, { id }) => {
    const { text } = await api.hub.consoleSessions.createLink(id)
    const first = await signIn(api, { link: text })
    const { account, started_with, scopes } = asObject(first.body)
    assert.deepEqual(
      { account, started_with },
      { account: { id, name: 'Test product' }, started_with: 'link' },
    )
    assert.ok(Array.isArray(scopes) && scopes.includes('operator'))
    assert.equal((await get(api, cookieOf(first))).status, 200)

    const again = await signIn(api, { link: text })
    assert.equal(again.status, 401)
    assert.match(String(asObject(again.body).detail), /mortise open/)
    assert.equal(again.headers.get('set-cookie'), null)

    const late = await api.hub.consoleSessions.createLink(id)
    clock.pass(30 * minuteMs)
    assert.equal((await signIn(api, { link: late.text })).status, 401)
  })
})

test('of several who use a link at once, one is signed in', async () => {
  await withConsole(async (api, _clock, { id }) => {
    const { text } = await api.hub.consoleSessions.createLink(id)
    const answers = await Promise.all([1, 2, 3, 4].map(() => signIn(api, { link: text })))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 401, 401, 401])
  })
})

test('who signs in with a key may do what the key may, for as long as the key is good', async () => {
  await withConsole(async (api, _clock, { id, key }) => {
    const weak = await newKey(api, id, { scopes: ['integrations:read'] })
    const cookie = await signedIn(api, weak)
    assert.equal((await get(api, cookie)).status, 200)
    const refused = await call(api.address, 'POST', integrations, {
      body: {},
      headers: { cookie, ...own },
    })
    assert.equal(refused.status, 403)

    const listed = asObject((await call(api.address, 'GET', '/v2/api_keys/', { key })).body).results
    assert.ok(Array.isArray(listed))
    const uid = listed.map(asObject).find(({ scopes }) => Array.isArray(scopes) && scopes.length === 1)?.id
    assert.equal((await call(api.address, 'DELETE', `/v2/api_keys/${uid}/`, { key })).status, 204)
    assert.equal((await get(api, cookie)).status, 401)
  })
})

test('neither cookie nor token is kept in the store or the log', async () => {
  await withConsole(async (api, _clock, { id, key }) => {
    const link = await api.hub.consoleSessions.createLink(id)
    const tokens = [
      cookieOf(await signIn(api, { link: link.text })).split('=')[1] ?? '',
      (await signedIn(api, key)).split('=')[1] ?? '',
      link.text,
    ]
    const rows = JSON.stringify([
      await api.db.selectFrom('console_sessions').selectAll().execute(),
      await api.db.selectFrom('audit').selectAll().execute(),
      await api.db.selectFrom('console_links').selectAll().execute(),
    ])
    for (const token of tokens) {
      assert.match(token, /^[\w-]{43}$/)
      assert.ok(!rows.includes(token) && !api.log().includes(token))
    }
  })
})

test('a session ends after half an hour without a request, and after twelve hours whatever is done', async () => {
  await withConsole(async (api, clock, { key }) => {
    const idle = await signedIn(api, key)
    clock.pass(29 * minuteMs)
    assert.equal((await get(api, idle)).status, 200)
    clock.pass(29 * minuteMs)
    assert.equal((await get(api, idle)).status, 200)
    clock.pass(31 * minuteMs)
    const ended = await get(api, idle)
    assert.equal(ended.status, 401)
    assert.equal(ended.text, '{"detail":"Your session has ended. Sign in again."}')

    const busy = await signedIn(api, key)
    for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
      assert.equal((await get(api, busy)).status, 200, `after ${passed} minutes`)
      clock.pass(20 * minuteMs)
    }
    clock.pass(20 * minuteMs)
    assert.equal((await get(api, busy)).status, 401)
    await api.hub.sweep()
    assert.deepEqual(await api.db.selectFrom('console_sessions').selectAll().execute(), [])
  })
})

test('signing out ends the session on the server, and signing in again ends the one before', async () => {
  await withConsole(async (api, _clock, { key }) => {
    const first = await signedIn(api, key)
    const second = cookieOf(await signIn(api, { api_key: key }, { cookie: first }))
    assert.notEqual(second, first)
    assert.equal((await get(api, first)).status, 401)
    assert.equal((await get(api, second)).status, 200)

    const out = await call(api.address, 'DELETE', session, { headers: { cookie: second, ...own } })
    assert.equal(out.status, 204)
    assert.equal(out.headers.get('set-cookie'), 'mortise=; Max-Age=0; HttpOnly; SameSite=Strict; Path=/')
    assert.equal((await get(api, second)).status, 401)
    assert.equal((await get(api, second, session)).status, 401)
  })
})

test('the cookie is for this host alone where there is TLS, and no script sees it anywhere', async () => {
  const attributes = 'HttpOnly; SameSite=Strict; Path=/'
  await withConsole(async (api, _clock, { key }) => {
    const { headers } = await signIn(api, { api_key: key })
    assert.match(
      headers.get('set-cookie') ?? '',
      new RegExp(`^mortise=[\\w-]{43}; Max-Age=43200; ${attributes}$`),
    )
  })
  await withConsole(
    async (api, _clock, { key }) => {
      const answer = await signIn(api, { api_key: key })
      assert.match(
        answer.headers.get('set-cookie') ?? '',
        new RegExp(`^__Host-mortise=[\\w-]{43}; Max-Age=43200; Secure; ${attributes}$`),
      )
      assert.equal((await get(api, cookieOf(answer))).status, 200)
      assert.equal((await get(api, cookieOf(answer).replace('__Host-', ''))).status, 401)
    },
    { publicUrl: 'https://hub.example.com' },
  )
})

test('the cookie opens nothing outside the console, and no key opens anything within it', async () => {
  await withConsole(async (api, _clock, { key }) => {
    const cookie = await signedIn(api, key)
    for (const path of ['/v2/integrations/', '/v2/connections/1/proxy/v1/balance', '/api/v1/integrations']) {
      assert.equal((await get(api, cookie, path)).status, 401, path)
    }
    for (const path of [integrations, session, '/console/api/v2/overview/']) {
      assert.equal((await call(api.address, 'GET', path, { key })).status, 401, path)
    }
  })
})

test('after five failures an address waits a quarter of an hour, while keys are taken by the API', async () => {
  await withConsole(async (api, _clock, { key }) => {
    for (let time = 1; time <= 5; time++) {
      const wrong = await signIn(api, time % 2 ? { api_key: `wrong-${time}` } : { link: 'x'.repeat(43) })
      assert.equal(wrong.status, 401, `failure ${time}`)
    }
    const throttled = await signIn(api, { api_key: key })
    assert.equal(throttled.status, 429)
    const seconds = Number(throttled.headers.get('retry-after'))
    assert.ok(seconds > 800 && seconds <= 900, `${seconds}`)
    assert.equal((await call(api.address, 'GET', '/v2/integrations/', { key })).status, 200)
  })
})

test('who signs in rightly, however often, is never made to wait', async () => {
  await withConsole(async (api, _clock, { key }) => {
    for (let time = 1; time <= 12; time++) await signedIn(api, key)
  })
})

test('sessions are on the audit trail when they begin and when they are ended', async () => {
  await withConsole(async (api, _clock, { id, key }) => {
    const cookie = await signedIn(api, key)
    await call(api.address, 'DELETE', session, { headers: { cookie, ...own } })
    const rows = await api.db
      .selectFrom('audit')
      .select(['action', 'data', 'key_uid', 'address'])
      .where('account_id', '=', id)
      .where('action', 'like', 'session.%')
      .orderBy('sequence')
      .execute()
    assert.deepEqual(
      rows.map(({ action, data }) => ({ action, data })),
      [
        { action: 'session.started', data: '{"with":"key"}' },
        { action: 'session.ended', data: '{}' },
      ],
    )
    for (const row of rows) assert.ok(row.key_uid !== null && row.address === '127.0.0.1')
  })
})

test('a deleted account has no sessions any more', async () => {
  await withConsole(async (api, _clock, { id, key }) => {
    const cookie = await signedIn(api, key)
    const link = await api.hub.consoleSessions.createLink(id)
    const byLink = cookieOf(await signIn(api, { link: (await api.hub.consoleSessions.createLink(id)).text }))
    await api.hub.accounts.removal.remove(null, id)
    assert.equal((await get(api, cookie)).status, 401)
    assert.equal((await get(api, byLink)).status, 401)
    assert.equal((await signIn(api, { link: link.text })).status, 401)
  })
})
