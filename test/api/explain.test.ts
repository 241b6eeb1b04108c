// Explaining a call: what would be sent, with the credential masked in every form that it takes, and nothing sent.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { holdsNone, marker, secretOf } from '../support/connection-canaries.ts'
import { at, catalogue, fieldsFor, type Member, secretNamesOf } from '../support/connections.ts'
import { spellingsOf } from '../support/idempotency.ts'
import { type Proxied, proxyPath, startProxied } from '../support/proxied.ts'
import { asObject, textOf } from '../support/v2.ts'

let proxied: Proxied
before(async () => {
  proxied = await startProxied()
})
beforeEach(() => {
  proxied.upstream.asked.length = 0
})
after(() => proxied.close())

async function explained(id: number, body: Member): Promise<{ text: string; shown: Member }> {
  const { status, text, body: shown } = await proxied.v2.send('POST', at(id, 'explain'), body)
  assert.equal(status, 200, text)
  assert.equal(proxied.upstream.asked.length, 0, 'nothing is sent')
  return { text, shown: asObject(shown) }
}

/** What makes a connection able to call, beside secrets that are nothing but text. */
const usable: Readonly<Record<string, Member>> = {
  amazon: { region: 'eu-north-1', access_key_id: 'AKIAIOSFODNN7EXAMPLE' },
  active_campaign: { api_endpoint: 'https://one.api-us1.com' },
  mailchimp: { api_key: `${marker}-${marker}-us6` },
  sendreach: { base_url: 'https://dashboard.sendreach.example/api' },
  wishlist: { endpoint: 'https://members.example/site' },
}

const callable = catalogue.filter(({ api, never }) => api && never?.proxy === undefined)

for (const { name, api } of callable) {
  const secrets = Object.fromEntries(secretNamesOf(name).map((field) => [field, secretOf(field)]))
  const { ready: _, ...fields } = { ...fieldsFor(name), ...secrets, ...usable[name] }

  for (const service of Object.keys(api?.services ?? {})) {
    test(`${name}, ${service}: no secret is in it, in no spelling and no signature`, async () => {
      const id = await proxied.v2.make(name, fields)
      const asked = {
        method: 'POST',
        path: '/v1/a?b=%41',
        service,
        body: 'c=d',
        headers: { 'X-Mine': 'mine' },
      }
      const { text, shown } = await explained(id, {
        ...asked,
        headers: { ...asked.headers, 'content-type': 'application/x-www-form-urlencoded' },
      })
      holdsNone(text, 'the explanation', spellingsOf(marker))
      holdsNone(text, 'the explanation', ['mortise:', ...Object.values(secrets).flatMap(derived)])
      assert.equal(shown.method, 'POST')
      assert.equal(shown.service, service)
      assert.match(textOf(shown.url), /^https:\/\/[^?]+\/v1\/a\?/)
      assert.match(text, /"X-Mine","value":"mine"/)
      assert.match(text, /\*\*\*/, 'it says where the credential goes')
    })
  }
}

/** What is made of a secret on the way into a request. */
function derived(secret: string): string[] {
  return ['', 'mortise', 'user'].map((user) =>
    Buffer.from(`${user}:${secret}`).toString('base64').slice(0, 24),
  )
}

describe('an explanation', () => {
  test('shows what the same call then sends, but for the credential', async () => {
    const path = '/v1/charges?expand[]=%41'
    const headers = { Accept: 'a/b', 'Idempotency-Key': 'k', Cookie: 'x', 'X-Forwarded-For': '1.1.1.1' }
    const { shown } = await explained(proxied.id, { method: 'GET', path, headers })
    assert.deepEqual(shown, {
      method: 'GET',
      url: 'https://api.stripe.com/v1/charges?expand[]=%41',
      service: 'api',
      headers: [
        { name: 'Accept', value: 'a/b' },
        { name: 'Idempotency-Key', value: 'k' },
        { name: 'authorization', value: 'Bearer ***' },
      ],
      token_renewed: false,
      body_signed: false,
    })
    await proxied.ask('GET', path, { headers: Object.entries(headers) })
    const sent = proxied.upstream.asked.at(-1)
    assert.equal(`https://${sent?.headers.host}${sent?.url}`, shown.url)
    const names = sent?.rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
    assert.deepEqual(names, ['host', 'connection', 'accept', 'idempotency-key', 'authorization'])
  })

  test('tells whether a token would be had first, and whether the body is signed', async () => {
    const paypal = await proxied.v2.make('paypal', { client_id: 'c', client_secret: 's' })
    const tokens = await explained(paypal, { method: 'GET', path: '/v1/x' })
    assert.equal(tokens.shown.token_renewed, true)
    assert.match(tokens.text, /Bearer \*\*\*/)
    const aweber = await proxied.v2.make('aweber', {
      consumer_key: 'a',
      consumer_secret: 'b',
      access_token: 'c',
      access_token_secret: 'd',
    })
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const signed = { method: 'POST', path: '/1.0/x', headers: form, body: 'a=1' }
    assert.equal((await explained(aweber, signed)).shown.body_signed, true)
    assert.equal((await explained(aweber, { method: 'GET', path: '/1.0/x' })).shown.body_signed, false)
  })

  test('is refused as the call would be', async () => {
    const ask = async (id: number, body: Member) => {
      const answer = await proxied.v2.send('POST', at(id, 'explain'), body)
      return [answer.status, asObject(answer.body).code]
    }
    const body = { method: 'GET', path: '/v1/x' }
    const page = await proxied.v2.make('html', { html: '<p>' })
    const bare = await proxied.v2.make('stripe', {})
    assert.deepEqual(await ask(page, body), [409, 'not_available'])
    assert.deepEqual(await ask(bare, body), [409, 'not_configured'])
    assert.deepEqual(await ask(999_999, body), [404, 'not_found'])
    for (const path of ['x', '//evil', '/\\evil', '/../x', '/%2e%2e/x', '/a b', '/a#b']) {
      assert.deepEqual(await ask(proxied.id, { ...body, path }), [400, 'malformed'], path)
    }
  })

  for (const [member, value] of [
    ['method', 'TRACE'],
    ['method', 'get'],
    ['service', 'none'],
    ['headers', { 'a b': 'x' }],
    ['headers', { a: 'x\r\ny: 1' }],
    ['headers', { a: 1 }],
    ['headers', ['a']],
    ['unknown', 1],
  ] as const) {
    test(`does not take ${JSON.stringify(value)} for ${member}`, async () => {
      const body = { method: 'GET', path: '/v1/x', [member]: value }
      const answer = await proxied.v2.send('POST', at(proxied.id, 'explain'), body)
      assert.equal(answer.status, 400, answer.text)
      assert.ok(member in asObject(answer.body), answer.text)
    })
  }

  test('leaves no record and counts as no use', async () => {
    const id = await proxied.v2.make('stripe', { secret_key: 'k' })
    await explained(id, { method: 'GET', path: '/v1/x' })
    await proxied.v2.api.hub.flush()
    assert.doesNotMatch(
      (await proxied.v2.send('GET', '/v2/audit/?action=connection.used')).text,
      new RegExp(`"id":${id},`),
    )
    assert.equal((await proxied.v2.send('DELETE', at(id))).status, 204)
    assert.equal((await proxied.ask('GET', '/v1/x', { target: proxyPath(id) })).status, 404)
  })
})
