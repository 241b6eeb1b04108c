// A thing of every kind that somebody else has, each with an id that is known, for tests that try them all.
import assert from 'node:assert/strict'
import { call, newKey, type TestApi } from './api.ts'
import type { AskedRoute } from './routes.ts'
import { newConnection } from './sample-connections.ts'
import { makeNamed } from './webhooks-at-hand.ts'

/** In every text of what is somebody else's. */
export const canary = 'canary-of-the-other-account'

export const identity = {
  name: canary,
  email: `${canary}@example.com`,
  recipient: canary,
  address_line_1: canary,
  zip_code: '11129',
  city: canary,
}

const ofConnection = (...actions: string[]) =>
  Object.fromEntries(actions.map((action) => [`/v2/connections/:id/${action}`, '7001']))

/** Ids of these things, by the path that they belong to. */
export const foreignIds: Readonly<Record<string, string>> = {
  '/api/v1/integrations/:id': '7001',
  '/v2/integrations/:id/': 'theirs',
  '/v2/freelancers/:id/': 'their-freelancer',
  '/v2/api_keys/:id/': 'their-key',
  '/v2/api_keys/:id/roll/': 'their-key',
  ...ofConnection('', 'reveal/', 'restore/', 'usage/', 'embed/', 'explain/', 'proxy/*', 'verify/', 'checks/'),
  '/v2/events/:id/': 'evt_1_theirs',
  '/v2/webhooks/:id/': 'evt_1_theirs',
  '/v2/webhooks/:id/rotate_secret/': 'evt_1_theirs',
  '/v2/webhooks/:id/deliveries/': 'evt_1_theirs',
  '/v2/webhooks/:id/deliveries/:delivery/': 'evt_1_theirs',
  '/v2/webhooks/:id/deliveries/:delivery/replay/': 'evt_1_theirs',
  '/v2/webhooks/:id/replay/': 'evt_1_theirs',
  '/v2/webhooks/:id/test/': 'evt_1_theirs',
}

/** Another one with the same number of characters, which exists nowhere. */
export const absentId = (id: string): string =>
  /^\d+$/.test(id) ? String(Number(id) + 1) : `${id.slice(0, -1)}~`

/** Whom a request acts as, where it has to say so. */
export const actingAs = (
  { integrationHeader }: Pick<AskedRoute, 'integrationHeader'>,
  integrationId: string,
) => (integrationHeader === 'required' ? { integrationId } : {})

/** Bodies that a route may be given so that it looks for the thing. */
export function bodiesFor({ method, path }: Pick<AskedRoute, 'method' | 'path'>): readonly unknown[] {
  if (path.endsWith('/explain/')) return [{ method: 'GET', path: '/7001' }]
  return method === 'PATCH' || method === 'PUT' ? [identity, {}] : [undefined]
}

/** Makes them in a new account, within its integration `theirs`. */
export async function makeForeignThings(api: TestApi, account: { id: number; key: string }): Promise<void> {
  const { id: accountId, key } = account
  for (const [path, id] of [
    ['/v2/integrations/', 'theirs'],
    ['/v2/freelancers/', 'their-freelancer'],
  ] as const) {
    const body = { ...identity, id, metadata: { canary } }
    const { status, text } = await call(api.address, 'POST', path, { key, body })
    assert.equal(status, 201, text)
  }
  const fields = { publishable_key: canary, secret_key: canary }
  const place = { title: canary, id: 7001, integrationId: 'theirs' }
  await newConnection(api, accountId, { provider: 'stripe', ...place, fields })
  await newKey(api, accountId, { name: canary })
  await api.db.updateTable('api_keys').set({ uid: 'their-key' }).where('name', '=', canary).execute()
  const url = `https://example.com/${canary}`
  await makeNamed(api, accountId, { integrationId: 'theirs', id: 'evt_1_theirs', url })
}
