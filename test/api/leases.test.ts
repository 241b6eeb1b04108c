// Leases: one holder at a time, and none that has lost its lease finishes what it was at.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { LeaseLost, leases } from '../../src/hub/leases.ts'
import { sweepAll } from '../../src/hub/sweeping.ts'
import { type Clock, timestampAt } from '../../src/hub/timestamp.ts'
import { transact } from '../../src/storage/database.ts'
import { startApi, type TestApi } from '../support/api.ts'

let api: TestApi
before(async () => {
  api = await startApi()
})
after(() => api.close())

/** A node with a clock of its own, which may be wrong. */
function nodeAt(epochMs: number) {
  let nowMs = epochMs
  const now: Clock = () => timestampAt(nowMs)
  return {
    ...leases({ db: api.db, now }),
    now,
    wait(ms: number) {
      nowMs += ms
    },
  }
}

const start = Date.parse('2026-03-01T12:00:00Z')
const nameOf = (name: string, accountId = 0) => ({ accountId, name })
const isMarked = async (name: string) =>
  (await api.db.selectFrom('store').select('name').where('name', '=', name).execute()).length === 1

test('of many that want one at once, one has it; another account’s and another name’s are free', async () => {
  const node = nodeAt(start)
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let holders = 0
  const all = Array.from({ length: 20 }, () =>
    node.hold(nameOf('one'), 60_000, async () => {
      holders++
      await held
      return 'held'
    }),
  )
  assert.equal(await node.hold(nameOf('one', 7), 60_000, async () => 'mine'), 'mine')
  assert.equal(await node.hold(nameOf('other'), 60_000, async () => 'mine'), 'mine')
  release()
  const answers = await Promise.all(all)
  assert.equal(holders, answers.filter((answer) => answer === 'held').length)
  assert.ok(holders >= 1)
  assert.ok(answers.filter((answer) => answer === undefined).length > 0)
})

test('it is free again once the work is over, also where the work failed', async () => {
  const node = nodeAt(start)
  assert.equal(await node.hold(nameOf('again'), 60_000, async () => 1), 1)
  await assert.rejects(
    node.hold(nameOf('again'), 60_000, async () => {
      throw new Error('failed')
    }),
    /failed/,
  )
  assert.equal(await node.hold(nameOf('again'), 60_000, async () => 2), 2)
})

test('whoever stood still while another took over finishes nothing, whatever the clocks say', async () => {
  const [slow, quick] = [nodeAt(start), nodeAt(start + 120_000)]
  await assert.rejects(
    slow.hold(nameOf('fenced'), 60_000, async ({ guard }) => {
      assert.equal(await quick.hold(nameOf('fenced'), 60_000, async () => 'took over'), 'took over')
      await transact(api.db, 'all accounts', async (db) => {
        await guard(db)
        await db.insertInto('store').values({ name: 'fenced', value: '' }).execute()
      })
    }),
    LeaseLost,
  )
  assert.equal(await isMarked('fenced'), false)
})

test('the end of one that was lost does not end the lease of who has it now', async () => {
  const [slow, quick, third] = [nodeAt(start), nodeAt(start + 120_000), nodeAt(start + 120_000)]
  await quick.hold(nameOf('kept'), 1, async () => undefined)
  await slow.hold(nameOf('slow'), 60_000, async () => {
    await quick.hold(nameOf('slow'), 60_000, async () => {
      assert.equal(await third.hold(nameOf('slow'), 60_000, async () => 'had'), undefined)
    })
  })
  const node = nodeAt(start + 120_000)
  await node.hold(nameOf('late'), 60_000, async () => {
    const late = nodeAt(start)
    assert.equal(await late.hold(nameOf('late'), 60_000, async () => 'had'), undefined)
  })
})

test('as long as its transactions come, it goes on; a dead holder’s ends', async () => {
  const [working, other] = [nodeAt(start), nodeAt(start)]
  await working.hold(nameOf('long'), 60_000, async ({ guard }) => {
    for (let step = 0; step < 5; step++) {
      working.wait(40_000)
      other.wait(40_000)
      await transact(api.db, 'all accounts', (db) => guard(db))
      assert.equal(await other.hold(nameOf('long'), 60_000, async () => 'had'), undefined)
    }
    other.wait(61_000)
    assert.equal(await other.hold(nameOf('long'), 60_000, async () => 'had'), 'had')
  })
})

test('sweeping is done by one at a time', async () => {
  const node = nodeAt(start)
  let swept = 0
  const sweep = () =>
    sweepAll({ db: api.db, now: node.now }, 'a test', async () => {
      swept++
      return 0
    })
  await node.hold(nameOf('sweep a test'), 60_000, async () => {
    await sweep()
    assert.equal(swept, 0)
  })
  await sweep()
  assert.equal(swept, 1)
})

test('sweeping takes a few at a time, and others write between', async () => {
  const { now } = nodeAt(start)
  const limits: number[] = []
  let writing: Promise<unknown> | undefined
  let isWritten = false
  let isBetween = false
  await sweepAll({ db: api.db, now }, 'much', async (db, limit) => {
    limits.push(limit)
    writing ??= api.db
      .insertInto('store')
      .values({ name: 'between', value: '' })
      .execute()
      .then(() => {
        isWritten = true
      })
    // As long as it takes to remove some.
    for (let n = 0; n < 20; n++) await db.selectFrom('store').selectAll().execute()
    isBetween ||= isWritten
    return limits.length < 20 ? limit : 0
  })
  await writing
  assert.equal(limits.length, 20, 'until there is no more')
  assert.ok(Math.max(...limits) <= 500)
  assert.ok(isBetween, 'the other had to wait until all was swept')
})
