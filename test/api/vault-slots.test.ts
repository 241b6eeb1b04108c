// Slots: any one opens the store, the last one stays, and one that was planted is given nothing.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { createHub, type Hub } from '../../src/app.ts'
import { HubError } from '../../src/hub/errors.ts'
import { newSlotSecret } from '../../src/hub/given-secrets.ts'
import { type Db, StoreRefused, within } from '../../src/storage/database.ts'
import { readSlots } from '../../src/storage/key-slots.ts'
import { type MasterKey, MasterKeyRefused, newMasterKey } from '../../src/vault/master-key.ts'
import { newRecoveryCode, readRecoveryCode } from '../../src/vault/recovery-code.ts'
import type { SlotSecret } from '../../src/vault/slot-secret.ts'
import { type Unlocked, unlock } from '../../src/vault/unlock.ts'
import { newConnection } from '../support/sample-connections.ts'
import { openTestStore, type TestStore } from '../support/store.ts'

const canary = 'CANARY-slot-secret'
const masterKey = newMasterKey('the test')

type Opened = {
  store: TestStore
  db: Db
  hub: Hub
  unlocked: Unlocked
  connectionId: number
  code: string
}

/** A store with one secret, opened for the first time. */
async function newStore(): Promise<Opened> {
  const store = await openTestStore()
  const { hub, unlocked } = await reopened(store.db, masterKey)
  await store.settle()
  await hub.accounts.create({ name: 'n', id: 1 })
  const { secret, made: code = '' } = recovery()
  await hub.keySlots.add(secret)
  const fields = { publishable_key: 'pk', secret_key: canary }
  const { id } = await newConnection({ hub }, 1, { provider: 'stripe', fields })
  return { store, db: within(store.db, 'all accounts'), hub, unlocked, connectionId: id, code }
}

/** As another process opens it. */
async function reopened(db: Db, fromEnvironment?: MasterKey, others: readonly SlotSecret[] = []) {
  const places = { fromEnvironment, file: undefined, keyDir: '/nowhere', dataDir: '/nowhere/data', others }
  const unlocked = await unlock(db, places, { mayCreate: true })
  const { keyRing } = unlocked
  return { unlocked, hub: createHub({ db, keyRing, rateLimits: { key: 0, account: 0 } }) }
}

async function secretIn(hub: Hub, id: number): Promise<string | undefined> {
  const { secrets } = await hub.credentials.reveal(hub.callerFor(1), id)
  return secrets.get('secret_key')?.reveal()
}

function isRefusal(code: string, says: RegExp) {
  return (error: unknown) => error instanceof HubError && error.code === code && says.test(error.message)
}

const recovery = (text?: string) => newSlotSecret({ kind: 'recovery', ...(text !== undefined && { text }) })
const passphrase = (text: string) => newSlotSecret({ kind: 'passphrase', text }).secret

describe('a store', () => {
  let own: Opened
  before(async () => {
    own = await newStore()
  })
  after(() => own.store.close())

  test('has a slot for its key and one for its code', async () => {
    const slots = await own.hub.keySlots.list()
    assert.deepEqual(slots.map(({ kind }) => kind).toSorted(), ['key', 'recovery'])
    assert.ok(slots.every(({ isGenuine }) => isGenuine))
    const inUse = slots.filter(({ isInUse }) => isInUse)
    assert.deepEqual(
      inUse.map(({ fingerprint }) => fingerprint),
      [masterKey.fingerprint],
    )
  })

  test('opens with the code as people type it, with a passphrase, and with another key', async () => {
    const { code } = own
    const typed = [
      code,
      code.toLowerCase(),
      code.replaceAll('-', ' '),
      code.replaceAll('0', 'o').replaceAll('1', 'l'),
    ]
    for (const text of typed) {
      const { hub } = await reopened(own.store.db, undefined, [recovery(text).secret])
      assert.equal(await secretIn(hub, own.connectionId), canary)
    }
    const words = 'correct horse battery staple'
    await own.hub.keySlots.add(passphrase(words))
    const other = newMasterKey('another')
    const { secret } = newSlotSecret({ kind: 'key', text: other.key.export().toString('base64') })
    await own.hub.keySlots.add(secret)
    for (const ways of [{ key: other }, { secrets: [passphrase(words)] }]) {
      const { hub } = await reopened(own.store.db, 'key' in ways ? ways.key : undefined, ways.secrets)
      assert.equal(await secretIn(hub, own.connectionId), canary)
    }
    for (const wrong of [passphrase('correct horse battery stable'), recovery(newRecoveryCode()).secret]) {
      await assert.rejects(reopened(own.store.db, undefined, [wrong]), MasterKeyRefused)
      assert.equal(await own.hub.keySlots.test(wrong), undefined)
    }
    await assert.rejects(own.hub.keySlots.add(secret), isRefusal('id_taken', /already/))
  })

  test('keeps none of it in clear: neither root keys nor codes, passphrases or keys', async () => {
    const { secret, made = '' } = recovery()
    await own.hub.keySlots.add(secret)
    const bytes = readRecoveryCode(made)
    const files = Buffer.concat(await own.store.files())
    const { keyRing } = own.unlocked
    const kept = [masterKey.key, keyRing.anchor, ...keyRing.rootKeys.map(({ key }) => key)].map((key) =>
      key.export(),
    )
    for (const secretBytes of [bytes, ...kept]) {
      for (const encoding of ['base64', 'base64url', 'hex', 'latin1'] as const) {
        assert.ok(!files.includes(Buffer.from(secretBytes.toString(encoding), 'latin1')))
      }
    }
    assert.ok(!files.includes(made) && !files.includes(made.replaceAll('-', '')))
    assert.ok(!files.includes('correct horse'))
  })
})

test('a slot that is removed opens nothing; the last one, and the one in use, stay', async () => {
  const { store, hub, code: text } = await newStore()
  try {
    const [code, key] = (await hub.keySlots.list()).toSorted((a, b) => (a.kind < b.kind ? 1 : -1))
    assert.ok(code && key)
    await assert.rejects(hub.keySlots.remove(key.id), isRefusal('in_use', /opened with just now/))
    await hub.keySlots.remove(code.id)
    await assert.rejects(reopened(store.db, undefined, [recovery(text).secret]), MasterKeyRefused)
    await assert.rejects(hub.keySlots.remove(key.id), isRefusal('in_use', /last that opens this store/))
    await assert.rejects(hub.keySlots.remove('none'), isRefusal('not_found', /slots list/))
    await reopened(store.db, masterKey)
  } finally {
    await store.close()
  }
})

describe('whoever can write to the database, and has no key', () => {
  test('gets no root key by a slot of their own: it is told, and the next rotation passes it over', async () => {
    const { store, db, hub } = await newStore()
    try {
      const { slots } = await readSlots(db)
      const [real] = slots
      assert.ok(real)
      const planted = { ...real, id: 'planted', created_at: '2026-01-01T00:00:00.000000Z' as never }
      await db.insertInto('key_slots').values(planted).execute()
      const shown = (await hub.keySlots.list()).find(({ id }) => id === 'planted')
      assert.equal(shown?.isGenuine, false)
      assert.deepEqual((await hub.rootRotation.plan()).strangers, ['planted'])
      const { rootKeyId } = await hub.rootRotation.begin()
      const boxes = await db
        .selectFrom('slot_keys')
        .select('slot_id')
        .where('root_key_id', '=', rootKeyId)
        .execute()
      assert.deepEqual(boxes.map(({ slot_id }) => slot_id).includes('planted'), false)
      await hub.keySlots.remove('planted')
    } finally {
      await store.close()
    }
  })

  test('cannot plant a root key of their own, which accounts would be sealed with', async () => {
    const { store, db } = await newStore()
    try {
      const row = await db.selectFrom('slot_keys').selectAll().execute()
      await db
        .insertInto('root_keys')
        .values({ id: 'planted', position: 99, created_at: '' as never })
        .execute()
      await db
        .insertInto('slot_keys')
        .values(row.map((box) => ({ ...box, root_key_id: 'planted' })))
        .execute()
      await assert.rejects(
        reopened(store.db, masterKey),
        (error) => error instanceof StoreRefused && /is damaged: the root key planted/.test(error.message),
      )
    } finally {
      await store.close()
    }
  })

  test('can damage one slot, and another opens the store all the same', async () => {
    const { store, db, code: text, connectionId } = await newStore()
    try {
      await sql`update slot_keys set box = replace(box, 'v1.', 'v1.x') where slot_id in
        (select id from key_slots where kind = 'key')`.execute(db)
      await assert.rejects(reopened(store.db, masterKey), StoreRefused)
      const { hub } = await reopened(store.db, undefined, [recovery(text).secret])
      assert.equal(await secretIn(hub, connectionId), canary)
    } finally {
      await store.close()
    }
  })
})

describe('a recovery code', () => {
  test('with any one character wrong, or two neighbours exchanged, is told to be mistyped', () => {
    const code = newRecoveryCode()
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/)
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    let passed = 0
    let tried = 0
    for (let at = 0; at < code.length; at++) {
      if (code[at] === '-') continue
      for (const character of alphabet) {
        if (character === code[at]) continue
        tried++
        try {
          readRecoveryCode(`${code.slice(0, at)}${character}${code.slice(at + 1)}`)
          passed++
        } catch {
          // As it should be.
        }
      }
    }
    // A checksum of 16 bits misses one in 65,536.
    assert.ok(passed <= 2, `${passed} of ${tried}`)
  })

  test('of the wrong length, or with letters that it has not, says so and repeats nothing of it', () => {
    for (const text of [
      '',
      'ABCD',
      newRecoveryCode().slice(0, -1),
      `${newRecoveryCode()}0`,
      `U${newRecoveryCode().slice(1)}`,
    ]) {
      assert.throws(
        () => recovery(text),
        (error) => {
          assert.ok(error instanceof HubError)
          const [message = ''] = error.details.fields?.get('code') ?? []
          return /recovery code/i.test(message) && (text.length < 4 || !message.includes(text.slice(0, 9)))
        },
      )
    }
  })

  test('is another one each time', () => {
    assert.equal(new Set(Array.from({ length: 1_000 }, newRecoveryCode)).size, 1_000)
  })
})

test('a short passphrase is refused, with the reason', () => {
  assert.throws(
    () => passphrase('short'),
    (error) =>
      error instanceof HubError && /12 characters/.test(String(error.details.fields?.get('passphrase'))),
  )
})
