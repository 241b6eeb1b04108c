// Much of one account at once: each verification is answered, and each call on record, however long it takes to write all of it down.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { engineOf } from '../../src/storage/database.ts'
import { askThrough, proxyPath } from '../support/proxied.ts'
import { startVerifying, type Verifying } from '../support/verifying.ts'

let verifying: Verifying
before(async () => {
  verifying = await startVerifying()
  verifying.knows({ sk_test_good0001: 'acct_1' })
})
after(() => verifying.api.close())

/** Whoever waits for a turn gives up after three seconds. @returns how many rows of a table take longer together */
async function slowDown(table: 'connection_checks' | 'connection_uses'): Promise<number> {
  const { db } = verifying.api
  if (!engineOf(db).isShared) return 20
  await sql`create or replace function take_long() returns trigger language plpgsql as $$
    begin perform pg_sleep(0.05); return new; end $$`.execute(db)
  await sql`create trigger slow before insert on ${sql.table(table)}
    for each row execute function take_long()`.execute(db)
  return 80
}

test('verifications of an account are all answered and written down, though their turn comes later than others wait for one', {
  timeout: 60_000,
}, async () => {
  const atOnce = await slowDown('connection_checks')
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

test('calls through many connections of an account are all on record', { timeout: 60_000 }, async () => {
  verifying.says({ status: 200, body: {} })
  const atOnce = await slowDown('connection_uses')
  const { api, account } = verifying
  const ids = await Promise.all(Array.from({ length: atOnce }, () => verifying.stripe()))
  const answers = await Promise.all(
    ids.map((id) => askThrough(api.address, proxyPath(id), 'GET', '/v1/x', { key: account.key })),
  )
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
  const recorded = async () =>
    (await api.db.selectFrom('audit').select('sequence').where('action', '=', 'connection.used').execute())
      .length
  const begun = performance.now()
  while ((await recorded()) < atOnce) {
    assert.ok(performance.now() - begun < 20_000, `${await recorded()} of ${atOnce} are on record`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
})
