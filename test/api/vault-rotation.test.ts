// Rotation: reads and writes go on, every value opens before, during and after, and no key goes while it is needed.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Hub } from '../../src/app.ts'
import type { RotationCursor, RotationPart } from '../../src/hub/data-rotation.ts'
import { HubError } from '../../src/hub/errors.ts'
import { JsonText } from '../../src/hub/json-text.ts'
import type { Clock } from '../../src/hub/timestamp.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { keyOf, named, replayed } from '../support/idempotency.ts'
import { newConnection, timestamp } from '../support/sample-connections.ts'

let clock = '2026-05-01T12:00:00Z'
const now: Clock = () => timestamp(clock)
/** So long that no node seals with an old key any more. */
const passTime = () => {
  clock = timestamp(new Date(Date.parse(clock) + 60_000).toISOString())
}

type Tenant = { id: number; key: string; connections: number[] }

async function newTenant(api: TestApi, connections: number): Promise<Tenant> {
  const { id, key } = await newAccount(api)
  const ids: number[] = []
  for (let at = 0; at < connections; at++) {
    const fields = { access_key_id: `id-${at}`, secret_access_key: `key-${id}-${at}` }
    ids.push((await newConnection(api, id, { provider: 'amazon', fields })).id)
  }
  return { id, key, connections: ids }
}

/** What v1 shows of all connections, in their order. */
async function secretsOf(api: Pick<TestApi, 'address'>, { key }: Tenant): Promise<unknown[]> {
  const { status, body, text } = await call(api.address, 'GET', '/api/v1/integrations', { key })
  assert.equal(status, 200, text)
  assert.ok(Array.isArray(body))
  return body.map((connection) => connection.secret_access_key)
}

async function rotateRoot({ rootRotation }: Hub): Promise<number> {
  await rootRotation.begin()
  let sum = 0
  for (let after: number | undefined; ; ) {
    const { rewrapped, rest } = await rootRotation.step(after)
    sum += rewrapped
    if (rest === null) return sum
    after = rest
  }
}

async function rotateData({ dataRotation }: Hub, accountId: number, parts = Number.MAX_SAFE_INTEGER) {
  let rest: RotationCursor | undefined
  for (let done = 0; done < parts; done++) {
    const part: RotationPart = await dataRotation.step(accountId, rest)
    if (!part.rest) return part
    rest = part.rest
  }
  return undefined
}

function isInUse(says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof HubError && error.code === 'in_use', String(error))
    assert.match(error.message, says)
    return true
  }
}

describe('a new root key', () => {
  let api: TestApi
  let tenants: Tenant[]
  before(async () => {
    api = await startApi({ now })
    tenants = [await newTenant(api, 3), await newTenant(api, 2)]
  })
  after(() => api.close())

  test('wraps everything anew, changes no value, and the old one can go then and not before', async () => {
    const values = () => api.db.selectFrom('connection_secrets').select('sealed').orderBy('sealed').execute()
    const before = await values()
    const [old] = await api.hub.rootRotation.list()
    assert.ok(old && old.wraps === 4, 'two data keys and two keys of trails')
    assert.deepEqual(await api.hub.rootRotation.plan(), {
      isResumed: false,
      wraps: 4,
      slots: 1,
      strangers: [],
    })
    await assert.rejects(api.hub.rootRotation.drop(old.id), isInUse(/wraps now/))
    await api.hub.rootRotation.begin()
    assert.equal((await api.hub.rootRotation.plan()).isResumed, true, 'as after a crash')
    await assert.rejects(api.hub.rootRotation.drop(old.id), isInUse(/wraps 4 keys/))
    assert.equal(await rotateRoot(api.hub), 4)
    assert.deepEqual(await values(), before)
    const keys = await api.hub.rootRotation.list()
    assert.deepEqual(
      keys.map(({ isCurrent, wraps }) => [isCurrent, wraps]),
      [
        [false, 0],
        [true, 5],
      ],
      'and the key of the installation’s own trail',
    )
    await api.hub.rootRotation.drop(old.id)
    for (const tenant of tenants) assert.ok((await secretsOf(api, tenant)).every(Boolean))
    const third = await newTenant(api, 1)
    assert.equal((await secretsOf(api, third)).length, 1)
  })
})

describe('new data keys', () => {
  let api: TestApi
  before(async () => {
    api = await startApi({ now })
  })
  after(() => api.close())

  test('seal every value anew, secrets of before a change too; the plan says how many, and 0 are left', async () => {
    const tenant = await newTenant(api, 4)
    const caller = api.hub.callerFor(tenant.id)
    const given = { fields: new Map([['secret_access_key', new JsonText('"changed"')]]) }
    await api.hub.connections.change(caller, tenant.connections[0] ?? 0, given)
    const before = await secretsOf(api, tenant)
    const values = 4 + 1
    assert.deepEqual(await api.hub.dataRotation.plan(tenant.id), {
      isResumed: false,
      accounts: [{ id: tenant.id, values }],
    })
    const [old] = await api.hub.dataRotation.list(tenant.id)
    assert.ok(old && old.values === values)
    await rotateData(api.hub, tenant.id, 1)
    const resumed = await api.hub.dataRotation.plan(tenant.id)
    assert.deepEqual([resumed.isResumed, resumed.accounts[0]?.values], [true, 1], 'one table is done')
    assert.deepEqual(await rotateData(api.hub, tenant.id), { resealed: 1, damaged: 0, rest: null })
    assert.deepEqual(await secretsOf(api, tenant), before)
    const keys = await api.hub.dataRotation.list(tenant.id)
    assert.deepEqual(
      keys.map(({ isCurrent, values }) => [isCurrent, values]),
      [
        [false, 0],
        [true, values],
      ],
    )
    await assert.rejects(api.hub.dataRotation.drop(old.id), isInUse(/20 seconds ago/))
    passTime()
    await api.hub.dataRotation.drop(old.id)
    assert.deepEqual(await secretsOf(api, tenant), before)
    const { fields } = await api.hub.credentials
      .restore(caller, tenant.connections[0] ?? 0, undefined)
      .then(({ connection }) => connection)
    assert.ok(fields)
    assert.equal(
      (await secretsOf(api, tenant))[0],
      `key-${tenant.id}-0`,
      'what was before opens with the new key',
    )
  })

  test('leave an old key while a stored answer or a damaged value needs it, and say how many', async () => {
    const tenant = await newTenant(api, 2)
    const body = named('an answer')
    const create = () =>
      call(api.address, 'POST', '/v2/integrations/', { key: tenant.key, body, headers: keyOf('answer-1') })
    const first = await create()
    assert.equal(first.status, 201, first.text)
    const [old] = await api.hub.dataRotation.list(tenant.id)
    await rotateData(api.hub, tenant.id)
    replayed(await create(), first)
    passTime()
    await assert.rejects(api.hub.dataRotation.drop(old?.id ?? ''), isInUse(/1 stored answer,/))
    await api.db.deleteFrom('stored_answers').where('account_id', '=', tenant.id).execute()
    const damaged = api.db
      .selectFrom('connection_secrets')
      .select(['connection_uid', 'field', 'sealed', 'key_id'])
      .where('account_id', '=', tenant.id)
    const [value] = await damaged.execute()
    assert.ok(value)
    const put = (sealed: string, keyId: string | null) =>
      api.db
        .updateTable('connection_secrets')
        .set({ sealed, key_id: keyId })
        .where('account_id', '=', tenant.id)
        .where('connection_uid', '=', value.connection_uid)
        .where('field', '=', value.field)
        .execute()
    const [, , iv] = value.sealed.split('.')
    await put(`v1.${old?.id}.${iv}.AAAA.AAAA`, old?.id ?? null)
    assert.deepEqual(await rotateData(api.hub, tenant.id), { resealed: 1, damaged: 1, rest: null })
    passTime()
    await assert.rejects(api.hub.dataRotation.drop(old?.id ?? ''), isInUse(/needed by 1 value\./))
    // As a version before keys were named has written it.
    await put(`v1.${old?.id}.${iv}.AAAA.AAAA`, null)
    await assert.rejects(api.hub.dataRotation.drop(old?.id ?? ''), isInUse(/needed by 1 value\./))
    await put(value.sealed, null)
    await api.hub.dataRotation.drop(old?.id ?? '')
    assert.deepEqual(await rotateData(api.hub, tenant.id), { resealed: 2, damaged: 0, rest: null })
  })

  test('come by themselves long before a key has sealed as many values as is safe', async () => {
    const tenant = await newTenant(api, 1)
    const set = (seals: number) =>
      api.db.updateTable('data_keys').set({ seals }).where('account_id', '=', tenant.id).execute()
    await api.hub.flush()
    await set(2 ** 31)
    const other = await startSecond(api)
    await newConnection(other, tenant.id, { provider: 'amazon', fields: { secret_access_key: 'x' } })
    await other.hub.flush()
    assert.equal((await api.hub.dataRotation.list(tenant.id)).length, 2)
    await set(2 ** 32)
    const third = await startSecond(api)
    await assert.rejects(
      newConnection(third, tenant.id, { provider: 'amazon', fields: { secret_access_key: 'x' } }),
      /as many values as it may/,
    )
  })

  test('are made and used while others read and write: no read fails, no write is lost', async () => {
    const tenants = [await newTenant(api, 30), await newTenant(api, 30)]
    const node = await startSecond(api)
    const state = { isOver: false }
    let reads = 0
    const reading = tenants.map(async (tenant) => {
      while (!state.isOver) {
        const all = await secretsOf(api, tenant)
        assert.ok(all.length >= 30 && all.every((secret) => typeof secret === 'string'), JSON.stringify(all))
        reads++
      }
    })
    const written = new Map<string, string>()
    const writing = tenants.map(async ({ id, connections }, tenant) => {
      for (let round = 0; !state.isOver; round++) {
        const connection = connections[round % connections.length] ?? 0
        const value = `written-${tenant}-${round}`
        // Another node, which hears of new keys by meeting them.
        const hub = round % 2 === 0 ? api.hub : node.hub
        const given = { fields: new Map([['secret_access_key', new JsonText(JSON.stringify(value))]]) }
        await hub.connections.change(hub.callerFor(id), connection, given)
        written.set(`${id} ${connection}`, value)
      }
    })
    try {
      for (let round = 0; round < 4; round++) {
        await rotateRoot(round % 2 === 0 ? api.hub : node.hub)
        for (const { id } of tenants) await rotateData(round % 2 === 0 ? node.hub : api.hub, id)
      }
    } finally {
      state.isOver = true
      await Promise.all([...reading, ...writing])
    }
    assert.ok(reads > 10 && written.size > 10)
    for (const { id, connections, key } of tenants) {
      for (const connection of connections) {
        const expected = written.get(`${id} ${connection}`)
        if (expected === undefined) continue
        const { body } = await call(api.address, 'GET', `/api/v1/integrations/${connection}`, { key })
        assert.equal(Object(body).secret_access_key, expected)
      }
    }
  })
})

/** Another hub on the same store, with what it knows of keys being its own. */
async function startSecond(api: TestApi): Promise<Pick<TestApi, 'hub'>> {
  return { hub: await api.another() }
}
