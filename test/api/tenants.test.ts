// Walks the whole contract: no route lets anybody see, touch or guess what is another account's.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { accountScopes } from '../../src/hub/caller.ts'
import { type Answer, call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import {
  absentId,
  actingAs,
  bodiesFor,
  canary,
  foreignIds,
  identity,
  makeForeignThings,
} from '../support/foreign-things.ts'
import { comparable, objectOf } from '../support/json-shapes.ts'
import { type AskedRoute, isMedia, isRelayed, pathOf, routes } from '../support/routes.ts'
import { newConnection } from '../support/sample-connections.ts'

/** What is the same for all accounts, with an id that there is. */
const shared: Readonly<Record<string, string>> = { '/v2/providers/': '', '/v2/providers/:name/': 'stripe' }
/** What the owner finds of it in lists that hold no names. */
const marks: Readonly<Record<string, string>> = {
  '/v2/audit/': 'their-freelancer',
  '/v2/audit/export/': 'their-freelancer',
  '/v2/events/': canary,
}
/** Every request from an address of its own: wrong keys are counted per address. */
const proxied = { trustedProxies: ['127.0.0.1'] }
let requests = 0
function ask(
  api: TestApi,
  route: Pick<AskedRoute, 'method'>,
  path: string,
  options: { key?: string | undefined; integrationId?: string; body?: unknown } = {},
): Promise<Answer> {
  const { key, integrationId, body } = options
  requests++
  return call(api.address, route.method, path, {
    key,
    body,
    headers: {
      'x-forwarded-for': `10.0.${requests >> 8}.${requests & 255}`,
      ...(integrationId !== undefined && { 'integration-id': integrationId }),
    },
  })
}

describe('every route of the contract', () => {
  let api: TestApi
  let account: number
  let key: string
  let strangerKey: string
  let unknownKey: string
  let untouched: string

  before(async () => {
    api = await startApi(proxied)
    const stranger = await newAccount(api)
    strangerKey = stranger.key
    await makeForeignThings(api, stranger)

    const own = await newAccount(api)
    account = own.id
    key = own.key
    await newConnection(api, account, { provider: 'disqus', title: 'our own', fields: {} })
    const other = await startApi()
    unknownKey = (await newAccount(other)).key
    await other.close()
    untouched = await everythingOf(api, stranger.id)
  })

  after(async () => {
    await api.close()
  })

  for (const { label, dialect, route } of routes) {
    if (route.scope === 'public') {
      test(`${label} is public, and answers without a key and with any`, async () => {
        const path = pathOf(route, 'any')
        const answer = await ask(api, route, path)
        if (isMedia(route)) {
          // What it answers for a name that there is, is tested with the pictures.
          assert.deepEqual([answer.status, answer.body], [404, { detail: 'Not found.' }])
        } else {
          assert.equal(answer.status, route.reply.status)
        }
        for (const any of [unknownKey, key, strangerKey]) {
          assert.deepEqual(comparable(await ask(api, route, path, { key: any })), comparable(answer))
        }
        assert.ok(!answer.text.includes(canary))
      })
      continue
    }
    const { scope } = route
    const foreignId = foreignIds[route.path]
    const takesId = route.path.includes(':')

    test(`${label} answers 401 without a key and with a wrong one, whatever the ids`, async () => {
      const damaged = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
      const expected = async (wrong?: string) => {
        const answers = await Promise.all(
          [foreignId ?? '1', absentId(foreignId ?? '1')].map((id) =>
            ask(api, route, pathOf(route, id), { key: wrong, integrationId: 'theirs' }),
          ),
        )
        const [first, second] = answers
        assert.ok(first && second)
        assert.equal(first.status, 401)
        assert.deepEqual(comparable(second), comparable(first))
        return first
      }
      await expected()
      assert.deepEqual(comparable(await expected(damaged)), comparable(await expected(unknownKey)))
    })

    // What each key may know of itself, each is told.
    if (scope !== 'any key') {
      test(`${label} answers 403 to a key without ${scope}, whatever the ids`, async () => {
        const weak = await newKey(api, account, {
          scopes: scope === 'operator' ? accountScopes : ['operator'],
        })
        const [first, second] = await Promise.all(
          [foreignId ?? '1', absentId(foreignId ?? '1')].map((id) =>
            ask(api, route, pathOf(route, id), { key: weak, integrationId: 'theirs' }),
          ),
        )
        assert.ok(first && second)
        assert.equal(first.status, 403)
        assert.deepEqual(comparable(second), comparable(first))
      })
    }

    if (scope === 'operator') {
      test(`${label} is the operator's: 403 to everybody else, for every id alike, the own too`, async () => {
        const answers = await Promise.all(
          [account, account - 1, 999_999].map((id) => ask(api, route, pathOf(route, String(id)), { key })),
        )
        const [first] = answers
        assert.ok(first)
        assert.equal(first.status, 403)
        for (const answer of answers) assert.deepEqual(comparable(answer), comparable(first))
      })
      continue
    }

    const common = shared[route.path]
    if (common !== undefined) {
      test(`${label} answers every account alike`, async () => {
        const answer = await ask(api, route, pathOf(route, common), { key })
        assert.equal(answer.status, 200)
        assert.ok(!answer.text.includes(canary))
        const theirs = await ask(api, route, pathOf(route, common), { key: strangerKey })
        assert.deepEqual(comparable(theirs), comparable(answer))
      })
    } else if (takesId) {
      test(`${label} answers another account's id exactly as one that does not exist`, async () => {
        assert.ok(foreignId, 'make an object of this kind for the other account, and name it above')
        // What is done to a thing is often no thing to get itself.
        const [ofThing = ''] = /^.*?:\w+\/?/.exec(route.path) ?? []
        const owned =
          routes.find(
            ({ route: one }) => one.method === 'GET' && one.path === route.path && !isRelayed(one),
          ) ?? routes.find(({ route: { method, path } }) => method === 'GET' && path === ofThing)
        assert.ok(owned, 'no route shows that the id exists for its owner')
        const theirs = { key: strangerKey, ...actingAs(owned.route, 'theirs') }
        const seen = await ask(api, owned.route, pathOf(owned.route, foreignId), theirs)
        assert.equal(seen.status, 200, 'the id exists for its owner')
        for (const body of bodiesFor(route)) {
          const ours = { key, body, ...actingAs(route, '1') }
          const answer = await ask(api, route, pathOf(route, foreignId), ours)
          assert.equal(answer.status, 404)
          const absent = await ask(api, route, pathOf(route, absentId(foreignId)), ours)
          assert.deepEqual(comparable(answer), comparable(absent))
        }
      })
    }

    if (route.integrationHeader) {
      test(`${label} answers another account's Integration-ID exactly as one that does not exist`, async () => {
        const path = pathOf(route, dialect === 'v1' ? '1' : 'absent')
        const body = route.method === 'POST' && dialect === 'v2' ? { ...identity, id: 'smuggled' } : undefined
        const answer = await ask(api, route, path, { key, body, integrationId: 'theirs' })
        assert.equal(answer.status, 404)
        if (dialect === 'v2') assert.equal(objectOf(answer.body).detail, 'Integration not found.')
        const absent = await ask(api, route, path, { key, body, integrationId: 'their~' })
        assert.deepEqual(comparable(answer), comparable(absent))
      })
    }

    if (scope === 'any key') {
      test(`${label} tells each key of itself alone`, async () => {
        const [answer, theirs] = await Promise.all(
          [key, strangerKey].map((one) => ask(api, route, route.path, { key: one })),
        )
        assert.deepEqual([answer?.status, theirs?.status], [200, 200])
        assert.notEqual(objectOf(answer?.body).id, objectOf(theirs?.body).id)
        assert.ok(!answer?.text.includes(canary))
      })
    } else if (!takesId && common === undefined && route.reply.status === 200) {
      test(`${label} lists, counts and links nothing of another account`, async () => {
        const all = dialect === 'v2' ? `${route.path}?page_size=100` : route.path
        const answer = await ask(api, route, all, { key, ...actingAs(route, '1') })
        assert.equal(answer.status, 200)
        const mark = marks[route.path] ?? canary
        assert.ok(!answer.text.includes(mark))
        const theirs = await ask(api, route, all, { key: strangerKey, ...actingAs(route, 'theirs') })
        assert.ok(theirs.text.includes(mark), 'the owner sees them')
        // Lists that grow without bound are not counted.
        if (dialect === 'v2' && !(route.path in marks)) {
          const { count, results } = objectOf(answer.body)
          assert.ok(Array.isArray(results))
          assert.equal(count, results.length)
        }
      })
    }
  }

  test('left everything of the other account as it was', async () => {
    const [stranger] = await api.db.selectFrom('accounts').select('id').orderBy('id').execute()
    assert.ok(stranger)
    const now = await everythingOf(api, stranger.id)
    assert.ok(now.includes(canary))
    assert.equal(now, untouched)
    assert.ok(!(await everythingOf(api, account)).includes('smuggled'), 'nor was anything made on its behalf')
  })

  test('has an id of the other account to be tried with, and no id is for a route that is gone', () => {
    const admitted = routes.filter(({ route: { scope } }) => scope !== 'public' && scope !== 'operator')
    const withIds = new Set(admitted.map(({ route }) => route.path).filter((path) => path.includes(':')))
    const owned = [...withIds].filter((path) => !(path in shared))
    assert.deepEqual(Object.keys(foreignIds).toSorted(), owned.toSorted())
  })
})

/** All rows of all tables that belong to an account, but for what using its own keys writes down. */
async function everythingOf({ db }: TestApi, accountId: number): Promise<string> {
  const tables = await db.introspection.getTables()
  const keys = await db.selectFrom('api_keys').select('uid').where('account_id', '=', accountId).execute()
  const rows: Record<string, unknown> = {}
  for (const { name, columns } of tables) {
    if (!columns.some((column) => column.name === 'account_id') || name.startsWith('audit')) continue
    const found = await db
      .selectFrom(name as 'connections')
      .selectAll()
      .where('account_id', '=', accountId)
      .execute()
    const isOfOwnKeys = (row: unknown) => keys.some(({ uid }) => JSON.stringify(row).includes(uid))
    rows[name] = found.filter((row) => name !== 'connection_uses' || !isOfOwnKeys(row))
  }
  return JSON.stringify(rows)
}
