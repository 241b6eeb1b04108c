// The 17 types of v1: which members each has, in which order, and which of them are secret.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { providers } from '../../src/catalogue/index.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { listOf, objectOf } from '../support/json-shapes.ts'
import { canariesOf, newConnection } from '../support/sample-connections.ts'

/** The contract's table: type, provider, integration_type, fields in order; a secret has an asterisk. */
const table = [
  ['IntegrationActiveCampaign', 'active_campaign', 'email', 'api_endpoint actid api_key* event_key*'],
  ['IntegrationAmazon', 'amazon', 'csn', 'bucket access_key_id cloudfront ready secret_access_key*'],
  ['IntegrationAweber', 'aweber', 'email', 'access_token consumer_key access_token_secret* consumer_secret*'],
  ['IntegrationConvertkit', 'convertkit', 'email', 'api_key secret_key*'],
  ['IntegrationDisqus', 'disqus', 'comments', 'forum_shortname'],
  ['IntegrationDrip', 'drip', 'email', 'api_account_id access_token*'],
  ['IntegrationGetresponse', 'getresponse', 'email', 'secret_api_key*'],
  [
    'IntegrationGoogleAnalytics',
    'google_analytics',
    'analytics',
    'api_account_id web_property_id access_token* refresh_token*',
  ],
  ['IntegrationHtml', 'html', 'html', 'html params url'],
  ['IntegrationInfusionsoft', 'infusionsoft', 'email', 'app_name api_key*'],
  ['IntegrationIntercom', 'intercom', 'chat', 'access_token*'],
  ['IntegrationMailchimp', 'mailchimp', 'email', 'api_key*'],
  ['IntegrationOntraport', 'ontraport', 'email', 'app_id api_key*'],
  ['IntegrationPaypal', 'paypal', 'payment', 'client_id client_secret*'],
  ['IntegrationSendreach', 'sendreach', 'email', 'api_key secret_api_key*'],
  ['IntegrationStripe', 'stripe', 'payment', 'publishable_key secret_key*'],
  ['IntegrationWishlist', 'wishlist', 'membership', 'endpoint api_key*'],
] as const

const common = [
  'id',
  'title',
  'type',
  'account_id',
  'use_cloudfront',
  'integration_type',
  'provider',
  'created_at',
  'updated_at',
]
const created = '2017-04-25T22:00:47.047560'
const updated = '2018-01-02T03:04:05.000006'

const shapes = table.map(([type, provider, integrationType, fields]) => {
  const all = fields.split(' ')
  return {
    type,
    provider,
    integrationType,
    fields: all.map((field) => field.replace('*', '')),
    plain: all.filter((field) => !field.endsWith('*')),
  }
})

describe('v1 shows', () => {
  let api: TestApi
  let account: number
  let full: string
  let withoutSecrets: string
  const idOf = new Map<string, number>()

  before(async () => {
    api = await startApi()
    const made = await newAccount(api, { id: 42 })
    account = made.id
    full = made.key
    withoutSecrets = await newKey(api, account, { scopes: ['connections:read'] })
    for (const { provider } of shapes) {
      const { id } = await newConnection(api, account, {
        provider,
        title: `title of ${provider}`,
        useCloudfront: provider === 'amazon',
        createdAt: created,
        updatedAt: updated,
        fields: canariesOf(provider),
      })
      idOf.set(provider, id)
    }
  })
  after(() => api.close())

  const retrieve = async (provider: string, key: string) => {
    const answer = await call(api.address, 'GET', `/api/v1/integrations/${idOf.get(provider)}`, { key })
    assert.equal(answer.status, 200)
    return answer
  }

  test('the providers of the table and no others', () => {
    const known = providers.map(({ name, type, integrationType }) => [type, name, integrationType])
    assert.deepEqual(
      known.toSorted(),
      shapes.map((of) => [of.type, of.provider, of.integrationType]).toSorted(),
    )
  })

  for (const { type, provider, integrationType, fields, plain } of shapes) {
    test(`${type} to a key with secrets:read: ${fields.join(', ')}, after the common members`, async () => {
      const body = objectOf((await retrieve(provider, full)).body)
      assert.deepEqual(Object.keys(body), [...common, ...fields])
      assert.deepEqual(
        common.map((name) => body[name]),
        [
          idOf.get(provider),
          `title of ${provider}`,
          type,
          42,
          provider === 'amazon',
          integrationType,
          provider,
          created,
          updated,
        ],
      )
      const canaries = canariesOf(provider)
      for (const field of fields) {
        assert.deepEqual(body[field], field === 'ready' ? 'pending' : canaries[field], field)
      }
    })

    test(`${type} to a key without secrets:read: ${plain.join(', ') || 'the common members alone'}`, async () => {
      const answer = await retrieve(provider, withoutSecrets)
      assert.deepEqual(Object.keys(objectOf(answer.body)), [...common, ...plain])
      const hidden = Object.entries(canariesOf(provider)).filter(([name]) => !plain.includes(name))
      for (const [name, canary] of hidden) {
        if (String(canary).startsWith('canary')) assert.ok(!answer.text.includes(String(canary)), name)
      }
    })
  }

  test('each connection in the list as it shows it alone, in ascending id, as a plain array', async () => {
    for (const key of [full, withoutSecrets]) {
      const list = await call(api.address, 'GET', '/api/v1/integrations', { key })
      const alone = await Promise.all(shapes.map(({ provider }) => retrieve(provider, key)))
      assert.equal(list.text, `[${alone.map(({ text }) => text).join(',')}]`)
      const ids = listOf(list.body).map(({ id }) => Number(id))
      assert.deepEqual(
        ids,
        ids.toSorted((a, b) => a - b),
      )
      assert.match(list.headers.get('content-type') ?? '', /^application\/json/)
    }
  })

  test('ascending ids also where connections were made in another order, beyond nine of them', async () => {
    const { id, key } = await newAccount(api)
    for (const given of [30, 4, 200, 9, 10, 1]) await newConnection(api, id, { provider: 'html', id: given })
    const { body } = await call(api.address, 'GET', '/api/v1/integrations', { key })
    assert.deepEqual(
      listOf(body).map((connection) => connection.id),
      [1, 4, 9, 10, 30, 200],
    )
  })

  test('html parameters as they came, member order too', async () => {
    const { text } = await retrieve('html', full)
    assert.ok(text.includes('"params":{"zebra":"canary-html-params","ant":1}'))
  })

  test('times in UTC with six decimals and no zone, also those it took itself', async () => {
    const { id, key } = await newAccount(api)
    await newConnection(api, id, { provider: 'disqus' })
    const { body } = await call(api.address, 'GET', '/api/v1/integrations', { key })
    const [connection] = listOf(body)
    for (const name of ['created_at', 'updated_at']) {
      assert.match(String(connection?.[name]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/)
    }
    assert.ok(Math.abs(Date.parse(`${connection?.created_at}Z`) - Date.now()) < 60_000)
  })

  test('the sample objects of the document byte for byte, white space aside', async () => {
    const other = await startApi()
    try {
      const { id, key } = await newAccount(other, { id: 2 })
      const stripe = { publishable_key: 'publishable_key', secret_key: 'secret_key' }
      await newConnection(other, id, {
        provider: 'stripe',
        title: 'integration-1',
        createdAt: created,
        fields: stripe,
      })
      await newConnection(other, id, {
        provider: 'mailchimp',
        title: 'integration-2',
        createdAt: '2017-04-26T19:22:20.387166',
        fields: { api_key: 'api_key' },
      })
      const { text } = await call(other.address, 'GET', '/api/v1/integrations', { key })
      assert.equal(
        text,
        '[{"id":1,"title":"integration-1","type":"IntegrationStripe","account_id":2,"use_cloudfront":false,' +
          '"integration_type":"payment","provider":"stripe","created_at":"2017-04-25T22:00:47.047560",' +
          '"updated_at":"2017-04-25T22:00:47.047560","publishable_key":"publishable_key","secret_key":"secret_key"},' +
          '{"id":2,"title":"integration-2","type":"IntegrationMailchimp","account_id":2,"use_cloudfront":false,' +
          '"integration_type":"email","provider":"mailchimp","created_at":"2017-04-26T19:22:20.387166",' +
          '"updated_at":"2017-04-26T19:22:20.387166","api_key":"api_key"}]',
      )
    } finally {
      await other.close()
    }
  })

  test('an empty account as an empty array', async () => {
    const { key } = await newAccount(api)
    assert.equal((await call(api.address, 'GET', '/api/v1/integrations', { key })).text, '[]')
  })
})
