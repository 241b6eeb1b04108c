// What a secret was before its last change can be had back for seven days, as it was stored, and no longer.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Answer } from '../support/api.ts'
import {
  at,
  type Connections,
  daysMs,
  everythingOf,
  movableClock,
  previousSealedOf,
  sealedOf,
  startConnections,
  statusOf,
} from '../support/connections.ts'
import { keyOf, ran, replayed, timesDone } from '../support/idempotency.ts'
import { timestamp } from '../support/sample-connections.ts'
import { asObject, textOf, withoutLink } from '../support/v2.ts'

const first = { access_token_secret: 'first-token-secret', consumer_secret: 'first-consumer-secret' }
const second = { access_token_secret: 'second-token-secret', consumer_secret: 'second-consumer-secret' }
const start = '2026-05-01T10:00:00.000000Z'

let v2: Connections
let id: number
const clock = movableClock()
before(async () => {
  v2 = await startConnections({ now: clock.now })
})
after(() => v2.api.close())
beforeEach(async () => {
  clock.set(start)
  id = await v2.make('aweber', first)
})

const restore = (body: unknown = {}, headers = {}) => v2.send('POST', at(id, 'restore'), body, headers)
const previous = async () => asObject(asObject((await v2.send('GET', at(id, 'restore'))).body).secrets)
const secrets = async () => {
  const { access_token_secret, consumer_secret } = await v2.reveal(id)
  return { access_token_secret, consumer_secret }
}

function refusedAsNothing(answer: Answer): void {
  assert.equal(answer.status, 409, answer.text)
  const { detail, code, ...more } = asObject(withoutLink(answer.body, 'nothing_to_restore'))
  assert.deepEqual([code, more], ['nothing_to_restore', {}])
  assert.match(textOf(detail), /seven days/)
}

describe('an earlier secret', () => {
  test('is kept for seven days to the microsecond, whether anything was swept or not', async () => {
    await v2.change('PATCH', id, { fields: second })
    for (const sweep of [false, true]) {
      clock.set('2026-05-08T09:59:59.999999Z')
      if (sweep) await v2.api.hub.sweep()
      assert.deepEqual(Object.keys(await previous()), ['access_token_secret', 'consumer_secret'])
      clock.set('2026-05-08T10:00:00.000000Z')
      assert.deepEqual(await previous(), {})
      refusedAsNothing(await restore())
      assert.deepEqual(await secrets(), second)
    }
    clock.set('2026-05-08T09:59:59.999999Z')
    assert.equal((await restore()).status, 200)
    assert.deepEqual(await secrets(), first)
  })

  test('is listed with its hint, since when, and until when; never with its value', async () => {
    clock.move(1_500)
    await v2.change('PATCH', id, { fields: { consumer_secret: 'second-consumer-secret' } })
    const answer = await v2.send('GET', at(id, 'restore'))
    assert.deepEqual(
      [answer.status, answer.body],
      [
        200,
        {
          id,
          secrets: {
            consumer_secret: {
              hint: '****cret',
              replaced_at: '2026-05-01T10:00:01.500000Z',
              restorable_until: '2026-05-08T10:00:01.500000Z',
            },
          },
        },
      ],
    )
  })

  test('has its own seven days for each field', async () => {
    await v2.change('PATCH', id, { fields: { consumer_secret: second.consumer_secret } })
    clock.move(daysMs)
    await v2.change('PATCH', id, { fields: { access_token_secret: second.access_token_secret } })
    clock.move(6 * daysMs)
    assert.deepEqual(Object.keys(await previous()), ['access_token_secret'])
    assert.equal((await restore()).status, 200)
    assert.deepEqual(await secrets(), { ...second, access_token_secret: first.access_token_secret })
  })

  test('is the one before the last change: what was before that is gone', async () => {
    await v2.change('PATCH', id, { fields: second })
    await v2.change('PATCH', id, { fields: { consumer_secret: 'third-consumer-secret' } })
    assert.equal((await restore({ fields: ['consumer_secret'] })).status, 200)
    assert.deepEqual(await secrets(), { ...first, ...second })
  })

  test('is not there where nothing was changed, nor where a field was set for the first time', async () => {
    assert.deepEqual(await previous(), {})
    refusedAsNothing(await restore())
    await v2.change('PATCH', id, {
      title: 'x',
      fields: { refresh_token: 'a-refresh-token', access_token: 'a' },
    })
    assert.deepEqual(await previous(), {})
    refusedAsNothing(await restore())
  })

  test('is removed from the store by sweeping once its time is over, and from its files', async () => {
    await v2.change('PATCH', id, { fields: { consumer_secret: second.consumer_secret } })
    const kept = await previousSealedOf(v2.api, id, v2.account.id)
    const row = await v2.api.db
      .selectFrom('previous_secrets')
      .selectAll()
      .where('sealed', '=', kept.consumer_secret ?? '')
      .executeTakeFirstOrThrow()
    const many = Array.from({ length: 1_201 }, (_, n) => ({ ...row, field: `field-${n}` }))
    for (let n = 0; n < many.length; n += 100) {
      await v2.api.db
        .insertInto('previous_secrets')
        .values(many.slice(n, n + 100))
        .execute()
    }
    clock.move(daysMs)
    await v2.change('PATCH', id, { fields: { access_token_secret: second.access_token_secret } })
    const left = await previousSealedOf(v2.api, id, v2.account.id)
    clock.move(6 * daysMs)
    await v2.api.hub.sweep()
    const { access_token_secret } = left
    assert.deepEqual(await previousSealedOf(v2.api, id, v2.account.id), { access_token_secret })
    const files = await v2.api.store.settledFiles()
    const isThere = (sealed = '') => files.some((bytes) => bytes.includes(sealed))
    assert.ok(isThere(access_token_secret), 'what is kept is found this way')
    assert.ok(!isThere(kept.consumer_secret))
  })
})

describe('restoring', () => {
  test('brings back the very bytes that were stored; a second time it swaps back', async () => {
    const before = await sealedOf(v2.api, id, v2.account.id)
    await v2.change('PATCH', id, { fields: second })
    const between = await sealedOf(v2.api, id, v2.account.id)
    for (const [sealed, kept, values] of [
      [before, between, first],
      [between, before, second],
      [before, between, first],
    ] as const) {
      clock.move(1_000)
      const answer = await restore()
      assert.equal(answer.status, 200, answer.text)
      const shown = asObject(asObject(asObject(answer.body).secrets).consumer_secret)
      assert.deepEqual(shown, { set: true, hint: '****cret', updated_at: clock.now() })
      assert.deepEqual(await sealedOf(v2.api, id, v2.account.id), sealed)
      assert.deepEqual(await previousSealedOf(v2.api, id, v2.account.id), kept)
      assert.deepEqual(await secrets(), values)
      const { consumer_secret } = await previous()
      assert.equal(asObject(consumer_secret).replaced_at, clock.now(), 'and the seven days begin again')
    }
  })

  test('with names restores those alone', async () => {
    await v2.change('PATCH', id, { fields: second })
    assert.equal((await restore({ fields: ['consumer_secret'] })).status, 200)
    assert.deepEqual(await secrets(), { ...second, consumer_secret: first.consumer_secret })
    assert.equal((await restore({ fields: ['access_token_secret', 'access_token_secret'] })).status, 200)
    assert.deepEqual(await secrets(), first, 'a name given twice counts once')
  })

  test('is all or nothing: where one of the names has nothing kept, none is restored', async () => {
    await v2.change('PATCH', id, { fields: { consumer_secret: null } })
    const untouched = await everythingOf(v2.api)
    const times = await timesDone(v2.api, 'connection.restored')
    for (const other of ['access_token_secret', 'refresh_token', 'access_token', 'unknown']) {
      refusedAsNothing(await restore({ fields: ['consumer_secret', other] }))
      refusedAsNothing(await restore({ fields: [other] }))
    }
    assert.equal(await everythingOf(v2.api), untouched)
    assert.equal(await timesDone(v2.api, 'connection.restored'), times)
  })

  test('changes no plain field, no title and no other connection', async () => {
    const other = await v2.make('aweber', first)
    await v2.change('PATCH', other, { fields: second })
    await v2.change('PATCH', id, { title: 'kept', fields: { ...second, access_token: 'kept too' } })
    const before = await v2.get(id)
    await restore()
    const after = await v2.get(id)
    assert.deepEqual({ ...after, secrets: 0, updated_at: 0 }, { ...before, secrets: 0, updated_at: 0 })
    assert.deepEqual(asObject(await v2.reveal(other)).consumer_secret, second.consumer_secret)
  })

  test('refuses a body that is no good, and does nothing', async () => {
    await v2.change('PATCH', id, { fields: second })
    const untouched = await everythingOf(v2.api)
    for (const body of [
      { fields: 'consumer_secret' },
      { fields: [1] },
      { fields: null },
      { fields: { consumer_secret: true } },
      { fields: ['consumer_secret'], more: 1 },
      { fields: Array.from({ length: 31 }, () => 'consumer_secret') },
      [],
      null,
    ]) {
      assert.equal((await restore(body)).status, 400, JSON.stringify(body))
    }
    assert.equal(await everythingOf(v2.api), untouched)
  })

  test('with the same Idempotency-Key happens once, one after the other and at the same time', async () => {
    await v2.change('PATCH', id, { fields: second })
    const times = await timesDone(v2.api, 'connection.restored')
    const done = ran(await restore({}, keyOf('once')), 200)
    replayed(await restore({}, keyOf('once')), done)
    assert.deepEqual(await secrets(), first)

    const answers = await Promise.all(Array.from({ length: 20 }, () => restore({}, keyOf('at-once'))))
    for (const { status, text } of answers) assert.deepEqual([status, text], [200, answers[0]?.text])
    assert.deepEqual(await secrets(), second, 'an even number of times would have swapped back')
    assert.equal(await timesDone(v2.api, 'connection.restored'), times + 2)
  })

  test('that found nothing keeps that answer for its Idempotency-Key, as every 409', async () => {
    const nothing = await restore({}, keyOf('nothing'))
    refusedAsNothing(nothing)
    await v2.change('PATCH', id, { fields: second })
    replayed(await restore({}, keyOf('nothing')), nothing)
    assert.deepEqual(await secrets(), second)
  })
})

describe('the health of a connection', () => {
  const known = {
    health_status: 'rejected',
    health_reason: 'The key was revoked.',
    health_checked_at: timestamp(start),
    health_account: 'acct_1',
  }
  beforeEach(async () => {
    await v2.change('PATCH', id, { fields: { ...second, access_token: 'a' } })
    await v2.api.db.updateTable('connections').set(known).where('id', '=', id).execute()
  })

  for (const [what, change] of [
    ['a plain field is set', () => v2.change('PATCH', id, { fields: { access_token: 'b' } })],
    ['a plain field is cleared', () => v2.change('PATCH', id, { fields: { access_token: null } })],
    ['PUT leaves a plain field out', () => v2.change('PUT', id, { provider: 'aweber', title: 'x' })],
    ['a secret is set', () => v2.change('PATCH', id, { fields: { refresh_token: 'new' } })],
    ['a secret is replaced', () => v2.change('PATCH', id, { fields: { consumer_secret: 'new' } })],
    ['a secret is cleared', () => v2.change('PATCH', id, { fields: { consumer_secret: null } })],
    ['a secret is restored', () => restore()],
  ] as const) {
    test(`is unverified once ${what}, and nothing is left of what was known`, async () => {
      assert.equal(statusOf(await v2.get(id)), 'rejected')
      await change()
      const { health } = await v2.get(id)
      assert.deepEqual(health, {
        status: 'unverified',
        reason: null,
        checked_at: null,
        account: null,
        mode: null,
        scopes: null,
      })
    })
  }

  test('stays where no field changes', async () => {
    const whole = await v2.get(id)
    for (const body of [
      {},
      { title: 'x', metadata: { a: 1 }, use_cloudfront: true },
      { fields: { access_token: 'a' } },
    ]) {
      await v2.change('PATCH', id, body)
    }
    await v2.change('PUT', id, whole)
    await v2.change('PATCH', id, { fields: { oauth2_access_token: null } })
    await v2.send('PATCH', at(id), { fields: { consumer_secret: '****' } })
    assert.deepEqual((await v2.get(id)).health, whole.health)
    assert.equal(statusOf(whole), 'rejected')
  })
})
