// Metadata: any JSON object within its limits, given back as it came.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { asObject, expectAnswer, integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

const tooMuch = 16_384 + 1

let v2: V2
let one: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
})
after(() => v2.api.close())

const patch = (metadata: string) => v2.sendText('PATCH', one, `{"metadata":${metadata}}`)

/** As many objects within each other. */
function nested(levels: number): string {
  return `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
}

/** An object whose text has so many bytes. */
function ofBytes(bytes: number): string {
  return `{"a":"${'x'.repeat(bytes - 8)}"}`
}

describe('metadata comes back as it came', () => {
  for (const [what, metadata] of [
    ['empty', '{}'],
    ['member order', '{"b":1,"a":2,"c":{"z":1,"y":2}}'],
    [
      'member order of names that look like numbers',
      '{"b":1,"10":2,"2":3,"a":4,"1":5,"-1":6,"x":{"9":1,"8":2}}',
    ],
    [
      'numbers too big for a float',
      '{"a":12345678901234567890,"b":9007199254740993,"c":-18446744073709551616}',
    ],
    ['numbers as they are written', '{"a":1.0,"b":1.10,"c":-0,"d":1E5,"e":1e400,"f":0.1000000000000000055}'],
    ['every kind', '{"a":null,"b":true,"c":false,"d":[],"e":{},"f":"","g":[1,[2,{"h":3}]]}'],
    ['blank and odd names', '{"":1," ":2,"a.b":3,"$ne":4,"prototype":5,"toString":6,"id":7}'],
    ['text of any script', '{"å":"Malmvägen","e\u0301":"é","😀":"漢字 \u202e"}'],
    ['escapes that text needs', '{"a":"\\"\\\\\\n\\t\\u0001"}'],
    ['white space within text', '{"a":"  x  "}'],
  ] as const) {
    test(what, async () => {
      const changed = await patch(metadata)
      assert.equal(changed.status, 200, changed.text)
      const shown = `"metadata":${metadata},"email"`
      assert.ok(changed.text.includes(shown), changed.text)
      assert.ok((await v2.send('GET', one)).text.includes(shown))
      const list = await v2.send('GET', `${integrationsPath}?page_size=100`)
      assert.ok(list.text.includes(shown))
    })
  }
  test('also when it is created or replaced with it', async () => {
    const metadata = '{"2":1.0,"1":12345678901234567890}'
    const body = JSON.stringify(required).replace('{', `{"metadata":${metadata},`)
    const created = await v2.sendText('POST', integrationsPath, body)
    assert.ok(created.text.includes(`"metadata":${metadata},`), created.text)
    assert.ok((await v2.sendText('PUT', one, body)).text.includes(`"metadata":${metadata},`))
  })
  test('with other white space and escapes it is the same object', async () => {
    const { body } = await patch(' {\n "b" : [ 1 , 2 ] ,\t"\\u0061":"\\u00e5\\/" } ')
    assert.deepEqual(Object.entries(asObject(asObject(body).metadata)), [
      ['b', [1, 2]],
      ['a', 'å/'],
    ])
  })
})

test('of a member given twice the last counts, at any depth', async () => {
  const { body } = await patch('{"a":1,"b":{"c":1,"c":2},"a":[{"d":1,"d":3}]}')
  assert.deepEqual(asObject(body).metadata, { a: [{ d: 3 }], b: { c: 2 } })
  const twice = await v2.sendText('PATCH', one, '{"metadata":[],"metadata":{"x":1}}')
  assert.deepEqual(asObject(twice.body).metadata, { x: 1 })
  const wrong = await v2.sendText('PATCH', one, '{"metadata":{"x":1},"metadata":[]}')
  assert.equal(wrong.status, 400)
})

test('PATCH replaces metadata as a whole', async () => {
  await patch('{"a":1}')
  assert.deepEqual(asObject((await patch('{"b":2}')).body).metadata, { b: 2 })
})

describe('what is no object is refused by its kind', () => {
  for (const [metadata, kind] of [
    ['[]', 'list'],
    ['[{"a":1}]', 'list'],
    ['"{}"', 'str'],
    ['""', 'str'],
    ['1', 'int'],
    ['-12345678901234567890', 'int'],
    ['1.5', 'float'],
    ['1e2', 'float'],
    ['true', 'bool'],
    ['false', 'bool'],
  ] as const) {
    test(`${metadata} is a ${kind}`, async () => {
      expectAnswer(await patch(metadata), 400, {
        metadata: [`Expected a dictionary of items but got type "${kind}".`],
      })
    })
  }
  test('null is told as such', async () => {
    expectAnswer(await patch('null'), 400, { metadata: ['This field may not be null.'] })
  })
})

/** One message, on metadata alone. */
async function expectRefused(metadata: string): Promise<void> {
  const { status, body } = await patch(metadata)
  assert.equal(status, 400)
  assert.deepEqual(Object.keys(asObject(body)), ['metadata'])
}

test('metadata has at most 16 KiB', async () => {
  assert.equal((await patch(ofBytes(tooMuch - 1))).status, 200)
  await expectRefused(ofBytes(tooMuch))
  await expectRefused(ofBytes(900_000))
})

test('its size is counted in bytes, not in letters', async () => {
  await expectRefused(`{"a":"${'å'.repeat(8_200)}"}`)
})

test('metadata has at most 32 levels', async () => {
  assert.ok((await patch(nested(32))).text.includes(nested(32)))
  await expectRefused(nested(33))
  await expectRefused(`{"a":${'['.repeat(32)}${']'.repeat(32)}}`)
})

test('null characters are refused in names and values at any depth', async () => {
  for (const metadata of ['{"a":"\\u0000"}', '{"\\u0000":1}', '{"a":[{"b":"x\\u0000y"}]}']) {
    assert.equal((await patch(metadata)).status, 400)
  }
  assert.equal((await patch('{"a":"\\\\u0000"}')).status, 200)
})
