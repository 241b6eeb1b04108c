// Group commit: transactions share a commit, and nobody notices but by the time it takes.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createHub } from '../../src/app.ts'
import { duties } from '../../src/duties/index.ts'
import { type Db, transact, UniqueViolation } from '../../src/storage/database.ts'
import { nextOf, passOver } from '../../src/storage/sequences.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import type { KeyRing } from '../../src/vault/key-ring.ts'
import { openKeyRing } from '../support/key-ring.ts'

const folder = mkdtempSync(join(tmpdir(), 'mortise-group-'))
const file = join(folder, 'mortise.db')
let db: Db
let keyRing: KeyRing
let other: DatabaseSync

before(async () => {
  db = openSqlite(file)
  keyRing = await openKeyRing(db)
  other = new DatabaseSync(file, { readOnly: true })
})
after(async () => {
  other.close()
  await db.destroy()
  rmSync(folder, { recursive: true })
})

const put = (db: Db, name: string, value = '') => db.insertInto('store').values({ name, value }).execute()

async function namesLike(prefix: string): Promise<string[]> {
  const rows = await db.selectFrom('store').select('name').where('name', 'like', `${prefix}%`).execute()
  return rows.map(({ name }) => name).sort()
}

/** What a connection of its own sees, which nothing in this process could fool. */
function isCommitted(name: string): boolean {
  return other.prepare('SELECT 1 FROM store WHERE name = ?').get(name) !== undefined
}

const several = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

describe('group commit', () => {
  test('of a thousand transactions at once every one is there, and each was committed when it was told so', async () => {
    const names = several(1_000, 'many-')
    const early: string[] = []
    await Promise.all(
      names.map(async (name) => {
        await transact(db, 'all accounts', async (db) => {
          await put(db, name)
          await db.updateTable('store').set({ value: 'twice' }).where('name', '=', name).execute()
        })
        if (!isCommitted(name)) early.push(name)
      }),
    )
    assert.deepEqual(early, [], 'none was answered before its commit')
    assert.deepEqual(await namesLike('many-'), names.sort())
  })

  test('a failing transaction leaves nothing of itself, and its neighbours alone', async () => {
    const names = several(300, 'mixed-')
    const isBad = (at: number) => at % 3 === 1
    const outcomes = await Promise.allSettled(
      names.map((name, at) =>
        transact(db, 'all accounts', async (db) => {
          await put(db, name)
          if (isBad(at)) throw new Error(`not ${name}`)
          await put(db, `${name}-too`)
        }),
      ),
    )
    for (const [at, outcome] of outcomes.entries()) {
      assert.equal(outcome.status, isBad(at) ? 'rejected' : 'fulfilled')
      if (outcome.status === 'rejected') assert.equal(outcome.reason.message, `not ${names[at]}`)
    }
    const good = names.filter((_, at) => !isBad(at))
    assert.deepEqual(await namesLike('mixed-'), good.flatMap((name) => [name, `${name}-too`]).sort())
  })

  test('of many who want the same row one gets it, the others hear of the unique index, and may go on', async () => {
    const outcomes = await Promise.all(
      several(50, 'loser-').map((loser) =>
        transact(db, 'all accounts', async (db) => {
          try {
            await put(db, 'winner')
            return true
          } catch (error) {
            assert.ok(error instanceof UniqueViolation)
            await put(db, loser)
            return false
          }
        }),
      ),
    )
    assert.equal(outcomes.filter(Boolean).length, 1)
    assert.equal((await namesLike('loser-')).length, 49)
  })

  test('transactions that wait together are committed together', async () => {
    const versions = new Set<unknown>()
    await Promise.all(
      several(512, 'shared-').map(async (name) => {
        await transact(db, 'all accounts', (db) => put(db, name))
        // It changes with every commit of another connection.
        versions.add(other.prepare('PRAGMA data_version').get()?.data_version)
      }),
    )
    assert.ok(versions.size < 64, `512 transactions took ${versions.size} commits`)
  })

  test('reads outside a transaction do not wait for it, and see committed rows alone', async () => {
    const outer = db
    const look = (db: Db) => db.selectFrom('store').select('name').where('name', '=', 'unseen').execute()
    await transact(db, 'all accounts', async (db) => {
      await put(db, 'unseen')
      assert.equal((await look(db)).length, 1, 'inside, its own rows are seen')
      const waited = wait(2_000, undefined, { ref: false })
      const outside = await Promise.race([look(outer), waited])
      assert.ok(outside, 'a reader had to wait for a writer')
      assert.deepEqual([outside.length, isCommitted('unseen')], [0, false])
    })
    assert.deepEqual(await namesLike('unseen'), ['unseen'])
  })

  test('whoever was told of a commit reads it, whatever was read just before', async () => {
    const names = several(1_000, 'told-')
    const outer = db
    const isRead = async (name: string) =>
      (await outer.selectFrom('store').select('name').where('name', '=', name).execute()).length === 1
    const missed: string[] = []
    await Promise.all(
      names.map(async (name) => {
        await transact(db, 'all accounts', async (db) => {
          await put(db, name)
          assert.equal(await isRead(name), false)
        })
        if (!(await isRead(name))) missed.push(name)
      }),
    )
    assert.deepEqual(missed, [])
  })

  test('a write outside a transaction is one of its own, and a failing one undoes nothing else', async () => {
    const outcomes = await Promise.allSettled([
      put(db, 'single-1'),
      transact(db, 'all accounts', (db) => put(db, 'single-2')),
      put(db, 'single-1'),
      put(db, 'single-3').then(() => assert.ok(isCommitted('single-3'))),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(await namesLike('single-'), ['single-1', 'single-2', 'single-3'])
  })

  test('a transaction that reads alone, and one that does nothing, end as well', async () => {
    const [rows] = await Promise.all([
      transact(db, 'all accounts', (db) => db.selectFrom('store').select('name').limit(1).execute()),
      transact(db, 'all accounts', async () => undefined),
      transact(db, 'all accounts', (db) => put(db, 'beside-a-reader')),
    ])
    assert.equal(rows.length, 1)
    assert.ok(isCommitted('beside-a-reader'))
  })

  test('all failing together leaves the store free for the next', async () => {
    const outcomes = await Promise.allSettled(
      several(20, 'none-').map((name) =>
        transact(db, 'all accounts', async (db) => {
          await put(db, name)
          throw new Error('no')
        }),
      ),
    )
    assert.ok(outcomes.every(({ status }) => status === 'rejected'))
    await put(db, 'after-all-failed')
    assert.deepEqual(await namesLike('none-'), [])
  })
})

describe('numbers within an account', () => {
  test('are given out once each, also to many at once', async () => {
    const given = await Promise.all(
      several(300, '').map(() => transact(db, 'all accounts', (db) => nextOf(db, 1, 'connections'))),
    )
    assert.deepEqual(
      given.sort((one, two) => one - two),
      several(300, '').map((_, at) => at + 1),
    )
    assert.equal(await nextOf(db, 2, 'connections'), 1, 'each account counts for itself')
    assert.equal(await nextOf(db, 1, 'freelancers'), 1, 'and each kind of thing')
  })

  test('pass over a number that came from elsewhere, and never go back', async () => {
    await passOver(db, 3, 'connections', 40)
    assert.equal(await nextOf(db, 3, 'connections'), 41)
    await passOver(db, 3, 'connections', 7)
    assert.equal(await nextOf(db, 3, 'connections'), 42)
  })

  test('are not given out again after what had the highest was deleted', async () => {
    const hub = createHub({ db, keyRing, rateLimits: { key: 0, account: 0 } })
    const { id: account } = await duties['accounts create'].run(hub, { name: 'n', id: 50 })
    const given = { account, integration: '1', provider: 'disqus', title: 't', fields: '{}' }
    const create = async () => (await duties['connections create'].run(hub, given)).id
    const first = [await create(), await create()]
    await db.deleteFrom('connections').where('account_id', '=', account).execute()
    assert.deepEqual([...first, await create()], [1, 2, 3])
  })
})
