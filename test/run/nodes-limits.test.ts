// Two nodes on one database: what is too much on one of them is too much on the other.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createHub, type Hub } from '../../src/app.ts'
import { HubError } from '../../src/hub/errors.ts'
import { systemClock, type Timestamp } from '../../src/hub/timestamp.ts'
import type { Db } from '../../src/storage/database.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { sweepRateLimits } from '../../src/storage/rate-limiters.ts'
import { newMasterKey } from '../../src/vault/master-key.ts'
import { newAccount } from '../support/api.ts'
import { openKeyRing } from '../support/key-ring.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'

describe('two nodes on one database', () => {
  let database: TestDatabase
  const dbs: Db[] = []
  const nodes: Hub[] = []

  before(async () => {
    database = await newDatabase()
    const fromEnvironment = newMasterKey('the test')
    for (let node = 0; node < 2; node++) {
      dbs.push(openPostgres({ url: database.url, connectionsMax: 5, hasRowSecurity: false }))
    }
    for (const db of dbs) {
      const keyRing = await openKeyRing(db, fromEnvironment)
      nodes.push(createHub({ db, keyRing, rateLimits: { key: 5, account: 8 } }))
    }
  })
  after(async () => {
    for (const db of dbs) await db.destroy()
    await database.remove()
  })

  /** How many of some requests at once, turn and turn about, are not refused. */
  async function passed(times: number, ask: (hub: Hub) => Promise<unknown>): Promise<number> {
    const asked = Array.from({ length: times }, async (_, at) => {
      const hub = nodes[at % nodes.length]
      assert.ok(hub)
      try {
        await ask(hub)
        return true
      } catch (error) {
        assert.ok(error instanceof HubError && error.code === 'throttled', String(error))
        assert.ok((error.details.retryAfterS ?? 0) >= 1)
        return false
      }
    })
    return (await Promise.all(asked)).filter(Boolean).length
  }

  test('count wrong keys of an address together: 20 a minute, and another address is not meant', async () => {
    assert.equal(await passed(30, (hub) => hub.limits.failedAuthentication('192.0.2.1')), 20)
    assert.equal(await passed(1, (hub) => hub.limits.failedAuthentication('192.0.2.2')), 1)
  })

  test('count requests of a key and of an account together, and others are not meant', async () => {
    const [one, other] = nodes
    assert.ok(one && other)
    const account = await newAccount({ hub: one })
    const request = { address: '192.0.2.3', requestId: 'a' }
    const caller = await one.admission.admit(account.key, request)
    // Within one second, unless the machine stood still: then a second one may have begun.
    const often = await passed(20, async (hub) => hub.limits.request(caller))
    assert.ok(often === 5 || often === 10, `${often} of 20`)

    const stranger = await newAccount({ hub: other })
    const unhurried = await other.admission.admit(stranger.key, request)
    assert.equal(await passed(1, async (hub) => hub.limits.request(unhurried)), 1)
  })

  test('remove counters whose time is over, and no others', async () => {
    const [db] = dbs
    assert.ok(db)
    await nodes[0]?.limits.failedAuthentication('192.0.2.9')
    const counters = () => db.selectFrom('rate_limits').select('key').execute()
    const before = (await counters()).length
    assert.ok(before > 0)
    assert.ok((await sweepRateLimits(db, Date.parse(systemClock()) - 3_600_000, 500)) === 0)
    assert.equal((await counters()).length, before)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString() as Timestamp
    assert.equal(await sweepRateLimits(db, Date.parse(tomorrow), 500), before)
    assert.deepEqual(await counters(), [])
  })
})
