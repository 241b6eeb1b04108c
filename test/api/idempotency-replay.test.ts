// A repeated request with its Idempotency-Key gets the first one's answer, for a day, and nothing runs twice.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { timestampAt } from '../../src/hub/timestamp.ts'
import { countNamed, idOf, keyOf, named, ran, refusedAsReused, replayed } from '../support/idempotency.ts'
import { answerTo, requestText } from '../support/raw-http.ts'
import {
  expectAnswer,
  freelancersPath,
  integrationsPath,
  rawRequest,
  startV2,
  type V2,
} from '../support/v2.ts'

const hourMs = 3_600_000
let v2: V2
let nowMs = Date.parse('2026-03-01T12:00:00Z')
before(async () => {
  v2 = await startV2({ now: () => timestampAt(nowMs) })
})
after(() => v2.api.close())

const post = (key: string, body: unknown, path = integrationsPath) => v2.send('POST', path, body, keyOf(key))
const patch = (key: string, path: string, body: unknown) => v2.send('PATCH', path, body, keyOf(key))

for (const path of [integrationsPath, freelancersPath]) {
  describe(`with an Idempotency-Key on ${path}`, () => {
    test('a repeated create gets the same bytes, is marked as a replay, and makes nothing', async () => {
      const body = named(`once ${path}`, { metadata: { z: 1, a: [1, { b: null }] } })
      const first = ran(await post('create-1', body, path), 201)
      const second = replayed(await post('create-1', body, path), first)
      replayed(await post('create-1', body, path.replace(/\/$/, '')), first)
      assert.notEqual(second.headers.get('x-request-id'), first.headers.get('x-request-id'))
      assert.equal(await countNamed(v2, `once ${path}`), 1)
    })

    test('another body under the key of a finished request is 422, changes nothing, and the first is still replayed', async () => {
      const first = ran(await post('create-2', named('kept'), path), 201)
      refusedAsReused(await post('create-2', named('not made'), path))
      assert.equal(await countNamed(v2, 'not made'), 0)
      replayed(await post('create-2', named('kept'), path), first)
      const one = `${path}${idOf(first)}/`
      const changed = ran(await patch('change-1', one, { city: 'Umeå' }), 200)
      refusedAsReused(await patch('change-1', one, { city: 'Luleå' }))
      replayed(await patch('change-1', one, { city: 'Umeå' }), changed)
    })

    test('a replay shows what was answered, though it has been changed, and even deleted, since', async () => {
      const created = ran(await post('create-3', named('early'), path), 201)
      const one = `${path}${idOf(created)}/`
      const changed = ran(await patch('change-2', one, { name: 'middle' }), 200)
      ran(await patch('change-3', one, { name: 'late' }), 200)
      replayed(await patch('change-2', one, { name: 'middle' }), changed)
      replayed(await post('create-3', named('early'), path), created)
      expectAnswer(await v2.send('GET', one), 200, { ...Object(created.body), name: 'late' })
      assert.equal((await v2.send('DELETE', one)).status, 204)
      replayed(await patch('change-2', one, { name: 'middle' }), changed)
      replayed(await post('create-3', named('early'), path), created)
      assert.equal((await v2.send('GET', one)).status, 404, 'a replay brings nothing back')
    })

    test('a repeated rename is replayed under the old id and under the new one', async () => {
      const id = await v2.create(path, { name: 'to be renamed' })
      const body = { id: `renamed-${id}` }
      const renamed = ran(await patch('rename-1', `${path}${id}/`, body), 200)
      replayed(await patch('rename-1', `${path}${id}/`, body), renamed)
      replayed(await patch('rename-1', `${path}${body.id}/`, body), renamed)
      refusedAsReused(await patch('rename-1', `${path}${body.id}/`, { id: 'a-third' }))
      assert.equal((await v2.send('GET', `${path}${id}/`)).status, 404)
    })

    test('stored answers follow a rename that another request made', async () => {
      const id = await v2.create(path, { name: 'follows' })
      const first = ran(await patch('before-rename', `${path}${id}/`, { city: 'Kiruna' }), 200)
      ran(await v2.send('PATCH', `${path}${id}/`, { id: `moved-${id}` }), 200)
      replayed(await patch('before-rename', `${path}moved-${id}/`, { city: 'Kiruna' }), first)
    })

    test('a 404 came of the work and is replayed as well', async () => {
      const first = ran(await patch('absent', `${path}nobody/`, { name: 'x' }), 404)
      replayed(await patch('absent', `${path}nobody/`, { name: 'x' }), first)
      refusedAsReused(await patch('absent', `${path}nobody/`, { name: 'y' }))
    })
  })
}

describe('the key itself', () => {
  const headersOf = (...keys: readonly string[]) => [
    ['Authorization', `Token ${v2.account.key}`] as const,
    ['Content-Type', 'application/json'] as const,
    ...keys.map((key) => ['IDEMPOTENCY-key', key] as const),
  ]
  const rawPost = (path: string, body: object, ...keys: readonly string[]) =>
    rawRequest(v2.api.address, 'POST', path, { headers: headersOf(...keys), body: JSON.stringify(body) })

  test('is the same with double quotes around it and without', async () => {
    const first = ran(await rawPost(integrationsPath, named('quoted'), '"abc"'), 201)
    replayed(await rawPost(integrationsPath, named('quoted'), 'abc'), first)
    replayed(await rawPost(integrationsPath, named('quoted'), '"abc"'), first)
  })

  test('may have 1 to 255 visible ASCII characters, and differs by their case', async () => {
    for (const key of ['!', '~', 'k'.repeat(255), `"${'q'.repeat(255)}"`, 'a,b', "'%\\", 'Case', 'case']) {
      const first = ran(await rawPost(integrationsPath, named('lengths'), key), 201)
      replayed(await rawPost(integrationsPath, named('lengths'), key), first)
    }
  })

  test('is 400 where it is empty, too long, has a space or other bytes, or comes twice', async () => {
    const long = 'k'.repeat(256)
    const bad = [[''], ['""'], [long], [`"${long}"`], ['a b'], ['"a b"'], ['" "'], ['a\tb'], ['ä'], ['\xff']]
    for (const keys of [...bad, ['a', 'a'], ['a', 'b'], ['a', '']]) {
      const answer = ran(await rawPost(freelancersPath, named('never'), ...keys), 400)
      assert.partialDeepStrictEqual(answer.body, { code: 'idempotency_key_invalid' }, JSON.stringify(keys))
      ran(await rawPost(integrationsPath, named('never'), ...keys), 400)
    }
    const lines = ['Content-Type: application/json', 'Idempotency-Key: a\x7f']
    const options = {
      key: v2.account.key,
      headers: lines,
      body: JSON.stringify({ ...named('never'), recipient: 'r', address_line_1: 'a' }),
    }
    assert.equal((await answerTo(v2.api.address, requestText('POST', integrationsPath, options))).status, 400)
    assert.equal(await countNamed(v2, 'never'), 0)
  })

  test('is ignored on GET, HEAD, OPTIONS, PUT and DELETE, whatever it is', async () => {
    for (const key of ['ignored', 'not valid at all']) {
      const one = `${integrationsPath}${await v2.create(integrationsPath)}/`
      for (const [method, status, body] of [
        ['GET', 200, undefined],
        ['GET', 200, undefined],
        ['HEAD', 200, undefined],
        ['OPTIONS', 204, undefined],
        ['PUT', 200, named('first')],
        ['PUT', 200, named('second')],
        ['PUT', 200, named('first')],
        ['DELETE', 204, undefined],
        ['DELETE', 404, undefined],
      ] as const) {
        ran(await v2.send(method, one, body, keyOf(key)), status)
      }
    }
  })
})

describe('the time', () => {
  test('an answer is kept for 24 hours, which a replay does not prolong; afterwards the request runs anew', async () => {
    const body = named('a day')
    const first = ran(await post('day', body), 201)
    const startMs = nowMs
    for (const afterMs of [23 * hourMs, 23 * hourMs + 59 * 60_000, 24 * hourMs - 1]) {
      nowMs = startMs + afterMs
      replayed(await post('day', body), first)
      refusedAsReused(await post('day', named('another')))
    }
    nowMs = startMs + 24 * hourMs + 1
    const anew = ran(await post('day', body), 201)
    assert.notEqual(idOf(anew), idOf(first))
    assert.equal(await countNamed(v2, 'a day'), 2)
    replayed(await post('day', body), anew)
    nowMs += 24 * hourMs - 1
    replayed(await post('day', body), anew)
  })

  test('an expired key may come with another body', async () => {
    ran(await post('expiring', named('one')), 201)
    nowMs += 24 * hourMs + 1
    ran(await post('expiring', named('two')), 201)
    refusedAsReused(await post('expiring', named('one')))
  })

  test('an expired rename is not replayed under the old id', async () => {
    const id = await v2.create(integrationsPath)
    const rename = () => patch('expired-rename', `${integrationsPath}${id}/`, { id: `new-${id}` })
    ran(await rename(), 200)
    nowMs += 24 * hourMs + 1
    ran(await rename(), 404)
  })
})
