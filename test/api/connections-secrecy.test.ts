// A connection's secrets are in no answer but reveal and v1, in no log line, and in no data file in clear.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newKey } from '../support/api.ts'
import {
  bodyFor,
  bodySpellings,
  canaries,
  expectNothingKept,
  holdsNone,
  quiet,
  secretOf,
} from '../support/connection-canaries.ts'
import {
  at,
  type Connections,
  catalogue,
  connectionsPath,
  fieldsOf,
  type Member,
  numberOf,
  sealedOf,
  secretNamesOf,
  startConnections,
} from '../support/connections.ts'
import { keyOf } from '../support/idempotency.ts'
import { refuseWrites } from '../support/store.ts'
import { asObject } from '../support/v2.ts'

let v2: Connections
let weakKey: string
before(async () => {
  v2 = await startConnections()
  weakKey = await newKey(v2.api, v2.account.id, { scopes: ['connections:read', 'connections:write'] })
})
after(() => v2.api.close())

describe('no answer but reveal and v1 with secrets:read holds a secret', () => {
  for (const { name: provider } of catalogue) {
    test(`of a ${provider} connection, whatever is done with it`, async () => {
      const made = await quiet(201, v2.send('POST', connectionsPath, bodyFor(provider)), 'POST')
      const id = numberOf(asObject(made.body).id)
      const ask = (method: string, action = '', body?: unknown, headers = {}) =>
        quiet(200, v2.send(method, at(id, action), body, headers), `${method} ${action}`)
      await ask('GET')
      await ask('PUT', '', bodyFor(provider, { fields: canaries(provider, '-2') }))
      await ask('PATCH', '', { fields: canaries(provider, '-3') }, keyOf(provider))
      await ask('PATCH', '', { fields: canaries(provider, '-3') }, keyOf(provider))
      await ask('GET', 'restore')
      if (secretNamesOf(provider).length > 0) await ask('POST', 'restore', {})
      await quiet(200, v2.send('GET', `${connectionsPath}?page_size=100`), 'the list')
      for (const path of ['/api/v1/integrations', `/api/v1/integrations/${id}`]) {
        const answer = call(v2.api.address, 'GET', path, { key: weakKey })
        await quiet(200, answer, 'v1 to a key without secrets:read')
      }
      await quiet(403, v2.send('POST', at(id, 'reveal'), undefined, tokenOf(weakKey)), 'reveal to it')

      const revealed = await v2.reveal(id)
      const v1 = await v2.v1(id)
      for (const [name, { isSecret, inV1 }] of fieldsOf(provider)) {
        if (isSecret) assert.equal(revealed[name], secretOf(`${name}-2`))
        if (isSecret && inV1) assert.equal(v1[name], secretOf(`${name}-2`))
      }
      await ask('GET', 'usage')
      await quiet(409, v2.send('DELETE', at(id)), 'DELETE after a use')
    })
  }

  test('where a request has an Idempotency-Key: the first, its replay and its refusal', async () => {
    const create = (given: Member) => v2.send('POST', connectionsPath, given, keyOf('once'))
    const first = await quiet(201, create(bodyFor('aweber')), 'POST')
    const second = await quiet(201, create(bodyFor('aweber')), 'POST again')
    assert.deepEqual([second.text, second.headers.get('idempotent-replayed')], [first.text, 'true'])
    const other = { ...canaries('aweber'), consumer_secret: secretOf('other') }
    await quiet(422, create(bodyFor('aweber', { fields: other })), 'POST with another secret')
  })

  test('where what is sealed is damaged: nor any of that', async () => {
    const id = await v2.make('mailchimp', canaries('mailchimp'))
    const { api_key: intact = '' } = await sealedOf(v2.api, id, v2.account.id)
    const store = (from: string, to: string) =>
      v2.api.db.updateTable('connection_secrets').set({ sealed: to }).where('sealed', '=', from).execute()
    for (const damaged of [`${intact.slice(0, -3)}AAA`, 'v9.nothing', intact.slice(0, 40)]) {
      await store(intact, damaged)
      for (const answer of [
        v2.send('POST', at(id, 'reveal')),
        call(v2.api.address, 'GET', `/api/v1/integrations/${id}`, { key: v2.account.key }),
      ]) {
        assert.ok(!(await quiet(500, answer, 'a damaged secret')).text.includes(damaged))
      }
      await quiet(200, v2.send('GET', at(id)), 'GET of a damaged secret')
      await store(damaged, intact)
    }
    assert.equal((await v2.reveal(id)).api_key, secretOf('api_key'))
  })

  test('where the store refuses, and nothing of the body is in that answer either', async () => {
    for (const table of ['connections', 'connection_secrets', 'audit', 'stored_answers']) {
      const accept = await refuseWrites(v2.api.db, table)
      try {
        const answer = v2.send('POST', connectionsPath, bodyFor('stripe'), keyOf(`refused-${table}`))
        holdsNone((await quiet(500, answer, table)).text, 'the answer', bodySpellings)
      } finally {
        await accept()
      }
    }
    assert.ok(v2.api.log().includes('unexpected error'), 'what nobody foresaw was logged')
  })
})

test('after all of that no log line, no audit record and no data file holds a secret, in no spelling', async () => {
  await expectNothingKept(v2.api)
})

const tokenOf = (key: string) => ({ authorization: `Token ${key}` })
