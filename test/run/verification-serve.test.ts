// A server checks connections by itself unless it is told not to, and a stop does not wait for their providers.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { connectionUpkeepOf } from '../../src/storage/connection-upkeep.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { makeOldStore } from '../support/old-store.ts'
import { newDatabase } from '../support/postgres.ts'
import { start } from '../support/process.ts'
import { startStandIn } from '../support/stand-in.ts'

/** A server with a connection that was due long ago; the provider says nothing. */
async function withDue(verify: 'on' | 'off') {
  const provider = await startStandIn()
  provider.answer(() => new Promise(() => undefined))
  const home = newHome()
  const env = { ...home.env, MORTISE_SANDBOX_URL: provider.origin }
  const serve = (MORTISE_VERIFY: string) => start('serve', ['--data', home.data], { ...env, MORTISE_VERIFY })
  const first = await serve('off')
  const { status } = await call(first.address, 'POST', '/v2/connections/', {
    key: keyIn(first.output().stdout),
    headers: { 'integration-id': '1' },
    body: { provider: 'stripe', title: 'due', fields: { secret_key: 'sk_test_CANARY0001' } },
  })
  assert.equal(status, 201)
  await first.stop()
  const db = new DatabaseSync(join(home.data, 'mortise.db'))
  db.exec("update connection_upkeep set check_at = '2020-01-01T00:00:00.000000Z'")
  db.close()
  const node = await serve(verify)
  return {
    node,
    provider,
    async close() {
      await node.stop('SIGKILL')
      await provider.close()
      home.remove()
    },
  }
}

test('MORTISE_VERIFY=off leaves connections alone; without it they are checked, and a stop does not wait', async () => {
  const [on, off] = await Promise.all([withDue('on'), withDue('off')])
  try {
    await until('the provider was asked', () => on.provider.seen.length > 0)
    const began = performance.now()
    assert.equal(await on.node.stop(), 0)
    assert.ok(performance.now() - began < 5_000)
    assert.ok(!on.node.output().stderr.includes('CANARY'))
    // As long as it took the other one to look, and longer.
    await wait(1_000)
    assert.deepEqual(off.provider.seen, [])
  } finally {
    await on.close()
    await off.close()
  }
})

describe('connections of an earlier version are due once theirs is over', () => {
  test('on SQLite', async () => {
    const home = newHome()
    const db = openSqlite(join(home.root, 'old.db'))
    try {
      await expectDue(db)
    } finally {
      await db.destroy()
      home.remove()
    }
  })

  test('on PostgreSQL', async () => {
    const { url, remove } = await newDatabase()
    const db = openPostgres({ url, connectionsMax: 2, hasRowSecurity: false })
    try {
      await expectDue(db)
    } finally {
      await db.destroy()
      await remove()
    }
  })
})

async function expectDue(db: ReturnType<typeof openSqlite>): Promise<void> {
  await makeOldStore(db, 'a secret')
  await migrate(db)
  const upkeep = await connectionUpkeepOf(db, 1).get('connection-uid')
  assert.equal(upkeep.checkAt, '1970-01-01T00:00:00.000000Z')
}
