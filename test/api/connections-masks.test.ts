// What is shown in place of a secret is never taken for one, and a change touches what it names alone.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Answer } from '../support/api.ts'
import {
  at,
  type Connections,
  connectionsPath,
  everythingOf,
  type Member,
  movableClock,
  sealedOf,
  secretViews,
  startConnections,
} from '../support/connections.ts'
import { asObject, expectAnswer, textOf, withoutLink } from '../support/v2.ts'

const key = '0123456789abcdef0123456789abcdef-us6'
const secret = { api_key: 'active-campaign-key-1', event_key: 'active-campaign-event-2' }
const endpoint = 'https://company.api-us1.com'

let v2: Connections
const clock = movableClock()
before(async () => {
  v2 = await startConnections({ now: clock.now })
})
after(() => v2.api.close())

/** 400 under the name of the field, and nothing has changed. */
async function refused(id: number, field: string, value: unknown, message: RegExp): Promise<void> {
  const untouched = await everythingOf(v2.api)
  const whole = await v2.get(id)
  for (const [method, body] of [
    ['PATCH', { fields: { [field]: value } }],
    ['PUT', { ...whole, fields: { ...asObject(whole.fields), [field]: value } }],
  ] as const) {
    expectField(await v2.send(method, at(id), body), field, message)
  }
  assert.equal(await everythingOf(v2.api), untouched)
}

function expectField(answer: Answer, field: string, message: RegExp): void {
  assert.equal(answer.status, 400, answer.text)
  const { fields, code, ...more } = asObject(withoutLink(answer.body, 'invalid'))
  assert.deepEqual([code, more], ['invalid', {}])
  const messages = asObject(fields)[field]
  assert.ok(Array.isArray(messages), answer.text)
  assert.match(textOf(messages[0]), message)
}

describe('a hint', () => {
  for (const [length, shown] of [
    [1, 0],
    [4, 0],
    [15, 0],
    [16, 4],
    [17, 4],
    [200, 4],
  ] as const) {
    test(`of a secret of ${length} characters shows ${shown === 0 ? 'none' : `the last ${shown}`} of them`, async () => {
      const text = Array.from({ length }, (_, place) => String.fromCharCode(65 + (place % 26))).join('')
      const id = await v2.make('mailchimp', { api_key: text })
      const hint = `****${shown === 0 ? '' : text.slice(-shown)}`
      const view = { set: true, hint, updated_at: clock.now() }
      assert.deepEqual(asObject((await v2.get(id)).secrets), { api_key: view })
      await v2.change('PATCH', id, { fields: { api_key: null } })
      const previous = asObject((await v2.send('GET', at(id, 'restore'))).body)
      assert.equal(asObject(asObject(previous.secrets).api_key).hint, hint)
      const { hint: kept } = await v2.api.db
        .selectFrom('previous_secrets')
        .select('hint')
        .orderBy('replaced_at', 'desc')
        .executeTakeFirstOrThrow()
      assert.ok((kept ?? '').length <= 8)
    })
  }

  test('of a secret that is not set is null', async () => {
    const id = await v2.make('paypal', {})
    const view = { set: false, hint: null, updated_at: null }
    assert.deepEqual(asObject((await v2.get(id)).secrets), { client_secret: view })
  })
})

describe('as a secret', () => {
  let id: number
  before(async () => {
    id = await v2.make('mailchimp', { api_key: key })
  })

  test('its own hint is refused, and nothing changes', async () => {
    const { hint } = secretViews(await v2.get(id)).api_key ?? {}
    assert.equal(hint, '****-us6')
    await refused(id, 'api_key', hint, /mask/)
  })

  for (const mask of [
    '****',
    '*',
    '********',
    '•••• 1234',
    '••••1234',
    '●●●●1234',
    '…',
    '****1234',
    '************1234',
    '*** ***',
    '****-us6',
    ' ',
  ]) {
    test(`the mask "${mask}" is refused, and nothing changes`, async () => {
      await refused(id, 'api_key', mask, /mask/)
      const body = { provider: 'mailchimp', title: 'x', fields: { api_key: mask } }
      expectField(await v2.send('POST', connectionsPath, body), 'api_key', /mask/)
    })
  }

  test('an empty text is refused, and the refusal says what to do', async () => {
    await refused(id, 'api_key', '', /blank.*null/)
  })

  test('what is no string is refused', async () => {
    for (const value of [1, true, [], {}, [key], 1.5]) await refused(id, 'api_key', value, /Give a string/)
  })

  test('what is no single line of ASCII is refused', async () => {
    for (const value of [`${key}\n`, `${key}\r\nX-Evil: 1`, `${key}é`, `\t${key}`, `${key}\u007f`]) {
      await refused(id, 'api_key', value, /ASCII/)
    }
  })

  test('65,536 characters are taken as they are, one more is refused', async () => {
    const longest = 'k'.repeat(65_536)
    await v2.change('PATCH', id, { fields: { api_key: longest } })
    assert.equal((await v2.reveal(id)).api_key, longest)
    await refused(id, 'api_key', `${longest}k`, /no more than 65536/)
  })

  test('spaces around it, quotes and asterisks within it are a part of it', async () => {
    for (const text of [' leading and trailing ', '"quoted"', 'a****b', '\\u0041', '*'.repeat(9) + key]) {
      await v2.change('PATCH', id, { fields: { api_key: text } })
      assert.equal((await v2.reveal(id)).api_key, text)
    }
  })
})

describe('a change', () => {
  let id: number
  const fields = { api_endpoint: endpoint, actid: '123', ...secret }
  beforeEach(async () => {
    id = await v2.make('active_campaign', fields, {
      title: 'first',
      use_cloudfront: true,
      metadata: { b: 1, a: [2] },
    })
  })

  test('by null clears what it names, secret or plain, and nothing else', async () => {
    await v2.change('PATCH', id, { fields: { event_key: null, actid: null } })
    assert.deepEqual(await v2.reveal(id), { ...secret, event_key: null })
    assert.deepEqual((await v2.get(id)).fields, { api_endpoint: endpoint, actid: null })
    await v2.change('PATCH', id, { fields: { event_key: null } })
    assert.deepEqual(await v2.reveal(id), { ...secret, event_key: null }, 'clearing twice is clearing')
  })

  test('by PATCH leaves what is left out, in fields and beside them', async () => {
    const before = await v2.get(id)
    for (const body of [{}, { fields: {} }, { title: 'first' }]) {
      const { warnings, ...after } = await v2.change('PATCH', id, body)
      assert.deepEqual([after, warnings], [before, []])
    }
    const { warnings: _, ...after } = await v2.change('PATCH', id, { fields: { actid: '456' } })
    assert.deepEqual(after, { ...before, fields: { api_endpoint: endpoint, actid: '456' } })
  })

  test('to the secret that is set already is none: its bytes, its time and what was before it stay', async () => {
    await v2.change('PATCH', id, { fields: { event_key: 'another-event-key' } })
    const untouched = await everythingOf(v2.api)
    await v2.change('PATCH', id, { fields: { ...secret, event_key: 'another-event-key' } })
    assert.equal(await everythingOf(v2.api), untouched)
    assert.equal((await v2.send('POST', at(id, 'restore'), {})).status, 200)
    assert.deepEqual(await v2.reveal(id), secret)
  })

  test('by PUT puts what is left out back to its default and clears plain fields, but keeps secrets', async () => {
    const sealed = await sealedOf(v2.api, id, v2.account.id)
    const body = { provider: 'active_campaign', title: 'second', fields: { api_endpoint: endpoint } }
    const after = await v2.change('PUT', id, body)
    assert.deepEqual(
      [after.title, after.use_cloudfront, after.metadata, after.fields],
      ['second', false, {}, { api_endpoint: endpoint, actid: null }],
    )
    assert.deepEqual(await sealedOf(v2.api, id, v2.account.id), sealed)
    assert.deepEqual(await v2.reveal(id), secret)
  })

  test('by PUT needs provider and title, and tells both at once', async () => {
    const untouched = await everythingOf(v2.api)
    expectAnswer(await v2.send('PUT', at(id), {}), 400, {
      provider: ['This field is required.'],
      title: ['This field is required.'],
      code: 'invalid',
    })
    assert.equal(await everythingOf(v2.api), untouched)
  })

  test('may bring every member that is only shown: it is taken, and changes nothing', async () => {
    const amazon = await v2.make('amazon', { bucket: 'files', secret_access_key: key })
    const before = await v2.get(amazon)
    const shownAlone: Member = {
      id: 999,
      integration: 'another',
      type: 'IntegrationStripe',
      integration_type: 'payment',
      secrets: { secret_access_key: { set: false, hint: 'x' }, more: 1 },
      health: { status: 'healthy' },
      created_at: '2001-01-01T00:00:00Z',
      updated_at: null,
      warnings: 'none',
    }
    const status = { ...asObject(before.fields), ready: 'error' }
    for (const [method, given] of [
      ['PATCH', shownAlone],
      ['PUT', { ...before, ...shownAlone }],
      ['PATCH', { fields: { ready: 'ready' } }],
      ['PATCH', { fields: { ready: null } }],
      ['PUT', { ...before, fields: status }],
    ] as const) {
      const { warnings: _, ...after } = await v2.change(method, amazon, given)
      assert.deepEqual(after, before)
    }
    assert.equal(asObject(before.fields).ready, 'pending')
    const made = await v2.make('amazon', { ready: 'error' }, shownAlone)
    assert.notEqual(made, 999)
    assert.equal(asObject((await v2.get(made)).fields).ready, 'pending')
  })

  test('with unknown members or fields is 400 by their names, also beside what would be fine', async () => {
    const untouched = await everythingOf(v2.api)
    const member = { api_key: 'x', titel: 'y', title: 'z' }
    for (const [method, path] of [
      ['PATCH', at(id)],
      ['POST', connectionsPath],
      ['PUT', at(id)],
    ] as const) {
      const body = { provider: 'active_campaign', ...member }
      expectAnswer(await v2.send(method, path, body), 400, {
        api_key: ['Unknown field.'],
        titel: ['Unknown field.'],
        code: 'invalid',
      })
      const given = { actid: '9', secret_key: 'x', code: 1, hasOwnProperty: 2 }
      const answer = await v2.send(method, path, { provider: 'active_campaign', title: 'x', fields: given })
      assert.deepEqual(Object.keys(asObject(asObject(answer.body).fields)), [
        'secret_key',
        'code',
        'hasOwnProperty',
      ])
      expectField(answer, 'secret_key', /no such field.*api_endpoint, actid, api_key, event_key/)
    }
    assert.equal(await everythingOf(v2.api), untouched)
  })

  test('with more unknown fields than anybody means is 400 with a short answer', async () => {
    const fields = Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [at.toString(36), 1]))
    const answer = await v2.send('PATCH', at(id), { fields })
    assert.equal(answer.status, 400)
    assert.ok(answer.text.length < 500_000, `the answer has ${answer.text.length} characters`)
  })

  test('of the provider is refused, whatever comes with it; naming the same one is not', async () => {
    const untouched = await everythingOf(v2.api)
    for (const provider of ['stripe', 'nobody', 'ACTIVE_CAMPAIGN']) {
      for (const method of ['PATCH', 'PUT']) {
        const answer = await v2.send(method, at(id), { provider, title: 'x' })
        assert.deepEqual(
          [answer.status, Object.keys(asObject(answer.body))],
          [400, ['provider', 'code', 'doc_url']],
        )
      }
    }
    assert.equal(await everythingOf(v2.api), untouched)
    await v2.change('PATCH', id, { provider: 'active_campaign' })
  })
})
