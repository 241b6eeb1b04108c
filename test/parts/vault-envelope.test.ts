// Sealed values open in their own place, whole and unchanged, or not at all; secrets in clear cannot be shown.
import assert from 'node:assert/strict'
import { createSecretKey, randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { format, inspect } from 'node:util'
import { createHub } from '../../src/app.ts'
import { HubError } from '../../src/hub/errors.ts'
import type { Db } from '../../src/storage/database.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { EnvelopeRefused, open, seal } from '../../src/vault/envelope.ts'
import type { KeyRing } from '../../src/vault/key-ring.ts'
import type { Sealer } from '../../src/vault/sealer.ts'
import { Secret } from '../../src/vault/secret.ts'
import { newRootKey } from '../../src/vault/slots.ts'
import { createVault } from '../../src/vault/vault.ts'
import { repository } from '../support/command-line.ts'
import { openKeyRing } from '../support/key-ring.ts'

const canary = 'CANARY-secret-text'
const place = { table: 'connection_secrets', row: 'row-1', field: 'api_key' }
let keyRing: KeyRing
const folder = mkdtempSync(join(tmpdir(), 'mortise-vault-'))
let db: Db
let one: Sealer
let two: Sealer
let sealed: string

before(async () => {
  db = openSqlite(join(folder, 'mortise.db'))
  keyRing = await openKeyRing(db)
  const hub = createHub({ db, keyRing, rateLimits: { key: 0, account: 0 } })
  for (const name of ['one', 'two']) await hub.accounts.create({ name })
  const vault = createVault(keyRing)
  one = await vault.sealerOf(db, 1)
  two = await vault.sealerOf(db, 2)
  sealed = one.seal(place, new Secret(canary)).sealed
})
after(async () => {
  await db.destroy()
  rmSync(folder, { recursive: true })
})

/** The one failure there is; nothing of the value or of the reason is in it. */
function isDamage(error: unknown): boolean {
  assert.ok(error instanceof HubError, String(error))
  assert.equal(error.code, 'secret_integrity_error')
  assert.ok(!inspect(error).includes(canary))
  return true
}

const refuses = (text: string, at = place, sealer = one) =>
  assert.throws(() => sealer.open(at, text), isDamage, text)

describe('a sealed value', () => {
  test('is v1, key id, iv, ciphertext and a tag of 16 bytes, and opens where it was sealed', () => {
    const [version, keyId, iv, ciphertext, tag, ...rest] = sealed.split('.')
    assert.deepEqual([version, rest.length], ['v1', 0])
    assert.match(String(keyId), /^[0-9A-Za-z_-]+$/)
    const lengths = [iv, ciphertext, tag].map((part) => Buffer.from(String(part), 'base64url').length)
    assert.deepEqual(lengths, [12, canary.length, 16])
    assert.equal(one.open(place, sealed).reveal(), canary)
  })

  test('of any text comes back as that text', () => {
    for (const text of ['', ' ', 'å', '\u{1F512}', 'x'.repeat(100_000), '.', 'v1.a.b.c.d']) {
      assert.equal(one.open(place, one.seal(place, new Secret(text)).sealed).reveal(), text)
    }
  })

  test('does not open in another row, field, table or account', () => {
    refuses(sealed, { ...place, row: 'row-2' })
    refuses(sealed, { ...place, field: 'event_key' })
    refuses(sealed, { ...place, table: 'webhooks' })
    refuses(sealed, place, two)
    refuses(sealed, { table: 'connection_secretsrow', row: '-1', field: 'api_key' })
    refuses(sealed, { table: place.row, row: place.table, field: place.field })
  })

  test('with any one bit changed, wherever it stands, always fails in the same way', () => {
    const parts = sealed.split('.')
    for (const at of [2, 3, 4]) {
      const bytes = Buffer.from(String(parts[at]), 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = Buffer.from(bytes)
        changed[bit >> 3] = Number(changed[bit >> 3]) ^ (1 << (bit & 7))
        refuses(parts.with(at, changed.toString('base64url')).join('.'))
      }
    }
    const text = Buffer.from(sealed, 'latin1')
    for (let bit = 0; bit < text.length * 8; bit++) {
      const changed = Buffer.from(text)
      changed[bit >> 3] = Number(changed[bit >> 3]) ^ (1 << (bit & 7))
      refuses(changed.toString('latin1'))
    }
  })

  test('with ten thousand bits changed at random, in values of any length, never opens', () => {
    for (let round = 0; round < 10_000; round++) {
      const secret = new Secret('x'.repeat(randomInt(200)))
      const parts = one.seal(place, secret).sealed.split('.')
      const at = randomInt(1, 5)
      const isBytes = at > 1 && String(parts[at]).length > 0
      const bytes = Buffer.from(String(parts[at]), isBytes ? 'base64url' : 'latin1')
      if (bytes.length === 0) continue
      const bit = randomInt(bytes.length * 8)
      bytes[bit >> 3] = Number(bytes[bit >> 3]) ^ (1 << (bit & 7))
      refuses(parts.with(at, bytes.toString(isBytes ? 'base64url' : 'latin1')).join('.'))
    }
  })

  test('with characters replaced, left out, doubled or added at random always fails in the same way', () => {
    const alphabet = 'ABCxyz019-_.=+/ \0é'
    for (let round = 0; round < 5_000; round++) {
      const at = randomInt(sealed.length)
      const character = String(alphabet[randomInt(alphabet.length)])
      const kept = sealed.slice(0, at)
      const variants = [
        `${kept}${character}${sealed.slice(at + 1)}`,
        `${kept}${sealed.slice(at + 1 + randomInt(4))}`,
        `${kept}${character}${sealed.slice(at)}`,
        kept,
      ]
      const changed = String(variants[round % variants.length])
      if (changed !== sealed) refuses(changed)
    }
  })

  test('with a tag cut short, or made longer, fails', () => {
    const [version, keyId, iv, ciphertext, tag] = sealed.split('.')
    const bytes = Buffer.from(String(tag), 'base64url')
    for (const length of [0, 1, 4, 8, 12, 13, 14, 15]) {
      const cut = bytes.subarray(0, length).toString('base64url')
      refuses([version, keyId, iv, ciphertext, cut].join('.'))
    }
    const long = Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')
    refuses([version, keyId, iv, ciphertext, long].join('.'))
  })

  test('of an unknown key, another version, or none at all fails', () => {
    const [, keyId, ...rest] = sealed.split('.')
    for (const text of [
      ['v1', 'ffffffffffffffff', ...rest].join('.'),
      ['v2', keyId, ...rest].join('.'),
      ['V1', keyId, ...rest].join('.'),
      ['v1', '', ...rest].join('.'),
      ['v1', '__proto__', ...rest].join('.'),
      `${sealed}.`,
      '',
      '....',
      canary,
    ]) {
      refuses(text)
    }
  })

  const times = process.env.TEST_SCALE === 'full' ? 100_000 : 10_000
  test(`sealed ${times} times has as many nonces and ciphertexts`, () => {
    const secret = new Secret(canary)
    const all = Array.from({ length: times }, () => one.seal(place, secret).sealed.split('.'))
    for (const part of [2, 3, 4]) assert.equal(new Set(all.map((parts) => parts[part])).size, times)
  })

  test('is made with the system’s randomness alone', () => {
    const dir = join(repository, 'src', 'vault')
    for (const name of readdirSync(dir)) {
      assert.ok(!readFileSync(join(dir, name), 'utf8').includes('Math.random'), name)
    }
  })

  test('opens under the key that sealed it and no other', () => {
    const [key, other] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))]
    const text = seal(key, 'k', Buffer.from(canary), ['a', 'b'])
    assert.equal(open(key, text, ['a', 'b']).toString(), canary)
    assert.throws(() => open(other, text, ['a', 'b']))
    for (const parts of [['ab'], ['b', 'a'], ['a'], ['a', 'b', ''], ['', 'a', 'b'], []]) {
      assert.throws(() => open(key, text, parts), EnvelopeRefused, JSON.stringify(parts))
    }
  })
})

describe('a data key', () => {
  test('of one account put in another’s place does not unwrap, and the first goes on', async () => {
    const [a, b] = await db.selectFrom('data_keys').selectAll().orderBy('account_id').execute()
    const put = (wrapped: string) =>
      db.updateTable('data_keys').set({ wrapped }).where('account_id', '=', 2).execute()
    await put(String(a?.wrapped))
    await assert.rejects(createVault(keyRing).sealerOf(db, 2), isDamage)
    assert.equal((await createVault(keyRing).sealerOf(db, 1)).open(place, sealed).reveal(), canary)
    await put(String(b?.wrapped))
    await createVault(keyRing).sealerOf(db, 2)
  })

  test('does not unwrap with another root key', async () => {
    const find = async () => ({ ...newRootKey(), id: 'other' })
    await assert.rejects(createVault({ ...keyRing, find }).sealerOf(db, 1), isDamage)
  })
})

test('a secret in clear cannot be printed, joined, serialised, copied or logged', (t) => {
  const secret = new Secret(canary)
  const lines: string[] = []
  t.mock.method(console, 'log', (...values: unknown[]) => lines.push(format(...values)))
  console.log(secret, { secret }, [secret])
  console.log('%s %o %j', secret, secret, secret)
  const shown = [
    `${secret}`,
    `${['a', secret].join()}`,
    JSON.stringify({ secret, list: [secret] }),
    inspect(secret, { depth: null, showHidden: true, customInspect: false, getters: true }),
    inspect({ deep: { secret } }, { depth: null }),
    JSON.stringify({ ...secret }),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify(structuredClone({ ...secret })),
    String(new Error(`about ${secret}`)),
    Object.prototype.toString.call(secret),
    ...lines,
  ]
  for (const text of shown) assert.ok(!text.includes(canary), text)
  assert.equal(lines.length, 2)
  assert.equal(secret.reveal(), canary)
})
