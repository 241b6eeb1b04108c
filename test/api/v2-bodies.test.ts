// The three encodings of a body, and the media types that are refused.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
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
let one: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
})
after(() => v2.api.close())

const invalidJson = { metadata: ['Value must be valid JSON.'] }

function multipart(fields: Readonly<Record<string, string | Blob>>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, 'file.bin')
  }
  return form
}

/** With exactly this Content-Type, or none. */
function typed(contentType: string | undefined, body: string | Uint8Array, more: [string, string][] = []) {
  const headers: [string, string][] = [['Authorization', `Token ${v2.account.key}`], ...more]
  if (contentType !== undefined) headers.push(['Content-Type', contentType])
  return rawRequest(v2.api.address, 'PATCH', one, { headers, body })
}

const encodings = {
  'a URL-encoded form': (fields: Record<string, string>) => new URLSearchParams(fields),
  'a multipart form': multipart,
} as const

for (const [what, encode] of Object.entries(encodings)) {
  describe(what, () => {
    test('creates like JSON does', async () => {
      const fields = { ...required, address_line_2: 'Floor 3', metadata: '{"b":1.0,"2":[],"1":{}}' }
      const { status, text, body } = await v2.send('POST', integrationsPath, encode(fields))
      assert.equal(status, 201, text)
      const { id, ...rest } = asObject(body)
      assert.equal(typeof id, 'string')
      const metadata = { b: 1, 1: {}, 2: [] }
      assert.deepEqual(rest, { ...required, type: 3, logo: null, metadata, address_line_2: 'Floor 3' })
      assert.ok(text.includes('"metadata":{"b":1.0,"2":[],"1":{}}'))
    })

    test('changes and replaces', async () => {
      const changed = await v2.send('PATCH', one, encode({ city: ' Å & B + C ' }))
      assert.equal(asObject(changed.body).city, 'Å & B + C')
      const replaced = await v2.send('PUT', one, encode({ ...required, zip_code: '007' }))
      assert.equal(asObject(replaced.body).zip_code, '007')
    })

    test('is judged in the same words', async () => {
      expectAnswer(
        await v2.send('POST', integrationsPath, encode({ ...required, email: 'no', city: ' ' })),
        400,
        {
          email: ['Enter a valid email address.'],
          city: ['This field may not be blank.'],
        },
      )
    })

    test('has metadata as JSON text', async () => {
      for (const bad of ['', 'x', '{', "{'a':1}", '{"a":1}}', '{"a":NaN}', 'undefined']) {
        expectAnswer(await v2.send('PATCH', one, encode({ metadata: bad })), 400, invalidJson)
      }
      expectAnswer(await v2.send('PATCH', one, encode({ metadata: '[1]' })), 400, {
        metadata: ['Expected a dictionary of items but got type "list".'],
      })
      expectAnswer(await v2.send('PATCH', one, encode({ metadata: '"x"' })), 400, {
        metadata: ['Expected a dictionary of items but got type "str".'],
      })
      const { body } = await v2.send('PATCH', one, encode({ metadata: ' { "a" : 1, "a" : 2 } ' }))
      assert.deepEqual(asObject(body).metadata, { a: 2 })
    })

    test('may not smuggle what a JSON body may not hold', async () => {
      for (const metadata of [
        '{"__proto__":1}',
        '{"a":{"constructor":1}}',
        '{"a":"\\ud800"}',
        '{"a":"\\u0000"}',
      ]) {
        assert.equal((await v2.send('PATCH', one, encode({ metadata }))).status, 400, metadata)
      }
    })

    test('with an empty logo is fine', async () => {
      const { status, body } = await v2.send('PATCH', one, encode({ logo: '' }))
      assert.deepEqual([status, asObject(body).logo], [200, null])
    })

    test('with any other text for a logo is 400 on logo', async () => {
      const { status, body } = await v2.send('PATCH', one, encode({ logo: 'iVBORw0KGgoAAA' }))
      assert.deepEqual([status, Object.keys(asObject(body))], [400, ['logo']])
    })

    test('ignores unknown members, _method among them', async () => {
      const { status } = await v2.send(
        'PATCH',
        one,
        encode({ _method: 'DELETE', type: '1', __proto__x: '1' }),
      )
      assert.equal(status, 200)
      assert.equal((await v2.send('GET', one)).status, 200)
    })
  })
}

test('of a form member given twice the last counts', async () => {
  const encoded = new URLSearchParams([
    ['name', 'first'],
    ['name', 'last'],
  ])
  assert.equal(asObject((await v2.send('PATCH', one, encoded)).body).name, 'last')
  const form = new FormData()
  form.append('name', 'first')
  form.append('name', 'latest')
  assert.equal(asObject((await v2.send('PATCH', one, form)).body).name, 'latest')
})

test('a file in place of a text is no string, and for a logo it is 400 on logo', async () => {
  const file = new Blob(['not a picture'])
  expectAnswer(await v2.send('PATCH', one, multipart({ name: file })), 400, { name: ['Not a valid string.'] })
  const { status, body } = await v2.send('PATCH', one, multipart({ logo: file }))
  assert.deepEqual([status, Object.keys(asObject(body))], [400, ['logo']])
})

test('a browser form whose picture was not chosen is fine', async () => {
  const form = new FormData()
  form.append('name', 'Chosen')
  form.append('logo', new File([], ''))
  const { status, body } = await v2.send('PATCH', one, form)
  assert.deepEqual([status, asObject(body).name], [200, 'Chosen'])
})

test('a form that does not decode is 400', async () => {
  for (const text of ['name=%E0%A4%A', 'name=%FF', '%=1']) {
    assert.equal((await typed('application/x-www-form-urlencoded', text)).status, 400, text)
  }
  const bytes = Buffer.concat([Buffer.from('name='), Buffer.from([0xff, 0xfe])])
  assert.equal((await typed('application/x-www-form-urlencoded', bytes)).status, 400)
  assert.equal((await typed('multipart/form-data; boundary=x', 'no boundary in here')).status, 400)
  assert.equal((await typed('multipart/form-data', '--x--\r\n')).status, 400)
  const part = (value: Buffer) =>
    Buffer.concat([
      Buffer.from('--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'),
      value,
      Buffer.from('\r\n--x--\r\n'),
    ])
  assert.equal((await typed('multipart/form-data; boundary=x', part(Buffer.from('fine')))).status, 200)
  assert.equal((await typed('multipart/form-data; boundary=x', part(Buffer.from([0xff, 0xfe])))).status, 400)
  assert.equal(asObject((await v2.send('GET', one)).body).name, 'fine')
})

describe('another media type is 415 by name', () => {
  for (const type of [
    'text/plain',
    'text/html',
    'application/xml',
    'application/jsonx',
    'application/json; charset=utf-16',
    'application/json garbage',
    'application/json\tx',
    'application/vnd.api+json',
    'image/png',
    'json',
    '*/*',
  ]) {
    test(JSON.stringify(type), async () => {
      const answer = await typed(type, '{}')
      assert.equal(answer.status, 415)
      const { detail, ...rest } = asObject(answer.body)
      assert.deepEqual(rest, {})
      if (type.includes('\t')) assert.match(String(detail), /^Unsupported media type ".*" in request\.$/)
      else assert.equal(detail, `Unsupported media type "${type}" in request.`)
    })
  }
  test('none at all', async () => {
    expectAnswer(await typed(undefined, '{}'), 415, { detail: 'Unsupported media type "" in request.' })
  })
  test('also where the body would be invalid: the type is judged first', async () => {
    assert.equal((await typed('text/plain', '{"email":1}')).status, 415)
  })
  test('also for freelancers', async () => {
    const { status } = await v2.sendText('POST', freelancersPath, '{}', 'text/plain')
    assert.equal(status, 415)
  })
})

describe('JSON is taken, and validated, under every spelling of its type', () => {
  for (const type of [
    'application/json',
    'APPLICATION/JSON',
    'Application/Json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json ; charset=utf8',
    'application/json;',
  ]) {
    test(type, async () => {
      assert.equal((await typed(type, '{"city":"C"}')).status, 200)
      expectAnswer(await typed(type, '{"city":null}'), 400, { city: ['This field may not be null.'] })
    })
  }
})

test('a compressed body is 415', async () => {
  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, identity']) {
    const answer = await typed('application/json', gzipSync('{}'), [['Content-Encoding', encoding]])
    assert.equal(answer.status, 415, encoding)
  }
})
