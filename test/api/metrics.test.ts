// Metrics count what happens, by few labels, and hold nothing of anybody's: for those who run the server alone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newKey } from '../support/api.ts'
import { askThrough, proxyPath } from '../support/proxied.ts'
import { engine, refuseWrites } from '../support/store.ts'
import { integrationsPath } from '../support/v2.ts'
import { refused, startVerifying, type Verifying } from '../support/verifying.ts'
import { samplesIn, total } from '../support/watching.ts'

let v2: Verifying
before(async () => {
  v2 = await startVerifying()
})
after(() => v2.api.close())

const read = async () => samplesIn(await v2.api.metrics())

const fields = {
  email: 'CANARY@example.com',
  recipient: 'r',
  addressLine1: 'a',
  zipCode: 'z',
  city: 'c',
}

/** How much a metric has grown while something was done. */
async function growth(name: string, labels: Record<string, string>, act: () => Promise<unknown>) {
  const earlier = total(await read(), name, labels) ?? 0
  await act()
  return (total(await read(), name, labels) ?? 0) - earlier
}

const requests = 'mortise_http_request_duration_seconds_count'

describe('requests', () => {
  test('are counted by the route as it is declared, method and status', async () => {
    const route = '/v2/integrations/:id/'
    const found = { method: 'GET', route, status: '200' }
    const missing = { method: 'GET', route, status: '404' }
    assert.equal(await growth(requests, found, () => v2.send('GET', `${integrationsPath}1/`)), 1)
    assert.equal(await growth(requests, missing, () => v2.send('GET', `${integrationsPath}none/`)), 1)
    const samples = await read()
    const duration = total(samples, 'mortise_http_request_duration_seconds_sum', found) ?? 0
    assert.ok(duration > 0 && duration < 10, `${duration} seconds`)
  })

  test('whatever a client invents has no label of its own', async () => {
    const ask = async () => {
      for (let at = 0; at < 20; at++) {
        await call(v2.api.address, 'GET', `/invented-${at}?q=${at}`)
        await call(v2.api.address, 'PROPFIND', `${integrationsPath}invented-${at}/`, { key: v2.account.key })
        await call(v2.api.address, 'GET', `${integrationsPath}invented-${at}/`, { key: v2.account.key })
      }
    }
    assert.equal(await growth(requests, { method: 'OTHER' }, ask), 20)
    assert.doesNotMatch(await v2.api.metrics(), /invented|PROPFIND/)
    const before = (await read()).length
    await ask()
    assert.equal((await read()).length, before, 'and there are no more series than before')
  })

  test('errors are counted by their code', async () => {
    const code = { code: 'unauthenticated' }
    assert.equal(
      await growth('mortise_http_errors_total', code, () => call(v2.api.address, 'GET', integrationsPath)),
      1,
    )
  })
})

describe('the database', () => {
  test('tells of transactions, and on SQLite of the commits that they shared', async () => {
    const committed = { outcome: 'committed' }
    const caller = v2.api.hub.callerFor(v2.account.id)
    const create = () => v2.api.hub.integrations.create(caller, { ...fields, name: 'CANARY' })
    const name = 'mortise_database_transaction_duration_seconds_count'
    assert.ok((await growth(name, committed, create)) >= 1)
    const batches = 'mortise_database_commit_transactions'
    const many = () => Promise.all(Array.from({ length: 16 }, create))
    const commits = await growth(`${batches}_count`, {}, many)
    if (engine === 'postgres') return assert.equal(commits, 0)
    assert.ok(commits >= 1 && commits < 16, `16 transactions in ${commits} commits`)
    const samples = await read()
    assert.ok((total(samples, `${batches}_sum`) ?? 0) > (total(samples, `${batches}_count`) ?? 0))
  })

  test('tells of what it did not do', async () => {
    const takeAgain = await refuseWrites(v2.api.db, 'integrations')
    try {
      const act = () => v2.create(integrationsPath, { name: 'refused' }).catch(() => undefined)
      assert.ok((await growth('mortise_database_failures_total', { kind: 'other' }, act)) >= 1)
    } finally {
      await takeAgain()
    }
  })

  test('says how much it has to do', async () => {
    const samples = await read()
    assert.equal(total(samples, 'mortise_database_answers'), 1)
    assert.equal(total(samples, 'mortise_ready'), 1)
    assert.equal(total(samples, 'mortise_database_writes_waiting'), 0)
    const max = total(samples, 'mortise_database_connections_max')
    assert.equal(max, engine === 'postgres' ? 10 : undefined)
    if (engine === 'postgres') assert.ok((total(samples, 'mortise_database_connections') ?? 0) >= 1)
    else assert.equal(total(samples, 'mortise_database_connections'), undefined)
  })
})

test('the vault tells of values sealed and opened, of one that does not open, and of its slots', async () => {
  const operations = 'mortise_vault_operations_total'
  let id = 0
  const make = async () => {
    id = await v2.stripe()
  }
  assert.ok((await growth(operations, { operation: 'seal' }, make)) >= 1)
  const reveal = () => v2.send('POST', `/v2/connections/${id}/reveal/`)
  const opened = { operation: 'open', outcome: 'done' }
  assert.ok((await growth(operations, opened, reveal)) >= 1)
  const damaged = (
    await v2.api.db.selectFrom('connection_secrets').selectAll().where('field', '=', 'secret_key').execute()
  ).at(-1)
  await v2.api.db
    .updateTable('connection_secrets')
    .set({ sealed: `${damaged?.sealed.slice(0, -4)}AAAA` })
    .where('connection_uid', '=', damaged?.connection_uid ?? '')
    .execute()
  assert.equal(await growth(operations, { operation: 'open', outcome: 'failed' }, reveal), 1)
  const samples = await read()
  assert.equal(total(samples, 'mortise_http_errors_total', { code: 'secret_integrity_error' }), 1)
  assert.equal(total(samples, 'mortise_vault_slots', { kind: 'key' }), 1)
  assert.equal(total(samples, 'mortise_vault_slots_not_genuine'), 0)
  assert.equal(total(samples, 'mortise_vault_root_keys'), 1)
})

test('verifications and calls are counted by provider and what came of them', async () => {
  v2.knows({ sk_test_known: 'acct_1' })
  const id = await v2.stripe('sk_test_known')
  const provider = 'stripe'
  const verified = 'mortise_verifications_total'
  const healthy = { provider, status: 'healthy', cause: 'request' }
  assert.equal(await growth(verified, healthy, () => v2.verify(id)), 1)
  const calls = 'mortise_proxy_call_duration_seconds_count'
  const key = await newKey(v2.api, v2.account.id, { scopes: ['proxy:call'] })
  const ask = () => askThrough(v2.api.address, proxyPath(id), 'GET', '/v1/balance?email=CANARY', { key })
  assert.equal(await growth(calls, { provider, outcome: '2xx' }, ask), 1)
  v2.says(refused)
  assert.equal(await growth(calls, { provider, outcome: '4xx' }, ask), 1)
  const rejected = { provider, status: 'rejected' }
  assert.equal(await growth(verified, rejected, () => v2.verify(id)), 1)
  v2.says('cut')
  assert.equal(await growth(calls, { provider, outcome: 'unreachable' }, ask), 1)
})

describe('GET /metrics', () => {
  test('is for keys with the scope operator alone', async () => {
    const { address } = v2.api
    assert.equal((await call(address, 'GET', '/metrics')).status, 401)
    assert.equal((await call(address, 'GET', '/metrics', { key: v2.account.key })).status, 403)
    const key = await newKey(v2.api, v2.account.id, { scopes: ['operator'] })
    const asked = await fetch(`${address}/metrics`, {
      headers: {
        authorization: `Bearer ${key}`,
        // As Prometheus asks.
        accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3',
      },
    })
    assert.equal(asked.status, 200)
    assert.equal(asked.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    const samples = samplesIn(await asked.text())
    assert.ok(samples.length > 50)
    assert.equal(total(samples, 'mortise_build_info', { engine }), 1)
  })

  test('holds no secret, key, address or id of anybody', async () => {
    const text = await v2.api.metrics()
    for (const secret of ['CANARY', 'sk_test', 'mrt_', '127.0.0.1', v2.provider.origin, 'acct_1'])
      assert.ok(!text.includes(secret), secret)
  })
})
