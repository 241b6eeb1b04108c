// What an integration's id may be, on the wire and in a path.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newAccount } from '../support/api.ts'
import {
  asObject,
  expectAnswer,
  idMessage,
  integrationsPath,
  rawRequest,
  required,
  startV2,
  type V2,
} from '../support/v2.ts'

const refused = { id: [idMessage] }
const taken = { id: ['integration with this id already exists.'] }

let v2: V2
let one: string
before(async () => {
  v2 = await startV2()
  one = `${integrationsPath}${await v2.create(integrationsPath)}/`
})
after(() => v2.api.close())

const at = (id: string) => `${integrationsPath}${encodeURIComponent(id)}/`
/** Sends a JSON value for the id as it is written. */
const post = (id: string) =>
  v2.sendText('POST', integrationsPath, JSON.stringify(required).replace('{', `{"id":${id},`))
const patch = (id: string) => v2.sendText('PATCH', one, `{"id":${id}}`)

describe('an id is taken as it is, and found by it', () => {
  for (const id of [
    'a',
    'Z-9_x~.y',
    '...',
    '.a',
    '-',
    '0',
    '00846291712',
    '1e3',
    'true',
    'null',
    'undefined',
    'constructor',
    '__proto__',
    '~.-_',
    'x'.repeat(255),
  ]) {
    test(id.slice(0, 30), async () => {
      const { status, body } = await post(JSON.stringify(id))
      assert.deepEqual([status, asObject(body).id], [201, id])
      const found = await v2.send('GET', at(id))
      assert.deepEqual([found.status, asObject(found.body).id], [200, id])
    })
  }
})

describe('a JSON integer in the safe range becomes a string', () => {
  for (const [number, id] of [
    ['846291712', '846291712'],
    ['-5', '-5'],
    ['9007199254740991', '9007199254740991'],
    ['-9007199254740991', '-9007199254740991'],
    ['2147483648', '2147483648'],
  ] as const) {
    test(number, async () => {
      const { status, body } = await post(number)
      assert.deepEqual([status, asObject(body).id], [201, id])
      assert.equal((await v2.send('GET', at(id))).status, 200)
    })
  }
})

describe('anything else is 400 and says what an id is made of', () => {
  for (const id of [
    '""',
    '"."',
    '".."',
    '"a b"',
    '"a/b"',
    '"a\\\\b"',
    '"%2e"',
    '"a%00"',
    '"a\\u0000"',
    '"a\\nb"',
    '"ä"',
    '"a\\u0308"',
    '"ａ"',
    '"\\u212a"',
    '"😀"',
    '"a?b"',
    '"a#b"',
    '"a:b"',
    '"a@b"',
    '"a+b"',
    `"${'x'.repeat(256)}"`,
    '9007199254740992',
    '9007199254740993',
    '-9007199254740992',
    '12345678901234567890',
    '1e999',
    '1.5',
    '1.0',
    '1e3',
    'true',
    'false',
    '[]',
    '["a"]',
    '{}',
    '{"a":1}',
  ]) {
    test(id.slice(0, 30), async () => {
      expectAnswer(await post(id), 400, refused)
      expectAnswer(await patch(id), 400, refused)
    })
  }
  test('null', async () => {
    const { status, body } = await post('null')
    assert.deepEqual([status, Object.keys(asObject(body))], [400, ['id']])
  })
})

describe('an id that is taken', () => {
  test('is 400 on create, on PATCH and on PUT, and changes nothing', async () => {
    const id = await v2.create(integrationsPath, { name: 'First' })
    const before = await v2.send('GET', one)
    expectAnswer(await v2.send('POST', integrationsPath, { ...required, id }), 400, taken)
    expectAnswer(await v2.send('PATCH', one, { id, name: 'Second' }), 400, taken)
    expectAnswer(await v2.send('PUT', one, { ...required, id }), 400, taken)
    expectAnswer(await v2.send('POST', integrationsPath, { ...required, id: 1 }), 400, taken)
    assert.equal(asObject((await v2.send('GET', at(id))).body).name, 'First')
    assert.equal((await v2.send('GET', one)).text, before.text)
  })

  test('may be given as its own', async () => {
    const id = await v2.create(integrationsPath)
    assert.equal((await v2.send('PATCH', at(id), { id })).status, 200)
    assert.equal((await v2.send('PUT', at(id), { ...required, id })).status, 200)
  })

  test('of fifty that ask for it at once, one gets it', async () => {
    const asked = Array.from({ length: 50 }, () =>
      v2.send('POST', integrationsPath, { ...required, id: 'race' }),
    )
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    assert.equal(statuses.filter((status) => status === 201).length, 1)
    assert.equal(statuses.filter((status) => status === 400).length, 49)
  })

  test('in another account is free in this one', async () => {
    const other = await newAccount(v2.api)
    const authorization = `Token ${other.key}`
    const id = await v2.create(integrationsPath, { name: 'Ours' })
    const theirs = await v2.send(
      'POST',
      integrationsPath,
      { ...required, id, name: 'Theirs' },
      { authorization },
    )
    assert.equal(theirs.status, 201)
    assert.equal(asObject((await v2.send('GET', at(id))).body).name, 'Ours')
  })

  test('belongs to integrations of every type', async () => {
    const freelancer = asObject((await v2.send('POST', '/v2/freelancers/', required)).body)
    const id = freelancer.integration
    expectAnswer(await v2.send('POST', integrationsPath, { ...required, id }), 400, taken)
  })
})

test('ids are case-sensitive', async () => {
  await v2.create(integrationsPath, { id: 'Case', name: 'Upper' })
  expectAnswer(await v2.send('GET', at('case')), 404, { detail: 'Not found.' })
  await v2.create(integrationsPath, { id: 'case', name: 'Lower' })
  assert.equal(asObject((await v2.send('GET', at('Case'))).body).name, 'Upper')
  assert.equal(asObject((await v2.send('GET', at('case'))).body).name, 'Lower')
})

describe('a path with an id that cannot be is 400 or 404, and never another route or row', () => {
  for (const id of [
    '%2e',
    '%2e%2e',
    '.',
    '..%2f',
    '..%2f..%2fhealthz',
    '%2e%2e%2f1',
    '%00',
    '1%00',
    'a/b',
    'a%2fb',
    '1%2f',
    '%E0%A4%A',
    '%',
    '%zz',
    '%FF',
    'x'.repeat(256),
    'x'.repeat(5000),
    '%EF%BC%91',
    '1%20',
    '%201',
    '1;a=b',
    '1%3F',
    '1%23',
    '*',
    '%25',
    'hasOwnProperty',
  ]) {
    test(id.slice(0, 40), async () => {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        const { status, body } = await rawRequest(v2.api.address, method, `${integrationsPath}${id}/`, {
          headers: [['Authorization', `Token ${v2.account.key}`]],
        })
        assert.ok([400, 404].includes(status), `${method} ${status}`)
        assert.equal(typeof asObject(body).detail, 'string')
      }
      assert.equal((await v2.send('GET', at('1'))).status, 200)
    })
  }
})

test('percent-encoded letters of an id are the same id', async () => {
  const id = await v2.create(integrationsPath, { id: 'tilde~x' })
  const { status, body } = await v2.send('GET', `${integrationsPath}%74ilde%7Ex/`)
  assert.deepEqual([status, asObject(body).id], [200, id])
})
