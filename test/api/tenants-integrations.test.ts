// Walks the contract within one account: whoever acts as one integration, or has a key for it, finds nothing of another one.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import {
  absentId,
  bodiesFor,
  canary,
  foreignIds,
  identity,
  makeForeignThings,
} from '../support/foreign-things.ts'
import { comparable } from '../support/json-shapes.ts'
import { pathOf, routes } from '../support/routes.ts'

/** What a bound key may do to nothing at all is told before anything is looked for. */
const mayNever = /^DELETE \/v2\/(integrations|freelancers)\//

describe('every route of the contract', () => {
  let api: TestApi
  /** For the whole account. */
  let full: string
  /** For its integration `ours` alone. */
  let bound: string
  let untouched: string

  before(async () => {
    api = await startApi()
    const account = await newAccount(api)
    full = account.key
    await makeForeignThings(api, account)
    const ours = await call(api.address, 'POST', '/v2/integrations/', {
      key: full,
      body: { ...identity, name: 'Ours', id: 'ours' },
    })
    assert.equal(ours.status, 201, ours.text)
    bound = await newKey(api, account.id, { integrationId: 'ours' })
    untouched = await theirs()
  })
  after(() => api.close())

  const ask = (method: string, path: string, key: string, body: unknown, integrationId?: string) =>
    call(api.address, method, path, {
      key,
      body,
      ...(integrationId !== undefined && { headers: { 'integration-id': integrationId } }),
    })

  for (const { label, route } of routes) {
    const id = foreignIds[route.path]
    if (id === undefined) continue
    const namesIntegration = route.integrationHeader !== undefined

    // Integrations and freelancers are the account's: there, the header says who acts, not what is found.
    if (namesIntegration && !/^\/v2\/(integrations|freelancers)\//.test(route.path)) {
      test(`${label} answers another integration’s id exactly as one that does not exist`, async () => {
        for (const body of bodiesFor(route)) {
          const answer = await ask(route.method, pathOf(route, id), full, body, 'ours')
          const absent = await ask(route.method, pathOf(route, absentId(id)), full, body, 'ours')
          assert.equal(answer.status, 404, answer.text)
          assert.deepEqual(comparable(answer), comparable(absent))
        }
      })
    }

    test(`${label} answers a bound key about another integration exactly as about what does not exist`, async () => {
      for (const body of bodiesFor(route)) {
        for (const integrationId of namesIntegration ? ['ours', 'theirs', undefined] : [undefined]) {
          const answer = await ask(route.method, pathOf(route, id), bound, body, integrationId)
          const elsewhere = integrationId === 'theirs' ? absentId('theirs') : integrationId
          const absent = await ask(route.method, pathOf(route, absentId(id)), bound, body, elsewhere)
          const isRefused = mayNever.test(label) && integrationId !== 'theirs'
          assert.equal(answer.status, isRefused ? 403 : 404, answer.text)
          assert.deepEqual(comparable(answer), comparable(absent))
        }
      }
    })
  }

  test('left everything of the other integration as it was', async () => {
    assert.ok(untouched.includes(canary))
    assert.equal(await theirs(), untouched)
  })

  /** What the other integration is, and what hangs on it. */
  async function theirs(): Promise<string> {
    const tables = ['connections', 'freelancers', 'integrations', 'connection_secrets', 'webhooks'] as const
    const rows = await Promise.all(
      [...tables, 'deliveries' as const].map((table) => api.db.selectFrom(table).selectAll().execute()),
    )
    return JSON.stringify(rows)
  }
})
