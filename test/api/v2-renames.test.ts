// Renaming an integration: everything that hangs on it follows, and the old id is free.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, newKey } from '../support/api.ts'
import { asObject, expectAnswer, idsOf, integrationsPath, required, startV2, type V2 } from '../support/v2.ts'

let v2: V2
before(async () => {
  v2 = await startV2()
})
after(() => v2.api.close())

const at = (id: string) => `${integrationsPath}${id}/`

/** The ids of the connections that v1 shows within an integration. */
async function connectionsOf(integrationId: string): Promise<unknown> {
  const answer = await v2.send('GET', '/api/v1/integrations', undefined, { 'integration-id': integrationId })
  if (answer.status !== 200) return answer.status
  assert.ok(Array.isArray(answer.body))
  return answer.body.map((connection) => asObject(connection).id)
}

for (const [method, body] of [
  ['PATCH', {}],
  ['PUT', required],
] as const) {
  test(`an id may be renamed by ${method}: the new one answers, the old one is 404 and free`, async () => {
    const old = await v2.create(integrationsPath, { name: 'Before' })
    const renamed = await v2.send(method, at(old), { ...body, name: 'After', id: `new-${method}` })
    assert.equal(renamed.status, 200)
    assert.equal(asObject(renamed.body).id, `new-${method}`)
    assert.equal((await v2.send('GET', at(`new-${method}`))).text, renamed.text)
    for (const refused of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      const sent = refused === 'PATCH' || refused === 'PUT' ? required : undefined
      expectAnswer(await v2.send(refused, at(old), sent), 404, { detail: 'Not found.' })
    }
    await v2.create(integrationsPath, { id: old, name: 'Another' })
    assert.equal(asObject((await v2.send('GET', at(old))).body).name, 'Another')
    assert.equal(asObject((await v2.send('GET', at(`new-${method}`))).body).name, 'After')
  })
}

test('an integer may be the new id', async () => {
  const old = await v2.create(integrationsPath)
  assert.equal(asObject((await v2.send('PATCH', at(old), { id: 4711 })).body).id, '4711')
  assert.equal((await v2.send('GET', at('4711'))).status, 200)
})

test('connections follow a renamed integration and do not fall to who takes its old id', async () => {
  const old = await v2.create(integrationsPath)
  const connections = [await v2.connect(old), await v2.connect(old)]
  assert.deepEqual(await connectionsOf(old), connections)
  await v2.send('PATCH', at(old), { id: 'moved' })
  assert.deepEqual(await connectionsOf('moved'), connections)
  assert.equal(await connectionsOf(old), 404)
  await v2.create(integrationsPath, { id: old })
  assert.deepEqual(await connectionsOf(old), [])
  assert.equal((await v2.send('DELETE', at('moved'))).status, 409)
  assert.equal((await v2.send('DELETE', at(old))).status, 204)
})

test('a bound key follows a renamed integration and never sees who takes its old id', async () => {
  const old = await v2.create(integrationsPath)
  const key = await newKey(v2.api, v2.account.id, { integrationId: old })
  const bound = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(v2.api.address, method, path, { key, body, headers })
  assert.equal((await bound('PATCH', at(old), { id: 'bound-1' })).status, 200)
  await v2.create(integrationsPath, { id: old })
  assert.deepEqual(idsOf(await bound('GET', integrationsPath)), ['bound-1'])
  assert.equal((await bound('GET', at('bound-1'))).status, 200)
  assert.equal((await bound('GET', at(old))).status, 404)
  const asNew = await bound('GET', integrationsPath, undefined, { 'integration-id': 'bound-1' })
  assert.equal(asNew.status, 200)
  const asOld = await bound('GET', integrationsPath, undefined, { 'integration-id': old })
  expectAnswer(asOld, 404, { detail: 'Integration not found.' })
})

test('the place in the list does not move', async () => {
  const old = await v2.create(integrationsPath)
  const next = await v2.create(integrationsPath)
  await v2.send('PATCH', at(old), { id: 'zzz' })
  const ids = idsOf(await v2.send('GET', `${integrationsPath}?page_size=100`))
  assert.deepEqual(ids.slice(-2), ['zzz', next])
})

test('the Web App Integration may be renamed, and stays undeletable', async () => {
  const renamed = await v2.send('PATCH', at('1'), { id: 'web-app' })
  assert.deepEqual([renamed.status, asObject(renamed.body).type], [200, 1])
  assert.equal((await v2.send('DELETE', at('web-app'))).status, 403)
  assert.equal((await v2.send('GET', at('1'))).status, 404)
  assert.equal(await v2.create(integrationsPath, { id: '1' }), '1')
  assert.equal((await v2.send('DELETE', at('1'))).status, 204)
})

test('two integrations that rename themselves to one id at once: one gets it', async () => {
  const rivals = [await v2.create(integrationsPath), await v2.create(integrationsPath)]
  const answers = await Promise.all(rivals.map((id) => v2.send('PATCH', at(id), { id: 'prize' })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400])
  const loser = rivals[answers.findIndex(({ status }) => status === 400)]
  assert.equal((await v2.send('GET', at(String(loser)))).status, 200)
})
