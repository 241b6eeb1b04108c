// Many verifications of one account at once: each is answered, however long it takes to write all of them down.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { engineOf } from '../../src/storage/database.ts'
import { startVerifying, type Verifying } from '../support/verifying.ts'

let verifying: Verifying
before(async () => {
  verifying = await startVerifying()
  verifying.knows({ sk_test_good0001: 'acct_1' })
})
after(() => verifying.api.close())

test('verifications of an account are all answered and written down, though their turn comes later than others wait for one', {
  timeout: 60_000,
}, async () => {
  const { db } = verifying.api
  const isShared = engineOf(db).isShared
  const atOnce = isShared ? 80 : 20
  if (isShared) {
    // 80 of these take four seconds, and whoever waits for a turn gives up after three.
    await sql`create function take_long() returns trigger language plpgsql as $$
      begin perform pg_sleep(0.05); return new; end $$`.execute(db)
    await sql`create trigger slow before insert on connection_checks
      for each row execute function take_long()`.execute(db)
  }
  const ids = await Promise.all(Array.from({ length: 10 }, () => verifying.stripe()))
  const healths = await Promise.all(
    Array.from({ length: atOnce }, (_, at) => verifying.verify(ids[at % ids.length] ?? 0)),
  )
  assert.deepEqual(new Set(healths.map(({ health }) => health.status)), new Set(['healthy']))
  for (const id of ids) assert.equal((await verifying.checks(id)).length, atOnce / ids.length)
})

test('one whose connection is deleted meanwhile is 404, and takes none of the others with it', async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => verifying.stripe()))
  let release = () => {}
  const isReleased = new Promise<void>((resolve) => {
    release = resolve
  })
  let asked = 0
  verifying.says(async () => {
    asked++
    await isReleased
    return { status: 200, body: { livemode: false, id: 'acct_1' } }
  })
  const answers = Promise.all(
    ids.map(async (id) => (await verifying.send('POST', `/v2/connections/${id}/verify/`)).status),
  )
  while (asked < ids.length) await new Promise((resolve) => setTimeout(resolve, 5))
  const [first] = ids
  assert.equal((await verifying.send('DELETE', `/v2/connections/${first}/?force=true`)).status, 204)
  release()
  assert.deepEqual(await answers, [404, 200, 200, 200])
  for (const id of ids.slice(1)) assert.equal((await verifying.health(id)).status, 'healthy')
})
