// Bodies that are no JSON object, or none that is the same to every reader: refused in words, without an echo.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  integrationsPath,
  rawRequest,
  required,
  startV2,
  textOf,
  type V2,
} from '../support/v2.ts'

const canary = 'canary7f3a'

let v2: V2
let one: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
})
after(() => v2.api.close())

const post = (text: string | Uint8Array) => v2.sendText('POST', integrationsPath, text)

async function expectParseError(text: string | Uint8Array): Promise<void> {
  const answer = await post(text)
  assert.equal(answer.status, 400, answer.text)
  assert.deepEqual(Object.keys(asObject(answer.body)), ['detail'])
  const detail = textOf(asObject(answer.body).detail)
  assert.match(detail, /^JSON parse error - \S/)
  assert.ok(!detail.includes(canary))
}

describe('a body that is no object is named by its kind', () => {
  for (const [text, kind] of [
    ['[]', 'list'],
    [`[{"name":"${canary}"}]`, 'list'],
    [`"${canary}"`, 'str'],
    ['7', 'int'],
    ['-0', 'int'],
    ['1.5', 'float'],
    ['1e3', 'float'],
    ['true', 'bool'],
    [' \n[ ] ', 'list'],
  ] as const) {
    test(`${text} is a ${kind}`, async () => {
      const body = { non_field_errors: [`Invalid data. Expected a dictionary, but got ${kind}.`] }
      expectAnswer(await post(text), 400, body)
      expectAnswer(await v2.sendText('PUT', one, text), 400, body)
      expectAnswer(await v2.sendText('PATCH', one, text), 400, body)
    })
  }
  test('null is no data at all', async () => {
    for (const method of ['PUT', 'PATCH']) {
      expectAnswer(await v2.sendText(method, one, 'null'), 400, { non_field_errors: ['No data provided'] })
    }
    expectAnswer(await post('null'), 400, { non_field_errors: ['No data provided'] })
  })
})

describe('broken JSON is a parse error without an echo', () => {
  for (const text of [
    `{"name":"${canary}"`,
    `{"name":"${canary}",}`,
    `{'name':'${canary}'}`,
    `{"name":"${canary}"} trailing`,
    `{"name":"${canary}"}{}`,
    `{"name":NaN,"city":"${canary}"}`,
    '{"name":Infinity}',
    '{"name":-Infinity}',
    `{"name":1 /* ${canary} */}`,
    `// ${canary}\n{}`,
    `{name:"${canary}"}`,
    `{"name":"${canary}\n"}`,
    '{"name":01}',
    '{"name":+1}',
    '{"name":.5}',
    '{"name":0x1}',
    '{"name":undefined}',
    '{"name":"\\x41"}',
    canary,
    ' ',
    '\ufeff{}',
    '\u00a0{}',
  ]) {
    test(JSON.stringify(text), () => expectParseError(text))
  }
})

test('a body that is not UTF-8 is 400, and nothing of it is kept', async () => {
  for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    const text = Buffer.concat([Buffer.from('{"name":"'), Buffer.from(bytes), Buffer.from('"}')])
    const answer = await v2.sendText('PATCH', one, text)
    assert.equal(answer.status, 400)
    assert.doesNotMatch(answer.text, /\ufffd/)
  }
  assert.equal(asObject((await v2.send('GET', one)).body).name, required.name)
})

test('half of a surrogate pair is 400, in names and values at any depth', async () => {
  for (const text of [
    '{"name":"\\ud800"}',
    '{"name":"a\\udc00b"}',
    '{"name":"\\udc00\\ud800"}',
    '{"metadata":{"a":["\\ud83d"]}}',
    '{"metadata":{"\\ud83d":1}}',
    '{"unknown":"\\ud800"}',
    '{"\\ud800":1}',
  ]) {
    assert.equal((await v2.sendText('PATCH', one, text)).status, 400, text)
  }
  assert.equal((await v2.sendText('PATCH', one, '{"name":"\\ud83d\\ude00"}')).status, 200)
})

test('members named __proto__ or constructor are 400 at any depth, and nothing is polluted', async () => {
  for (const text of [
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"metadata":{"__proto__":{"polluted":true}}}',
    '{"metadata":{"a":[{"constructor":1}]}}',
    '{"metadata":{"\\u005f_proto__":1}}',
    '{"unknown":{"__proto__":1}}',
  ]) {
    assert.equal((await v2.sendText('PATCH', one, text)).status, 400, text)
    assert.equal((await v2.sendText('POST', freelancersPath, text)).status, 400, text)
  }
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
})

test('of a member given twice the last counts', async () => {
  const rest = JSON.stringify(required).slice(1)
  const { status, body } = await post(`{"id":"first","name":5,"id":"twice",${rest}`)
  assert.equal(status, 201)
  assert.deepEqual([asObject(body).id, asObject(body).name], ['twice', required.name])
  assert.equal((await v2.send('GET', `${integrationsPath}first/`)).status, 404)
  const changed = await v2.sendText('PATCH', one, '{"city":null,"city":"Last"}')
  assert.deepEqual([changed.status, asObject(changed.body).city], [200, 'Last'])
  const refused = await v2.sendText('PATCH', one, '{"city":"First","\\u0063ity":null}')
  expectAnswer(refused, 400, { city: ['This field may not be null.'] })
})

test('an empty body creates nothing: the required members are asked for', async () => {
  const { status, body } = await v2.sendText('POST', integrationsPath, '')
  assert.equal(status, 400)
  assert.deepEqual(Object.keys(asObject(body)), Object.keys(required))
})

describe('bodies made to hurt are refused, and the hub goes on', () => {
  for (const [what, text] of [
    ['lists 5,000 deep', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    ['objects 5,000 deep', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['lists 300,000 deep', `${'['.repeat(300_000)}${']'.repeat(300_000)}`],
    ['a million brackets that are never closed', '['.repeat(1_000_000)],
    ['depth in a member that is not known', `{"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
    ['a list of 500,000', `[${'0,'.repeat(499_999)}0]`],
    ['60,000 members in metadata', `{"metadata":${manyMembers(60_000)}}`],
    ['60,000 members', manyMembers(60_000)],
    ['a text of ten million letters', `{"name":"${'x'.repeat(10_000_000)}"}`],
  ] as const) {
    test(what, async () => {
      const { status } = await post(text).catch(() => ({ status: 413 }))
      assert.ok(status === 400 || status === 413, String(status))
      assert.equal((await v2.send('GET', one)).status, 200)
      assert.doesNotMatch(v2.api.log(), /RangeError|unexpected error/)
    })
  }
})

describe('too large a body is 413', () => {
  const declared = (path: string, bytes: number) =>
    rawRequest(v2.api.address, 'POST', path, {
      headers: [
        ['Authorization', `Token ${v2.account.key}`],
        ['Content-Type', 'application/json'],
      ],
      body: `{"x":"${'x'.repeat(bytes - 8)}"}`,
    })
  const mebibyte = 1_048_576

  test('over 1 MiB', async () => {
    assert.equal((await declared(freelancersPath, mebibyte + 1)).status, 413)
    assert.equal((await declared(freelancersPath, mebibyte)).status, 400)
  })
  test('over 2 MiB on integrations, for the logo, and not before', async () => {
    assert.equal((await declared(integrationsPath, 2 * mebibyte + 1)).status, 413)
    assert.equal((await declared(integrationsPath, 2 * mebibyte)).status, 400)
  })
})

function manyMembers(count: number): string {
  return `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',')}}`
}
