// What people do at each provider beside verifying: it works at its stand-in, with the credential that the catalogue puts on.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { MissingField, type Values } from '../../src/catalogue/api.ts'
import type { Provider } from '../../src/catalogue/define.ts'
import { providers } from '../../src/catalogue/index.ts'
import { withoutStandIn } from '../../src/sandbox/index.ts'
import { type Client, type Given, startClient } from '../support/ask-sandbox.ts'
import { sampleOf } from '../support/sandbox.ts'
import { asObject } from '../support/v2.ts'

let client: Client
before(async () => {
  client = await startClient({ nowMs: () => Date.now() })
})
after(() => client.sandbox.close())

type Step = readonly [
  request: string,
  given: Given,
  status: number,
  told?: object | undefined,
  service?: string,
]

const email = 'ada@b.example'
const hash = createHash('md5').update(email).digest('hex')
const json = (json: unknown): Given => ({ json })
const form = (form: Record<string, string>): Given => ({ form })

/** In order; `{id}` stands for the id that the step before was told. */
const actions: Readonly<Record<string, readonly Step[]>> = {
  active_campaign: [
    ['POST /api/3/contact/sync', json({ contact: { email } }), 201, { contact: { email } }],
    ['POST /api/3/contact/sync', json({ contact: { email } }), 200],
    [
      'POST /api/3/contactTags',
      json({ contactTag: { contact: '1', tag: '2' } }),
      201,
      { contactTag: { tag: '2' } },
    ],
    ['POST /api/3/contactLists', json({ contactList: { list: '1', contact: '1', status: 1 } }), 200],
    ['GET /api/3/nothing', {}, 404],
  ],
  amazon: [
    ['PUT /sandbox-files-eu-north-1/a.txt', { body: 'hello' }, 200],
    ['GET /sandbox-files-eu-north-1/a.txt', {}, 200],
    ['GET /2020-05-31/distribution', {}, 200, undefined, 'cloudfront'],
    [
      'POST /2020-05-31/distribution/E1/invalidation',
      { body: '<InvalidationBatch/>' },
      201,
      undefined,
      'cloudfront',
    ],
  ],
  aweber: [
    ['POST /1.0/accounts/1/lists/1/subscribers', form({ email, name: 'Ada' }), 201],
    [
      'GET /1.0/accounts/1/lists/1/subscribers?ws.op=find&email=ada%40b.example',
      {},
      200,
      { entries: [{ email }] },
    ],
  ],
  convertkit: [['POST /v3/tags/1/subscribe', json({ email }), 200, { subscription: { state: 'active' } }]],
  disqus: [['GET /embed.js', {}, 302]],
  drip: [
    ['POST /v2/9999999/subscribers', json({ subscribers: [{ email }] }), 200, { subscribers: [{ email }] }],
    ['POST /v2/9999999/tags', json({ tags: [{ email, tag: 'x' }] }), 201],
    [`DELETE /v2/9999999/subscribers/${email}/tags/x`, {}, 204],
    ['POST /v2/1/events', json({}), 404],
  ],
  getresponse: [
    ['POST /v3/contacts', json({ email, campaign: { campaignId: 'p86zQ' } }), 202],
    ['POST /v3/contacts', json({ email }), 409, { code: 1008 }],
    ['GET /v3/contacts?query%5Bemail%5D=ada%40b.example', {}, 200],
  ],
  google_analytics: [
    ['GET /v1beta/properties/123456789/dataStreams', {}, 200, { dataStreams: [{ type: 'WEB_DATA_STREAM' }] }],
    ['POST /v1beta/properties/123456789:runReport', json({}), 200, { rowCount: 1 }, 'data'],
  ],
  infusionsoft: [
    ['POST /crm/rest/v2/contacts', json({ given_name: 'Ada' }), 201, { given_name: 'Ada' }],
    [
      'PATCH /crm/rest/v2/contacts/{id}?update_mask=given_name',
      json({ given_name: 'Eve' }),
      200,
      { given_name: 'Eve' },
    ],
    ['POST /crm/rest/v2/tags/7/contacts:applyTags', json({ contact_ids: ['1'] }), 200],
  ],
  intercom: [
    ['POST /contacts', json({ role: 'user', email }), 200, { email }],
    ['POST /contacts/{id}/tags', json({ id: '1' }), 200, { type: 'tag' }],
    ['POST /contacts', json({ email }), 409],
    [
      'POST /contacts/search',
      json({ query: { field: 'email', operator: '=', value: email } }),
      200,
      { total_count: 1 },
    ],
  ],
  mailchimp: [
    [`PUT /3.0/lists/a1/members/${hash}`, json({ email_address: email, status_if_new: 'subscribed' }), 200],
    [`POST /3.0/lists/a1/members/${hash}/tags`, json({ tags: [{ name: 'x', status: 'active' }] }), 204],
    ['GET /3.0/lists', {}, 200, { total_items: 1 }],
  ],
  ontraport: [
    ['POST /1/Contacts/saveorupdate', json({ email }), 200, { code: 0, data: { email } }],
    ['PUT /1/objects/tagByName', json({ objectID: 0, ids: ['1'], add_names: ['x'] }), 200],
    ['GET /1/object/getByEmail?objectID=0&email=ada%40b.example', {}, 200, { code: 0 }],
  ],
  sendreach: [
    ['POST /lists/sb0/subscribers', form({ EMAIL: email, FNAME: 'Ada B' }), 201, { status: 'success' }],
    ['POST /lists/sb0/subscribers', form({ EMAIL: email }), 409],
  ],
  stripe: [
    [
      'POST /v1/checkout/sessions',
      form({ mode: 'payment', 'line_items[0][price]': 'price_1' }),
      200,
      { mode: 'payment' },
    ],
    ['GET /v1/checkout/sessions/{id}', {}, 200, { object: 'checkout.session' }],
    ['POST /v1/refunds', form({}), 400],
    ['POST /v1/refunds', form({ charge: 'ch_1', amount: '100' }), 200, { object: 'refund' }],
  ],
  wishlist: [
    ['POST /?/wlmapi/2.0/json/members', form({ user_login: 'ada', user_email: email }), 200, { success: 1 }],
    [
      'POST /?/wlmapi/2.0/json/levels/1/members/2',
      form({ ____METHOD_EMULATION____: 'PUT', Cancelled: '1' }),
      200,
    ],
    ['GET /?/wlmapi/2.0/json/nothing', {}, 404],
  ],
}

/** Their credentials are tokens that have to be had first, which other tests do. */
const elsewhere = ['paypal']

test('every provider with a stand-in is tried', () => {
  const names = [...Object.keys(actions), ...elsewhere, ...Object.keys(withoutStandIn)]
  assert.deepEqual(names.toSorted(), providers.map(({ name }) => name).toSorted())
})

for (const provider of providers) {
  const steps = actions[provider.name]
  if (!steps) continue
  test(`${provider.title} does at its stand-in what people use it for`, async () => {
    let id = ''
    for (const [request, given, status, told, service] of steps) {
      const { text, body, ...answer } = await act(provider, request.replace('{id}', id), given, service)
      assert.equal(answer.status, status, `${request}: ${text}`)
      if (told) assert.partialDeepStrictEqual(body, told)
      if (told) id = String(asObject(body).id ?? '')
    }
  })
}

function act({ name, api }: Provider, request: string, given: Given, service?: string) {
  assert.ok(api)
  const fields: Record<string, string> = {
    ...sampleOf(name, 'valid'),
    ...(name === 'amazon' && { region: 'eu-north-1' }),
  }
  const values: Values = {
    find: (field) => fields[field],
    get(field) {
      const value = fields[field]
      if (value === undefined) throw new MissingField(field)
      return value
    },
  }
  const chosen = service ?? Object.keys(api.services)[0] ?? ''
  const base = new URL(api.services[chosen]?.base(values) ?? '')
  const folder = base.pathname.replace(/\/$/, '')
  const [method = '', path = ''] = request.split(' ')
  return client.askWith(
    api.credential(values, chosen),
    method,
    `${base.origin}${folder}${path}`,
    given,
    folder,
  )
}
