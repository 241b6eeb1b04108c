// What the text members of an integration may be, and the exact words for what they may not.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  asObject,
  expectAnswer,
  idMessage,
  integrationsPath,
  required,
  startV2,
  type V2,
} from '../support/v2.ts'

const m = {
  required: 'This field is required.',
  null: 'This field may not be null.',
  blank: 'This field may not be blank.',
  long: 'Ensure this field has no more than 255 characters.',
  longEmail: 'Ensure this field has no more than 254 characters.',
  notString: 'Not a valid string.',
  email: 'Enter a valid email address.',
  nul: 'Null characters are not allowed.',
} as const

const texts = ['name', 'recipient', 'address_line_1', 'zip_code', 'city'] as const

let v2: V2
let one: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
})
after(() => v2.api.close())

const post = (change: object) => v2.send('POST', integrationsPath, { ...required, ...change })
const patch = (change: object) => v2.send('PATCH', one, change)

async function kept(change: object): Promise<Record<string, unknown>> {
  const { status, body, text } = await patch(change)
  assert.equal(status, 200, text)
  return asObject(body)
}

test('name, email, recipient, address_line_1, zip_code and city are required, and nothing else', async () => {
  const { status, text } = await v2.send('POST', integrationsPath, {})
  assert.equal(status, 400)
  const told = ['name', 'email', 'recipient', 'address_line_1', 'zip_code', 'city']
  assert.equal(text, JSON.stringify(Object.fromEntries(told.map((name) => [name, [m.required]]))))
})

test('all mistakes are told in one answer, in the order of the object', async () => {
  const { status, text } = await v2.send('POST', integrationsPath, {
    city: [],
    zip_code: 'z'.repeat(256),
    address_line_2: false,
    address_line_1: ' ',
    email: 'no',
    metadata: [],
    logo: 'x',
    name: null,
    id: 'a b',
  })
  assert.equal(status, 400)
  const { logo, ...told } = asObject(JSON.parse(text))
  assert.ok(Array.isArray(logo))
  assert.equal(
    JSON.stringify(told),
    JSON.stringify({
      id: [idMessage],
      name: [m.null],
      metadata: ['Expected a dictionary of items but got type "list".'],
      email: [m.email],
      recipient: [m.required],
      address_line_1: [m.blank],
      address_line_2: [m.notString],
      zip_code: [m.long],
      city: [m.notString],
    }),
  )
  assert.deepEqual(Object.keys(asObject(JSON.parse(text))).slice(0, 4), ['id', 'name', 'logo', 'metadata'])
})

for (const name of texts) {
  describe(name, () => {
    test('is trimmed', async () => {
      assert.equal((await kept({ [name]: ' \t\r\n Å b \u00a0\u3000' }))[name], 'Å b')
    })
    test('is kept as it came otherwise: composed and decomposed letters are two texts', async () => {
      for (const text of [
        'Malmva\u0308gen',
        'Malmvägen',
        '<img src=x onerror=alert(1)>',
        "'; --",
        '\u202eabc',
      ]) {
        assert.equal((await kept({ [name]: text }))[name], text)
      }
    })
    test('may have 255 characters, counted as people do and after trimming, and not one more', async () => {
      for (const text of ['x'.repeat(255), '😀'.repeat(255), `  ${'y'.repeat(255)}  `]) {
        assert.equal((await kept({ [name]: text }))[name], text.trim())
      }
      for (const text of ['x'.repeat(256), '😀'.repeat(256), 'x'.repeat(100_000)]) {
        expectAnswer(await patch({ [name]: text }), 400, { [name]: [m.long] })
      }
    })
    test('may not be null, blank or of another kind', async () => {
      expectAnswer(await patch({ [name]: null }), 400, { [name]: [m.null] })
      for (const blank of ['', ' ', '\t\n', '\u00a0']) {
        expectAnswer(await patch({ [name]: blank }), 400, { [name]: [m.blank] })
      }
      for (const value of [true, false, [], ['x'], {}, { x: 1 }]) {
        expectAnswer(await patch({ [name]: value }), 400, { [name]: [m.notString] })
      }
    })
    test('may hold no null character', async () => {
      for (const text of ['a\0b', '\0', 'a\0']) {
        expectAnswer(await patch({ [name]: text }), 400, { [name]: [m.nul] })
      }
      expectAnswer(await patch({ [name]: `\0${'x'.repeat(255)}` }), 400, { [name]: [m.long, m.nul] })
    })
  })
}

test('address_line_2 is judged like the others, but may be blank or null', async () => {
  assert.equal((await kept({ address_line_2: ' x ' })).address_line_2, 'x')
  expectAnswer(await patch({ address_line_2: 'x'.repeat(256) }), 400, { address_line_2: [m.long] })
  expectAnswer(await patch({ address_line_2: 'a\0' }), 400, { address_line_2: [m.nul] })
  for (const value of [true, [], {}]) {
    expectAnswer(await patch({ address_line_2: value }), 400, { address_line_2: [m.notString] })
  }
})

describe('numbers become strings, as they were written', () => {
  for (const [number, text] of [
    ['14171', '14171'],
    ['0', '0'],
    ['-7', '-7'],
    ['-0', '0'],
    ['14171.0', '14171.0'],
    ['1.50', '1.5'],
    ['1e2', '100.0'],
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
  ] as const) {
    test(`${number} is "${text}"`, async () => {
      const { status, body } = await v2.sendText('PATCH', one, `{"zip_code":${number},"name":${number}}`)
      assert.equal(status, 200)
      assert.deepEqual([asObject(body).zip_code, asObject(body).name], [text, text])
    })
  }
  for (const [number, text] of [
    ['1e16', '1e+16'],
    ['0.00001', '1e-05'],
    ['-0.0', '-0.0'],
  ] as const) {
    test(`${number} is "${text}", as the documented framework writes floats`, async () => {
      const { body } = await v2.sendText('PATCH', one, `{"zip_code":${number}}`)
      assert.equal(asObject(body).zip_code, text)
    })
  }
  test('a number beyond all floats is no string', async () => {
    expectAnswer(await v2.sendText('PATCH', one, '{"zip_code":1e999}'), 400, { zip_code: [m.notString] })
  })
  test('a number of more than 255 digits is too long', async () => {
    expectAnswer(await v2.sendText('PATCH', one, `{"zip_code":${'1'.repeat(256)}}`), 400, {
      zip_code: [m.long],
    })
  })
})

test('unknown members are ignored, whatever they hold, and never shown', async () => {
  const sent = { type: { deep: [1] }, account_id: 7, is_admin: true, created_at: null, code: 'x', url: [] }
  const { status, body } = await post(sent)
  assert.equal(status, 201)
  assert.equal(asObject(body).type, 3)
  for (const name of ['account_id', 'is_admin', 'created_at', 'code', 'url']) {
    assert.ok(!(name in asObject(body)), name)
  }
})
