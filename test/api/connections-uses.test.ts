// Who had a connection's secrets is counted, and keeps it from being deleted unasked; what is deleted is gone.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, call, newKey } from '../support/api.ts'
import {
  at,
  type Connections,
  connectionsPath,
  daysMs,
  everythingOf,
  movableClock,
  previousSealedOf,
  sealedOf,
  startConnections,
} from '../support/connections.ts'
import { asObject, expectAnswer, textOf, withoutLink } from '../support/v2.ts'

const start = '2026-05-01T10:00:00.000000Z'
const v1 = '/api/v1/integrations'

let v2: Connections
let id: number
let keys: { a: string; b: string; weak: string }
const clock = movableClock()
before(async () => {
  v2 = await startConnections({ now: clock.now })
  const key = (name: string) => newKey(v2.api, v2.account.id, { name })
  const weak = await newKey(v2.api, v2.account.id, { scopes: ['connections:read'], name: 'weak' })
  keys = { a: await key('checkout "A"'), b: await key('newsletter'), weak }
})
after(() => v2.api.close())
/** A day of its own for every test, and a connection that nobody has used. */
beforeEach(async () => {
  clock.set(start)
  clock.move(10 * daysMs * ++days)
  id = await v2.make('mailchimp', { api_key: 'first-secret-of-mailchimp' })
})
let days = 0

const tokenOf = (key: string) => ({ authorization: `Token ${key}` })
const reveal = (key: string, of = id) => v2.send('POST', at(of, 'reveal'), undefined, tokenOf(key))
const read = (key: string, path = `${v1}/${id}`) => call(v2.api.address, 'GET', path, { key })

async function usage(of = id): Promise<unknown> {
  await v2.api.hub.flush()
  const { status, body, text } = await v2.send('GET', at(of, 'usage'))
  assert.equal(status, 200, text)
  return body
}
const uidOf = async (name: string) => {
  const all = await v2.api.hub.apiKeys.list(v2.api.hub.callerFor(v2.account.id))
  return all.find((key) => key.name === name)?.uid
}
const remove = (query = '') => v2.send('DELETE', `${at(id)}${query}`)

function refusedAsUsed(answer: Answer): string {
  assert.equal(answer.status, 409, answer.text)
  const { detail, code, ...more } = asObject(withoutLink(answer.body, 'recently_used'))
  assert.deepEqual([code, more], ['recently_used', {}])
  return textOf(detail)
}

describe('usage', () => {
  test('of a connection that nobody used is nothing', async () => {
    assert.deepEqual(await usage(), { id, last_used_at: null, times: 0, keys: [] })
  })

  test('counts each reveal and each answer of v1 with secrets, by key, the latest first', async () => {
    await reveal(keys.a)
    await reveal(keys.a)
    const ofA = clock.now()
    clock.move(1_000)
    await read(keys.b)
    await read(keys.b)
    await read(keys.b, v1)
    clock.move(59_000)
    await read(keys.b, `${v1}?provider=mailchimp`)
    clock.move(20_000)
    await read(keys.b)
    const ofB = clock.now()
    const b = { key: await uidOf('newsletter'), name: 'newsletter', last_used_at: ofB, times: 5 }
    const a = { key: await uidOf('checkout "A"'), name: 'checkout "A"', last_used_at: ofA, times: 2 }
    assert.deepEqual(await usage(), { id, last_used_at: ofB, times: 7, keys: [b, a] })
  })

  test('loses no count when many read at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? reveal(keys.a) : read(keys.a))))
    assert.equal(asObject(await usage()).times, 20)
  })

  test('does not count what shows no secret', async () => {
    const other = await v2.make('stripe', { secret_key: 'secret-of-stripe' })
    await v2.get(id)
    await v2.send('GET', connectionsPath)
    await v2.send('GET', at(id, 'restore'))
    await v2.change('PATCH', id, { fields: { api_key: 'second-secret-of-mailchimp' } })
    await v2.send('POST', at(id, 'restore'), {})
    await usage()
    assert.equal((await read(keys.weak)).status, 200)
    assert.equal((await read(keys.weak, v1)).status, 200)
    assert.equal((await reveal(keys.weak)).status, 403)
    assert.equal((await reveal('mrt_wrong')).status, 401)
    assert.equal((await read(keys.a, `${v1}?provider=stripe`)).status, 200)
    assert.equal((await reveal(keys.a, other)).status, 200)
    assert.deepEqual(await usage(), { id, last_used_at: null, times: 0, keys: [] })
    assert.equal(asObject(await usage(other)).times, 2)
  })

  test('keeps a key that was revoked, by its name', async () => {
    const caller = v2.api.hub.callerFor(v2.account.id)
    const { key, text } = await v2.api.hub.apiKeys.create(caller, { name: 'short-lived' })
    await reveal(text)
    await v2.api.hub.apiKeys.revoke(caller, key.uid)
    const use = { key: key.uid, name: 'short-lived', last_used_at: clock.now(), times: 1 }
    assert.deepEqual(asObject(await usage()).keys, [use])
  })
})

describe('deleting a connection', () => {
  test('that nobody used needs no asking; a second time it is not there', async () => {
    assert.deepEqual([(await remove()).status, (await remove()).status], [204, 404])
  })

  test('within 24 hours of a use is 409 and says by which key and when, and how to do it all the same', async () => {
    await read(keys.a)
    const when = clock.now()
    clock.move(1)
    const untouched = await everythingOf(v2.api)
    for (const query of ['', '?force=false', '?force=']) {
      const said = refusedAsUsed(await remove(query))
      for (const part of ['checkout "A"', await uidOf('checkout "A"'), when, '?force=true']) {
        assert.ok(said.includes(String(part)), `${said} names ${part}`)
      }
    }
    assert.equal(await everythingOf(v2.api), untouched)
  })

  test('names all that used it within 24 hours, the command line too, and no others', async () => {
    await reveal(keys.b)
    clock.move(daysMs)
    await reveal(keys.a)
    await v2.api.hub.credentials.reveal(v2.api.hub.callerFor(v2.account.id), id)
    const said = refusedAsUsed(await remove())
    assert.match(said, /checkout "A"/)
    assert.match(said, /command line/)
    assert.doesNotMatch(said, /newsletter/)
  })

  test('needs no asking once the last use is 24 hours ago, to the microsecond', async () => {
    await reveal(keys.a)
    const used = Date.parse(clock.now())
    clock.set(new Date(used + daysMs - 1).toISOString().replace('Z', '999Z'))
    refusedAsUsed(await remove())
    clock.set(new Date(used + daysMs).toISOString())
    assert.equal((await remove()).status, 204)
  })

  test('with force=true is done after a use, too', async () => {
    await reveal(keys.a)
    assert.equal((await remove('?force=true')).status, 204)
    for (const action of ['', 'usage', 'restore']) {
      expectAnswer(await v2.send('GET', at(id, action)), 404, { detail: 'Not found.', code: 'not_found' })
    }
    assert.equal((await reveal(keys.a)).status, 404)
    assert.equal((await read(keys.a)).status, 404)
  })

  test('with any other force, or with force twice, is 400 and not done', async () => {
    for (const force of ['yes', '1', 'TRUE', 'true%20', 'on', 'null', 'tru']) {
      expectAnswer(await remove(`?force=${force}`), 400, {
        force: ['Give true or false.'],
        code: 'invalid',
      })
    }
    const twice = await remove('?force=true&force=true')
    assert.deepEqual([twice.status, Object.keys(asObject(twice.body))], [400, ['force', 'code', 'doc_url']])
    assert.equal((await v2.get(id)).id, id)
  })

  test('takes its secrets, earlier ones too, out of the store and its files', async () => {
    await v2.change('PATCH', id, { fields: { api_key: 'second-secret-of-mailchimp' } })
    const neighbour = await v2.make('mailchimp', { api_key: 'secret-of-the-neighbour' })
    const sealed = [
      ...Object.values(await sealedOf(v2.api, id, v2.account.id)),
      ...Object.values(await previousSealedOf(v2.api, id, v2.account.id)),
    ]
    assert.equal(sealed.length, 2)
    const kept = Object.values(await sealedOf(v2.api, neighbour, v2.account.id))
    const found = async () => {
      const files = await v2.api.store.settledFiles()
      return [...sealed, ...kept].map((text) => files.some((bytes) => bytes.includes(text)))
    }
    assert.deepEqual(await found(), [true, true, true])
    await reveal(keys.a)
    await remove('?force=true')
    assert.deepEqual(await found(), [false, false, true])
    const rows = await everythingOf(v2.api)
    assert.ok(!sealed.some((text) => rows.includes(text)))
  })

  test('while a use of it is still to be written down loses nothing else', async () => {
    const other = await v2.make('stripe', { secret_key: 'secret-of-stripe' })
    for (let times = 0; times < 3; times++) await read(keys.a, v1)
    await remove('?force=true')
    assert.equal(asObject(await usage(other)).times, 3)
  })

  test('gives its id to no other', async () => {
    await remove()
    assert.ok((await v2.make('mailchimp', {})) > id)
  })
})
