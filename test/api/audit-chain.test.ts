// The audit trail proves itself: whatever is done to it behind Mortise's back, the first broken record is named.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Verified, VerifiedSoFar } from '../../src/hub/audit-verify.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { fill } from '../support/audit.ts'
import { timestamp } from '../support/sample-connections.ts'

let api: TestApi
before(async () => {
  api = await startApi()
})
after(() => api.close())

/** Of a whole trail, a few records at a time. */
async function verified(accountId: number, size = 7): Promise<Omit<Verified, 'rest'>> {
  let rest: VerifiedSoFar | undefined
  let sum = { verified: 0, older: 0 }
  for (;;) {
    const part: Verified = await api.hub.auditVerification.verify(accountId, rest, size)
    sum = { verified: sum.verified + part.verified, older: sum.older + part.older }
    if (part.broken || !part.rest) return { ...sum, broken: part.broken }
    rest = part.rest
  }
}

/** An account whose trail has `records` records more than it began with. */
async function newTrail(records: number): Promise<{ id: number; key: string; last: number }> {
  const account = await newAccount(api)
  await fill(api, account.id, records)
  const { last } = await sql<{ last: number }>`
    select max(sequence) as last from audit where account_id = ${account.id}`
    .execute(api.db)
    .then(({ rows }) => ({ last: Number(rows[0]?.last) }))
  return { ...account, last }
}

describe('a trail that nobody touched', () => {
  test('is verified, whoever wrote it and however many parts it takes', async () => {
    const { id, key, last } = await newTrail(50)
    for (const size of [1, 7, 49, 1_000]) {
      assert.deepEqual(await verified(id, size), { verified: last, older: 0, broken: null })
    }
    const { status } = await call(api.address, 'POST', '/v2/integrations/', {
      key,
      body: {
        id: 'x',
        name: 'x',
        email: 'a@example.com',
        recipient: 'x',
        address_line_1: 'x',
        zip_code: '1',
        city: 'x',
      },
    })
    assert.equal(status, 201)
    // Denied, and counted: again and again within a minute.
    const denied = () => call(api.address, 'POST', '/v2/accounts/', { key, body: { name: 'n' } })
    for (let times = 0; times < 5; times++) assert.equal((await denied()).status, 403)
    await api.hub.flush()
    assert.deepEqual(await verified(id), { verified: last + 2, older: 0, broken: null })
  })

  test('is verified while it grows', async () => {
    const { id } = await newTrail(200)
    const writing = fill(api, id, 300)
    const outcomes = [verified(id), verified(id, 50), verified(id, 1_000)]
    await writing
    for (const { broken } of await Promise.all(outcomes)) assert.equal(broken, null)
    assert.equal((await verified(id)).broken, null)
  })

  test('that many write to at once has one chain', async () => {
    const { id, last } = await newTrail(0)
    await Promise.all(Array.from({ length: 20 }, () => fill(api, id, 5)))
    assert.deepEqual(await verified(id), { verified: last + 100, older: 0, broken: null })
  })
})

const columns = 'at, action, subject, key_uid, address, request_id, times, data, link, counted'
type Tampering = { sql(id: number): string[]; broken: number; why: RegExp }

const tamperings: Record<string, Tampering> = {
  ...Object.fromEntries(
    [
      ['at', "'2020-01-01T00:00:00.000000Z'"],
      ['action', "'integration.deleted'"],
      ['subject', "'integration/other'"],
      ['key_uid', "'somebody'"],
      ['address', "'203.0.113.9'"],
      ['request_id', "'r'"],
      ['data', `'{"id":"other"}'`],
      ['times', '2'],
      ['link', "'x'"],
      ['link', 'null'],
    ].map(([column, value]) => [
      `with another ${column} (${value})`,
      {
        sql: (id: number) => [
          `update audit set ${column} = ${value} where account_id = ${id} and sequence = 20`,
        ],
        broken: 20,
        why: /changed/,
      },
    ]),
  ),
  'that lacks one': {
    sql: (id) => [`delete from audit where account_id = ${id} and sequence = 20`],
    broken: 20,
    why: /missing/,
  },
  'that lacks its first': {
    sql: (id) => [`delete from audit where account_id = ${id} and sequence = 1`],
    broken: 1,
    why: /missing/,
  },
  'that lacks its last': {
    sql: (id) => [`delete from audit where account_id = ${id} and sequence >= 32`],
    broken: 32,
    why: /missing/,
  },
  'that lacks its last, and says that it ends before': {
    sql: (id) => [
      `delete from audit where account_id = ${id} and sequence >= 31`,
      `update audit_chains set last = 30, last_link = (select link from audit where account_id = ${id} and sequence = 30) where account_id = ${id}`,
    ],
    broken: 30,
    why: /where the chain ends was changed/,
  },
  'without the record of its chain': {
    sql: (id) => [`delete from audit_chains where account_id = ${id}`],
    broken: 1,
    why: /chain is gone/,
  },
  'with two that changed places': {
    sql: (id) => [
      `update audit set sequence = 1000 where account_id = ${id} and sequence = 20`,
      `update audit set sequence = 20 where account_id = ${id} and sequence = 21`,
      `update audit set sequence = 21 where account_id = ${id} and sequence = 1000`,
    ],
    broken: 20,
    why: /moved/,
  },
  'with one more in between': {
    sql: (id) => [
      `update audit set sequence = sequence + 1000 where account_id = ${id} and sequence >= 20`,
      `update audit set sequence = sequence - 999 where account_id = ${id} and sequence >= 1000`,
      `insert into audit (account_id, sequence, ${columns}) select account_id, 20, ${columns} from audit where account_id = ${id} and sequence = 19`,
    ],
    broken: 20,
    why: /put there/,
  },
  'with one more behind': {
    sql: (id) => [
      `insert into audit (account_id, sequence, ${columns}) select account_id, sequence + 1, ${columns} from audit where account_id = ${id} order by sequence desc limit 1`,
    ],
    broken: 33,
    why: /behind the chain/,
  },
  'with one more in front': {
    sql: (id) => [
      `insert into audit (account_id, sequence, ${columns}) select account_id, 0, ${columns} from audit where account_id = ${id} and sequence = 1`,
    ],
    broken: 0,
    why: /in front/,
  },
}

describe('a trail', () => {
  for (const [name, { sql: statements, broken, why }] of Object.entries(tamperings)) {
    test(`${name} is found, and the first broken record is named`, async () => {
      const { id, last } = await newTrail(30)
      assert.equal(last, 32, 'an account and a key, and thirty more')
      for (const statement of statements(id)) await sql.raw(statement).execute(api.db)
      const outcome = await verified(id)
      assert.equal(outcome.broken?.sequence, broken)
      assert.match(outcome.broken?.why ?? '', why)
    })
  }

  test('whose count of a repeated record was changed, or taken away, is found', async () => {
    const change = [`times = 1`, `times = 4`, `times = 3, counted = null`, `times = 1, counted = null`]
    for (const set of change) {
      const { id, key, last } = await newTrail(0)
      for (let times = 0; times < 3; times++) {
        await call(api.address, 'POST', '/v2/accounts/', { key, body: { name: 'n' } })
      }
      await api.hub.flush()
      assert.deepEqual(await verified(id), { verified: last + 1, older: 0, broken: null })
      await sql
        .raw(`update audit set ${set} where account_id = ${id} and sequence = ${last + 1}`)
        .execute(api.db)
      assert.match((await verified(id)).broken?.why ?? '', /count was changed/, set)
    }
  })

  test('of one account cannot be passed off as another’s', async () => {
    const [one, two] = [await newTrail(10), await newTrail(10)]
    const take = async (table: string, names: string) => {
      await sql.raw(`delete from ${table} where account_id = ${two.id}`).execute(api.db)
      await sql
        .raw(
          `insert into ${table} (account_id, ${names}) select ${two.id}, ${names} from ${table} where account_id = ${one.id}`,
        )
        .execute(api.db)
    }
    await take('audit', `sequence, ${columns}`)
    assert.equal((await verified(two.id)).broken?.sequence, 1)
    await take('audit_chains', 'wrapped, root_key_id, first, first_link, last, last_link, proof')
    await assert.rejects(verified(two.id), /damaged or exchanged/)
    assert.equal((await verified(one.id)).broken, null)
  })

  test('that began in an earlier version says how many records cannot be proved, and goes on with those that can', async () => {
    const { id } = await newTrail(5)
    await sql`delete from audit_chains where account_id = ${id}`.execute(api.db)
    await sql`update audit set link = null, counted = null where account_id = ${id}`.execute(api.db)
    assert.deepEqual(await verified(id), { verified: 0, older: 7, broken: null })
    await fill(api, id, 4)
    assert.deepEqual(await verified(id), { verified: 4, older: 7, broken: null })
  })
})

describe('records that are kept for some days alone', () => {
  test('go from the old end, and the rest is still verified', async () => {
    let at = '2026-03-01T00:00:00Z'
    const own = await startApi({ now: () => timestamp(at), auditDays: 30 })
    try {
      const { id } = await newAccount(own)
      await fill(own, id, 1_200)
      at = '2026-04-15T00:00:00Z'
      await own.hub.apiKeys.create(own.hub.callerFor(id), { name: 'later' })
      await own.hub.sweep()
      const { rows } = await sql<{ first: number; n: number }>`
        select min(sequence) as first, count(*) as n from audit where account_id = ${id}`.execute(own.db)
      assert.deepEqual([Number(rows[0]?.first), Number(rows[0]?.n)], [1_203, 1])
      const { broken, verified } = await own.hub.auditVerification.verify(id, undefined, 100)
      assert.deepEqual([broken, verified], [null, 1])
      at = '2026-06-15T00:00:00Z'
      await own.hub.sweep()
      assert.equal((await own.hub.auditVerification.verify(id, undefined, 100)).broken, null)
      await own.hub.apiKeys.create(own.hub.callerFor(id), { name: 'after an empty trail' })
      assert.equal((await own.hub.auditVerification.verify(id, undefined, 100)).verified, 1)
    } finally {
      await own.close()
    }
  })
})
