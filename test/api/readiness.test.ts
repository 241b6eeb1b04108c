// Readiness: /readyz says whether requests may be sent here, and if not, why: the same to everybody, and nothing of the installation.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, startApi, type TestApi } from '../support/api.ts'
import { engine } from '../support/store.ts'
import { asObject, withoutLink } from '../support/v2.ts'

let api: TestApi
before(async () => {
  api = await startApi()
})
after(() => api.close())

const ask = () => call(api.address, 'GET', '/readyz')

async function expectUnready(check: string, detail: string): Promise<void> {
  const { status, body, headers } = await ask()
  assert.equal(status, 503)
  assert.equal(headers.get('retry-after'), '1')
  assert.deepEqual(withoutLink(body, 'storage_unavailable'), {
    detail,
    code: 'storage_unavailable',
    reasons: [{ check, detail }],
  })
  assert.equal((await call(api.address, 'GET', '/healthz')).status, 200, 'the process lives')
}

test('where all is well, it is 200 without a reason', async () => {
  const { status, body } = await ask()
  assert.equal(status, 200)
  assert.deepEqual(body, { status: 'ready', reasons: [] })
})

describe('503', { concurrency: 1 }, () => {
  test('while migrations are waiting, as where an older backup was put back beneath it', async () => {
    const migrations = api.db.withTables<{ kysely_migration: { name: string; timestamp: string } }>()
    const [last] = await migrations
      .selectFrom('kysely_migration')
      .selectAll()
      .orderBy('name', 'desc')
      .limit(1)
      .execute()
    assert.ok(last)
    await migrations.deleteFrom('kysely_migration').where('name', '=', last.name).execute()
    await expectUnready(
      'schema',
      'The database is of an earlier version than this server: migrations are waiting.',
    )
    await migrations.insertInto('kysely_migration').values(last).execute()
    assert.equal((await ask()).status, 200)
  })

  test('while the vault is locked: its slot was taken away, so that it gets no newer key', async () => {
    const boxes = await api.db.selectFrom('slot_keys').selectAll().execute()
    await api.db.deleteFrom('slot_keys').execute()
    await expectUnready(
      'vault',
      'The vault is locked: what this server was started with does not open its newest keys.',
    )
    for (const box of boxes) await api.db.insertInto('slot_keys').values(box).execute()
    assert.equal((await ask()).status, 200)
  })

  test('while the database does not answer, told to all who ask at the same time', async () => {
    await api.db.schema.alterTable('kysely_migration').renameTo('gone').execute()
    await expectUnready(
      'database',
      engine === 'sqlite' ? 'The database cannot be read.' : 'The database does not answer.',
    )
    const all = await Promise.all(Array.from({ length: 20 }, ask))
    assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([503]))
    await api.db.schema.alterTable('gone').renameTo('kysely_migration').execute()
    assert.equal((await ask()).status, 200)
    assert.ok(Array.isArray(asObject((await ask()).body).reasons))
  })
})
