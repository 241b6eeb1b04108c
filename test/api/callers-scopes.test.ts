// What a key may do: each route asks for one scope, and for that alone.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Scope, scopes } from '../../src/hub/caller.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { objectOf } from '../support/json-shapes.ts'
import { pathOf, routes } from '../support/routes.ts'
import { expectAnswer } from '../support/v2.ts'

/** The contract's table of paths, by the noun that a path begins with. */
const nounOf: Readonly<Record<string, string>> = {
  '/api/v1/integrations': 'connections',
  '/v2/integrations': 'integrations',
  '/v2/freelancers': 'freelancers',
  '/v2/providers': 'connections',
  '/v2/connections': 'connections',
  '/v2/webhooks': 'webhooks',
  '/v2/events': 'webhooks',
  '/v2/audit': 'audit',
  '/v2/api_keys': 'keys',
  '/v2/accounts': 'operator',
  '/metrics': 'operator',
}
/** Nouns that one scope opens whole. */
const whole: Readonly<Record<string, Scope>> = { keys: 'keys:write', operator: 'operator' }
const own: Readonly<Record<string, Scope>> = {
  reveal: 'secrets:read',
  proxy: 'proxy:call',
  explain: 'proxy:call',
}

describe('scopes', () => {
  let api: TestApi
  let account: number
  before(async () => {
    api = await startApi()
    account = (await newAccount(api)).id
  })
  after(() => api.close())

  test('are exactly those of the contract', () => {
    assert.deepEqual(scopes.toSorted(), [
      'audit:read',
      'connections:read',
      'connections:write',
      'freelancers:read',
      'freelancers:write',
      'integrations:read',
      'integrations:write',
      'keys:write',
      'operator',
      'proxy:call',
      'secrets:read',
      'webhooks:read',
      'webhooks:write',
    ])
  })

  for (const { label, route } of routes) {
    if (route.scope === 'public' || route.scope === 'any key') continue
    const { scope, method, path } = route

    test(`${label} asks for the scope that the contract names`, () => {
      const [noun] = Object.entries(nounOf).find(([start]) => path.startsWith(start)) ?? []
      assert.ok(noun, 'add the noun of this route to the table above')
      const last = path.split('/').findLast((part) => part !== '' && !part.startsWith('*')) ?? ''
      const isRead = method === 'GET' || path.startsWith('/api/v1')
      const named = nounOf[noun] ?? ''
      assert.equal(scope, own[last] ?? whole[named] ?? `${named}:${isRead ? 'read' : 'write'}`)
    })

    test(`${label} refuses a key with every scope but ${scope}`, async () => {
      const key = await newKey(api, account, { scopes: scopes.filter((other) => other !== scope) })
      const answer = await call(api.address, method, pathOf(route, '1'), { key })
      assert.equal(answer.status, 403)
      if (path.startsWith('/api/v1')) {
        const { error, message, ...more } = objectOf(answer.body)
        assert.deepEqual([error, more], ['forbidden', {}])
        assert.ok(typeof message === 'string' && message !== '')
      } else {
        const detail = 'You do not have permission to perform this action.'
        expectAnswer(answer, 403, { detail, ...(route.codedErrors && { code: 'forbidden' }) })
      }
    })

    test(`${label} lets a key through that has ${scope} alone`, async () => {
      const key = await newKey(api, account, { scopes: [scope] })
      const { status } = await call(api.address, method, pathOf(route, 'absent'), { key })
      assert.ok(![401, 403, 405, 500].includes(status), `the answer is ${status}`)
    })
  }

  test('of reading let no key write, on any route', async () => {
    const key = await newKey(api, account, { scopes: scopes.filter((scope) => scope.endsWith(':read')) })
    const writing = routes.filter(({ route }) => route.scope !== 'public' && route.scope.endsWith(':write'))
    assert.ok(writing.length > 0)
    for (const { label, route } of writing) {
      assert.equal((await call(api.address, route.method, pathOf(route, '1'), { key })).status, 403, label)
    }
  })

  test('of a key are those it was made with: it cannot be used beyond them by HEAD or by another spelling', async () => {
    const key = await newKey(api, account, { scopes: ['freelancers:read'] })
    for (const [method, path] of [
      ['HEAD', '/v2/integrations/'],
      ['HEAD', '/api/v1/integrations'],
      ['GET', '/v2/integrations'],
      ['GET', '/v2/%69ntegrations/'],
      ['GET', '/v2/integrations/%31/'],
    ] as const) {
      assert.equal((await call(api.address, method, path, { key })).status, 403, `${method} ${path}`)
    }
  })
})
