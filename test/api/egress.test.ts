// Addresses that users give: the public internet alone, judged when they are given and at every use, with one and the same answer.
import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { after, before, describe, test } from 'node:test'
import { parseAllowed } from '../../src/outbound/allowed.ts'
import type { Egress } from '../../src/outbound/guard.ts'
import { newKey } from '../support/api.ts'
import { type Connections, connectionsPath, startConnections } from '../support/connections.ts'
import { notPublic } from '../support/not-public.ts'
import { allowing, askThrough, proxyPath } from '../support/proxied.ts'
import { startHoneypot, startUpstream, type Upstream } from '../support/upstream.ts'
import { asObject } from '../support/v2.ts'

type Honeypot = Awaited<ReturnType<typeof startHoneypot>>

/** The fields that hold an address, by provider. */
const fields = { active_campaign: 'api_endpoint', wishlist: 'endpoint', sendreach: 'base_url' } as const

describe('an address that is not on the public internet', () => {
  let v2: Connections
  let pots: Honeypot[]
  before(async () => {
    v2 = await startConnections()
    pots = [await startHoneypot('127.0.0.1'), await startHoneypot('::1')]
  })
  after(async () => {
    await v2.api.close()
    for (const pot of pots) await pot.close()
  })

  for (const [provider, field] of Object.entries(fields)) {
    test(`is refused as ${field} of ${provider}, always with the same answer, and nobody is called`, async () => {
      const own = pots.flatMap(({ port }) => [
        `http://127.0.0.1:${port}`,
        `https://127.0.0.1:${port}`,
        `http://[::1]:${port}`,
      ])
      const answers = new Map<string, string[]>()
      for (const address of [...notPublic, ...own]) {
        const body = { provider, title: 'x', fields: { [field]: address, api_key: 'k' } }
        const answer = await v2.send('POST', connectionsPath, body)
        const said = `${answer.status} ${asObject(answer.body).code} ${answer.text}`
        answers.set(said, [...(answers.get(said) ?? []), address])
      }
      assert.equal(
        answers.size,
        1,
        JSON.stringify([...answers].map(([said, some]) => [said, some.slice(0, 5)])),
      )
      const [said = ''] = answers.keys()
      assert.match(said, /^400 egress_denied /)
      for (const pot of pots) assert.equal(pot.connections(), 0)
    })
  }

  test('cannot be reached by changing a connection either', async () => {
    const id = await v2.make('active_campaign', { api_endpoint: 'https://one.example.com', api_key: 'k' })
    for (const address of ['https://127.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/']) {
      const change = { fields: { api_endpoint: address, api_key: 'k' } }
      assert.equal((await v2.send('PATCH', `${connectionsPath}${id}/`, change)).status, 400)
    }
  })
})

describe('a name', () => {
  let v2: Connections
  let key: string
  let pot: Honeypot
  let good: Upstream
  /** What the name means from one question to the next. */
  let answers: LookupAddress[][] = []
  const four = (address: string): LookupAddress => ({ address, family: 4 })
  const six = (address: string): LookupAddress => ({ address, family: 6 })

  before(async () => {
    pot = await startHoneypot('127.0.0.1')
    good = await startUpstream()
    const egress: Egress = {
      // The port of the honeypot may be called, so that only its address stands in the way.
      allow: [{ host: '192.0.2.77', prefix: null, port: pot.port }],
      async resolve() {
        const next = answers.length > 1 ? answers.shift() : answers[0]
        if (!next) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
        return next
      },
    }
    v2 = await startConnections({ egress })
    key = await newKey(v2.api, v2.account.id, { scopes: ['proxy:call'] })
  })
  after(async () => {
    await v2.api.close()
    await pot.close()
    await good.close()
  })

  for (const [what, addresses] of [
    ['that has come to mean this machine', [[four('127.0.0.1')]]],
    ['that means this machine by IPv6', [[six('::1')]]],
    ['whose addresses are public and private', [[four('93.184.216.34'), four('10.0.0.1')]]],
    ['whose addresses are private and public', [[four('10.0.0.1'), four('93.184.216.34')]]],
    ['that is public by IPv4 and private by IPv6', [[four('93.184.216.34'), six('fd00::1')]]],
    ['that means a mapped address', [[six('::ffff:127.0.0.1')]]],
    ['that means a metadata service', [[four('169.254.169.254')]]],
    ['that means nothing', []],
    ['that has no address', [[]]],
  ] as const) {
    test(`${what} is not called: 502 with the text that stands for all`, async () => {
      answers = addresses.map((some) => [...some])
      const id = await v2.make('active_campaign', {
        api_endpoint: 'https://rebinding.example.com',
        api_key: 'k',
      })
      const answer = await askThrough(v2.api.address, proxyPath(id), 'GET', '/api/3/x', { key })
      assert.deepEqual(
        [answer.status, answer.json()],
        [502, { detail: 'The provider could not be reached.', code: 'provider_unreachable' }],
      )
      assert.equal(pot.connections(), 0)
    })
  }

  test('that is public when it is judged and this machine when it is called is not called', async () => {
    const id = await v2.make('active_campaign', {
      api_endpoint: 'https://rebinding.example.com',
      api_key: 'k',
    })
    for (let at = 0; at < 5; at++) {
      answers = [[four('192.0.2.1')], [four('127.0.0.1')]]
      const { status } = await askThrough(v2.api.address, proxyPath(id), 'GET', '/x', { key })
      assert.equal(status, 502)
    }
    assert.equal(pot.connections(), 0)
  })

  test('that is refused, denied, unresolved or silent is answered alike', async () => {
    const closed = await startHoneypot('127.0.0.1')
    await closed.close()
    const shown = new Set<string>()
    for (const [address, resolved] of [
      ['https://denied.example.com', [[four('127.0.0.1')]]],
      ['https://unresolved.example.com', []],
      ['https://hangs-up.example.com', [[four('192.0.2.1')]]],
    ] as const) {
      answers = resolved.map((some) => [...some])
      const id = await v2.make('active_campaign', { api_endpoint: address, api_key: 'k' })
      const answer = await askThrough(v2.api.address, proxyPath(id), 'GET', '/x', { key })
      shown.add(`${answer.status} ${answer.body}`)
    }
    assert.equal(shown.size, 1, [...shown].join())
  })
})

describe('what an operator allows', () => {
  test('is allowed exactly: a neighbour of the address, the port or the name is not', async () => {
    const upstream = await startUpstream()
    const allow = [...allowing(upstream.origin), parseAllowed('crm.internal:8443'), parseAllowed('10.1.2.3')]
    const v2 = await startConnections({ egress: { allow: allow.flatMap((entry) => entry ?? []) } })
    const made = async (address: string) => {
      const body = {
        provider: 'active_campaign',
        title: 'x',
        fields: { api_endpoint: address, api_key: 'k' },
      }
      return (await v2.send('POST', connectionsPath, body)).status
    }
    for (const address of [
      upstream.origin,
      'https://crm.internal:8443',
      'http://crm.internal:8443',
      'https://10.1.2.3',
    ]) {
      assert.equal(await made(address), 201, address)
    }
    for (const address of [
      `http://127.0.0.1:${upstream.port + 1}`,
      `http://127.0.0.2:${upstream.port}`,
      `http://localhost:${upstream.port}`,
      `http://[::1]:${upstream.port}`,
      'https://crm.internal',
      'https://crm.internal:8444',
      'https://a.crm.internal:8443',
      'https://crm.internal.:8443',
      'https://10.1.2.4',
      'https://10.1.2.3:8443',
    ]) {
      assert.equal(await made(address), 400, address)
    }
    await v2.api.close()
    await upstream.close()
  })

  test('never makes the hub itself or its database one of the providers', async () => {
    const pot = await startHoneypot('127.0.0.1')
    let own: Array<{ host: string; port: number }> = []
    const allow = [{ host: '127.0.0.1', prefix: null, port: pot.port }]
    const v2 = await startConnections({ egress: { allow, own: () => own } })
    const fields = { api_endpoint: `http://127.0.0.1:${pot.port}`, api_key: 'k' }
    const id = await v2.make('active_campaign', fields)
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      own = [{ host, port: pot.port }]
      const body = { provider: 'active_campaign', title: 'x', fields }
      assert.equal((await v2.send('POST', connectionsPath, body)).status, 400, host)
      const key = v2.account.key
      const answer = await askThrough(v2.api.address, proxyPath(id), 'GET', '/x', { key })
      assert.deepEqual([answer.status, answer.json().code], [502, 'provider_unreachable'])
    }
    assert.equal(pot.connections(), 0)
    await v2.api.close()
    await pot.close()
  })
})
