// How many answers of an account are kept, and how they go.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { timestampAt } from '../../src/hub/timestamp.ts'
import { type Db, transact } from '../../src/storage/database.ts'
import { sweepStoredAnswers } from '../../src/storage/stored-answers.ts'
import { call, newAccount } from '../support/api.ts'
import {
  countNamed,
  idOf,
  keyOf,
  named,
  ran,
  refusedAsReused,
  replayed,
  storedCount,
} from '../support/idempotency.ts'
import { integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

/** Sweeping all of them takes a while. */
const isFull = process.env.TEST_SCALE === 'full'
const dayMs = 86_400_000
let v2: V2
let nowMs = Date.parse('2026-03-01T12:00:00Z')
before(async () => {
  v2 = await startV2({ now: () => timestampAt(nowMs) })
})
after(() => v2.api.close())

const post = (key: string, body: unknown, apiKey = v2.account.key) =>
  call(v2.api.address, 'POST', integrationsPath, { key: apiKey, body, headers: keyOf(key) })

/** Copies of the account's newest answer, so that it has `total` of them. */
async function fillUp(accountId: number, total: number): Promise<void> {
  const { db } = v2.api
  const have = await storedCount(v2.api, accountId)
  await sql`
    WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${total - have})
    INSERT INTO stored_answers (account_id, key, route, target, uid, position, asked_id, fingerprint, sealed, expires_at)
    SELECT account_id, 'copy-' || n, route, target, uid || n, position + n, asked_id, fingerprint, sealed, expires_at
    FROM stored_answers, more
    WHERE account_id = ${accountId}
      AND position = (SELECT max(position) FROM stored_answers WHERE account_id = ${accountId})`.execute(db)
  await sql`
    UPDATE sequences SET value = (SELECT max(position) FROM stored_answers WHERE account_id = ${accountId})
    WHERE account_id = ${accountId} AND name = 'stored_answers'`.execute(db)
}

describe('the limit of 100,000 answers kept', () => {
  test('is 429 for what is new, leaves the rest alone, and ends when answers have expired', async () => {
    const [full, other] = [await newAccount(v2.api), await newAccount(v2.api)]
    const first = ran(await post('first', named('first'), full.key), 201)
    await fillUp(full.id, 99_999)
    const last = ran(await post('last', named('last'), full.key), 201)
    assert.equal(await storedCount(v2.api, full.id), 100_000)

    const refused = ran(await post('one-more', named('one more'), full.key), 429)
    assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
    assert.equal(await countNamed(v2, 'one more', full.id), 0, 'nothing ran')
    const one = `${integrationsPath}${idOf(first)}/`
    const change = { key: full.key, body: { city: 'C' }, headers: keyOf('change') }
    ran(await call(v2.api.address, 'PATCH', one, change), 429)
    ran(await call(v2.api.address, 'PATCH', `${integrationsPath}absent/`, change), 429)

    replayed(await post('first', named('first'), full.key), first)
    replayed(await post('last', named('last'), full.key), last)
    refusedAsReused(await post('first', named('another'), full.key))
    const plain = { key: full.key, body: required }
    ran(await call(v2.api.address, 'POST', integrationsPath, plain), 201)
    ran(await post('one-more', named('one more'), other.key), 201)

    nowMs += dayMs + 1
    if (!isFull)
      await sql`DELETE FROM stored_answers WHERE position BETWEEN 1000 AND 99000`.execute(v2.api.db)
    await v2.api.hub.idempotency.sweep()
    assert.equal(await storedCount(v2.api, full.id), 0)
    ran(await post('one-more', named('one more'), full.key), 201)
  })
})

describe('sweeping', () => {
  test('removes what has expired, leaves what has not, while answers are replayed and stored', async () => {
    const { id, key } = await newAccount(v2.api)
    ran(await post('old', named('old'), key), 201)
    await fillUp(id, 1_700)
    nowMs += dayMs / 2
    const young = ran(await post('young', named('young'), key), 201)
    await v2.api.hub.idempotency.sweep()
    assert.equal(await storedCount(v2.api, id), 1_701, 'nothing has expired yet')
    nowMs += dayMs / 2 + 1
    const some = (db: Db) => sweepStoredAnswers(db, timestampAt(nowMs), 100)
    const total = async () => (await v2.api.db.selectFrom('stored_answers').select('uid').execute()).length
    const before = await total()
    assert.equal(await transact(v2.api.db, 'all accounts', some), 100)
    assert.equal(await total(), before - 100, 'no more at once than was asked for')
    const swept = v2.api.hub.idempotency.sweep()
    const [, ...answers] = await Promise.all([
      swept,
      ...Array.from({ length: 20 }, () => post('young', named('young'), key)),
      post('old', named('old'), key),
    ])
    const anew = answers.pop()
    assert.ok(anew)
    ran(anew, 201)
    for (const answer of answers) replayed(answer, young)
    await v2.api.hub.idempotency.sweep()
    assert.equal(await storedCount(v2.api, id), 2)
    replayed(await post('old', named('old'), key), anew)
    assert.equal(await countNamed(v2, 'old', id), 2)
  })
})
