// What the three types of integrations allow, and what stands in the way of deleting one.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { HubError } from '../../src/hub/errors.ts'
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
  type V2,
} from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2()
})
after(() => v2.api.close())

const at = (id: string) => `${integrationsPath}${id}/`

/** An Invoice Integration, with its freelancer's id. */
async function invoice(): Promise<{ id: string; freelancerId: string }> {
  const freelancerId = await v2.create(freelancersPath)
  const { body } = await v2.send('GET', `${freelancersPath}${freelancerId}/`)
  return { id: textOf(asObject(body).integration), freelancerId }
}

describe('type 1, the Web App Integration', () => {
  test('an account is made with exactly one, whose id is "1"', async () => {
    const { key } = await newAccount(v2.api)
    const list = await v2.send('GET', integrationsPath, undefined, { authorization: `Token ${key}` })
    const [webApp, ...others] = resultsOf(list)
    assert.equal(webApp?.id, '1')
    assert.equal(webApp?.type, 1)
    assert.deepEqual(others, [])
  })

  test('a type in a body makes no second one: it is ignored', async () => {
    const { status, body } = await v2.send('POST', integrationsPath, { ...required, type: 1 })
    assert.equal(status, 201)
    assert.equal(asObject(body).type, 3)
    assert.deepEqual(idsOf(await v2.send('GET', `${integrationsPath}?type=1`)), ['1'])
  })

  test('it may be updated by PATCH and by PUT, and stays what it is', async () => {
    const changed = await v2.send('PATCH', at('1'), { city: 'Uppsala', type: 3 })
    assert.equal(changed.status, 200)
    assert.deepEqual([asObject(changed.body).city, asObject(changed.body).type], ['Uppsala', 1])
    const replaced = await v2.send('PUT', at('1'), { ...required, type: 2 })
    assert.equal(replaced.status, 200)
    assert.deepEqual([asObject(replaced.body).city, asObject(replaced.body).type], ['Segeltorp', 1])
  })

  test('deleting it is 403 with a detail that says why, also under another id or with a connection', async () => {
    const { status, body } = await v2.send('DELETE', at('1'))
    assert.equal(status, 403)
    assert.deepEqual(Object.keys(asObject(body)), ['detail'])
    assert.match(textOf(asObject(body).detail), /Web App/i)
    assert.notEqual(asObject(body).detail, 'You do not have permission to perform this action.')

    await v2.send('PATCH', at('1'), { id: 'web' })
    await v2.connect('web')
    assert.equal((await v2.send('DELETE', at('web'))).status, 403)
    assert.equal((await v2.send('GET', at('web'))).status, 200)
    await v2.send('PATCH', at('web'), { id: '1' })
  })
})

describe('type 2, Invoice Integrations', () => {
  test('PATCH, PUT and DELETE are 403 with a detail that names the freelancer, and change nothing', async () => {
    const { id } = await invoice()
    const before = await v2.send('GET', at(id))
    for (const [method, body] of [
      ['PATCH', { city: 'Uppsala' }],
      ['PATCH', {}],
      ['PUT', required],
      ['DELETE', undefined],
    ] as const) {
      const refused = await v2.send(method, at(id), body)
      assert.equal(refused.status, 403, method)
      assert.deepEqual(Object.keys(asObject(refused.body)), ['detail'])
      assert.match(textOf(asObject(refused.body).detail), /freelancer/)
    }
    assert.equal((await v2.send('GET', at(id))).text, before.text)
  })

  test('a write is refused before its body is judged', async () => {
    const { id } = await invoice()
    assert.equal((await v2.send('PATCH', at(id), { email: 'no' })).status, 403)
    assert.equal((await v2.sendText('PUT', at(id), '{"broken')).status, 403)
  })

  test('it is listed and shown like any other integration', async () => {
    const { id } = await invoice()
    const { body } = await v2.send('GET', at(id))
    assert.equal(asObject(body).type, 2)
    assert.ok(idsOf(await v2.send('GET', `${integrationsPath}?type=2&page_size=100`)).includes(id))
  })
})

describe('type 3, Custom Integrations', () => {
  test('they are created, retrieved, changed, replaced and deleted', async () => {
    const id = await v2.create(integrationsPath)
    assert.equal((await v2.send('GET', at(id))).status, 200)
    assert.equal((await v2.send('PATCH', at(id), { name: 'Other' })).status, 200)
    assert.equal((await v2.send('PUT', at(id), required)).status, 200)
    assert.equal((await v2.send('DELETE', at(id))).status, 204)
  })
})

test('deleting while connections hang on it is 409 with a detail that counts them', async () => {
  const id = await v2.create(integrationsPath)
  await v2.connect(id)
  const one = await v2.send('DELETE', at(id))
  assert.equal(one.status, 409)
  assert.deepEqual(Object.keys(asObject(one.body)), ['detail'])
  assert.match(textOf(asObject(one.body).detail), /\b1 connection\b/)
  await v2.connect(id)
  await v2.connect(id)
  const three = await v2.send('DELETE', at(id))
  assert.equal(three.status, 409)
  assert.match(textOf(asObject(three.body).detail), /\b3 connections\b/)
  assert.equal((await v2.send('GET', at(id))).status, 200)
})

test('a refused deletion revokes no key that is bound to the integration', async () => {
  const id = await v2.create(integrationsPath)
  await v2.connect(id)
  const caller = v2.api.hub.callerFor(v2.account.id)
  const { text: key } = await v2.api.hub.apiKeys.create(caller, { name: 'bound', integrationId: id })
  assert.equal((await v2.send('DELETE', at(id))).status, 409)
  const authorization = `Token ${key}`
  assert.equal((await v2.send('GET', at(id), undefined, { authorization })).status, 200)
})

describe('the rules live in the domain: no other door passes them by', () => {
  const isRefused = (code: string) => (error: unknown) => error instanceof HubError && error.code === code

  test('the hub refuses to delete the Web App Integration', async () => {
    const { hub } = v2.api
    await assert.rejects(hub.integrations.remove(hub.callerFor(v2.account.id), '1'), isRefused('read_only'))
  })

  test('the hub refuses to change, replace or delete an Invoice Integration', async () => {
    const { id } = await invoice()
    const { hub } = v2.api
    const caller = hub.callerFor(v2.account.id)
    const identity = { ...required, addressLine1: 'A', zipCode: 'Z' }
    await assert.rejects(hub.integrations.change(caller, id, { name: 'N' }), isRefused('read_only'))
    await assert.rejects(hub.integrations.replace(caller, id, identity), isRefused('read_only'))
    await assert.rejects(hub.integrations.remove(caller, id), isRefused('read_only'))
  })

  test('the hub refuses to delete an integration that a connection hangs on', async () => {
    const id = await v2.create(integrationsPath)
    await v2.connect(id)
    const { hub } = v2.api
    await assert.rejects(hub.integrations.remove(hub.callerFor(v2.account.id), id), isRefused('in_use'))
  })
})

test('everything of another account answers as what does not exist', async () => {
  const id = await v2.create(integrationsPath)
  const { key } = await newAccount(v2.api)
  const authorization = `Token ${key}`
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', {}],
    ['PUT', required],
    ['DELETE', undefined],
  ] as const) {
    const foreign = await v2.send(method, at(id), body, { authorization })
    expectAnswer(foreign, 404, { detail: 'Not found.' })
    assert.equal(foreign.text, (await v2.send(method, at('absent'), body, { authorization })).text)
  }
  const list = asObject((await v2.send('GET', integrationsPath, undefined, { authorization })).body)
  assert.equal(list.count, 1)
})
