// The strictness of our own resources, shown on freelancers: no unknown members, no coercion, errors with a code.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { errorCodes } from '../../src/hub/errors.ts'
import { type Answer, newKey } from '../support/api.ts'
import {
  asObject,
  freelancersPath,
  idMessage,
  rawRequest,
  required,
  startV2,
  textOf,
  type V2,
  withoutLink,
} from '../support/v2.ts'

const unknown = ['Unknown field.']
const notString = ['Not a valid string.']

let v2: V2
let one: string
before(async () => {
  v2 = await startV2()
  one = `${freelancersPath}${await v2.create(freelancersPath)}/`
})
after(() => v2.api.close())

const post = (change: object) => v2.send('POST', freelancersPath, { ...required, ...change })
const patch = (change: object) => v2.send('PATCH', one, change)

/** An error with a known code beside exactly these members, in this order. */
function expectCoded(answer: Answer, status: number, words: object): void {
  assert.equal(answer.status, status, answer.text)
  const code = textOf(asObject(answer.body).code)
  assert.ok(code in errorCodes, code)
  const { code: _, ...rest } = asObject(withoutLink(answer.body, code))
  assert.equal(JSON.stringify(rest), JSON.stringify(words))
}

test('an unknown member is 400 by name, on POST, PUT and PATCH, and nothing is done', async () => {
  const before = await v2.send('GET', one)
  for (const name of ['type', 'logo', 'Name', 'detail', 'account_id', 'created_at', 'x.y', '']) {
    expectCoded(await post({ [name]: 1 }), 400, { [name]: unknown })
    expectCoded(await v2.send('PUT', one, { ...required, name: 'N', [name]: null }), 400, { [name]: unknown })
    expectCoded(await patch({ name: 'N', [name]: {} }), 400, { [name]: unknown })
  }
  assert.equal((await v2.send('GET', one)).text, before.text)
})

test('an unknown member is told beside all other mistakes', async () => {
  expectCoded(await patch({ extra: 1, city: null, name: '' }), 400, {
    name: ['This field may not be blank.'],
    city: ['This field may not be null.'],
    extra: unknown,
  })
})

test('the required members are asked for in the order of the object', async () => {
  const told = ['name', 'email', 'recipient', 'address_line_1', 'zip_code', 'city']
  const words = Object.fromEntries(told.map((name) => [name, ['This field is required.']]))
  expectCoded(await v2.send('POST', freelancersPath, {}), 400, words)
  expectCoded(await v2.send('PUT', one, {}), 400, words)
})

test('the read-only member integration is accepted and ignored, whatever it holds', async () => {
  const before = await v2.send('GET', one)
  for (const integration of ['other', null, 5, [], {}]) {
    const answer = await patch({ integration })
    assert.deepEqual([answer.status, answer.text], [200, before.text])
    const created = await post({ integration })
    assert.equal(created.status, 201)
    assert.notEqual(asObject(created.body).integration, integration)
  }
  for (const method of ['PUT', 'PATCH']) {
    assert.equal((await v2.sendText(method, one, before.text)).text, before.text)
  }
})

describe('nothing is coerced', () => {
  for (const name of ['name', 'recipient', 'address_line_1', 'address_line_2', 'zip_code', 'city']) {
    test(`${name} is a string or 400`, async () => {
      for (const value of [14171, 1.5, -0, true, false, [], ['x'], {}, { x: 1 }]) {
        expectCoded(await patch({ [name]: value }), 400, { [name]: notString })
      }
    })
  }
  test('email is a string or no valid address', async () => {
    for (const value of [5, true, [], {}]) {
      expectCoded(await patch({ email: value }), 400, { email: ['Enter a valid email address.'] })
    }
  })
  test('metadata is an object or 400', async () => {
    for (const [value, kind] of [
      [[], 'list'],
      ['{}', 'str'],
      [1, 'int'],
      [true, 'bool'],
    ] as const) {
      const words = { metadata: [`Expected a dictionary of items but got type "${kind}".`] }
      expectCoded(await patch({ metadata: value }), 400, words)
    }
    expectCoded(await patch({ metadata: null }), 400, { metadata: ['This field may not be null.'] })
  })
})

test('texts have the same limits and words as those of integrations', async () => {
  const long = ['Ensure this field has no more than 255 characters.']
  expectCoded(await patch({ name: 'x'.repeat(256) }), 400, { name: long })
  expectCoded(await patch({ address_line_2: 'x'.repeat(256) }), 400, { address_line_2: long })
  expectCoded(await patch({ city: 'a\0' }), 400, { city: ['Null characters are not allowed.'] })
  expectCoded(await patch({ email: 'no' }), 400, { email: ['Enter a valid email address.'] })
  expectCoded(await patch({ name: null, city: ' ' }), 400, {
    name: ['This field may not be null.'],
    city: ['This field may not be blank.'],
  })
  assert.equal((await patch({ address_line_2: '' })).status, 200)
  assert.equal((await patch({ name: 'x'.repeat(255) })).status, 200)
})

test('an id follows the same rule as that of an integration', async () => {
  for (const id of ['', '.', '..', 'a b', 'a/b', 'ä', 'x'.repeat(256), true, [], {}, 1.5]) {
    expectCoded(await post({ id }), 400, { id: [idMessage] })
    expectCoded(await patch({ id }), 400, { id: [idMessage] })
  }
  assert.equal(asObject((await post({ id: 'x'.repeat(255) })).body).id, 'x'.repeat(255))
})

test('a body that is no object is named by its kind', async () => {
  for (const [text, words] of [
    ['[]', 'Invalid data. Expected a dictionary, but got list.'],
    ['"x"', 'Invalid data. Expected a dictionary, but got str.'],
    ['null', 'No data provided'],
  ] as const) {
    expectCoded(await v2.sendText('POST', freelancersPath, text), 400, { non_field_errors: [words] })
  }
})

describe('every error carries a code beside its words', () => {
  const { email: _, ...incomplete } = required
  const key = () => v2.account.key
  const ask = (method: string, path: string, headers: [string, string][], body?: string) =>
    rawRequest(v2.api.address, method, path, { headers, ...(body !== undefined && { body }) })
  const as = (text: string): [string, string] => ['Authorization', `Token ${text}`]
  const json: [string, string] = ['Content-Type', 'application/json']

  test('400 of a member', async () => {
    expectCoded(await v2.send('POST', freelancersPath, incomplete), 400, {
      email: ['This field is required.'],
    })
  })
  test('400 of a body that is no JSON', async () => {
    const answer = await v2.sendText('POST', freelancersPath, '{"')
    assert.match(textOf(asObject(answer.body).detail), /^JSON parse error - /)
    assert.equal(asObject(answer.body).code, 'malformed')
  })
  test('401', async () => {
    const detail = 'Authentication credentials were not provided.'
    expectCoded(await ask('GET', freelancersPath, []), 401, { detail })
    expectCoded(await ask('GET', freelancersPath, [as('wrong')]), 401, { detail: 'Invalid token.' })
  })
  test('403', async () => {
    const reader = await newKey(v2.api, v2.account.id, { scopes: ['freelancers:read', 'integrations:write'] })
    const detail = 'You do not have permission to perform this action.'
    expectCoded(await ask('DELETE', one, [as(reader)]), 403, { detail })
    expectCoded(await ask('POST', freelancersPath, [as(reader), json], '{"'), 403, { detail })
  })
  test('404', async () => {
    expectCoded(await v2.send('GET', `${freelancersPath}absent/`), 404, { detail: 'Not found.' })
    expectCoded(await v2.send('GET', `${freelancersPath}?page=9`), 404, { detail: 'Invalid page.' })
  })
  test('405', async () => {
    expectCoded(await v2.send('POST', one), 405, { detail: 'Method "POST" not allowed.' })
    expectCoded(await v2.send('DELETE', freelancersPath), 405, { detail: 'Method "DELETE" not allowed.' })
  })
  test('406', async () => {
    const answer = await ask('GET', freelancersPath, [as(key()), ['Accept', 'text/html']])
    expectCoded(answer, 406, { detail: 'Could not satisfy the request Accept header.' })
  })
  test('409', async () => {
    const { integration, id } = asObject((await post({})).body)
    await v2.connect(textOf(integration))
    const answer = await v2.send('DELETE', `${freelancersPath}${id}/`)
    expectCoded(answer, 409, { detail: asObject(answer.body).detail })
  })
  test('413', async () => {
    const answer = await ask('POST', freelancersPath, [as(key()), json], `"${'x'.repeat(1_048_576)}"`)
    expectCoded(answer, 413, { detail: asObject(answer.body).detail })
  })
  test('415', async () => {
    const answer = await ask('POST', freelancersPath, [as(key()), ['Content-Type', 'text/plain']], 'x')
    expectCoded(answer, 415, { detail: 'Unsupported media type "text/plain" in request.' })
  })
})

test('an unknown member named code is refused too, without hiding other mistakes or the code itself', async () => {
  assert.equal((await patch({ code: 1 })).status, 400)
  const { status, body } = await patch({ code: 1, other: 1 })
  assert.equal(status, 400)
  assert.deepEqual(asObject(body).other, unknown)
  assert.ok('code' in asObject(body))
})
