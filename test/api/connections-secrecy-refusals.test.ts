// Whatever is wrong with a request for a connection, the refusal, the log and the files hold nothing of its secrets.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  bodyFor,
  bodyMarker,
  canaries,
  expectNothingKept,
  marker,
  misplaced,
  quiet,
  secretOf,
} from '../support/connection-canaries.ts'
import {
  at,
  type Connections,
  catalogue,
  connectionsPath,
  everythingOf,
  fieldsOf,
  type Member,
  startConnections,
} from '../support/connections.ts'
import { keyOf } from '../support/idempotency.ts'
import { multipart } from '../support/raw-request.ts'
import { rawRequest } from '../support/v2.ts'

let v2: Connections
/** For addresses: of those all is logged but api_key. */
let other: Connections
let id: number
let untouched: string
before(async () => {
  v2 = await startConnections()
  other = await startConnections({ logLevel: 'silent' })
  const fields = { ...canaries('active_campaign'), api_endpoint: 'https://a.example' }
  id = await v2.make('active_campaign', fields, { title: bodyMarker })
  untouched = await everythingOf(v2.api)
})
after(async () => {
  await v2.api.close()
  await other.api.close()
})

/** Refused by every way to write. */
async function refused(body: Member | string, what: string, provider = 'active_campaign'): Promise<void> {
  for (const method of provider === 'active_campaign' ? ['POST', 'PUT', 'PATCH'] : ['POST']) {
    const path = method === 'POST' ? connectionsPath : at(id)
    const answer = typeof body === 'string' ? v2.sendText(method, path, body) : v2.send(method, path, body)
    await quiet(400, answer, `${method} with ${what}`)
  }
}

describe('no answer repeats a secret that came', () => {
  for (const { name: provider } of catalogue) {
    test(`among values that are no good for ${provider}`, async () => {
      for (const [name, { kind, isSecret, oneOf, pattern }] of fieldsOf(provider)) {
        if (kind === 'status' || kind === 'token') continue
        const secret = secretOf(name)
        const wrong: Record<string, unknown> = {
          'a list': [secret],
          'a text that is too long': secret.padEnd(65_537, secret),
          ...(kind === 'object' ? { 'a text': secret } : { 'an object': { [secret]: secret } }),
          ...(isSecret && { 'two lines': `${secret}\n${secret}`, 'no ASCII': `${secret}ö` }),
          ...(isSecret && { 'a mask': `••••${secret.slice(-8)}`, 'a NUL': `${secret}\0` }),
          ...((oneOf || pattern) && { 'another text': misplaced.padEnd(70, '-') }),
        }
        for (const [what, value] of Object.entries(wrong)) {
          const fields = { ...canaries(provider), [name]: value }
          await refused(bodyFor(provider, { fields }), `${what} as ${name}`, provider)
        }
      }
      const fields = { ...canaries(provider), unknown_field: secretOf('unknown') }
      await refused(bodyFor(provider, { fields }), 'an unknown field', provider)
    })
  }

  test('among members that are no good', async () => {
    const secret = secretOf('member')
    const deep: unknown = JSON.parse(`${'['.repeat(40)}${JSON.stringify(secret)}${']'.repeat(40)}`)
    for (const [name, value] of [
      ['fields', secret],
      ['fields', [secret]],
      ['fields', { padding: 'x'.repeat(600_000), api_key: secret }],
      ['title', { [secret]: secret }],
      ['title', secret.padEnd(300, secret)],
      ['title', `${secret}\0`],
      ['metadata', secret],
      ['metadata', { deep }],
      ['metadata', { long: secret.padEnd(20_000, secret) }],
      ['use_cloudfront', secret],
      ['use_cloudfront', [secret]],
      ['provider', [secret]],
      ['provider', secret],
      ['unknown_member', secret],
      ['api_key', secret],
    ] as const) {
      await refused(bodyFor('active_campaign', { [name]: value }), `${name} as ${typeof value}`)
    }
  })

  test('with another provider, or with another origin that asks for all of them', async () => {
    const { event_key: _, ...some } = canaries('active_campaign')
    const moved = { ...some, api_endpoint: `https://${misplaced}.example` }
    await quiet(400, v2.send('PATCH', at(id), { fields: moved }), 'a new origin')
    await quiet(400, v2.send('PATCH', at(id), bodyFor('stripe')), 'another provider')
    await quiet(400, v2.send('PUT', at(id), bodyFor('stripe')), 'another provider')
  })

  test('in JSON that cannot be read', async () => {
    const secret = JSON.stringify(secretOf('body'))
    for (const body of [
      `{"fields":{"api_key":${secret}}`,
      `{"fields":{"api_key":${secret},}}`,
      `{"fields":{"api_key":${secret}}} ${secret}`,
      `{"fields":{'api_key':${secret}}}`,
      `[{"fields":{"api_key":${secret}}}]`,
      secret,
      marker,
      misplaced,
      `{"__proto__":{"api_key":${secret}}}`,
      `{"fields":{"api_key":"${marker}\\ud800"}}`,
      `{"fields":{"api_key":"${marker}\u0001"}}`,
    ]) {
      await refused(body, body)
    }
    const bytes = Buffer.from(`{"fields":{"api_key":${secret},"x":"\xff"}}`, 'latin1')
    await quiet(400, v2.sendText('POST', connectionsPath, bytes), 'a body that is no UTF-8')
    const large = `{"fields":{"api_key":${secret}},"padding":"${'x'.repeat(1_100_000)}"}`
    // Whoever sends too much may be hung up on before the answer is read.
    const answer = await v2.sendText('POST', connectionsPath, large).catch(() => undefined)
    if (answer) await quiet(413, Promise.resolve(answer), 'a body that is too large')
  })

  test('in forms and kinds of bodies that are no good', async () => {
    const secret = secretOf('form')
    const form = 'application/x-www-form-urlencoded'
    const parts = multipart({ provider: 'stripe', title: 'x', fields: secret })
    for (const [type, body, status] of [
      [form, `provider=stripe&title=x&fields=${encodeURIComponent(secret)}`, 400],
      [form, `fields=%ff${encodeURIComponent(secret)}`, 400],
      [parts.type, parts.body, 400],
      [parts.type, secret, 400],
      ['text/plain', secret, 415],
      ['application/json; charset=utf-16', JSON.stringify({ fields: secret }), 415],
    ] as const) {
      await quiet(status, v2.sendText('POST', connectionsPath, body, type), `${type} ${body}`)
    }
  })

  test('in a header', async () => {
    const post = (more: Record<string, string>) => v2.send('POST', connectionsPath, bodyFor('stripe'), more)
    await quiet(404, post({ 'integration-id': misplaced }), 'Integration-ID')
    await quiet(401, post({ authorization: `Token ${misplaced}` }), 'Authorization')
    await quiet(400, post(keyOf(`${marker} ${marker}`)), 'Idempotency-Key')
    await quiet(406, post({ accept: `text/${misplaced}` }), 'Accept')
    const headers = [
      ['Authorization', `Token ${v2.account.key}`],
      ['Integration-ID', misplaced],
      ['Integration-ID', '1'],
    ] as const
    const twice = rawRequest(v2.api.address, 'GET', at(id), { headers })
    await quiet(400, twice, 'Integration-ID given twice')
  })

  test('where the name of a provider belongs', async () => {
    await refused(bodyFor('stripe', { provider: misplaced }), 'a secret as provider')
  })

  test('where the names of fields to restore belong', async () => {
    for (const fields of [[misplaced], [secretOf('x')], [{ x: misplaced }], misplaced, { x: misplaced }]) {
      await quiet([400, 409], v2.send('POST', at(id, 'restore'), { fields }), 'restore')
    }
  })

  for (const path of [
    ...['provider', 'integration_type', 'health', 'page'].map((name) => `?${name}=${misplaced}`),
    ...['provider', 'q', 'health'].map((name) => `?${name}=x&${name}=${misplaced}`),
    `${misplaced}/`,
    `${encodeURIComponent(marker)}/`,
    `1/${misplaced}/`,
    `1/?force=${misplaced}`,
  ]) {
    test(`in an address like ${path}`, async () => {
      const method = path.includes('force') ? 'DELETE' : 'GET'
      await quiet([400, 404], other.send(method, `${connectionsPath}${path}`), path)
    })
  }
})

test('after all of that nothing has changed, and no log line, audit record or data file holds a secret', async () => {
  assert.equal(await everythingOf(v2.api), untouched)
  await expectNothingKept(v2.api)
})
