// Moving into PostgreSQL: cut off at any moment and taken up again, compared in the end, and served as before.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { snapshot } from '../support/command-line.ts'
import type { StoreToMove } from '../support/moved-store.ts'
import { killedAt, newStore, query } from '../support/moving.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { run, start } from '../support/process.ts'

const isFull = process.env.TEST_SCALE === 'full'
/** More than are copied in one transaction, so that there is a middle. */
const sizes = isFull
  ? { integrations: 1_000_000, connections: 100_000 }
  : { integrations: 30_000, connections: 300 }
/** What does not change by being asked for. */
function requests({ integrations, connections }: StoreToMove): string[] {
  return [
    '/v2/integrations/',
    `/v2/integrations/?page=${Math.ceil(integrations / 25 / 2)}`,
    `/v2/integrations/?page=${Math.ceil(integrations / 25)}`,
    '/v2/integrations/1/',
    `/v2/integrations/${integrations}/`,
    '/v2/connections/',
    `/v2/connections/${connections}/`,
    `/api/v1/integrations/${connections}`,
    '/v2/webhooks/',
    '/v2/events/',
    '/v2/freelancers/',
  ]
}

async function answers(address: string, store: StoreToMove): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for (const path of requests(store)) {
    const { status, text } = await call(address, 'GET', path, {
      key: store.key,
      headers: { 'integration-id': '1' },
    })
    assert.equal(status, 200, `${path}: ${text}`)
    said[path] = text
  }
  return said
}

describe(`a move of ${sizes.integrations} integrations and ${sizes.connections} connections, killed twice`, () => {
  let own: Awaited<ReturnType<typeof newStore>>
  let database: TestDatabase
  let asked: Record<string, string>
  let files: Record<string, string>
  let report: {
    outcome: string
    tables: Array<{ name: string; rows: number; checksum: string }>
    values: object
  }
  const mayStay = ['lock.db', 'holder.json']
  const filesNow = () =>
    Object.fromEntries(Object.entries(snapshot(own.home.data)).filter(([name]) => !mayStay.includes(name)))

  before(async () => {
    own = await newStore(sizes)
    database = await newDatabase()
    const served = await start('serve', ['--data', own.home.data], own.env)
    asked = await answers(served.address, own.store)
    await served.stop()
    files = filesNow()
    const place = { ...own, url: database.url }
    await killedAt('move/audit', place)
    const refused = await run(['serve', '--port', '0', '--data', own.home.data], {
      env: { ...own.env, DATABASE_URL: database.url },
    })
    assert.equal(refused.code, exitCodes.storeRefused)
    assert.match(refused.stderr, /not all of it is there. Run mortise move again/)
    await killedAt('move/integrations', place)
    const begun = performance.now()
    const { code, stdout, stderr } = await own.move(database.url, ['--json'])
    assert.equal(code, exitCodes.ok, stderr)
    report = JSON.parse(stdout)
    console.log(`the rest of it took ${Math.round(performance.now() - begun)} ms`)
  })
  after(async () => {
    await database.remove()
    own.home.remove()
  })

  test('ends with as many rows in each table, and the same checksums', async () => {
    assert.equal(report.outcome, 'moved')
    const rows = Object.fromEntries(report.tables.map(({ name, rows }) => [name, rows]))
    const expected = {
      integrations: sizes.integrations + 1,
      connections: sizes.connections,
      connection_secrets: sizes.connections,
      accounts: 2,
    }
    for (const [name, count] of Object.entries(expected)) {
      assert.equal(rows[name], count, name)
      const [there] = await query(database.url, `select count(*)::int as n from ${name}`)
      assert.equal(there?.n, count, name)
    }
    assert.deepEqual(report.values, { opened: sizes.connections, damaged: [] })
  })

  test('has every table of the schema but those that nodes count in', async () => {
    const there = await query(
      database.url,
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )
    const moved = new Set([...report.tables.map(({ name }) => name), 'store'])
    const others = there.map(({ name }) => String(name)).filter((name) => !moved.has(name))
    assert.deepEqual(others.sort(), ['kysely_migration', 'kysely_migration_lock', 'rate_limits'])
  })

  test('leaves the old store as it was, to the byte', () => {
    assert.deepEqual(filesNow(), files)
  })

  test('is done already when it is run again', async () => {
    const again = await own.move(database.url, ['--json'])
    assert.deepEqual([again.code, JSON.parse(again.stdout).outcome], [exitCodes.ok, 'before'], again.stderr)
  })

  test('answers the same bytes to the same requests, and goes on with its numbers', async () => {
    const env = { ...own.env, DATABASE_URL: database.url }
    const served = await start('serve', ['--data', join(own.home.root, 'nothing')], env)
    try {
      assert.deepEqual(await answers(served.address, own.store), asked)
      const { key } = own.store
      const made = await call(served.address, 'POST', '/v2/connections/', {
        key,
        body: { provider: 'stripe', title: 'n', fields: { publishable_key: 'pk', secret_key: 'sk' } },
        headers: { 'integration-id': '1' },
      })
      assert.deepEqual([made.status, Object(made.body).id], [201, sizes.connections + 1], made.text)
      const integration = { id: 'new', name: 'n', email: 'a@example.com', recipient: 'r' }
      const address = { address_line_1: 'a', zip_code: '1', city: 'c' }
      const added = await call(served.address, 'POST', '/v2/integrations/', {
        key,
        body: { ...integration, ...address },
      })
      assert.equal(added.status, 201, added.text)
      const { body } = await call(served.address, 'GET', '/v2/integrations/', { key })
      assert.equal(Object(body).count, sizes.integrations + 1)
    } finally {
      await served.stop()
    }
  })
})
