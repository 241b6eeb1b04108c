// Secrets are sent to no other origin than they were given for, unless who moves it gives them again.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newKey } from '../support/api.ts'
import {
  at,
  type Connections,
  catalogue,
  connectionsPath,
  everythingOf,
  type Member,
  startConnections,
} from '../support/connections.ts'
import { asObject, textOf } from '../support/v2.ts'

let v2: Connections
/** May write, and read no secret. */
let writer: Record<string, string>
before(async () => {
  v2 = await startConnections()
  const key = await newKey(v2.api, v2.account.id, { scopes: ['connections:read', 'connections:write'] })
  writer = { authorization: `Token ${key}` }
})
after(() => v2.api.close())

/** Every field that holds the address that secrets are sent to, by provider. */
const origins = catalogue.flatMap(({ name: provider, fields }) =>
  Object.entries(fields).flatMap(([field, { isOrigin }]) => (isOrigin ? [{ provider, field }] : [])),
)

test('there are providers whose address the user gives', () => {
  assert.deepEqual(
    origins.map(({ provider, field }) => `${provider}.${field}`),
    ['active_campaign.api_endpoint', 'sendreach.base_url', 'wishlist.endpoint'],
  )
})

for (const { provider, field } of origins) {
  describe(`${field} of ${provider}`, () => {
    const declared = Object.entries(catalogue.find(({ name }) => name === provider)?.fields ?? {})
    const secretNames = declared.filter(([, { isSecret }]) => isSecret).map(([name]) => name)
    const secrets: Member = Object.fromEntries(secretNames.map((name) => [name, `${name}-of-the-owner`]))
    const others: Member = Object.fromEntries(secretNames.map((name) => [name, `${name}-given-again`]))
    const good = 'https://good.example/one'
    const make = (address: unknown = good) => v2.make(provider, { ...secrets, [field]: address })
    const patch = (id: number, fields: Member) => v2.send('PATCH', at(id), { fields }, writer)

    async function refused(id: number, fields: Member): Promise<void> {
      const untouched = await everythingOf(v2.api)
      for (const method of ['PATCH', 'PUT']) {
        const body = method === 'PUT' ? { provider, title: 'x', fields } : { fields }
        const answer = await v2.send(method, at(id), body, writer)
        assert.equal(answer.status, 400, `${method} ${JSON.stringify(fields)} ${answer.text}`)
        const messages = asObject(asObject(answer.body).fields)[field]
        assert.ok(Array.isArray(messages), answer.text)
        const named = secretNames.filter((name) => textOf(messages[0]).includes(name))
        assert.deepEqual(
          named,
          secretNames.filter((name) => !(name in fields)),
          'it names what is missing',
        )
      }
      assert.equal(await everythingOf(v2.api), untouched)
    }

    test('may change its path, its query and the case of its host without the secrets', async () => {
      const id = await make()
      for (const address of [
        'https://good.example/two',
        'https://good.example:443/two?x=1',
        'HTTPS://GOOD.example',
      ]) {
        const answer = await patch(id, { [field]: address })
        assert.equal(answer.status, 200, answer.text)
        assert.equal(asObject(asObject(answer.body).fields)[field], address)
      }
      assert.deepEqual(await v2.reveal(id), secrets)
    })

    test('cannot change its scheme, host or port without all secrets in the same request', async () => {
      const id = await make()
      const [first = ''] = secretNames
      for (const address of [
        'http://good.example/one',
        'https://evil.example/one',
        'https://good.example:8443/one',
        'https://good.example.evil.example/one',
        'https://good.example@evil.example/one',
        'https:\\\\evil.example/good.example',
        'no address',
      ]) {
        await refused(id, { [field]: address })
        if (secretNames.length > 1) await refused(id, { [field]: address, [first]: others[first] })
      }
      assert.deepEqual(await v2.reveal(id), secrets)
    })

    test('cannot be cleared, nor set for the first time, without the secrets', async () => {
      await refused(await make(), { [field]: null })
      const { [field]: _, ...some } = { ...secrets }
      await refused(await v2.make(provider, some), { [field]: good })
    })

    test('moves with all secrets in the same request, and without any where none is set', async () => {
      const id = await make()
      const moved = { [field]: 'https://new.example', ...others }
      assert.equal((await patch(id, moved)).status, 200)
      assert.deepEqual(await v2.reveal(id), others)
      const bare = await v2.make(provider, { [field]: good })
      assert.equal((await patch(bare, { [field]: 'https://new.example' })).status, 200)
    })

    test('has to be a whole address, and nothing is made with another', async () => {
      const untouched = await everythingOf(v2.api)
      for (const address of [
        'good.example',
        'good.example:443/',
        'company:one',
        'file:///good',
        'data:,good',
      ]) {
        const body = { provider, title: 'x', fields: { ...secrets, [field]: address } }
        const answer = await v2.send('POST', connectionsPath, body)
        assert.deepEqual([answer.status, asObject(answer.body).code], [400, 'egress_denied'], answer.text)
      }
      assert.equal(await everythingOf(v2.api), untouched)
    })

    for (const [how, given] of [
      ['other secrets', others],
      ['no secrets', Object.fromEntries(secretNames.map((name) => [name, null]))],
    ] as const) {
      test(`once moved with ${how} is not met by the earlier ones again: they were for another origin`, async () => {
        const id = await make()
        assert.equal((await patch(id, { [field]: 'https://evil.example', ...given })).status, 200)
        for (const body of [{}, ...secretNames.map((name) => ({ fields: [name] }))]) {
          await v2.send('POST', at(id, 'restore'), body, writer)
          const address = asObject((await v2.get(id)).fields)[field]
          const inClear = Object.values(await v2.reveal(id))
          const sent = Object.values(secrets).filter((secret) => inClear.includes(secret))
          assert.ok(address === good || sent.length === 0, `${sent.join()} would be sent to ${address}`)
        }
      })
    }
  })
}

test('whoever may not write a connection cannot move it at all', async () => {
  const key = await newKey(v2.api, v2.account.id, {
    scopes: ['connections:read', 'secrets:read', 'proxy:call'],
  })
  const id = await v2.make('wishlist', { endpoint: 'https://good.example', api_key: 'k' })
  const body = { fields: { endpoint: 'https://evil.example', api_key: 'k' } }
  for (const method of ['PATCH', 'PUT', 'DELETE']) {
    const answer = await v2.send(method, at(id), body, { authorization: `Token ${key}` })
    assert.equal(answer.status, 403, answer.text)
  }
  const answer = await v2.send('POST', connectionsPath, body, { authorization: `Token ${key}` })
  assert.equal(answer.status, 403)
})
