// When two bodies are the same to an Idempotency-Key, and which checks come before the stored answer.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newKey } from '../support/api.ts'
import { until } from '../support/command-line.ts'
import { countNamed, idOf, keyOf, named, ran, refusedAsReused, replayed } from '../support/idempotency.ts'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  integrationsPath,
  rawRequest,
  required,
  startV2,
  type V2,
} from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2()
})
after(() => v2.api.close())

const postText = (key: string, text: string, type = 'application/json', path = integrationsPath) =>
  v2.send('POST', path, text, keyOf(key, { 'content-type': type }))
const patch = (key: string, path: string, body: unknown, more: Record<string, string> = {}) =>
  v2.send('PATCH', path, body, keyOf(key, more))
const formType = 'application/x-www-form-urlencoded'

describe('a JSON body is the same', () => {
  const given = { ...required, metadata: { a: 1, b: [1, 2, { x: 'ä', y: null }] } }

  test('in another member order, at any depth, and with other white space', async () => {
    const first = ran(await postText('order', JSON.stringify(given)), 201)
    const reordered = Object.fromEntries(Object.entries(given).toReversed())
    replayed(await postText('order', JSON.stringify(reordered, null, '\t')), first)
    const inner = { metadata: { b: [1, 2, { y: null, x: 'ä' }], a: 1 }, ...required }
    replayed(await postText('order', `\r\n${JSON.stringify(inner, null, 2)} `), first)
  })

  test('with escapes in another spelling, and with a member given twice whose last value is the same', async () => {
    const first = ran(await postText('escapes', JSON.stringify({ ...required, name: 'Åäö/"' })), 201)
    const rest = JSON.stringify(required)
      .slice(1)
      .replace(/"name":"[^"]*",/, '')
    replayed(await postText('escapes', `{"n\\u0061me":"\\u00c5\\u00E4ö\\/\\"",${rest}`), first)
    replayed(await postText('escapes', `{"name":"ignored","name":"Åäö/\\"",${rest}`), first)
  })

  for (const [what, change] of [
    ['a value', { metadata: { ...given.metadata, a: 2 } }],
    ['the kind of a value', { metadata: { ...given.metadata, a: '1' } }],
    ['the order of a list', { metadata: { ...given.metadata, b: [2, 1, { x: 'ä', y: null }] } }],
    ['null for a member that was left out', { address_line_2: null }],
    ['an inner member more', { metadata: { ...given.metadata, c: 1 } }],
    ['a member that is ignored', { nothing: 1 }],
  ] as const) {
    test(`not with another one in: ${what}`, async () => {
      const first = ran(await postText(`not-${what}`.replaceAll(' ', '-'), JSON.stringify(given)), 201)
      const key = `not-${what}`.replaceAll(' ', '-')
      refusedAsReused(await postText(key, JSON.stringify({ ...given, ...change })))
      replayed(await postText(key, JSON.stringify(given)), first)
    })
  }
})

describe('a form is the same', () => {
  test('with its fields in another order, encoded in another way', async () => {
    const fields = Object.entries({ ...required, metadata: '{"a":1}' })
    const text = (pairs: typeof fields) => new URLSearchParams(pairs).toString()
    const first = ran(await postText('form', text(fields), formType), 201)
    replayed(await postText('form', text(fields.toReversed()), formType), first)
    const percent = fields.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    replayed(await postText('form', percent, `${formType}; charset=utf-8`), first)
    refusedAsReused(await postText('form', `${percent}x`, formType))
    refusedAsReused(await postText('form', `${percent}&more=1`, formType))
  })

  test('as multipart: by its fields and the content of its files, not by boundary, order or file name', async () => {
    const post = (options: { note?: string; name?: string; file?: string; isReversed?: true }) => {
      const form = new FormData()
      const { note = 'CONTENT', name = required.name, file = 'note.txt' } = options
      const fields = Object.entries({ ...required, name })
      const put = () => form.append('note', new File([note], file, { type: 'text/plain' }))
      if (options.isReversed) put()
      for (const [field, value] of options.isReversed ? fields.toReversed() : fields)
        form.append(field, value)
      if (!options.isReversed) put()
      return v2.send('POST', integrationsPath, form, keyOf('multipart'))
    }
    const first = ran(await post({}), 201)
    replayed(await post({}), first)
    replayed(await post({ isReversed: true }), first)
    replayed(await post({ file: 'other.txt' }), first)
    refusedAsReused(await post({ note: 'CONTENT!' }))
    refusedAsReused(await post({ note: '' }))
    refusedAsReused(await post({ name: 'Another' }))
    replayed(await post({}), first)
  })

  test('not as multipart with the text of a file where the file was', async () => {
    const form = (note: string | File) => {
      const made = new FormData()
      for (const [field, value] of Object.entries(required)) made.append(field, value)
      made.append('note', note)
      return v2.send('POST', integrationsPath, made, keyOf('file-or-text'))
    }
    ran(await form(new File(['same'], 'note')), 201)
    refusedAsReused(await form('same'))
  })

  test('on PATCH, of a freelancer too', async () => {
    for (const path of [integrationsPath, freelancersPath]) {
      const one = `${path}${await v2.create(path)}/`
      const send = (text: string) => patch('form-patch', one, text, { 'content-type': formType })
      const first = ran(await send('city=A+B&zip_code=1'), 200)
      assert.partialDeepStrictEqual(first.body, { city: 'A B', zip_code: '1' })
      replayed(await send('zip_code=1&city=A%20B'), first)
      refusedAsReused(await send('zip_code=2&city=A%20B'))
    }
  })
})

describe('the order of checks with a key', () => {
  for (const path of [integrationsPath, freelancersPath]) {
    test(`405, 415 and what cannot be parsed come before the stored answer on ${path}`, async () => {
      const first = ran(await postText('order-1', JSON.stringify(required), undefined, path), 201)
      const one = `${path}${idOf(first)}/`
      const changed = ran(await patch('order-1', one, { city: 'C' }), 200)
      ran(await v2.send('POST', one, required, keyOf('order-1')), 405)
      ran(await v2.send('PATCH', path, required, keyOf('order-1')), 405)
      for (const [method, at] of [
        ['POST', path],
        ['PATCH', one],
      ] as const) {
        const send = (text: string, type: string) =>
          v2.send(method, at, text, keyOf('order-1', { 'content-type': type }))
        ran(await send(JSON.stringify(required), 'text/plain'), 415)
        for (const broken of ['{"name":', '{"__proto__":{}}', '{"name":"\\ud800"}']) {
          ran(await send(broken, 'application/json'), 400)
        }
      }
      replayed(await postText('order-1', JSON.stringify(required), undefined, path), first)
      replayed(await patch('order-1', one, { city: 'C' }), changed)
    })

    test(`the stored answer comes before validation on ${path}`, async () => {
      ran(await postText('order-2', JSON.stringify(required), undefined, path), 201)
      for (const text of ['{}', '{"name":""}', '[]', 'null', '']) {
        refusedAsReused(await postText('order-2', text, undefined, path))
      }
    })

    test(`on an unknown id 415 and what cannot be parsed come before 404, and 404 before validation, on ${path}`, async () => {
      const absent = `${path}absent/`
      const send = (key: string, text: string, type = 'application/json') =>
        patch(key, absent, text, { 'content-type': type })
      ran(await send('order-3', 'x', 'text/plain'), 415)
      ran(await send('order-3', '{"name":'), 400)
      ran(await send('order-3', '{"name":""}'), 404)
      ran(await send('order-4', '[]'), 404)
      const without = await v2.sendText('PATCH', absent, 'x', 'text/plain')
      assert.equal(without.status, 404, 'without a key, 404 comes first')
    })
  }

  test('406 and 401 come before a key that cannot be read', async () => {
    const bad = { 'idempotency-key': 'a b' }
    ran(await v2.send('POST', integrationsPath, required, { ...bad, accept: 'text/html' }), 406)
    const stranger = await call(v2.api.address, 'POST', integrationsPath, { body: required, headers: bad })
    ran(stranger, 401)
  })
})

describe('what may be mended and sent again is not stored', () => {
  const good = (key: string, body: object = required) => v2.send('POST', integrationsPath, body, keyOf(key))

  test('400: the corrected request runs under the same key', async () => {
    const body = { ...required, email: 'no email', name: '' }
    const { body: errors } = ran(await good('mended', body), 400)
    assert.deepEqual(Object.keys(asObject(errors)), ['name', 'email'])
    ran(await good('mended', body), 400)
    ran(await postText('mended', '{'), 400)
    const made = ran(await good('mended'), 201)
    replayed(await good('mended'), made)
    const one = `${freelancersPath}${await v2.create(freelancersPath)}/`
    ran(await patch('mended', one, { unknown: 1 }), 400)
    ran(await patch('mended', one, { name: 'n' }), 200)
  })

  test('401, 403, 406, 413 and 415: the repeated request runs under the same key', async () => {
    const reader = await newKey(v2.api, v2.account.id, { scopes: ['integrations:read'] })
    const body = named('ran once')
    for (const key of ['wrong', reader]) {
      const options = { key, body, headers: keyOf('later') }
      ran(await call(v2.api.address, 'POST', integrationsPath, options), key === reader ? 403 : 401)
    }
    ran(await v2.send('POST', integrationsPath, body, keyOf('later', { accept: 'text/html' })), 406)
    const large = JSON.stringify({ ...body, large: 'x'.repeat(2_097_152) })
    const headers = [
      ['Authorization', `Token ${v2.account.key}`],
      ['Idempotency-Key', 'later'],
      ['Content-Type', 'application/json'],
    ] as const
    ran(await rawRequest(v2.api.address, 'POST', integrationsPath, { headers, body: large }), 413)
    ran(await postText('later', JSON.stringify(body), 'text/plain'), 415)
    const first = ran(await good('later', body), 201)
    replayed(await good('later', body), first)
    assert.equal(await countNamed(v2, 'ran once'), 1)
  })

  test('403 of what is read-only', async () => {
    const { body } = await v2.send('POST', freelancersPath, required)
    const invoice = `${integrationsPath}${String(asObject(body).integration)}/`
    for (let tries = 0; tries < 2; tries++) ran(await patch('read-only', invoice, { name: 'n' }), 403)
  })

  test('a header that names no integration', async () => {
    const acting = { 'integration-id': 'not-yet' }
    const send = () => v2.send('POST', integrationsPath, required, keyOf('acting', acting))
    expectAnswer(ran(await send(), 404), 404, { detail: 'Integration not found.' })
    await v2.create(integrationsPath, { id: 'not-yet' })
    const first = ran(await send(), 201)
    replayed(await send(), first)
  })
})

describe('429', () => {
  test('is not stored, and comes before the stored answer', async () => {
    const limited = await startV2({ rateLimits: { key: 1, account: 0 } })
    const send = (key: string) => limited.send('POST', integrationsPath, required, keyOf(key))
    try {
      const sendUntil = async (key: string, wanted: boolean) => {
        let answer = await send(key)
        await until(`${key} is ${wanted ? '' : 'not '}throttled`, async () => {
          if ((answer.status === 429) === wanted) return true
          answer = await send(key)
          return (answer.status === 429) === wanted
        })
        return answer
      }
      const first = await sendUntil('first', false)
      const throttled = ran(await sendUntil('first', true), 429)
      assert.ok(throttled.headers.get('retry-after'))
      ran(await sendUntil('throttled', true), 429)
      const later = await sendUntil('throttled', false)
      assert.equal(later.status, 201)
      replayed(await sendUntil('first', false), first)
    } finally {
      await limited.api.close()
    }
  })
})
