// What a connection's body may hold: strict members, forms as well as JSON, objects given back as they came.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call } from '../support/api.ts'
import {
  at,
  type Connections,
  connectionsPath,
  everythingOf,
  startConnections,
} from '../support/connections.ts'
import { multipart } from '../support/raw-request.ts'
import { asObject, expectAnswer } from '../support/v2.ts'

let v2: Connections
let id: number
before(async () => {
  v2 = await startConnections()
  id = await v2.make('stripe', { secret_key: 'secret-of-stripe' })
})
after(() => v2.api.close())

const valid = { provider: 'stripe', title: 'Shop' }

describe('a member', () => {
  for (const [member, value, message] of [
    ['title', '', 'This field may not be blank.'],
    ['title', '  ', 'This field may not be blank.'],
    ['title', null, 'This field may not be null.'],
    ['title', 5, 'Not a valid string.'],
    ['title', true, 'Not a valid string.'],
    ['title', ['x'], 'Not a valid string.'],
    ['title', 'x'.repeat(256), 'Ensure this field has no more than 255 characters.'],
    ['title', 'a\0b', 'Null characters are not allowed.'],
    ['use_cloudfront', 'true', 'Must be a valid boolean.'],
    ['use_cloudfront', 1, 'Must be a valid boolean.'],
    ['use_cloudfront', null, 'This field may not be null.'],
    ['fields', null, 'This field may not be null.'],
    ['fields', [], 'Expected a dictionary of items but got type "list".'],
    ['fields', 'secret', 'Expected a dictionary of items but got type "str".'],
    ['fields', { secret_key: 'a\0b' }, 'Null characters are not allowed.'],
    ['fields', { x: 'y'.repeat(524_288) }, 'Ensure this field has no more than 524288 bytes of JSON.'],
    ['metadata', null, 'This field may not be null.'],
    ['metadata', 1, 'Expected a dictionary of items but got type "int".'],
    ['metadata', { x: 'y'.repeat(16_384) }, 'Ensure this field has no more than 16384 bytes of JSON.'],
  ] as const) {
    test(`${member} that is ${JSON.stringify(value)?.slice(0, 20)} is refused by all ways to write`, async () => {
      const untouched = await everythingOf(v2.api)
      const body = { ...valid, [member]: value }
      for (const [method, path] of [
        ['POST', connectionsPath],
        ['PUT', at(id)],
        ['PATCH', at(id)],
      ] as const) {
        expectAnswer(await v2.send(method, path, body), 400, { [member]: [message], code: 'invalid' })
      }
      assert.equal(await everythingOf(v2.api), untouched)
    })
  }

  test('that is missing or wrong is told together with all others, in the order of the object', async () => {
    const answer = await v2.send('POST', connectionsPath, { metadata: 1, use_cloudfront: 2, more: 3 })
    assert.equal(answer.status, 400)
    const told = Object.keys(asObject(answer.body))
    assert.deepEqual(told, ['provider', 'title', 'use_cloudfront', 'metadata', 'more', 'code', 'doc_url'])
  })

  test('title is trimmed and may have 255 characters, whatever these are', async () => {
    for (const title of ['x'.repeat(255), '\u{1f980}'.repeat(255), 'e\u0301', '<b>"&\\']) {
      assert.equal((await v2.change('PATCH', id, { title: `  ${title}\t` })).title, title)
    }
  })
})

test('fields that are wrong are told each by its name, all at once, and what is fine is not', async () => {
  const fields = { secret_access_key: '', bucket: 5, region: 'eu-north-1', nothing: 1, access_key_id: null }
  const answer = await v2.send('POST', connectionsPath, { provider: 'amazon', title: 'x', fields })
  assert.equal(answer.status, 400)
  const told = asObject(asObject(answer.body).fields)
  assert.deepEqual(Object.keys(told).toSorted(), ['bucket', 'nothing', 'secret_access_key'])
})

test('what may only be one of a few values is refused otherwise, and says which there are', async () => {
  for (const [provider, field, wrong, said] of [
    ['intercom', 'region', 'mars', 'Give one of: us, eu, au.'],
    ['paypal', 'environment', 'Live', 'Give one of: live, sandbox.'],
    ['convertkit', 'generation', 'v5', 'Give one of: v3, v4.'],
    ['getresponse', 'platform', 'max', 'Give one of: retail, max_us, max_pl.'],
  ] as const) {
    const body = { provider, title: 'x', fields: { [field]: wrong } }
    expectAnswer(await v2.send('POST', connectionsPath, body), 400, {
      fields: { [field]: [said] },
      code: 'invalid',
    })
  }
})

test('what is only unusual is taken with a warning that names the field and not the value', async () => {
  const secret = 'unusual-but-who-knows'
  const body = { ...valid, fields: { secret_key: secret, publishable_key: 'pk_test_abcdefghijklmnopqrst' } }
  const answer = await v2.send('POST', connectionsPath, body)
  const { warnings } = asObject(answer.body)
  assert.ok(Array.isArray(warnings))
  assert.deepEqual([answer.status, warnings.length], [201, 1])
  assert.match(String(warnings[0]), /^secret_key does not look/)
  assert.ok(!answer.text.includes(secret))
})

test('objects are given back as they came, on v1 too: member order, big numbers and all', async () => {
  const params = '{"10":{"b":1,"a":[12345678901234567890,1.0,-0]},"2":"\\u00e9"}'
  const text = `{"provider":"html","title":"x","fields":{"params": ${params}},"metadata":{"z": ${params}}}`
  const made = await v2.sendText('POST', connectionsPath, text)
  const kept = params.replace('\\u00e9', '\u00e9')
  const path = at(Number(asObject(made.body).id))
  const v1 = await call(v2.api.address, 'GET', `/api/v1/integrations/${asObject(made.body).id}`, {
    key: v2.account.key,
  })
  for (const answer of [made, await v2.send('GET', path), await v2.send('PATCH', path, { title: 'y' })]) {
    assert.ok(answer.text.includes(`"params":${kept}`), answer.text)
    assert.ok(answer.text.includes(`"metadata":{"z":${kept}}`), answer.text)
  }
  assert.ok(v1.text.includes(`"params":${kept}`), v1.text)
})

test('of a field given twice the last counts', async () => {
  const text =
    '{"title":"first","title":"last","fields":{"secret_key":"first-secret","secret_key":"last-secret"}}'
  assert.equal((await v2.sendText('PATCH', at(id), text)).status, 200)
  assert.equal((await v2.get(id)).title, 'last')
  assert.deepEqual(await v2.reveal(id), { secret_key: 'last-secret' })
})

test('forms are taken as well, with the fields as JSON', async () => {
  const pairs = { ...valid, use_cloudfront: 'true', fields: '{"secret_key":"by \\"form\\" & more"}' }
  const parts = multipart(pairs)
  for (const [type, body] of [
    ['application/x-www-form-urlencoded', new URLSearchParams(pairs).toString()],
    [parts.type, parts.body],
  ] as const) {
    const answer = await v2.sendText('POST', connectionsPath, body, type)
    assert.equal(answer.status, 201, answer.text)
    assert.equal(asObject(answer.body).use_cloudfront, true)
    const secrets = await v2.reveal(Number(asObject(answer.body).id))
    assert.deepEqual(secrets, { secret_key: 'by "form" & more' })
  }
})
