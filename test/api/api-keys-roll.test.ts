// Rolling a key: a new one for the same, and a while in which both work.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { grantor, type Keys, keysPath, madeIn, refusesMembers, startKeys } from '../support/api-keys.ts'
import { keyOf, replayed } from '../support/idempotency.ts'
import { timestamp } from '../support/sample-connections.ts'
import { asObject } from '../support/v2.ts'

const at = (id: string) => `${keysPath}${id}/`
const morning = timestamp('2026-03-01T12:00:00Z')
const far = '2026-05-01T00:00:00.000000Z'

let keys: Keys
before(async () => {
  keys = await startKeys()
})
after(() => keys.api.close())

const roll = (id: string, body: object | undefined = {}, key = keys.account.key, headers = {}) =>
  keys.send('POST', `${at(id)}roll/`, body, { key, headers })
const rolled = async (...given: Parameters<typeof roll>) => madeIn(await roll(...given))

/** Whether a key works at a time. */
async function worksAt(key: string, time: string): Promise<boolean> {
  const now = keys.time
  keys.time = timestamp(time)
  try {
    return await keys.works(key)
  } finally {
    keys.time = now
  }
}

describe('a rolled key', () => {
  test('has a successor with another text and otherwise the same', async () => {
    const given = { name: 'door', scopes: ['audit:read'], integration: '1', expires_at: far }
    const old = await keys.make({ ...given, addresses: ['127.0.0.1', '10.0.0.0/8'] })
    const { id, key, shown } = await rolled(old.id)
    assert.notEqual(id, old.id)
    assert.match(key, /^mrt_[0-9A-Za-z]{49}$/)
    assert.notEqual(key, old.key)
    const own = { id, prefix: key.slice(0, 8), last_four: key.slice(-4), created_at: keys.time }
    assert.deepEqual(shown, { ...old.shown, ...own })
  })

  test('works for its grace, an hour where nothing is said, and its successor goes on', async () => {
    for (const [body, seconds] of [
      [undefined, 3_600],
      [{}, 3_600],
      [{ grace_seconds: 60 }, 60],
      [{ grace_seconds: 604_800 }, 604_800],
    ] as const) {
      const old = await keys.make()
      const { key } = await rolled(old.id, body)
      const end = new Date(Date.parse(morning) + seconds * 1_000).toISOString().replace('Z', '000Z')
      assert.partialDeepStrictEqual(await keys.one(old.id), { state: 'active', revoked_at: end })
      const justBefore = new Date(Date.parse(end) - 1).toISOString()
      assert.deepEqual(await Promise.all([keys.works(old.key), keys.works(key)]), [true, true])
      assert.equal(await worksAt(old.key, justBefore), true)
      assert.equal(await worksAt(old.key, end), false)
      assert.equal(await worksAt(key, end), true)
    }
  })

  test('without grace ends at once, though it is in use', async () => {
    const old = await keys.make()
    assert.ok(await keys.works(old.key))
    await rolled(old.id, { grace_seconds: 0 })
    assert.equal(await keys.works(old.key), false)
    assert.equal((await keys.one(old.id)).state, 'revoked')
  })

  test('lives no longer for it: it ends when it would have, and a second roll gives it no more time', async () => {
    const short = await keys.make({ expires_at: '2026-03-01T12:00:30Z' })
    await rolled(short.id)
    assert.equal(await worksAt(short.key, '2026-03-01T12:00:30Z'), false)
    const twice = await keys.make({ expires_at: far })
    await rolled(twice.id, { grace_seconds: 60 })
    const second = await rolled(twice.id, { grace_seconds: 600 })
    assert.equal(second.shown.expires_at, far, 'the grace is not inherited')
    assert.equal((await keys.one(twice.id)).revoked_at, '2026-03-01T12:01:00.000000Z')
    await rolled(twice.id, { grace_seconds: 5 })
    assert.equal((await keys.one(twice.id)).revoked_at, '2026-03-01T12:00:05.000000Z')
  })

  test('may be changed and revoked within its grace, but not be kept alive', async () => {
    const old = await keys.make()
    await rolled(old.id)
    assert.equal((await keys.send('PATCH', at(old.id), { name: 'old door', expires_at: far })).status, 200)
    assert.equal(await worksAt(old.key, '2026-03-01T13:00:00Z'), false)
    assert.equal((await keys.send('DELETE', at(old.id))).status, 204)
    assert.equal(await keys.works(old.key), false)
    assert.equal((await keys.one(old.id)).revoked_at, keys.time)
    assert.equal((await keys.send('DELETE', at(old.id))).status, 404)
  })

  test('that has ended already has no successor', async () => {
    const revoked = await keys.make()
    await keys.send('DELETE', at(revoked.id))
    const expired = await keys.make({ expires_at: '2026-03-01T12:30:00Z' })
    keys.time = timestamp('2026-03-01T12:30:00Z')
    for (const { id } of [revoked, expired]) {
      const { status, body } = await roll(id)
      assert.deepEqual([status, asObject(body).code], [403, 'read_only'])
    }
    keys.time = morning
  })
})

describe('rolling', () => {
  test('is open to the key itself, and to any that may do as much', async () => {
    const own = await keys.make()
    const { key } = await rolled(own.id, {}, own.key)
    assert.ok(await keys.works(key))
    const other = await keys.make(grantor('audit:read'))
    const lesser = await keys.make({ scopes: ['audit:read'] })
    await rolled(lesser.id, {}, other.key)
  })

  test('is refused to a key that may do less in any way, and then nothing ends', async () => {
    const strong = await keys.make()
    for (const given of [grantor('audit:read'), { addresses: ['127.0.0.1'] }, { expires_at: far }]) {
      const weak = await keys.make(given)
      const { status, body } = await roll(strong.id, {}, weak.key)
      assert.deepEqual([status, asObject(body).code], [403, 'forbidden'])
    }
    assert.equal((await keys.one(strong.id)).revoked_at, null)
  })

  test('cannot be used by a rolled key to outlive its grace', async () => {
    const own = await keys.make()
    await rolled(own.id, {}, own.key)
    const { status, body } = await roll(own.id, {}, own.key)
    assert.deepEqual([status, asObject(body).code], [403, 'forbidden'])
  })

  test('takes a grace of whole seconds up to a week, and nothing else', async () => {
    const { id } = await keys.make()
    for (const grace_seconds of [-1, 604_801, 1.5, '60', true, null]) {
      refusesMembers(await roll(id, { grace_seconds }), 'grace_seconds')
    }
    refusesMembers(await roll(id, { name: 'x' }), 'name')
    assert.equal((await keys.one(id)).revoked_at, null)
  })

  test('repeated with its Idempotency-Key gives the same successor, and only to the key that asked', async () => {
    const old = await keys.make()
    const first = await roll(old.id, {}, keys.account.key, keyOf('roll'))
    const { id } = madeIn(first)
    replayed(await roll(old.id, {}, keys.account.key, keyOf('roll')), first)
    const other = await keys.make()
    assert.notEqual(madeIn(await roll(old.id, {}, other.key, keyOf('roll'))).id, id)
    const own = await keys.make()
    const self = await roll(own.id, {}, own.key, keyOf('self'))
    replayed(await roll(own.id, {}, own.key, keyOf('self')), self)
  })

  test('is on the audit trail with both keys', async () => {
    const old = await keys.make()
    const { id } = await rolled(old.id)
    const rows = await keys.api.db.selectFrom('audit').select(['action', 'subject', 'data']).execute()
    const of = (subject: string) => rows.filter((row) => row.subject === `api_key/${subject}`)
    assert.deepEqual(
      of(old.id).map(({ action }) => action),
      ['api_key.created', 'api_key.rolled'],
    )
    assert.equal(JSON.parse(of(old.id)[1]?.data ?? '').new_key, id)
    assert.equal(JSON.parse(of(id)[0]?.data ?? '').rolled_from, old.id)
  })
})
