// Every change is told as an event, in the transaction that makes it, as the API shows the object, and without a secret.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { toldActions } from '../../src/hub/audit.ts'
import { eventTypes } from '../../src/hub/event.ts'
import { call, newAccount, newKey } from '../support/api.ts'
import { page } from '../support/audit.ts'
import { repository } from '../support/command-line.ts'
import {
  type Connections,
  type Member,
  movableClock,
  secretsFor,
  startConnections,
} from '../support/connections.ts'
import { refuseWrites } from '../support/store.ts'
import {
  asObject,
  freelancersPath,
  idsOf,
  integrationsPath,
  required,
  resultsOf,
  textOf,
} from '../support/v2.ts'

const clock = movableClock()
let v2: Connections
before(async () => {
  v2 = await startConnections({ now: clock.now, egress: { resolve: async () => [] } })
})
after(() => v2.api.close())

const account = (method: string, path: string, body?: unknown, key = v2.account.key) =>
  call(v2.api.address, method, path, { key, body })

async function events(query = '', key = v2.account.key): Promise<Member[]> {
  const answer = await account('GET', `/v2/events/${query}`, undefined, key)
  assert.equal(answer.status, 200, answer.text)
  return resultsOf(answer)
}

/** The types of what a change tells, in their order, and the events. */
async function told(change: () => Promise<unknown>): Promise<{ types: unknown[]; events: Member[] }> {
  const [last] = await events()
  await change()
  const all = await events('?page_size=100')
  const fresh = all.filter(({ sequence }) => Number(sequence) > Number(last?.sequence ?? 0)).reverse()
  return { types: fresh.map(({ type }) => type), events: fresh }
}

test('an event of an integration shows it as the API does, logo and all', async () => {
  const logo =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const made = await told(() => v2.create(integrationsPath, { id: 'shop', logo, metadata: { z: 1, 1: 2.0 } }))
  assert.deepEqual(made.types, ['integration.created'])
  const shown = await account('GET', `${integrationsPath}shop/`)
  const [event] = made.events
  assert.deepEqual(event?.data, shown.body)
  assert.match(textOf(asObject(event?.data).logo), /^http:/)
  assert.deepEqual(Object.keys(event ?? {}), [
    'id',
    'type',
    'sequence',
    'integration',
    'created_at',
    'timestamp',
    'data',
  ])
  assert.equal(event?.integration, 'shop')
  assert.equal(event?.created_at, event?.timestamp)

  const renamed = await told(() => account('PATCH', `${integrationsPath}shop/`, { id: 'store' }))
  assert.deepEqual(renamed.types, ['integration.updated'])
  assert.equal(renamed.events[0]?.integration, 'store')

  const gone = await told(() => account('DELETE', `${integrationsPath}store/`))
  assert.deepEqual(gone.types, ['integration.deleted'])
  assert.deepEqual(gone.events[0]?.data, renamed.events[0]?.data)
  assert.deepEqual(
    (await events('?integration=store')).map(({ type }) => type),
    ['integration.deleted', 'integration.updated'],
    'and is found under the id that it had',
  )
})

test('a freelancer tells of the Invoice Integration too', async () => {
  const made = await told(() => v2.create(freelancersPath, { id: 'kim' }))
  assert.deepEqual(made.types, ['freelancer.created', 'integration.created'])
  assert.equal(made.events[0]?.integration, made.events[1]?.integration)
  assert.deepEqual((await told(() => account('PATCH', `${freelancersPath}kim/`, { name: 'Kim K' }))).types, [
    'freelancer.updated',
    'integration.updated',
  ])
  assert.deepEqual(
    (await told(() => account('PATCH', `${freelancersPath}kim/`, { metadata: { a: 1 } }))).types,
    ['freelancer.updated'],
  )
  const gone = await told(() => account('DELETE', `${freelancersPath}kim/`))
  assert.deepEqual(gone.types, ['freelancer.deleted', 'integration.deleted'])
})

test('of a connection, a change of credentials is told apart, and no event holds a secret', async () => {
  const secrets = secretsFor('stripe')
  let id = 0
  const made = await told(async () => {
    id = await v2.make('stripe', { publishable_key: 'pk_test_1', ...secrets })
  })
  assert.deepEqual(made.types, ['connection.created'])
  assert.deepEqual(made.events[0]?.data, await v2.get(id))
  assert.deepEqual((await told(() => v2.change('PATCH', id, { title: 'Other' }))).types, [
    'connection.updated',
  ])
  const other = secretsFor('stripe', 'next')
  const changed = await told(() => v2.change('PATCH', id, { fields: other }))
  assert.deepEqual(changed.types, ['connection.updated', 'connection.credential_changed'])
  const back = await told(() => v2.send('POST', `/v2/connections/${id}/restore/`, {}))
  assert.deepEqual(back.types, ['connection.credential_changed'])
  const gone = await told(() => v2.send('DELETE', `/v2/connections/${id}/`))
  assert.deepEqual(gone.types, ['connection.deleted'])
  const rows = await v2.api.db.selectFrom('events').select('body').execute()
  for (const { body } of rows) assert.ok(!body.includes('CANARY'), body)
})

test('a health that changes is told, and one that stays is not', async () => {
  const id = await v2.make('mailchimp', { api_key: 'mailchimp-key-us1' })
  // Nobody answers there: the tests' hub calls no one outside.
  const verify = async () => {
    const answer = await v2.send('POST', `/v2/connections/${id}/verify/`)
    assert.equal(answer.status, 200, answer.text)
  }
  const first = await told(verify)
  assert.deepEqual(first.types, ['connection.health_changed'])
  assert.deepEqual(asObject(first.events[0]?.data).health, (await v2.get(id)).health)
  assert.deepEqual((await told(verify)).types, [])
  const changed = await told(() => v2.change('PATCH', id, { fields: { api_key: 'other-key-us2' } }))
  assert.deepEqual(changed.types, [
    'connection.updated',
    'connection.credential_changed',
    'connection.health_changed',
  ])
})

test('a key tells of itself, never with its text', async () => {
  let key: Member = {}
  const make = async () => {
    key = asObject((await account('POST', '/v2/api_keys/', { name: 'shop' })).body)
  }
  const path = () => `/v2/api_keys/${key.id}/`
  const made = await told(make)
  assert.deepEqual(made.types, ['api_key.created'])
  assert.equal(made.events[0]?.integration, null)
  assert.deepEqual(made.events[0]?.data, (await account('GET', path())).body)
  assert.deepEqual((await told(() => account('PATCH', path(), { name: 'b' }))).types, ['api_key.updated'])
  assert.deepEqual((await told(() => account('POST', `${path()}roll/`, {}))).types, [
    'api_key.rolled',
    'api_key.created',
  ])
  const gone = await told(() => account('DELETE', path()))
  assert.deepEqual(gone.types, ['api_key.revoked'])
  assert.equal(asObject(gone.events[0]?.data).state, 'revoked')
  const bodies = await v2.api.db.selectFrom('events').select('body').execute()
  for (const { body } of bodies) assert.ok(!body.includes(textOf(key.key)))
})

test('every action on record that has to be told, was told above', async () => {
  const seen = new Set((await page(v2.api, v2.account.key, '?page_size=100')).map(({ action }) => action))
  // Webhooks tell in their own tests, a refresh that fails in those of access tokens; an import is a key's making.
  const elsewhere = (action: string) =>
    action.startsWith('webhook.') ||
    ['connection.refresh_failed', 'connection.refreshed', 'api_key.imported'].includes(action)
  assert.deepEqual(
    toldActions.filter((action) => !seen.has(action) && !elsewhere(action)),
    [],
  )
})

test('numbers rise without a gap, and what is undone leaves neither event nor gap', async () => {
  const [before] = await events()
  const repair = await refuseWrites(v2.api.db, 'events')
  const refused = await account('POST', integrationsPath, { ...required, id: 'undone' })
  assert.equal(refused.status, 500)
  await repair()
  assert.equal((await account('GET', `${integrationsPath}undone/`)).status, 404, 'nor the change itself')
  assert.equal((await account('POST', integrationsPath, { ...required, id: '1' })).status, 400)
  const many = Array.from({ length: 20 }, () => v2.create(integrationsPath))
  await Promise.all(many)
  const numbers = (await events('?page_size=20')).map(({ sequence }) => Number(sequence))
  assert.deepEqual(
    numbers,
    Array.from({ length: 20 }, (_, n) => Number(before?.sequence) + 20 - n),
  )
})

test('a repeated request tells nothing again', async () => {
  const headers = { 'idempotency-key': 'twice' }
  const body = { ...required, id: 'once' }
  const send = () => v2.send('POST', integrationsPath, body, headers)
  assert.deepEqual((await told(async () => [await send(), await send()])).types, ['integration.created'])
})

test('pages, filters and Integration-ID narrow; a cursor walks all of them', async () => {
  const first = await account('GET', '/v2/events/?page_size=7')
  let next: unknown = asObject(first.body).next
  const all = [...resultsOf(first)]
  while (typeof next === 'string') {
    const { pathname, search } = new URL(next)
    const answer = await account('GET', `${pathname}${search}`)
    all.push(...resultsOf(answer))
    next = asObject(answer.body).next
  }
  assert.deepEqual(
    all.map(({ sequence }) => Number(sequence)),
    Array.from({ length: all.length }, (_, n) => all.length - n),
  )
  const keys = await events('?type=api_key.*&page_size=100')
  assert.deepEqual(
    keys,
    all.filter(({ type }) => textOf(type).startsWith('api_key.')),
  )
  const one = await events('?type=connection.deleted')
  assert.ok(one.length > 0 && one.every(({ type }) => type === 'connection.deleted'))
  assert.deepEqual(await events('?type=*&page_size=100'), all.slice(0, 100))
  const narrow = resultsOf(await v2.send('GET', '/v2/events/?page_size=100'))
  assert.deepEqual(
    narrow,
    all.filter(({ integration }) => integration === '1'),
  )
  assert.deepEqual(await events('?integration=1&page_size=100'), narrow)
  assert.equal((await account('GET', '/v2/events/?type=nothing.*')).status, 400)
  assert.deepEqual(await events('?integration=nowhere'), [])
})

test('one event is had by its id, byte for byte, by those alone who may see it', async () => {
  const { text } = await account('GET', '/v2/events/?type=connection.created&page_size=1')
  const [listed] = /\{"id":"evt_.*\}\}(?=\])/.exec(text) ?? []
  const id = textOf(asObject(JSON.parse(listed ?? '')).id)
  assert.equal((await account('GET', `/v2/events/${id}/`)).text, listed)
  const other = await newAccount(v2.api)
  const bound = await newKey(v2.api, v2.account.id, { integrationId: 'once' })
  const blind = await newKey(v2.api, v2.account.id, { scopes: ['integrations:read'] })
  assert.equal((await account('GET', `/v2/events/${id}/`, undefined, other.key)).status, 404)
  assert.equal((await account('GET', `/v2/events/${id}/`, undefined, bound)).status, 404)
  assert.equal((await account('GET', '/v2/events/', undefined, blind)).status, 403)
  for (const wrong of [`${id}0`, id.replace(/.$/, 'g'), 'evt_1_x', 'evt_0_x', 'x', '1'])
    assert.equal((await account('GET', `/v2/events/${wrong}/`)).status, 404, wrong)
  assert.deepEqual(
    (await events('', bound)).map(({ integration }) => integration),
    ['once', 'once'],
  )
  assert.deepEqual((await events('', other.key)).length, 1, 'the making of its own key')
})

test('events are kept for thirty days', async () => {
  const before = await events('?page_size=100')
  clock.move(30 * 86_400_000 - 60_000)
  await v2.api.hub.sweep()
  assert.equal((await events('?page_size=100')).length, before.length)
  await v2.create(integrationsPath, { id: 'later' })
  clock.move(3_700_000)
  await v2.api.hub.sweep()
  const left = await events('?page_size=100')
  assert.deepEqual(
    left.map(({ integration }) => integration),
    ['later'],
  )
  assert.equal(Number(left[0]?.sequence), Number(before[0]?.sequence) + 1, 'and numbers go on')
  assert.deepEqual(
    idsOf(await account('GET', `/v2/events/?cursor=${Buffer.from('before 5').toString('base64url')}`)),
    [],
  )
})

test('the documentation says of every type what it means', () => {
  const text = readFileSync(join(repository, 'docs', 'webhooks.md'), 'utf8')
  const documented = [...text.matchAll(/^\| `([a-z_]+\.[a-z_]+)` \|/gm)].map(([, type]) => type)
  assert.deepEqual(documented, [...eventTypes])
})
