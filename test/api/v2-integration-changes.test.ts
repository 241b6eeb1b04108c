// Creating, retrieving, changing, replacing and deleting an integration: what is answered, and what is kept.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asObject, expectAnswer, integrationsPath, required, startV2, uuid4, type V2 } from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2()
})
after(() => v2.api.close())

const at = (id: string) => `${integrationsPath}${id}/`

const everything = {
  ...required,
  logo: null,
  metadata: { plan: 'pro' },
  address_line_2: 'Floor 3',
}

const members = [
  'id',
  'name',
  'type',
  'logo',
  'metadata',
  'email',
  'recipient',
  'address_line_1',
  'address_line_2',
  'zip_code',
  'city',
]

test('an integration has exactly the documented members in the documented order, wherever it is shown', async () => {
  const created = await v2.send('POST', integrationsPath, { ...everything, id: 'ordered' })
  assert.deepEqual(Object.keys(asObject(created.body)), members)
  for (const answer of [
    await v2.send('GET', at('ordered')),
    await v2.send('PATCH', at('ordered'), {}),
    await v2.send('PUT', at('ordered'), everything),
  ]) {
    assert.equal(answer.text, created.text)
  }
  const list = await v2.send('GET', `${integrationsPath}?page=last&page_size=100`)
  assert.ok(list.text.includes(created.text))
})

test('both slash forms answer every method without a redirect', async () => {
  for (const slash of ['/', '']) {
    const list = `/v2/integrations${slash}`
    assert.equal((await v2.send('GET', list)).status, 200)
    assert.equal((await v2.send('POST', list, { ...required, id: 'slashed' })).status, 201)
    const one = `/v2/integrations/slashed${slash}`
    assert.equal((await v2.send('GET', one)).status, 200)
    assert.equal((await v2.send('HEAD', one)).status, 200)
    assert.equal((await v2.send('PATCH', one, {})).status, 200)
    assert.equal((await v2.send('PUT', one, required)).status, 200)
    assert.equal((await v2.send('DELETE', one)).status, 204)
  }
})

test('POST answers 201 with the new object: type 3, and the defaults of what was left out', async () => {
  const { status, body } = await v2.send('POST', integrationsPath, required)
  assert.equal(status, 201)
  const { id, ...rest } = asObject(body)
  assert.match(String(id), uuid4)
  assert.deepEqual(rest, { ...required, type: 3, logo: null, metadata: {}, address_line_2: null })
})

test('the documented create sample answers as printed', async () => {
  const created = await v2.sendText(
    'POST',
    integrationsPath,
    String.raw`{"address_line_1": "Malmv\u00e4gen 8", "city": "Segeltorp", "email": "albin@pinestreet.tech", "id": "846291712", "name": "Pinestreet Tech", "recipient": "Pinestreet Technology AB", "zip_code": "14171"}`,
  )
  const shown = {
    id: '846291712',
    name: 'Pinestreet Tech',
    type: 3,
    logo: null,
    metadata: {},
    email: 'albin@pinestreet.tech',
    recipient: 'Pinestreet Technology AB',
    address_line_1: 'Malmvägen 8',
    address_line_2: null,
    zip_code: '14171',
    city: 'Segeltorp',
  }
  expectAnswer(created, 201, shown)
  expectAnswer(await v2.send('GET', at('846291712')), 200, shown)
  const change = { email: 'invoice@pinestreet.tech' }
  expectAnswer(await v2.send('PATCH', at('846291712'), change), 200, { ...shown, ...change })
})

test('address_line_2 may be blank, null or text', async () => {
  const id = await v2.create(integrationsPath)
  for (const [given, kept] of [
    ['', ''],
    ['  ', ''],
    [null, null],
    ['Floor 3', 'Floor 3'],
  ]) {
    const { status, body } = await v2.send('PATCH', at(id), { address_line_2: given })
    assert.equal(status, 200)
    assert.equal(asObject(body).address_line_2, kept)
  }
})

test('PATCH changes only what is given', async () => {
  const id = await v2.create(integrationsPath, everything)
  const before = asObject((await v2.send('GET', at(id))).body)
  for (const change of [
    { name: 'N' },
    { email: 'n@example.com' },
    { recipient: 'R' },
    { address_line_1: 'A' },
    { address_line_2: null },
    { zip_code: 'Z' },
    { city: 'C' },
    { metadata: {} },
    { logo: null },
  ]) {
    Object.assign(before, change)
    expectAnswer(await v2.send('PATCH', at(id), change), 200, before)
    expectAnswer(await v2.send('GET', at(id)), 200, before)
  }
})

test('PATCH with {} or without a body is fine and changes nothing', async () => {
  const id = await v2.create(integrationsPath, everything)
  const before = await v2.send('GET', at(id))
  for (const body of [{}, undefined]) {
    const answer = await v2.send('PATCH', at(id), body)
    assert.deepEqual([answer.status, answer.text], [200, before.text])
  }
})

test('PATCH validates only what is given, and changes nothing where that is wrong', async () => {
  const id = await v2.create(integrationsPath, everything)
  const before = await v2.send('GET', at(id))
  const answer = await v2.send('PATCH', at(id), { name: 'New', email: 'no' })
  expectAnswer(answer, 400, { email: ['Enter a valid email address.'] })
  assert.equal((await v2.send('GET', at(id))).text, before.text)
})

test('PUT puts what is left out back to its default, but for the id', async () => {
  const id = await v2.create(integrationsPath, everything)
  const replaced = { id, ...required, name: 'N', type: 3, logo: null, metadata: {}, address_line_2: null }
  expectAnswer(await v2.send('PUT', at(id), { ...required, name: 'N' }), 200, replaced)
  expectAnswer(await v2.send('GET', at(id)), 200, replaced)
})

test('PUT asks for all required members, and changes nothing where one is missing', async () => {
  const id = await v2.create(integrationsPath, everything)
  const before = await v2.send('GET', at(id))
  const missing = ['This field is required.']
  expectAnswer(await v2.send('PUT', at(id), { name: 'N', city: 'C' }), 400, {
    email: missing,
    recipient: missing,
    address_line_1: missing,
    zip_code: missing,
  })
  assert.equal((await v2.send('GET', at(id))).text, before.text)
})

test('what GET gave can be sent back by PUT and PATCH and changes nothing', async () => {
  const id = await v2.create(integrationsPath, everything)
  const { text } = await v2.send('GET', at(id))
  for (const method of ['PUT', 'PATCH']) {
    const answer = await v2.sendText(method, at(id), text)
    assert.deepEqual([answer.status, answer.text], [200, text])
  }
})

test('PUT and PATCH of an unknown id are 404 before the body is judged, and create nothing', async () => {
  for (const [method, text, type] of [
    ['PATCH', '{}', 'application/json'],
    ['PATCH', '{"email": 1}', 'application/json'],
    ['PATCH', '{"broken', 'application/json'],
    ['PUT', '{}', 'application/json'],
    ['PUT', '{"broken', 'application/json'],
    ['PUT', 'x', 'text/plain'],
    ['PUT', JSON.stringify(required), 'application/json'],
  ] as const) {
    expectAnswer(await v2.sendText(method, at('absent'), text, type), 404, { detail: 'Not found.' })
  }
  assert.equal((await v2.send('GET', at('absent'))).status, 404)
})

test('DELETE is 204 with nothing in it, and 404 the second time', async () => {
  const id = await v2.create(integrationsPath)
  const { status, text, headers } = await v2.send('DELETE', at(id))
  assert.deepEqual([status, text, headers.get('content-type')], [204, '', null])
  expectAnswer(await v2.send('DELETE', at(id)), 404, { detail: 'Not found.' })
  expectAnswer(await v2.send('GET', at(id)), 404, { detail: 'Not found.' })
})

test('what is no picture is 400 on logo with a message, and nothing is changed', async () => {
  const id = await v2.create(integrationsPath)
  for (const logo of [
    'iVBORw0KGgoAAA',
    '../../../etc/passwd',
    'https://example.com/a.png',
    'x',
    '',
    7,
    [],
    {},
  ]) {
    const { status, body } = await v2.send('PATCH', at(id), { name: 'New', logo })
    assert.equal(status, 400, String(logo))
    const { logo: told, ...others } = asObject(body)
    assert.ok(Array.isArray(told) && told.length === 1 && typeof told[0] === 'string' && told[0].length > 10)
    assert.deepEqual(others, {})
  }
  assert.equal(asObject((await v2.send('GET', at(id))).body).name, required.name)
})
