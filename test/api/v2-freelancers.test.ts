// Freelancers: each makes an Invoice Integration, keeps it in step, and takes it along.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newAccount } from '../support/api.ts'
import {
  asObject,
  expectAnswer,
  freelancersPath,
  idsOf,
  integrationsPath,
  required,
  resultsOf,
  startV2,
  textOf,
  uuid4,
  type V2,
} from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2({ publicUrl: 'https://hub.example.com' })
})
after(() => v2.api.close())

const at = (id: unknown) => `${freelancersPath}${textOf(id)}/`
const integrationAt = (id: unknown) => `${integrationsPath}${textOf(id)}/`

const everything = { ...required, address_line_2: 'Floor 3', metadata: { b: 1, a: 2 } }

async function hire(given: object = {}): Promise<Record<string, unknown>> {
  const { status, body, text } = await v2.send('POST', freelancersPath, { ...required, ...given })
  assert.equal(status, 201, text)
  return asObject(body)
}

async function invoiceOf(freelancer: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { status, body } = await v2.send('GET', integrationAt(freelancer.integration))
  assert.equal(status, 200)
  return asObject(body)
}

const membersInOrder = [
  'id',
  'name',
  'email',
  'recipient',
  'address_line_1',
  'address_line_2',
  'zip_code',
  'city',
  'metadata',
  'integration',
]

test('a freelancer has exactly the promised members in the promised order, wherever one is shown', async () => {
  const created = await v2.send('POST', freelancersPath, everything)
  assert.equal(created.status, 201)
  assert.deepEqual(Object.keys(asObject(created.body)), membersInOrder)
  const { id } = asObject(created.body)
  for (const answer of [
    await v2.send('GET', at(id)),
    await v2.send('PATCH', at(id), {}),
    await v2.send('PUT', at(id), everything),
  ]) {
    assert.deepEqual([answer.status, answer.text], [200, created.text])
  }
  const list = await v2.send('GET', `${freelancersPath}?page=last&page_size=100`)
  assert.ok(list.text.includes(created.text))
})

test('what is left out gets its default', async () => {
  const { id, integration, ...rest } = await hire()
  assert.match(textOf(id), uuid4)
  assert.match(textOf(integration), uuid4)
  assert.notEqual(id, integration)
  assert.deepEqual(rest, { ...required, address_line_2: null, metadata: {} })
})

test('creating one creates its Invoice Integration with the same identity', async () => {
  const freelancer = await hire({ address_line_2: 'Floor 3', metadata: { a: 1 } })
  const { id, name, type, logo, metadata, ...address } = await invoiceOf(freelancer)
  assert.deepEqual([id, name, type, logo, metadata], [freelancer.integration, required.name, 2, null, {}])
  const { name: _, ...rest } = { ...required, address_line_2: 'Floor 3' }
  assert.deepEqual(address, rest)
})

test('there is one Invoice Integration per freelancer', async () => {
  const { key } = await newAccount(v2.api)
  const authorization = `Token ${key}`
  for (let n = 0; n < 3; n++) await v2.send('POST', freelancersPath, required, { authorization })
  const freelancers = await v2.send('GET', freelancersPath, undefined, { authorization })
  const invoices = await v2.send('GET', `${integrationsPath}?type=2`, undefined, { authorization })
  assert.deepEqual(
    resultsOf(freelancers).map(({ integration }) => integration),
    idsOf(invoices),
  )
  assert.equal(new Set(idsOf(invoices)).size, 3)
})

test('changing name, email, recipient or address changes the Invoice Integration with it', async () => {
  const freelancer = await hire()
  for (const change of [
    { name: 'N' },
    { email: 'n@example.com' },
    { recipient: 'R' },
    { address_line_1: 'A' },
    { address_line_2: 'B' },
    { zip_code: 'Z' },
    { city: 'C' },
    { address_line_2: null },
  ]) {
    const { status, body } = await v2.send('PATCH', at(freelancer.id), change)
    assert.equal(status, 200)
    Object.assign(freelancer, change)
    assert.deepEqual(body, freelancer)
    const { name, email, recipient, address_line_1, address_line_2, zip_code, city } =
      await invoiceOf(freelancer)
    const invoice = { name, email, recipient, address_line_1, address_line_2, zip_code, city }
    const { id: _i, metadata: _m, integration: _n, ...identity } = freelancer
    assert.deepEqual(invoice, identity)
  }
})

test('PUT puts what is left out back to its default, here and on the Invoice Integration; the id stays', async () => {
  const before = await hire(everything)
  const { body } = await v2.send('PUT', at(before.id), { ...required, name: 'N' })
  assert.deepEqual(body, { ...before, name: 'N', address_line_2: null, metadata: {} })
  const invoice = await invoiceOf(before)
  assert.deepEqual([invoice.name, invoice.address_line_2], ['N', null])
})

test("metadata is the freelancer's own and comes back as it came", async () => {
  const { id, integration } = await hire()
  const metadata = '{"b":1.0,"10":12345678901234567890,"2":{"z":[],"y":null}}'
  const { text } = await v2.sendText('PATCH', at(id), `{"metadata":${metadata}}`)
  assert.ok(text.includes(`"metadata":${metadata},`))
  assert.ok((await v2.send('GET', at(id))).text.includes(`"metadata":${metadata},`))
  assert.deepEqual(asObject((await v2.send('GET', integrationAt(integration))).body).metadata, {})
})

test('renaming a freelancer leaves the id of the Invoice Integration alone', async () => {
  const { id, integration } = await hire()
  const { status, body } = await v2.send('PATCH', at(id), { id: 'renamed' })
  assert.deepEqual([status, asObject(body).id, asObject(body).integration], [200, 'renamed', integration])
  assert.equal((await v2.send('GET', at(id))).status, 404)
  assert.equal((await v2.send('GET', integrationAt(integration))).status, 200)
  assert.equal((await v2.send('GET', integrationAt('renamed'))).status, 404)
  assert.equal((await hire({ id })).id, id)
  await v2.send('PATCH', at('renamed'), { name: 'Still in step' })
  assert.equal(asObject((await v2.send('GET', integrationAt(integration))).body).name, 'Still in step')
})

test('deleting a freelancer is 204 and deletes the Invoice Integration; again it is 404', async () => {
  const { id, integration } = await hire()
  const deleted = await v2.send('DELETE', at(id))
  assert.deepEqual([deleted.status, deleted.text], [204, ''])
  assert.equal((await v2.send('GET', integrationAt(integration))).status, 404)
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { email: 1 }],
    ['PUT', {}],
    ['DELETE', undefined],
  ] as const) {
    const answer = await v2.send(method, at(id), body)
    assert.equal(answer.status, 404, method)
    assert.equal(asObject(answer.body).detail, 'Not found.')
  }
})

test('connections may hang on the Invoice Integration: then deleting is 409 with a count, and changes nothing', async () => {
  const freelancer = await hire()
  await v2.connect(textOf(freelancer.integration))
  const one = await v2.send('DELETE', at(freelancer.id))
  assert.equal(one.status, 409)
  assert.match(textOf(asObject(one.body).detail), /\b1 connection\b/)
  await v2.connect(textOf(freelancer.integration))
  assert.match(
    textOf(asObject((await v2.send('DELETE', at(freelancer.id))).body).detail),
    /\b2 connections\b/,
  )
  assert.deepEqual((await v2.send('GET', at(freelancer.id))).body, freelancer)
  await invoiceOf(freelancer)
})

describe('the id of a freelancer', () => {
  test('that is taken is 400, and leaves no Invoice Integration behind', async () => {
    const { id } = await hire()
    const other = await hire()
    const count = async () =>
      asObject((await v2.send('GET', `${integrationsPath}?type=2&page_size=1`)).body).count
    const before = await count()
    for (const [method, path, body] of [
      ['POST', freelancersPath, { ...required, id }],
      ['PATCH', at(other.id), { id, name: 'N' }],
      ['PUT', at(other.id), { ...required, id, name: 'N' }],
    ] as const) {
      const answer = await v2.send(method, path, body)
      assert.equal(answer.status, 400)
      assert.deepEqual(asObject(answer.body).id, ['freelancer with this id already exists.'])
    }
    assert.equal(await count(), before)
    assert.deepEqual((await v2.send('GET', at(other.id))).body, other)
    assert.equal((await invoiceOf(other)).name, required.name)
  })

  test('may be that of an integration: they are different things', async () => {
    assert.equal((await hire({ id: '1' })).id, '1')
    assert.equal((await v2.send('DELETE', at('1'))).status, 204)
    assert.equal((await v2.send('GET', integrationAt('1'))).status, 200)
  })
})

test('the list has pages, links and an order like that of integrations', async () => {
  const { key } = await newAccount(v2.api)
  const authorization = `Token ${key}`
  const list = (query: string) => v2.send('GET', `${freelancersPath}${query}`, undefined, { authorization })
  expectAnswer(await list(''), 200, { count: 0, next: null, previous: null, results: [] })
  const ids = ['c', 'a', 'b']
  for (const id of ids) await v2.send('POST', freelancersPath, { ...required, id }, { authorization })
  assert.deepEqual(idsOf(await list('')), ids)
  const { next, previous, count } = asObject((await list('?page_size=1&page=2&x=y')).body)
  const listUrl = `https://hub.example.com${freelancersPath}`
  assert.deepEqual(
    [count, next, previous],
    [3, `${listUrl}?page=3&page_size=1&x=y`, `${listUrl}?page_size=1&x=y`],
  )
  assert.deepEqual(idsOf(await list('?page=last&page_size=2')), ['b'])
  const refused = await list('?page=0')
  assert.deepEqual([refused.status, asObject(refused.body).detail], [404, 'Invalid page.'])
})

test('both slash forms answer', async () => {
  const { id } = await hire()
  assert.equal((await v2.send('GET', '/v2/freelancers')).status, 200)
  assert.equal((await v2.send('POST', '/v2/freelancers', required)).status, 201)
  assert.equal((await v2.send('PATCH', `/v2/freelancers/${id}`, {})).status, 200)
  assert.equal((await v2.send('DELETE', `/v2/freelancers/${id}`)).status, 204)
})

test('everything of another account answers as what does not exist', async () => {
  const { id } = await hire()
  const { key } = await newAccount(v2.api)
  const authorization = `Token ${key}`
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', {}],
    ['PUT', required],
    ['DELETE', undefined],
  ] as const) {
    const foreign = await v2.send(method, at(id), body, { authorization })
    assert.equal(foreign.status, 404)
    assert.equal(foreign.text, (await v2.send(method, at('absent'), body, { authorization })).text)
  }
})
