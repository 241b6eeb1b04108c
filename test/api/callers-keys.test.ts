// What an API key is: its text, its checksum, how it is stored, when it ends, and keys of older systems.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import { makeAccount } from '../../src/duties/accounts.ts'
import type { Timestamp } from '../../src/hub/timestamp.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { timestamp } from '../support/sample-connections.ts'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

describe('an API key', () => {
  let time: Timestamp = timestamp('2026-03-01T12:00:00.000000Z')
  let api: TestApi
  let account: number
  before(async () => {
    api = await startApi({ now: () => time })
    account = (await newAccount(api)).id
  })
  after(() => api.close())

  const statusOf = async (key: string, where = '/v2/integrations/') =>
    (await call(api.address, 'GET', where, { key })).status
  const rowOf = (text: string) =>
    api.db
      .selectFrom('api_keys')
      .selectAll()
      .where('digest', '=', createHash('sha256').update(text).digest('hex'))
      .executeTakeFirstOrThrow()

  test('is mrt_, 43 base62 characters and their CRC32 in 6, and no two are alike', async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, () => newKey(api, account)))
    assert.equal(new Set(texts).size, texts.length)
    for (const text of texts) {
      const [, random, checksum] = /^mrt_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/.exec(text) ?? []
      assert.ok(random && checksum, 'the key has another shape')
      const sum = [...checksum].reduce((value, digit) => value * 62 + base62.indexOf(digit), 0)
      assert.equal(sum, crc32(random))
    }
    const used = new Set(texts.flatMap((text) => [...text.slice(4, 47)]))
    assert.equal(used.size, 62, 'of 2,150 random characters, every one of the 62 occurs')
  })

  test('is stored as SHA-256, prefix, last four, name, scopes, expiry and last use, and as nothing else', async () => {
    const { text } = await api.hub.apiKeys.create(api.hub.callerFor(account), {
      name: 'shop floor',
      scopes: ['connections:read', 'proxy:call'],
      expiresAt: timestamp('2026-04-01T00:00:00Z'),
    })
    const stored = await rowOf(text)
    assert.equal(stored.name, 'shop floor')
    assert.deepEqual(JSON.parse(stored.scopes), ['connections:read', 'proxy:call'])
    assert.equal(stored.expires_at, '2026-04-01T00:00:00.000000Z')
    assert.equal(stored.last_used_at, null)
    assert.equal(stored.last_four, text.slice(-4))
    assert.ok(stored.prefix.length > 0 && text.startsWith(stored.prefix))
    const hidden = text.slice(stored.prefix.length, -4)
    assert.ok(hidden.length >= 40, 'what is shown of a key leaves its secret a secret')
    const everything = JSON.stringify(stored)
    for (let at = 0; at + 6 <= hidden.length; at += 6) {
      assert.ok(!everything.includes(hidden.slice(at, at + 6)), 'a part of the key is stored')
    }
    assert.equal(await statusOf(text, '/api/v1/integrations'), 200)
    await api.hub.flush()
    assert.equal((await rowOf(text)).last_used_at, time)
  })

  test('of an older system works on both APIs with its literal text, and only with that', async () => {
    const texts = [
      'test_key',
      'asasdadjanfkanfda',
      'sk-Legacy.With+Signs/and=Case',
      'mrt-not-ours',
      'k'.repeat(255),
    ]
    for (const text of texts) {
      await api.hub.apiKeys.import(api.hub.callerFor(account), { name: 'moved in' }, text)
      assert.equal(await statusOf(text), 200, text)
      const query = `/api/v1/integrations?api_key=${encodeURIComponent(text)}`
      assert.equal((await call(api.address, 'GET', query)).status, 200, text)
      assert.ok(!JSON.stringify(await rowOf(text)).includes(text), 'the text is stored')
    }
    for (const other of ['test_ke', 'TEST_KEY', 'test_key1', 'k'.repeat(254)]) {
      assert.equal(await statusOf(other), 401, other)
    }
  })

  test('ends when it expires, to the microsecond, also while it is in use', async () => {
    const { text } = await api.hub.apiKeys.create(api.hub.callerFor(account), {
      name: 'short',
      expiresAt: timestamp('2026-03-01T13:00:00.000000Z'),
    })
    assert.equal(await statusOf(text), 200)
    time = timestamp('2026-03-01T12:59:59.999999Z')
    assert.equal(await statusOf(text), 200)
    time = timestamp('2026-03-01T13:00:00.000000Z')
    assert.equal(await statusOf(text), 401)
    assert.equal(await statusOf(text, '/api/v1/integrations'), 401)
  })

  test('that an account starts with has every scope but operator', async () => {
    const made = await makeAccount(api.hub, { name: 'Newcomer' })
    const { scopes, expires_at, integration_uid } = await rowOf(made.api_key)
    assert.deepEqual(JSON.parse(scopes).toSorted(), [
      'audit:read',
      'connections:read',
      'connections:write',
      'freelancers:read',
      'freelancers:write',
      'integrations:read',
      'integrations:write',
      'keys:write',
      'proxy:call',
      'secrets:read',
      'webhooks:read',
      'webhooks:write',
    ])
    assert.deepEqual([expires_at, integration_uid], [null, null])
  })

  test('exists once, over all accounts', async () => {
    const other = await newAccount(api)
    const import_ = (id: number) =>
      api.hub.apiKeys.import(api.hub.callerFor(id), { name: 'shared' }, 'one-literal-text')
    await import_(account)
    await assert.rejects(import_(other.id), { code: 'id_taken' })
    await assert.rejects(import_(account), { code: 'id_taken' })
  })
})

test('a key that starts mrt_ with a wrong checksum is refused without a query', async () => {
  const api = await startApi()
  try {
    const { key } = await newAccount(api)
    const random = key.slice(4, 47)
    const wrong = [
      `mrt_${random}000000`,
      `mrt_${random.slice(0, -1)}${random.endsWith('z') ? 'y' : 'z'}${key.slice(47)}`,
      key.slice(0, -1),
      `${key}0`,
      'mrt_',
    ]
    // Without its table, every look for a key fails, and shows.
    await sql`alter table api_keys rename to hidden_keys`.execute(api.db)
    const ask = (text: string, where: string) => call(api.address, 'GET', where, { key: text })
    for (const where of ['/v2/integrations/', '/api/v1/integrations']) {
      assert.equal((await ask(key, where)).status, 500, 'a well-formed key is looked for')
      assert.equal((await ask('older-key', where)).status, 500, 'a key of an older system is looked for')
      for (const text of wrong) assert.equal((await ask(text, where)).status, 401, text)
    }
  } finally {
    await api.close()
  }
})
