// The sandbox: what decides how it answers, what it checks, and how it does what providers do beside verification.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { derivedSecret, modeOf } from '../../src/sandbox/modes.ts'
import { shelf } from '../../src/sandbox/shelf.ts'
import { type Client, startClient } from '../support/ask-sandbox.ts'
import { asObject, textOf } from '../support/v2.ts'

let client: Client
before(async () => {
  client = await startClient()
})
after(() => client.sandbox.close())

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const stripe = 'https://api.stripe.com/v1'
const key = bearer('sk_test_xvalid')

describe('the ending of a credential', () => {
  test('decides in any case of letters, and what is before it is whose it is', () => {
    assert.deepEqual(modeOf('AKIAXVALID'), { mode: 'valid', stem: 'AKIAX' })
    assert.deepEqual(modeOf('key-ratelimited'), { mode: 'ratelimited', stem: 'key-' })
  })

  test('is none where it is invalid, unknown or missing: these are refused', () => {
    for (const text of ['invalid', 'key', '', 'valid-not']) assert.equal(modeOf(text).mode, 'rejected', text)
  })

  test('is passed over for samples that are valid as they stand', () => {
    assert.equal(modeOf('secret_key', ['secret_key']).mode, 'valid')
    assert.equal(modeOf('secret_key').mode, 'rejected')
  })

  test('makes an answer slow, a page of HTML, or none at all', async () => {
    const startedMs = performance.now()
    assert.equal((await client.ask('GET', `${stripe}/balance`, bearer('sk_test_slow'))).status, 200)
    assert.ok(performance.now() - startedMs > 150)
    const page = await client.ask('GET', `${stripe}/balance`, bearer('sk_test_html'))
    assert.match(page.text, /^<!doctype html>/)
    await assert.rejects(
      client.ask('GET', `${stripe}/balance`, bearer('sk_test_down')),
      /socket hang up|ECONNRESET/,
    )
  })
})

describe('the server', () => {
  test('has no answer for a host that nobody stands in for', async () => {
    const { status, body } = await client.ask('GET', 'https://api.unknown.example/v1/balance')
    assert.equal(status, 421)
    assert.match(textOf(asObject(body).error), /api\.unknown\.example/)
  })

  test('takes a body of 8 MiB and no more', async () => {
    const tooMuch = { ...key, body: Buffer.alloc(8 * 1_048_576 + 1) }
    assert.equal((await client.ask('POST', `${stripe}/customers`, tooMuch)).status, 413)
  })

  test('keeps no request where it was not told to', async () => {
    const { sandbox, ask } = await startClient({ keptRequests: 0 })
    await ask('GET', `${stripe}/balance`, key)
    assert.deepEqual(sandbox.requests(), [])
    await sandbox.close()
  })

  test('remembers so much and no more', () => {
    const things = shelf<number>(2)
    for (const n of [1, 2, 3]) things.put(String(n), n)
    assert.deepEqual(things.all(), [2, 3])
    things.put('2', 4)
    assert.deepEqual(things.entries(), [
      ['3', 3],
      ['2', 4],
    ])
  })
})

describe('Stripe’s stand-in', () => {
  test('makes customers and shows them, and answers unknown paths and things as Stripe does', async () => {
    const made = await client.ask('POST', `${stripe}/customers`, { ...key, form: { email: 'a@b.example' } })
    const { id } = asObject(made.body)
    assert.match(textOf(id), /^cus_/)
    const shown = await client.ask('GET', `${stripe}/customers/${id}`, key)
    assert.partialDeepStrictEqual(shown.body, {
      id,
      object: 'customer',
      email: 'a@b.example',
      livemode: false,
    })
    const missing = await client.ask('GET', `${stripe}/customers/cus_none`, key)
    assert.equal(missing.status, 404)
    assert.equal(asObject(asObject(missing.body).error).code, 'resource_missing')
    assert.equal((await client.ask('GET', `${stripe}/nothing`, key)).status, 404)
    assert.equal((await client.ask('GET', `${stripe}/balance`)).status, 401)
  })

  test('does what carries the same idempotency key once', async () => {
    const send = (email: string) =>
      client.ask('POST', `${stripe}/customers`, {
        headers: { ...key.headers, 'idempotency-key': 'once' },
        form: { email },
      })
    const [first, again, other] = [
      await send('a@b.example'),
      await send('a@b.example'),
      await send('c@d.example'),
    ]
    assert.equal(again.text, first.text)
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.equal(other.status, 400)
  })
})

describe('tokens that are had from it', () => {
  const clientId = 'app'
  const client_secret = derivedSecret(clientId, 'hex')
  const refresh = (refresh_token: string, secret = client_secret) =>
    client.ask('POST', 'https://oauth2.googleapis.com/token', {
      form: { grant_type: 'refresh_token', client_id: clientId, client_secret: secret, refresh_token },
    })
  const summaries = (token: unknown) =>
    client.ask('GET', 'https://analyticsadmin.googleapis.com/v1beta/accountSummaries', bearer(textOf(token)))

  test('work until they end, and a refresh token works once', async () => {
    const first = asObject((await refresh('start-valid')).body)
    assert.equal((await summaries(first.access_token)).status, 200)
    const second = await refresh(textOf(first.refresh_token))
    assert.equal(second.status, 200)
    for (const used of ['start-valid', textOf(first.refresh_token)]) {
      const { status, body } = await refresh(used)
      assert.equal(status, 400)
      assert.equal(asObject(body).error, 'invalid_grant')
    }
    client.move(121_000)
    assert.equal((await summaries(asObject(second.body).access_token)).status, 401)
  })

  test('are given to the right client alone, and cannot be made up or altered', async () => {
    const refused = await refresh('another-valid', 'wrong')
    assert.equal(asObject(refused.body).error, 'invalid_client')
    const { body } = await refresh('another-valid')
    const token = textOf(asObject(body).access_token)
    assert.equal((await summaries(token)).status, 200, 'the refusal did not use the refresh token up')
    const longer = token.replace(/~(\d+)~/, (_, ends) => `~${Number(ends) + 1}~`)
    assert.equal((await summaries(longer)).status, 401)
  })

  test('are of an account that the refresh token tells, and end as it does', async () => {
    const { body } = await refresh('sandbox-forbidden')
    const forbidden = await summaries(asObject(body).access_token)
    assert.equal(forbidden.status, 403)
  })
})

test('Mailchimp’s stand-in wants a member’s address in its hash, and knows a key in its own data centre alone', async () => {
  const member = (hash: string, host = 'us6') =>
    client.ask('PUT', `https://${host}.api.mailchimp.com/3.0/lists/a1/members/${hash}`, {
      headers: { authorization: `Basic ${Buffer.from('any:xvalid-us6').toString('base64')}` },
      json: { email_address: 'Ada@b.example', status_if_new: 'subscribed' },
    })
  const hash = createHash('md5').update('ada@b.example').digest('hex')
  assert.equal((await member(hash)).status, 200)
  assert.equal((await member('0'.repeat(32))).status, 400)
  assert.equal((await member(hash, 'us7')).status, 401)
})

test('PayPal’s stand-in takes an order with a token that it gave, until that ends', async () => {
  const api = 'https://api-m.sandbox.paypal.com'
  const basic = `Basic ${Buffer.from('app:secret-valid').toString('base64')}`
  const granted = await client.ask('POST', `${api}/v1/oauth2/token`, {
    headers: { authorization: basic },
    form: { grant_type: 'client_credentials' },
  })
  const token = bearer(textOf(asObject(granted.body).access_token))
  const order = await client.ask('POST', `${api}/v2/checkout/orders`, {
    ...token,
    json: { intent: 'CAPTURE' },
  })
  assert.equal(order.status, 201)
  const { id } = asObject(order.body)
  assert.equal((await client.ask('GET', `${api}/v2/checkout/orders/${id}`, token)).status, 200)
  client.move(121_000)
  assert.equal((await client.ask('GET', `${api}/v2/checkout/orders/${id}`, token)).status, 401)
  assert.equal(
    (await client.ask('GET', `${api}/v2/checkout/orders/${id}`, bearer('made-up-rejected'))).status,
    401,
  )
})
