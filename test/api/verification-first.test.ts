// `?verify=true`: credentials are asked about before they are stored, so that bad ones never replace good ones.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, call, newKey } from '../support/api.ts'
import { until } from '../support/command-line.ts'
import { at, connectionsPath, everythingOf, listOfTexts } from '../support/connections.ts'
import { keyOf, ran, replayed } from '../support/idempotency.ts'
import type { Said } from '../support/stand-in.ts'
import { client } from '../support/token-server.ts'
import { asObject } from '../support/v2.ts'
import { refused, startVerifying, type Verifying } from '../support/verifying.ts'

let all: Verifying
before(async () => {
  all = await startVerifying()
})
after(() => all.api.close())

const good = 'sk_test_good0001'
const better = 'sk_test_better01'
const verified = `${connectionsPath}?verify=true`
const body = (secret_key: string, more: object = {}) => ({
  provider: 'stripe',
  title: 'verified first',
  fields: { secret_key },
  ...more,
})
const asks = () => all.provider.seen.length

function isRefused({ status, body }: Answer): void {
  assert.equal(status, 422)
  assert.equal(asObject(body).code, 'verification_failed')
  assert.match(`${asObject(body).detail}`, /Nothing was changed\.$/)
}

const noes: Readonly<Record<string, Said>> = {
  'says no': refused,
  'does not answer': 'cut',
  'is broken': { status: 500 },
  'takes no more requests': { status: 429 },
  'repeats the secret': { status: 400, body: { message: good } },
}

describe('where the provider', () => {
  for (const [what, said] of Object.entries(noes)) {
    test(`${what}, nothing is made or changed`, async () => {
      all.knows({ [good]: 'acct_1' })
      const id = await all.stripe(good)
      await all.verify(id)
      const before = await everythingOf(all.api)
      all.says(said)
      for (const answer of [
        await all.send('POST', verified, body(better)),
        await all.send('PATCH', `${at(id)}?verify=true`, { fields: { secret_key: better } }),
        await all.send('PUT', `${at(id)}?verify=true`, body(better)),
      ]) {
        isRefused(answer)
        assert.ok(!answer.text.includes(better) && !answer.text.includes(good))
      }
      assert.equal(await everythingOf(all.api), before)
      assert.equal((await all.reveal(id)).secret_key, good)
      assert.ok(!all.api.log().includes(better))
    })
  }

  test('says yes, it is stored as healthy, and known to be whose', async () => {
    all.knows({ [good]: 'acct_1', [better]: 'acct_1' })
    const made = await all.send('POST', verified, body(good))
    assert.equal(made.status, 201, made.text)
    const { id, health } = asObject(made.body)
    assert.partialDeepStrictEqual(health, { status: 'healthy', account: 'Shop acct_1' })
    const changed = await all.send('PATCH', `${at(Number(id))}?verify=true`, {
      fields: { secret_key: better },
    })
    assert.partialDeepStrictEqual(changed.body, { health: { status: 'healthy', account: 'Shop acct_1' } })
    assert.deepEqual(
      (await all.checks(Number(id))).map(({ cause }) => cause),
      ['change', 'change'],
    )
    assert.equal((await all.reveal(Number(id))).secret_key, better)
  })

  test('says yes for another account than before, that is told with the answer', async () => {
    all.knows({ [good]: 'acct_mine', [better]: 'acct_theirs' })
    const id = await all.stripe(good)
    await all.verify(id)
    const { body } = await all.send('PATCH', `${at(id)}?verify=true`, { fields: { secret_key: better } })
    assert.match(
      listOfTexts(asObject(body).warnings).join(' '),
      /another account of the provider than before/,
    )
  })

  test('cannot be asked, it is stored as that', async () => {
    const before = asks()
    const html = { provider: 'html', title: 'a form', fields: { html: '<p>1</p>' } }
    const paypal = { provider: 'paypal', title: 'no secret', fields: { client_id: 'x' } }
    for (const one of [html, paypal]) {
      const { status, text, body } = await all.send('POST', verified, one)
      assert.equal(status, 201, text)
      assert.equal(Object(asObject(body).health).status, 'unverifiable')
    }
    assert.equal(asks(), before)
  })
})

describe('who is asked', () => {
  test('nobody, where the request is refused for itself', async () => {
    const id = await all.stripe(good)
    const before = asks()
    const reads = await newKey(all.api, all.account.id, { scopes: ['connections:read'] })
    const headers = { 'integration-id': '1' }
    const answers = await Promise.all([
      all.send('POST', verified, { ...body(good), extra: 1 }),
      all.send('POST', `${connectionsPath}?verify=maybe`, body(good)),
      all.send('PATCH', `${at(id)}?verify=true`, { fields: { secret_key: '****' } }),
      all.send('PATCH', `${at(999_999)}?verify=true`, {}),
      all.send('POST', verified, body(good), { 'integration-id': 'nobody' }),
      call(all.api.address, 'PATCH', `${at(id)}?verify=true`, { key: reads, headers, body: {} }),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 400, 400, 404, 404, 403],
    )
    assert.equal(asks(), before)
  })

  test('not a new address with secrets that were given for another one', async () => {
    const fields = { api_endpoint: 'https://one.api-us1.com', api_key: 'ac-key-one-0001' }
    const id = await all.make('active_campaign', fields)
    const before = asks()
    const move = (more: object) =>
      all.send('PATCH', `${at(id)}?verify=true`, {
        fields: { api_endpoint: 'https://two.api-us1.com', ...more },
      })
    assert.equal((await move({})).status, 400)
    assert.equal((await move({ api_endpoint: 'https://127.0.0.1' })).status, 400)
    assert.equal(asks(), before)
    all.says({ status: 200, body: { user: { id: '1', email: 'a@example.com' } } })
    assert.equal((await move({ api_key: 'ac-key-two-0001' })).status, 200)
    const [seen] = all.provider.seen.slice(before)
    assert.equal(seen?.host, 'two.api-us1.com')
    assert.equal(seen?.headers['api-token'], 'ac-key-two-0001')
  })

  test('nobody about a refresh token: it may be good for one use, whose fruit could not be kept', async () => {
    const before = asks()
    const google = (fields: object) => ({
      provider: 'google_analytics',
      title: 'visits',
      fields: { ...client, ...fields },
    })
    const made = await all.send('POST', verified, google({ refresh_token: 'a-refresh-token' }))
    assert.equal(Object(asObject(made.body).health).status, 'unverifiable')
    const id = await all.make('google_analytics', {
      ...client,
      access_token: 'of-another-grant',
      refresh_token: 'of-another-grant-too',
    })
    const fields = { refresh_token: 'a-new-refresh-token' }
    const changed = await all.send('PATCH', `${at(id)}?verify=true`, { fields })
    assert.equal(
      Object(asObject(changed.body).health).status,
      'unverifiable',
      'not by the other grant’s token',
    )
    assert.equal(asks(), before)
  })

  test('with a token that is good for now, where a change leaves the tokens alone', async () => {
    const id = await all.make('google_analytics', {
      ...client,
      access_token: 'has-ended-long-ago',
      refresh_token: 'still-good',
      expires_at: '2020-01-01T00:00:00Z',
    })
    all.provider.answer(({ method, headers: { authorization } }) => {
      if (method === 'POST') return { status: 200, body: { access_token: 'fresh', expires_in: 3600 } }
      const summaries = [{ account: 'accounts/1', displayName: 'One' }]
      return authorization === 'Bearer fresh'
        ? { status: 200, body: { accountSummaries: summaries } }
        : refused
    })
    const sent = await all.get(id)
    for (const [method, change] of [
      ['PATCH', { title: 'renamed' }],
      ['PATCH', { fields: { web_property_id: 'G-NEW' } }],
      ['PUT', { ...sent, title: 'sent back' }],
    ] as const) {
      const { status, text } = await all.send(method, `${at(id)}?verify=true`, change)
      assert.equal(status, 200, text)
    }
  })
})

describe('under an Idempotency-Key', () => {
  test('of many at once one asks; the others are told to come back, and get its answer then', async () => {
    all.knows({ [good]: 'acct_1' })
    const before = asks()
    const key = keyOf('verified-race')
    const send = () => all.send('POST', verified, body(good, { title: 'raced' }), key)
    const answers = await Promise.all(Array.from({ length: 20 }, send))
    for (const one of answers) {
      if (one.status === 409) {
        assert.equal(one.headers.get('retry-after'), '1')
        assert.equal(asObject(one.body).code, 'idempotency_in_progress')
      } else assert.equal(one.status, 201, one.text)
    }
    const first = answers.find(({ status, headers }) => status === 201 && !headers.has('idempotent-replayed'))
    assert.ok(first)
    replayed(await send(), first)
    assert.equal(asks(), before + 2)
  })

  test('what was refused may be sent again', async () => {
    all.says('cut')
    const key = keyOf('verified-again')
    isRefused(await all.send('POST', verified, body(good), key))
    all.knows({ [good]: 'acct_1' })
    ran(await all.send('POST', verified, body(good), key), 201)
  })

  test('a node that dies or stands still in the middle holds others up for a minute, and nothing is done twice', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    all.says(async () => {
      await held
      return refused
    })
    const key = keyOf('verified-crash')
    const before = asks()
    const send = () => all.send('POST', verified, body(good, { title: 'crashed' }), key)
    const first = send()
    await until('the provider was asked', () => asks() > before)
    all.knows({ [good]: 'acct_1' })
    assert.equal((await send()).status, 409)
    all.clock.move(61_000)
    const second = ran(await send(), 201)
    release()
    const late = await first
    assert.ok(late.status === 422 || late.text === second.text, late.text)
    replayed(await send(), second)
    const { body: found } = await all.send('GET', `${connectionsPath}?q=crashed`)
    assert.equal(asObject(found).count, 1)
  })
})

test('of two changes at once that were both asked about, the later one is told to try again', async () => {
  all.knows({ [good]: 'acct_1', [better]: 'acct_1' })
  const id = await all.stripe(good)
  let arrived = 0
  let release = () => {}
  const both = new Promise<void>((resolve) => {
    release = resolve
  })
  all.says(async () => {
    if (++arrived === 2) release()
    await both
    all.clock.move(1)
    return { status: 200, body: { livemode: false, id: 'acct_1' } }
  })
  const patch = (title: string) =>
    all.send('PATCH', `${at(id)}?verify=true`, { title, fields: { secret_key: better } })
  const answers = await Promise.all([patch('one'), patch('two')])
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 503])
  const [lost] = answers.filter(({ status }) => status === 503)
  assert.equal(lost?.headers.get('retry-after'), '1')
})
