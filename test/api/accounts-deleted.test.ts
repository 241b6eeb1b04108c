// A deleted account: shut at once, its keys destroyed, every row taken away in parts, and nobody else touched.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { duties } from '../../src/duties/index.ts'
import { HubError } from '../../src/hub/errors.ts'
import { accountRowsOf, tablesOfAccounts } from '../../src/storage/account-rows.ts'
import { newMasterKey } from '../../src/vault/master-key.ts'
import { createVault, type Vault } from '../../src/vault/vault.ts'
import { call, newAccount, newKey, startNode, type TestApi } from '../support/api.ts'
import { openKeyRing } from '../support/key-ring.ts'
import { plain } from '../support/pictures.ts'
import { newConnection, timestamp } from '../support/sample-connections.ts'
import { openTestStore } from '../support/store.ts'
import { asObject, expectAnswer, resultsOf } from '../support/v2.ts'
import { makeWebhooks } from '../support/webhooks-at-hand.ts'

const canary = 'CANARY-of-a-deleted-account'

let api: TestApi
/** One that has nothing in memory. */
let freshVault: () => Promise<Vault>
let operator: { id: number; key: string }
let time = '2026-06-01T12:00:00Z'
before(async () => {
  const store = await openTestStore()
  const masterKey = newMasterKey('the test')
  api = await startNode(store, masterKey, { now: () => timestamp(time) })
  freshVault = async () => createVault(await openKeyRing(store.db, masterKey))
  const own = await newAccount(api)
  operator = { id: own.id, key: await newKey(api, own.id, { scopes: ['operator', 'integrations:read'] }) }
})
after(() => api.close())

const ask = (method: string, path: string, key = operator.key, body?: unknown, headers = {}) =>
  call(api.address, method, path, { key, body, headers })
const remove = (id: number, key?: string) => ask('DELETE', `/v2/accounts/${id}/`, key)

const check = {
  sequence: 1_000,
  at: timestamp(time),
  cause: 'manual',
  status: 'ok',
  reason: null,
  account: null,
  duration_ms: 1,
}
const upkeep = { check_at: null, check_failures: 0, refresh_not_before: null, refresh_failures: 0 }

/** With something in every table that has rows of accounts. */
async function newTenant(): Promise<{ id: number; key: string; connection: number }> {
  const { id, key } = await newAccount(api)
  const address = { email: 'a@example.com', recipient: 'r', address_line_1: 'a', zip_code: 'z', city: 'c' }
  const logo = (await plain().png().toBuffer()).toString('base64')
  for (const [noun, more] of [
    ['freelancers', {}],
    ['integrations', { logo }],
  ] as const) {
    const made = await ask('POST', `/v2/${noun}/`, key, { id: noun, name: canary, ...address, ...more })
    assert.equal(made.status, 201, made.text)
  }
  const fields = { access_key_id: 'id', secret_access_key: canary }
  const connection = await newConnection(api, id, { provider: 'amazon', title: canary, fields })
  const change = { fields: { secret_access_key: `${canary}-2` } }
  const headers = { 'integration-id': '1', 'idempotency-key': 'k' }
  assert.equal((await ask('PATCH', `/v2/connections/${connection.id}/`, key, change, headers)).status, 200)
  assert.equal((await ask('GET', '/api/v1/integrations', key)).status, 200)
  const { uid } = connection
  await api.db
    .insertInto('connection_checks')
    .values({ ...check, account_id: id, connection_uid: uid })
    .execute()
  await api.db
    .insertInto('connection_upkeep')
    .values({ ...upkeep, account_id: id, connection_uid: uid })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await api.db
    .insertInto('leases')
    .values({ account_id: id, name: 'test', token: 1, expires_at: timestamp(time) })
    .execute()
  await makeWebhooks(api.hub, id, '1', 1)
  const from = { address: '192.0.2.1', requestId: 'r' }
  await api.hub.consoleSessions.signIn({ apiKey: key }, from)
  await api.hub.consoleSessions.createLink(id)
  return { id, key, connection: connection.id }
}

/** How many rows each table has of the account. */
async function rowsOf(id: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name, columns } of await api.db.introspection.getTables()) {
    if (!columns.some((column) => column.name === 'account_id')) continue
    const { rows } = await sql<{ n: number }>`
      select count(*) as n from ${sql.table(name)} where account_id = ${id}`.execute(api.db)
    counts[name] = Number(rows[0]?.n)
  }
  return counts
}

const none = () => Object.fromEntries(Object.keys(tablesOfAccounts).map((name) => [name, 0]))

describe('an account that an operator deletes', () => {
  test('is shut at once: its keys are refused, it is nowhere listed, and a second deletion finds nothing', async () => {
    const { id, key } = await newTenant()
    const { status, text } = await remove(id)
    assert.deepEqual([status, text], [204, ''])
    assert.equal((await ask('GET', '/v2/integrations/', key)).status, 401)
    assert.equal((await ask('GET', '/api/v1/integrations', key)).status, 401)
    expectAnswer(await ask('GET', `/v2/accounts/${id}/`), 404, { detail: 'Not found.', code: 'not_found' })
    assert.equal((await remove(id)).status, 404)
    const ids = resultsOf(await ask('GET', '/v2/accounts/?page_size=100')).map((account) => account.id)
    assert.ok(!ids.includes(id))
    assert.equal(asObject((await ask('GET', '/v2/accounts/')).body).count, ids.length)
    const other = await api.another()
    assert.equal(await other.accounts.find(id), undefined)
    await assert.rejects(
      async () => other.admission.admit(key, { address: '192.0.2.1', requestId: 'r' }),
      (error) => error instanceof HubError && error.code === 'unauthenticated',
    )
  })

  test('leaves no row in any table once it was swept, and other accounts keep all of theirs', async () => {
    const [gone, stays] = [await newTenant(), await newTenant()]
    const before = await rowsOf(gone.id)
    assert.deepEqual(
      Object.keys(before).toSorted(),
      Object.keys(none()).toSorted(),
      'every such table is known',
    )
    assert.deepEqual(
      Object.entries(before).filter(([, count]) => count === 0),
      [],
      'and had a row',
    )
    const theirs = await rowsOf(stays.id)
    assert.equal((await remove(gone.id)).status, 204)
    await api.hub.sweep()
    assert.deepEqual(await rowsOf(gone.id), none())
    assert.deepEqual(await rowsOf(stays.id), theirs)
    const { text, status } = await ask('GET', '/api/v1/integrations', stays.key)
    assert.equal(status, 200)
    assert.ok(text.includes(`${canary}-2`))
    const tombstone = await api.db.selectFrom('accounts').selectAll().where('id', '=', gone.id).execute()
    assert.partialDeepStrictEqual(tombstone, [{ name: '', deleted_at: timestamp(time) }])
  })

  test('is taken away some rows at a time, and taken up again where it was cut off', async () => {
    const { id } = await newTenant()
    await duties['accounts delete'].run(api.hub, { id })
    const total = Object.values(await rowsOf(id)).reduce((sum, count) => sum + count, 0)
    const rows = accountRowsOf(api.db, id)
    let removed = 0
    for (let some = 3; some === 3; ) {
      some = await rows.removeSome(3)
      assert.ok(some <= 3)
      removed += some
      // Data keys go last: for as long as there are any, every sweep comes back.
      if (some === 3 && removed < total) assert.ok((await rowsOf(id)).data_keys)
    }
    assert.equal(removed, total)
    assert.deepEqual(await rowsOf(id), none())
  })

  test('has no number, name or key for anybody who comes after', async () => {
    const { id } = await newTenant()
    await remove(id)
    await api.hub.sweep()
    const next = await newAccount(api)
    assert.ok(next.id > id, 'a number is not given twice, also where it was the last')
    const again = await ask('POST', '/v2/accounts/', operator.key, { name: 'n', id })
    assert.equal(again.status, 400)
    assert.equal(asObject(again.body).code, 'id_taken')
  })

  test('is on the trail of the installation and of the operator; both can be verified', async () => {
    const { id } = await newTenant()
    const { headers } = await remove(id)
    const records = await api.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'account.deleted')
      .where('request_id', '=', headers.get('x-request-id'))
      .orderBy('account_id')
      .execute()
    assert.deepEqual(
      records.map(({ account_id }) => account_id),
      [0, operator.id],
    )
    for (const { data, key_uid, address } of records) {
      assert.deepEqual(JSON.parse(data), { id, name: 'Test product' })
      assert.ok(key_uid && address)
    }
    for (const account of [0, operator.id]) {
      const { broken } = await duties['audit verify'].run(api.hub, { account })
      assert.equal(broken, null)
    }
  })

  test('is not the one of the key that asks, and needs the scope', async () => {
    const own = await remove(operator.id)
    assert.equal(own.status, 409)
    assert.equal(asObject(own.body).code, 'in_use')
    const { id, key } = await newTenant()
    assert.equal((await remove(id, key)).status, 403)
    assert.equal((await remove(operator.id, key)).status, 403)
    assert.equal((await ask('GET', '/v2/integrations/', key)).status, 200)
    for (const odd of ['0', '01', '-1', 'x', '1e3', '99999999999999999999']) {
      assert.equal((await ask('DELETE', `/v2/accounts/${odd}/`)).status, 404, odd)
    }
  })
})

describe('the keys of a deleted account', () => {
  test('are in no file any more, and what they sealed opens nowhere, also where somebody kept it', async () => {
    const { id } = await newTenant()
    const [{ wrapped, id: keyId } = { wrapped: '', id: '' }] = await api.db
      .selectFrom('data_keys')
      .selectAll()
      .where('account_id', '=', id)
      .execute()
    const kept = await api.db
      .selectFrom('connection_secrets')
      .selectAll()
      .where('account_id', '=', id)
      .where('field', '=', 'secret_access_key')
      .executeTakeFirstOrThrow()
    const place = { table: 'connection_secrets', row: kept.connection_uid, field: kept.field }
    assert.equal(
      (await (await freshVault()).sealerOf(api.db, id)).open(place, kept.sealed).reveal(),
      `${canary}-2`,
    )
    assert.ok((await api.store.settledFiles()).some((file) => file.includes(wrapped)))
    assert.equal((await remove(id)).status, 204)
    const fails = (error: unknown) => error instanceof HubError && error.code === 'secret_integrity_error'
    await assert.rejects((await freshVault()).sealerKnowing(api.db, id, [kept.sealed]), fails, 'at once')
    await api.hub.sweep()
    const files = await api.store.settledFiles()
    for (const text of [wrapped, kept.sealed, keyId]) {
      assert.ok(!files.some((file) => file.includes(text)), text)
    }
  })

  test('do not keep a root key from going', async () => {
    const { id } = await newTenant()
    await remove(id)
    const { rootRotation } = api.hub
    const old = (await rootRotation.list()).find(({ isCurrent }) => isCurrent)
    await rootRotation.begin()
    await rootRotation.step(undefined)
    await rootRotation.drop(String(old?.id))
    await api.hub.sweep()
    assert.deepEqual(await rowsOf(id), none())
  })
})

test('what was let in before and writes late is taken away too, and counts on its records stop nobody', async () => {
  const { id, key } = await newTenant()
  // Shown again within the minute: counted in memory.
  assert.equal((await ask('GET', '/api/v1/integrations', key)).status, 200)
  await remove(id)
  await api.hub.sweep()
  await api.hub.flush()
  await api.hub.flush()
  await api.db
    .insertInto('tallies')
    .values({ account_id: id, list: 'late', level: 1, stretch: 0, n: 1 })
    .execute()
  time = '2026-06-01T12:10:00Z'
  await api.hub.sweep()
  assert.deepEqual(await rowsOf(id), none())
})
