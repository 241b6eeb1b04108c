// Providers that an operator declares: connected to and read back on v2, unknown to v1.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readDeclarations } from '../../src/catalogue/declared.ts'
import { createCatalogue, providers } from '../../src/catalogue/index.ts'
import { call, newKey } from '../support/api.ts'
import { example, exampleSecret, given, shown } from '../support/declarations.ts'
import { comparable } from '../support/json-shapes.ts'
import { asObject, resultsOf, startV2, type V2 } from '../support/v2.ts'

describe('a declared provider', () => {
  let v2: V2
  let connection: Record<string, unknown>
  before(async () => {
    const { providers, mistakes } = readDeclarations([{ file: 'acme_crm.json', text: example }])
    assert.deepEqual(mistakes, [])
    v2 = await startV2({ catalogue: createCatalogue(providers) })
    const made = await acting('POST', '/v2/connections/', given)
    assert.equal(made.status, 201, made.text)
    connection = asObject(made.body)
  })
  after(() => v2.api.close())
  const acting = (method: string, path: string, body?: unknown) =>
    v2.send(method, path, body, { 'integration-id': '1' })
  const connect = (fields: object) => acting('POST', '/v2/connections/', { ...given, fields })

  test('stands at the end of the catalogue, shown like all others', async () => {
    const all = resultsOf(await v2.send('GET', '/v2/providers/'))
    assert.equal(all.length, providers.length + 1)
    const { fields, capabilities, ...acme } = asObject(all.at(-1))
    assert.deepEqual(acme, {
      name: 'acme_crm',
      type: 'IntegrationAcmeCrm',
      integration_type: 'email',
      title: 'Acme CRM',
      lifecycle: { state: 'deprecated', note: 'Acme CRM closes at the end of 2027.' },
      auth: 'header',
      secrets: ['api_key'],
    })
    assert.deepEqual(Object.keys(asObject(fields)), ['api_url', 'plan', 'api_key', 'defaults'])
    const { api_url, plan, api_key, defaults } = asObject(fields)
    assert.deepEqual(plan, {
      type: 'string',
      title: 'Plan',
      description: 'Which plan the account is on.',
      enum: ['basic', 'pro'],
      default: 'basic',
    })
    assert.equal(asObject(api_url)['x-likely-pattern'], '^https://')
    assert.deepEqual(
      [asObject(api_key).writeOnly, asObject(api_key).pattern, asObject(defaults).type],
      [true, '^ak_[a-z0-9]{20}$', 'object'],
    )
    const { verify, proxy } = asObject(capabilities)
    for (const ability of [verify, proxy]) assert.deepEqual(ability, { available: true, reason: null })
  })

  test('is connected to and read back on v2, its secret sealed', async () => {
    assert.partialDeepStrictEqual(connection, shown)
    assert.deepEqual(connection.warnings, [])
    const { warnings: _warnings, ...kept } = connection
    assert.deepEqual((await acting('GET', `/v2/connections/${connection.id}/`)).body, kept)
    assert.deepEqual(resultsOf(await acting('GET', '/v2/connections/?provider=acme_crm')), [kept])
    assert.ok(!JSON.stringify(kept).includes(exampleSecret))
    const stored = await v2.api.db.selectFrom('connections').select('fields').execute()
    assert.ok(!JSON.stringify(stored).includes(exampleSecret))
    const { body } = await acting('POST', `/v2/connections/${connection.id}/reveal/`)
    assert.deepEqual(asObject(body).secrets, { api_key: exampleSecret })
  })

  test('has its facts enforced, and its guesses told', async () => {
    const refused = await connect({ api_key: 'sk_1', plan: 'free', colour: 'red', defaults: 'none' })
    assert.equal(refused.status, 400)
    assert.deepEqual(Object.keys(asObject(asObject(refused.body).fields)).toSorted(), [
      'api_key',
      'colour',
      'defaults',
      'plan',
    ])
    const doubted = await connect({ api_url: 'HTTPS://acme.example' })
    assert.equal(doubted.status, 201)
    assert.match(String(asObject(doubted.body).warnings), /^api_url /)
  })

  test('has its secrets asked for again where its address moves', async () => {
    const path = `/v2/connections/${connection.id}/`
    const moved = await acting('PATCH', path, { fields: { api_url: 'https://elsewhere.example' } })
    assert.equal(moved.status, 400)
    assert.match(moved.text, /api_url.*api_key/)
  })

  test('is unknown to v1: lists skip its connections, and retrieving one is 404, audited as nothing', async () => {
    const mailchimp = await v2.connect('1')
    const before = await v2.api.db.selectFrom('audit').selectAll().execute()
    const limited = await newKey(v2.api, v2.account.id, { scopes: ['connections:read'] })
    for (const key of [v2.account.key, limited]) {
      const get = (path: string) => call(v2.api.address, 'GET', `/api/v1/integrations${path}`, { key })
      const one = await get(`/${connection.id}`)
      assert.equal(one.status, 404)
      assert.deepEqual(comparable(one), comparable(await get('/999999')))
      assert.equal((await get('?provider=acme_crm')).status, 422)
      assert.equal((await get('?type=IntegrationAcmeCrm')).status, 422)
      for (const query of ['', '?integration_type=email']) {
        const { status, body } = await get(query)
        assert.equal(status, 200)
        assert.ok(Array.isArray(body))
        assert.deepEqual(
          body.map(({ id }) => id),
          [mailchimp],
        )
      }
    }
    await v2.api.hub.flush()
    const after = await v2.api.db.selectFrom('audit').selectAll().execute()
    const uid = await v2.api.db
      .selectFrom('connections')
      .select('uid')
      .where('provider', '=', 'acme_crm')
      .execute()
    const noted = after.slice(before.length).map(({ subject }) => subject)
    assert.ok(noted.length > 0, 'what is shown is noted')
    for (const { uid: own } of uid) assert.ok(!noted.includes(`connection/${own}`))
  })
})

test('connections of a provider whose declaration was taken away are still shown, and may go', async (t) => {
  const v2 = await startV2()
  t.after(() => v2.api.close())
  const acting = (method: string, path: string, body?: unknown) =>
    v2.send(method, path, body, { 'integration-id': '1' })
  const fields = { publishable_key: 'pk_test_shown', secret_key: 'sk_test_hidden_away' }
  const made = await acting('POST', '/v2/connections/', { provider: 'stripe', title: 'Old', fields })
  assert.equal(made.status, 201, made.text)
  await v2.api.db.updateTable('connections').set({ provider: 'acme_crm' }).execute()
  const path = `/v2/connections/${asObject(made.body).id}/`

  const { status, body } = await acting('GET', path)
  assert.equal(status, 200)
  assert.partialDeepStrictEqual(body, {
    provider: 'acme_crm',
    integration_type: 'other',
    fields: { publishable_key: 'pk_test_shown' },
    secrets: { secret_key: { set: true, hint: '****away' } },
  })
  assert.equal(resultsOf(await acting('GET', '/v2/connections/')).length, 1)
  const revealed = await acting('POST', `${path}reveal/`)
  assert.deepEqual(asObject(revealed.body).secrets, { secret_key: 'sk_test_hidden_away' })
  const refused = await acting('PATCH', path, { title: 'New' })
  assert.equal(refused.status, 400)
  assert.match(refused.text, /There is no such provider/)
  assert.equal((await acting('DELETE', `${path}?force=true`)).status, 204)
})
