// Connections made and changed with an Idempotency-Key: once, told apart by their secrets, and kept without them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newAccount } from '../support/api.ts'
import {
  at,
  type Connections,
  connectionsPath,
  everythingOf,
  type Member,
  movableClock,
  numberOf,
  startConnections,
} from '../support/connections.ts'
import { keyOf, ran, refusedAsReused, replayed, spellingsOf, timesDone } from '../support/idempotency.ts'
import { asObject, integrationsPath } from '../support/v2.ts'

const canary = 'CANARY-"/+9fQ~z3 of idempotency'

let v2: Connections
const clock = movableClock()
before(async () => {
  v2 = await startConnections({ now: clock.now })
})
after(() => v2.api.close())

const stripe = (title: string, secret = 'sk_test_secret-of-stripe-1', more: Member = {}) => ({
  provider: 'stripe',
  title,
  fields: { secret_key: secret },
  ...more,
})
const post = (key: string, body: unknown, headers = {}) =>
  v2.send('POST', connectionsPath, body, { ...keyOf(key), ...headers })
const patch = (id: number, key: string, body: unknown) => v2.send('PATCH', at(id), body, keyOf(key))
const idOf = (answer: { body: unknown }) => numberOf(asObject(answer.body).id)

async function countTitled(title: string): Promise<number> {
  return Number(asObject((await v2.send('GET', `${connectionsPath}?q=${title}`)).body).count)
}

describe('POST with an Idempotency-Key', () => {
  test('in 20 parallel requests makes one connection, and all get its answer', async () => {
    const made = await timesDone(v2.api, 'connection.created')
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('parallel', stripe('parallel'))))
    const first = answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)
    assert.equal(first.length, 1)
    for (const { status, text } of answers) assert.deepEqual([status, text], [201, first[0]?.text])
    assert.equal(await countTitled('parallel'), 1)
    assert.equal(await timesDone(v2.api, 'connection.created'), made + 1)
    const next = ran(await post('next', stripe('next')), 201)
    assert.equal(idOf(next), idOf(answers[0] ?? next) + 1, 'no id was passed over for it')
  })

  test('is replayed byte for byte, also after the connection has changed and after it is deleted', async () => {
    const first = ran(await post('replayed', stripe('replayed')), 201)
    await v2.change('PATCH', idOf(first), { title: 'changed', fields: { secret_key: null } })
    const untouched = await everythingOf(v2.api)
    replayed(await post('replayed', stripe('replayed')), first)
    assert.equal(await everythingOf(v2.api), untouched)
    assert.equal((await v2.send('DELETE', at(idOf(first)))).status, 204)
    replayed(await post('replayed', stripe('replayed')), first)
    assert.equal(await countTitled('replayed'), 0)
  })

  test('counts fields in another order, at any depth, as the same body', async () => {
    const fields = { html: '<p>', params: { a: 1, b: { c: 2, d: 3 } } }
    const turned = { params: { b: { d: 3, c: 2 }, a: 1 }, html: '<p>' }
    const first = ran(await post('order', { provider: 'html', title: 'order', fields }), 201)
    replayed(await post('order', { fields: turned, title: 'order', provider: 'html' }), first)
  })

  test('with a secret that differs in one character is 422 and makes nothing', async () => {
    const first = ran(await post('differs', stripe('differs')), 201)
    const untouched = await everythingOf(v2.api)
    for (const secret of [
      'sk_test_secret-of-stripe-2',
      'sk_test_secret-of-stripe-1 ',
      'Sk_test_secret-of-stripe-1',
    ]) {
      refusedAsReused(await post('differs', stripe('differs', secret)))
    }
    refusedAsReused(await post('differs', stripe('differs', undefined, { metadata: {} })))
    assert.equal(await everythingOf(v2.api), untouched)
    replayed(await post('differs', stripe('differs')), first)
  })

  test('that was refused as 400 runs once it is mended', async () => {
    assert.equal((await post('mended', stripe('mended', ''))).status, 400)
    assert.equal((await post('mended', { ...stripe('mended'), provider: 'nobody' })).status, 400)
    ran(await post('mended', stripe('mended')), 201)
  })

  test('is another one on another integration, in another account, and after 24 hours', async () => {
    await v2.create(integrationsPath, { id: 'other' })
    const stranger = await newAccount(v2.api)
    const first = ran(await post('scope', stripe('scope')), 201)
    const elsewhere = ran(await post('scope', stripe('scope'), { 'integration-id': 'other' }), 201)
    assert.notEqual(idOf(elsewhere), idOf(first))
    ran(await post('scope', stripe('scope'), { authorization: `Token ${stranger.key}` }), 201)
    clock.move(86_400_000 - 1)
    replayed(await post('scope', stripe('scope')), first)
    clock.move(1)
    assert.notEqual(idOf(ran(await post('scope', stripe('scope')), 201)), idOf(first))
  })
})

describe('PATCH with an Idempotency-Key', () => {
  test('happens once, and is replayed after others have changed the same secret', async () => {
    const id = idOf(await post('patched', stripe('patched')))
    const change = { title: 'by the key', fields: { secret_key: 'sk_test_by-the-key' } }
    const done = ran(await patch(id, 'change', change), 200)
    await v2.change('PATCH', id, { fields: { secret_key: 'sk_test_by-somebody-else' } })
    replayed(await patch(id, 'change', change), done)
    assert.deepEqual(await v2.reveal(id), { secret_key: 'sk_test_by-somebody-else' })
    refusedAsReused(await patch(id, 'change', { ...change, fields: { secret_key: 'sk_test_by-the-kez' } }))
    refusedAsReused(await patch(id, 'change', { ...change, fields: { secret_key: null } }))
    assert.deepEqual(await v2.reveal(id), { secret_key: 'sk_test_by-somebody-else' })
  })

  test('is another one for another connection', async () => {
    const [a, b] = [idOf(await post('one', stripe('one'))), idOf(await post('two', stripe('two')))]
    ran(await patch(a, 'both', { title: 'both' }), 200)
    ran(await patch(b, 'both', { title: 'both' }), 200)
    assert.equal(await countTitled('both'), 2)
  })

  test('in 20 parallel requests changes once: what was before is still what can be restored', async () => {
    const id = idOf(await post('racing', stripe('racing')))
    const change = { fields: { secret_key: 'sk_test_raced' } }
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch(id, 'race', change)))
    for (const { status, text } of answers) assert.deepEqual([status, text], [200, answers[0]?.text])
    assert.equal((await v2.send('POST', at(id, 'restore'), {})).status, 200)
    assert.deepEqual(await v2.reveal(id), { secret_key: 'sk_test_secret-of-stripe-1' })
  })

  test('of a connection that is not there keeps its 404', async () => {
    const first = ran(await patch(999_999, 'absent', { title: 'x' }), 404)
    replayed(await patch(999_999, 'absent', { title: 'x' }), first)
  })
})

test('reveal runs each time, whatever Idempotency-Key it has, and nothing of it is kept', async () => {
  const id = idOf(await post('revealed', stripe('revealed', canary)))
  const stored = () => v2.api.db.selectFrom('stored_answers').select('uid').execute()
  const before = (await stored()).length
  const times = await timesDone(v2.api, 'secrets.revealed')
  for (const secret_key of [canary, canary, `${canary}-2`]) {
    await v2.change('PATCH', id, { fields: { secret_key } })
    const answer = ran(await v2.send('POST', at(id, 'reveal'), undefined, keyOf('again')), 200)
    assert.deepEqual(asObject(answer.body).secrets, { secret_key })
  }
  assert.equal(await timesDone(v2.api, 'secrets.revealed'), times + 3)
  assert.equal((await stored()).length, before)
})

test('PUT and DELETE ignore the key', async () => {
  const id = idOf(await post('ignored', stripe('ignored')))
  for (const title of ['first', 'second']) {
    const answer = ran(await v2.send('PUT', at(id), { provider: 'stripe', title }, keyOf('put')), 200)
    assert.equal(asObject(answer.body).title, title)
  }
  ran(await v2.send('DELETE', at(id), undefined, keyOf('put')), 204)
  ran(await v2.send('DELETE', at(id), undefined, keyOf('put')), 404)
})

test('what is kept of a request holds none of its secrets, in no spelling, in no file', async () => {
  const body = stripe('kept', canary, { metadata: { seen: 'in clear' } })
  const first = ran(await post('kept', body), 201)
  ran(await patch(idOf(first), 'kept', { fields: { secret_key: `${canary}!` } }), 200)
  refusedAsReused(await post('kept', { ...body, fields: { secret_key: `${canary}?` } }))
  assert.ok(!first.text.includes(canary))
  const rows = await v2.api.db.selectFrom('stored_answers').selectAll().execute()
  assert.ok(rows.some(({ key }) => key === 'kept'))
  for (const bytes of [
    Buffer.from(JSON.stringify(rows)),
    ...(await v2.api.store.files()),
    ...(await v2.api.store.settledFiles()),
  ]) {
    for (const spelling of spellingsOf(canary)) assert.ok(!bytes.includes(spelling), spelling)
  }
  assert.ok(
    (await v2.api.store.files()).some((bytes) => bytes.includes('in clear')),
    'what may be read is found this way',
  )
  replayed(await post('kept', body), first)
})
