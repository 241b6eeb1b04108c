// The text of a key, shown once: given again to a repeated request, and found nowhere else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newKey } from '../support/api.ts'
import { grantor, type Keys, keysPath, madeIn, startKeys } from '../support/api-keys.ts'
import { keyOf, ran, refusedAsReused, replayed, spellingsOf } from '../support/idempotency.ts'

let keys: Keys
before(async () => {
  keys = await startKeys()
})
after(() => keys.api.close())

const create = (headers: Record<string, string>, given: object = {}, key = keys.account.key) =>
  keys.send('POST', keysPath, { name: 'repeated', ...given }, { key, headers })

test('a repeated request with its Idempotency-Key gets the same key, and makes no second one', async () => {
  const first = ran(await create(keyOf('same')), 201)
  const { id, key } = madeIn(first)
  replayed(await create(keyOf('same')), first)
  replayed(await create(keyOf('same')), first)
  assert.ok(await keys.works(key))
  const rows = await keys.api.db.selectFrom('api_keys').select('uid').where('name', '=', 'repeated').execute()
  assert.deepEqual(rows, [{ uid: id }])
  refusedAsReused(await create(keyOf('same'), { scopes: ['audit:read'] }))
})

test('thirty at once with one Idempotency-Key make one key', async () => {
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => create(keyOf('race'), { name: 'raced' })),
  )
  assert.equal(new Set(answers.map((answer) => madeIn(answer).key)).size, 1)
  const rows = await keys.api.db.selectFrom('api_keys').select('uid').where('name', '=', 'raced').execute()
  assert.equal(rows.length, 1)
})

test('a key that may do less gets no text of one that another made by repeating the request', async () => {
  const first = ran(await create(keyOf('theirs'), { name: 'strong' }), 201)
  const weak = await keys.make(grantor('audit:read'))
  const { key, shown } = madeIn(ran(await create(keyOf('theirs'), { name: 'strong' }, weak.key), 201))
  assert.notEqual(key, madeIn(first).key)
  assert.deepEqual(shown.scopes, ['audit:read', 'keys:write'])
})

test('no text of a key made over HTTP is in any file of the store or in the log, in any spelling', async () => {
  const plain = 'a-name-to-be-found'
  const created = madeIn(await create(keyOf('hidden'), { name: plain }))
  const rolled = madeIn(
    await keys.send('POST', `${keysPath}${created.id}/roll/`, {}, { headers: keyOf('hidden') }),
  )
  const operator = await newKey(keys.api, keys.account.id, { scopes: ['operator'] })
  const account = await keys.send(
    'POST',
    '/v2/accounts/',
    { name: 'hidden' },
    { key: operator, headers: keyOf('hidden') },
  )
  const [first] = /mrt_\w{49}/.exec(account.text) ?? []
  assert.ok(first)
  const texts = [created.key, rolled.key, first, operator]
  for (const key of texts) assert.ok(await keys.works(key))
  await keys.send('DELETE', `${keysPath}${created.id}/`)
  await keys.api.hub.flush()

  const files = await keys.api.store.files()
  assert.ok(
    files.some((bytes) => bytes.includes(plain)),
    'what may be read is found this way',
  )
  for (const bytes of [...files, Buffer.from(keys.api.log())]) {
    for (const text of texts) {
      // What is shown of a key is stored: its first eight characters and its last four.
      for (const part of [text, text.slice(8, -4)]) {
        for (const spelling of spellingsOf(part)) assert.ok(!bytes.includes(spelling))
      }
    }
  }
})
