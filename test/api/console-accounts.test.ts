// Operators at the console: looking at another account, on record in both; and signing out everywhere.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, type Timestamp, timestampAt } from '../../src/hub/timestamp.ts'
import { type ApiOptions, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { ask, cookieOf, signInByLink, signInWith } from '../support/console-session.ts'
import { asObject } from '../support/v2.ts'

type Account = { id: number; key: string }

async function withTwoAccounts(
  use: (api: TestApi, own: Account, other: Account) => Promise<void>,
  options: ApiOptions = {},
): Promise<void> {
  const api = await startApi(options)
  try {
    await use(api, await newAccount(api), await newAccount(api))
  } finally {
    await api.close()
  }
}

const switchTo = (api: TestApi, cookie: string, account: number) =>
  ask(api, cookie, 'POST', '/session/account/', { account })

async function recorded(api: TestApi, accountId: number): Promise<Array<{ action: string; data: unknown }>> {
  const rows = await api.db.selectFrom('audit').selectAll().where('account_id', '=', accountId).execute()
  return rows.map(({ action, data }) => ({ action, data: JSON.parse(data) as unknown }))
}

test('who came by a link looks at another account in place of the own, on record in both, and comes back', async () => {
  await withTwoAccounts(async (api, own, other) => {
    const cookie = await signInByLink(api, own.id)
    const there = await switchTo(api, cookie, other.id)
    const { account, home_account, scopes } = asObject(there.body)
    assert.deepEqual(account, { id: other.id, name: 'Test product' })
    assert.equal(home_account, own.id)
    assert.ok(Array.isArray(scopes) && scopes.includes('keys:write'))
    assert.equal((await ask(api, cookie, 'GET', '/session/')).status, 401, 'the session before is over')

    assert.deepEqual(
      (await recorded(api, own.id)).filter(({ action }) => action === 'session.switched'),
      [{ action: 'session.switched', data: { account: other.id } }],
    )
    assert.deepEqual(
      (await recorded(api, other.id)).filter(({ action }) => action.startsWith('session.')),
      [{ action: 'session.started', data: { with: 'operator' } }],
    )
    const back = await switchTo(api, cookieOf(there), own.id)
    assert.equal(asObject(back.body).home_account, null)
    assert.equal((await switchTo(api, cookieOf(back), 999)).status, 404)
    assert.equal((await ask(api, cookieOf(back), 'GET', '/session/')).status, 200)
  })
})

test("a tenant's key looks at no other account, nor does an operator's that is bound to one integration", async () => {
  await withTwoAccounts(async (api, own, other) => {
    const refused = await switchTo(api, await signInWith(api, { api_key: own.key }), other.id)
    assert.equal(refused.status, 403)
    assert.match(String(asObject(refused.body).detail), /Only operators/)
    const bound = await newKey(api, own.id, { scopes: ['operator'], integrationId: '1' })
    assert.equal((await switchTo(api, await signInWith(api, { api_key: bound }), other.id)).status, 403)
  })
})

test("an operator's key may do elsewhere what it may at home, but make keys, for as long as it is good", async () => {
  await withTwoAccounts(async (api, own, other) => {
    const key = await newKey(api, own.id, { scopes: ['operator', 'integrations:read', 'keys:write'] })
    const there = await switchTo(api, await signInWith(api, { api_key: key }), other.id)
    assert.deepEqual(asObject(there.body).scopes, ['integrations:read', 'operator'])
    const cookie = cookieOf(there)
    assert.equal((await ask(api, cookie, 'GET', '/v2/integrations/')).status, 200)
    assert.equal((await ask(api, cookie, 'GET', '/v2/connections/')).status, 403)
    assert.equal((await ask(api, cookie, 'POST', '/v2/api_keys/', { name: 'more' })).status, 403)

    const caller = api.hub.callerFor(own.id)
    const row = await api.db
      .selectFrom('console_sessions')
      .select('key_uid')
      .where('home_account_id', '=', own.id)
      .executeTakeFirstOrThrow()
    await api.hub.apiKeys.revoke(caller, row.key_uid ?? '')
    assert.equal((await ask(api, cookie, 'GET', '/session/')).status, 401)
  })
})

test('going over to another account makes no session longer', async () => {
  let at: Timestamp = timestampAt(Date.parse('2027-01-31T12:00:00Z'))
  const pass = (hours: number) => {
    at = later(at, hours * 3_600_000)
  }
  await withTwoAccounts(
    async (api, own, other) => {
      let cookie = await signInByLink(api, own.id)
      for (let half = 0; half < 23; half++) {
        pass(0.49)
        cookie = cookieOf(await switchTo(api, cookie, half % 2 === 0 ? other.id : own.id))
      }
      pass(0.49)
      assert.equal((await ask(api, cookie, 'GET', '/session/')).status, 200)
      pass(0.49)
      assert.equal((await switchTo(api, cookie, own.id)).status, 401)
    },
    { now: () => at },
  )
})

test('signing out everywhere ends every session of the same key, and no others', async () => {
  await withTwoAccounts(async (api, own, other) => {
    const one = await signInWith(api, { api_key: own.key })
    const two = await signInWith(api, { api_key: own.key })
    const linked = await signInByLink(api, own.id)
    const another = await signInWith(api, { api_key: other.key })
    const ended = await ask(api, one, 'DELETE', '/sessions/')
    assert.deepEqual(ended.body, { ended: 2 })
    assert.match(ended.headers.get('set-cookie') ?? '', /Max-Age=0/)
    for (const [cookie, status] of [
      [one, 401],
      [two, 401],
      [linked, 200],
      [another, 200],
    ] as const) {
      assert.equal((await ask(api, cookie, 'GET', '/session/')).status, status)
    }

    const elsewhere = cookieOf(await switchTo(api, await signInByLink(api, own.id), other.id))
    const unused = await api.hub.consoleSessions.createLink(own.id)
    assert.deepEqual((await ask(api, linked, 'DELETE', '/sessions/')).body, { ended: 2 })
    assert.equal((await ask(api, elsewhere, 'GET', '/session/')).status, 401)
    await assert.rejects(signInWith(api, { link: unused.text }))
  })
})
