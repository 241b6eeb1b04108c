// Stored answers are sealed like secrets, and what tells two bodies apart gives nothing away.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { call, newAccount } from '../support/api.ts'
import { countNamed, idOf, keyOf, named, ran, replayed, spellingsOf } from '../support/idempotency.ts'
import { integrationsPath, startV2, type V2 } from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2()
})
after(() => v2.api.close())

const post = (key: string, body: unknown, apiKey = v2.account.key) =>
  call(v2.api.address, 'POST', integrationsPath, { key: apiKey, body, headers: keyOf(key) })

describe('a stored answer', () => {
  const canary = 'CANARY-"ö/+9fQ~z3'
  const findings = (files: readonly Buffer[]) =>
    spellingsOf(canary).filter((spelling) => files.some((bytes) => bytes.includes(spelling)))

  test('is in no file and no log in clear, in no spelling, and is replayed all the same', async () => {
    const body = named(canary, { metadata: { canary } })
    const created = ran(await post('canary', body), 201)
    const one = `${integrationsPath}${idOf(created)}/`
    const patch = () => v2.send('PATCH', one, { city: canary }, keyOf('canary'))
    const changed = ran(await patch(), 200)
    assert.ok(
      findings(await v2.api.store.files()).includes(canary),
      'the integration itself is there to read',
    )
    const rows = await v2.api.db.selectFrom('stored_answers').selectAll().execute()
    assert.deepEqual(findings([Buffer.from(JSON.stringify(rows))]), [])
    for (const row of rows) assert.match(row.sealed, /^v1\.[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+$/)

    assert.equal((await v2.send('DELETE', one)).status, 204)
    // Events tell of it for thirty days.
    await v2.api.db.deleteFrom('events').execute()
    assert.deepEqual(findings(await v2.api.store.settledFiles()), [], 'all that is left is the sealed answer')
    replayed(await post('canary', body), created)
    replayed(await patch(), changed)
    assert.deepEqual(findings(await v2.api.store.settledFiles()), [])
    assert.deepEqual(findings([Buffer.from(v2.api.log())]), [])
  })

  test('moved to another row, or damaged, is a 500 that shows nothing; its neighbours are replayed', async () => {
    const [a, b, c] = [
      ran(await post('row-a', named('a')), 201),
      await post('row-b', named('b')),
      await post('row-c', named('c')),
    ]
    ran(b, 201)
    const { sealed } = await v2.api.db
      .selectFrom('stored_answers')
      .select('sealed')
      .where('key', '=', 'row-a')
      .executeTakeFirstOrThrow()
    await v2.api.db.updateTable('stored_answers').set({ sealed }).where('key', '=', 'row-b').execute()
    const moved = ran(await post('row-b', named('b')), 500)
    assert.ok(!moved.text.includes(idOf(a)))
    replayed(await post('row-a', named('a')), a)
    replayed(await post('row-c', named('c')), c)
    assert.equal(await countNamed(v2, 'b'), 1, 'it did not run again')
  })
})

describe('the fingerprint', () => {
  test('is no plain hash of the body in any form', async () => {
    const body = { ...named('fingerprint'), metadata: { secret: 'guess-me-1' } }
    ran(await post('plain-hash', body), 201)
    const sorted = Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)))
    const pairs = Object.entries(sorted)
    const inner = pairs.map(([name, value]) => [name, `json ${JSON.stringify(value)}`])
    const texts = [body, sorted, Object.entries(body), pairs, inner].flatMap((form) => [
      JSON.stringify(form),
      JSON.stringify(form, null, 2),
    ])
    const salted = texts.flatMap((text) => [
      text,
      `plain-hash${text}`,
      `${text}plain-hash`,
      `POST ${integrationsPath} ${text}`,
    ])
    const files = await v2.api.store.settledFiles()
    for (const text of salted) {
      for (const algorithm of ['sha256', 'sha512', 'sha1', 'md5']) {
        const digest = createHash(algorithm).update(text).digest()
        const hex = digest.toString('hex')
        for (const form of [
          digest,
          hex,
          hex.toUpperCase(),
          digest.toString('base64url'),
          digest.toString('base64').replaceAll('=', ''),
        ]) {
          assert.ok(!files.some((bytes) => bytes.includes(form)), `${algorithm} of ${text}`)
        }
      }
    }
  })

  test('of two bodies that differ in one character are unrelated, and those of one body in two accounts too', async () => {
    const other = await newAccount(v2.api)
    ran(await post('like-1', named('n', { metadata: { secret: 'guess-me-1' } })), 201)
    ran(await post('like-2', named('n', { metadata: { secret: 'guess-me-2' } })), 201)
    ran(await post('like-1', named('n', { metadata: { secret: 'guess-me-1' } }), other.key), 201)
    const rows = await v2.api.db
      .selectFrom('stored_answers')
      .select('fingerprint')
      .where('key', 'like', 'like-%')
      .execute()
    const hashes = rows.map(({ fingerprint }) =>
      Buffer.from(fingerprint.split('.').at(-1) ?? '', 'base64url'),
    )
    assert.deepEqual(
      hashes.map((hash) => hash.length),
      [32, 32, 32],
    )
    for (const [at, one] of hashes.entries()) {
      for (const two of hashes.slice(at + 1)) {
        const equalBytes = one.filter((byte, place) => byte === two[place]).length
        assert.ok(equalBytes < 8, 'more than chance would have')
      }
    }
  })
})
