// Whatever a provider answers, no secret of a connection is told by it, and nothing that cannot be kept or shown.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { at } from '../support/connections.ts'
import type { Said } from '../support/stand-in.ts'
import { startVerifying, type Verifying } from '../support/verifying.ts'

let all: Verifying
before(async () => {
  all = await startVerifying()
})
after(() => all.api.close())

describe('no secret is told', () => {
  test('whatever the provider repeats of it', async () => {
    const secret = 'sk_test_CANARY0123456789abcdef'
    const id = await all.stripe(secret)
    const echoes: Said[] = [
      { status: 401, body: { error: { message: `Invalid API Key provided: ${secret}` } } },
      { status: 500, body: secret },
      { status: 418, body: { [secret]: secret }, headers: { 'x-echo': secret } },
      {
        status: 200,
        body: {
          livemode: false,
          id: secret,
          email: secret,
          settings: { dashboard: { display_name: `a ${secret}` } },
        },
      },
    ]
    for (const said of echoes) {
      all.says(said)
      const { status, text } = await all.send('POST', at(id, 'verify'))
      assert.equal(status, 200)
      assert.ok(!text.includes(secret), text)
    }
    all.says('cut')
    await all.verify(id)
    const shown = await Promise.all(
      [at(id), at(id, 'checks'), '/v2/audit/?page_size=100'].map((path) => all.send('GET', path)),
    )
    for (const { text } of shown) assert.ok(!text.includes(secret))
    assert.ok(!all.api.log().includes(secret), 'the log, at its finest')
    assert.ok(
      all.provider.seen.some(({ headers }) => headers.authorization?.includes(secret)),
      'it was sent',
    )
  })

  test('what a provider calls an account is cut to a line', async () => {
    const id = await all.stripe()
    const name = `A\u0000B\r\n\u2028${'é'.repeat(5_000)}\ud800`
    all.says({
      status: 200,
      body: { livemode: true, id: 'acct_long', settings: { dashboard: { display_name: name } } },
    })
    const { health } = await all.verify(id)
    assert.match(`${health.account}`, /^A Bé?[^\p{Cc}]*$/u)
    assert.ok([...`${health.account}`].length <= 255)
    assert.equal(health.mode, 'live')
  })
})

test('no secret is sent to an address that it was not given for, whatever is changed meanwhile', async () => {
  const fieldsAt = (at: number) => ({
    api_endpoint: `https://${at % 2 === 0 ? 'even' : 'odd'}.api-us1.com`,
    api_key: `the-key-for-${at % 2 === 0 ? 'even' : 'odd'}`,
  })
  const id = await all.make('active_campaign', fieldsAt(0))
  all.provider.answer(() => ({ status: 200, body: { user: { id: '1' } } }))
  const before = all.provider.seen.length
  const state = { isOver: false }
  const changing = async () => {
    for (let turn = 1; turn <= 60; turn++) {
      all.clock.move(1)
      await all.change('PATCH', id, { fields: fieldsAt(turn) })
    }
    state.isOver = true
  }
  const verifying = async () => {
    while (!state.isOver) await all.verify(id)
  }
  await Promise.all([changing(), verifying(), verifying(), verifying(), verifying()])
  const seen = all.provider.seen.slice(before)
  assert.ok(seen.length > 20)
  for (const { host, headers } of seen) {
    assert.equal(headers['api-token'], `the-key-for-${host.startsWith('even') ? 'even' : 'odd'}`)
  }
})
