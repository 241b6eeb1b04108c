// What narrows the audit trail: each filter alone and together, and what is no filter at all.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { auditActions, auditNouns } from '../../src/hub/audit.ts'
import { transact } from '../../src/storage/database.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { auditPath, idsOf, page, type Shown } from '../support/audit.ts'
import { timestamp } from '../support/sample-connections.ts'
import { asObject, required, resultsOf, textOf, withoutLink } from '../support/v2.ts'

let api: TestApi
let account: { id: number; key: string }
before(async () => {
  api = await startApi()
  account = await newAccount(api)
})
after(() => api.close())

const send = async (method: string, path: string, body?: unknown, key = account.key) => {
  const headers = { 'integration-id': '1' }
  const answer = await call(api.address, method, path, { key, body, headers })
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
  return answer
}
const find = (filter: Readonly<Record<string, string>>) =>
  page(api, account.key, `?${new URLSearchParams({ page_size: '100', ...filter })}`)
/** Of what is found, oldest first, what happened to what. */
const foundBy = async (filter: Readonly<Record<string, string>>) =>
  (await find(filter)).toReversed().map(({ action, subject }) => `${action} ${asObject(subject).id}`)

describe('the filter', () => {
  test('action finds one action, or all with the same beginning', async () => {
    await send('POST', '/v2/integrations/', { ...required, id: 'by-action' })
    await send('PATCH', '/v2/integrations/by-action/', { city: 'Malmö' })
    await send('POST', '/v2/freelancers/', { ...required, id: 'by-action' })
    const actionsOf = async (action: string) =>
      new Set((await find({ action })).map((record) => String(record.action)))
    assert.deepEqual(await actionsOf('integration.created'), new Set(['integration.created']))
    assert.deepEqual(
      await actionsOf('integration.*'),
      new Set(['integration.changed', 'integration.created']),
    )
    assert.deepEqual(await actionsOf('freelancer.*'), new Set(['freelancer.created']))
    assert.deepEqual(await actionsOf('secrets.damaged'), new Set())
  })

  test('subject finds all that happened to a thing, also under earlier ids', async () => {
    await send('POST', '/v2/integrations/', { ...required, id: 'born' })
    await send('PATCH', '/v2/integrations/born/', { id: 'grown' })
    await send('PATCH', '/v2/integrations/grown/', { city: 'Malmö' })
    assert.deepEqual(await foundBy({ subject: 'integration/grown' }), [
      'integration.created born',
      'integration.changed born',
      'integration.changed grown',
    ])
  })

  test('subject finds what was called so where nothing is any more, and no namesake of another kind', async () => {
    for (const path of ['/v2/integrations/', '/v2/freelancers/']) {
      await send('POST', path, { ...required, id: 'gone' })
      await send('POST', path, { ...required, id: 'gone-not' })
      await send('DELETE', `${path}gone/`)
    }
    assert.deepEqual(await foundBy({ subject: 'integration/gone' }), [
      'integration.created gone',
      'integration.deleted gone',
    ])
    assert.deepEqual(await foundBy({ subject: 'freelancer/gone' }), [
      'freelancer.created gone',
      'freelancer.deleted gone',
    ])
    await send('POST', '/v2/integrations/', { ...required, id: 'gone' })
    assert.deepEqual(await foundBy({ subject: 'integration/gone' }), ['integration.created gone'])
  })

  test('subject finds connections by their number, also once they are deleted', async () => {
    const ids: number[] = []
    for (let n = 0; n < 12; n++) {
      const { body } = await send('POST', '/v2/connections/', { provider: 'disqus', title: 'Comments' })
      ids.push(Number(asObject(body).id))
    }
    const [first, last] = [ids[0], ids.at(-1)]
    assert.ok(String(last).startsWith(String(first)), 'one number begins like the other')
    assert.deepEqual(await foundBy({ subject: `connection/${first}` }), [`connection.created ${first}`])
    await send('DELETE', `/v2/connections/${first}/`)
    assert.deepEqual(await foundBy({ subject: `connection/${first}` }), [
      `connection.created ${first}`,
      `connection.deleted ${first}`,
    ])
  })

  test('subject finds accounts, keys and routes by what they are known by', async () => {
    const { key } = await api.hub.apiKeys.create(api.hub.callerFor(account.id), { name: 'found' })
    assert.deepEqual(await foundBy({ subject: `api_key/${key.uid}` }), [`api_key.created ${key.uid}`])
    assert.deepEqual(await foundBy({ subject: `account/${account.id}` }), [`account.created ${account.id}`])
    const weak = await newKey(api, account.id, { scopes: ['operator'] })
    await call(api.address, 'DELETE', '/v2/integrations/x/', { key: weak })
    await api.hub.flush()
    const route = 'DELETE /v2/integrations/:id/'
    assert.deepEqual(await foundBy({ subject: `route/${route}` }), [`request.denied ${route}`])
  })

  test('key finds what was done with one key, revoked or not, and nothing else', async () => {
    const { key, text } = await api.hub.apiKeys.create(api.hub.callerFor(account.id), { name: 'traced' })
    await send('PATCH', '/v2/integrations/1/', { city: 'Lund' }, text)
    await send('PATCH', '/v2/integrations/1/', { city: 'Malmö' })
    await api.hub.apiKeys.revoke(api.hub.callerFor(account.id), key.uid)
    assert.deepEqual(await foundBy({ key: key.uid }), ['integration.changed 1'])
    assert.deepEqual(await foundBy({ key: randomUUID() }), [])
  })

  test('request_id finds what one request did', async () => {
    const { headers } = await send('POST', '/v2/integrations/', { ...required, id: 'one-request' })
    const request_id = textOf(headers.get('x-request-id'))
    assert.deepEqual(await foundBy({ request_id }), ['integration.created one-request'])
    assert.deepEqual(await foundBy({ request_id: randomUUID() }), [])
  })

  test('since finds from a time on, until before one; in any order that the clock left', async () => {
    const { id, key } = await newAccount(api)
    const times = ['10:00:00', '12:00:00', '11:59:59.999999', '12:00:00.000001', '11:00:00']
    await transact(api.db, id, async (db) => {
      for (const time of times) {
        await api.hub.auditLog.record(db, api.hub.callerFor(id), timestamp(`2026-01-05T${time}Z`), {
          action: 'integration.changed',
          subject: 'integration/timed',
          data: { id: 'timed', changed: [] },
          events: [],
        })
      }
    })
    const seen = async (query: string) =>
      (await page(api, key, `?subject=integration/timed&${query}`))
        .map(({ at }) => textOf(at).slice(11, -1))
        .toReversed()
    assert.deepEqual(await seen('since=2026-01-05T12:00:00Z'), ['12:00:00.000000', '12:00:00.000001'])
    assert.deepEqual(await seen('until=2026-01-05T12:00:00'), [
      '10:00:00.000000',
      '11:59:59.999999',
      '11:00:00.000000',
    ])
    assert.deepEqual(await seen('since=2026-01-05T11:00:00Z&until=2026-01-05T12:00:00.000000Z'), [
      '11:59:59.999999',
      '11:00:00.000000',
    ])
    assert.deepEqual(await seen('since=2026-01-05T12:00:00Z&until=2026-01-05T12:00:00Z'), [])
  })

  test('is one of several: what is found fits all of them', async () => {
    const all = await find({})
    const record = all.find(({ action, key }) => action === 'integration.created' && key !== null)
    assert.ok(record)
    const filter = {
      action: 'integration.*',
      subject: `integration/${asObject(record.subject).id}`,
      key: textOf(asObject(record.key).id),
      since: textOf(record.at),
      request_id: textOf(record.request_id),
    }
    assert.deepEqual(idsOf(await find(filter)), [record.id])
    assert.deepEqual(await find({ ...filter, action: 'freelancer.*' }), [])
    assert.deepEqual(await find({ ...filter, until: textOf(record.at) }), [])
  })

  test('left blank is none at all', async () => {
    const whole = await find({})
    for (const name of ['action', 'subject', 'key', 'since', 'until', 'request_id']) {
      assert.deepEqual(idsOf(await find({ [name]: '' })), idsOf(whole), name)
    }
  })

  test('finds nothing of another account, even where both have things of the same name', async () => {
    const other = await newAccount(api)
    const body = { ...required, id: 'shared' }
    await call(api.address, 'POST', '/v2/integrations/', { key: other.key, body })
    await send('POST', '/v2/integrations/', body)
    const [theirs] = await page(api, other.key)
    const key = textOf(asObject(theirs?.key).id)
    assert.deepEqual(await foundBy({ subject: 'integration/shared' }), ['integration.created shared'])
    for (const filter of [
      { key },
      { subject: `api_key/${key}` },
      { subject: `account/${other.id}` },
      { request_id: textOf(theirs?.request_id) },
    ]) {
      assert.deepEqual(await find(filter), [], JSON.stringify(filter))
    }
  })
})

describe('a filter that cannot be meant', () => {
  const ask = (query: string) => call(api.address, 'GET', `${auditPath}?${query}`, { key: account.key })

  for (const [name, values] of Object.entries({
    action: ['x', 'integration', 'integration.', 'integration.x', '*', '.*', 'integration*', 'INTEGRATION.*'],
    subject: [
      'x',
      'integration',
      'integration/',
      '/1',
      'thing/1',
      'Integration/1',
      'integration/a b',
      'integration/%',
      `integration/${'a'.repeat(256)}`,
      'connection/0',
      'connection/x',
      'connection/-1',
      'connection/1.0',
      'connection/9999999999999999',
      'account/x',
      'api_key/x',
      'route/x',
      'route/GET x',
      '__proto__/1',
      'constructor/1',
      'integration/a/b',
      'integration/\0',
    ],
    key: ['x', 'mrt_0000000000', randomUUID().toUpperCase(), `${randomUUID()}x`, '*'],
    since: [
      'x',
      '1',
      '2026-01-32T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-01-01',
      '2026-01-01T00:00:00+01:00',
    ],
    until: ['x', 'now', '2026-01-01T24:00:01Z'],
    request_id: ['x', '1', `${randomUUID()} `],
  })) {
    test(`${name} is 400, named, and not repeated`, async () => {
      for (const value of values) {
        const answer = await ask(`${name}=${encodeURIComponent(value)}`)
        assert.equal(answer.status, 400, value)
        const { [name]: messages, ...more } = asObject(answer.body)
        assert.deepEqual(withoutLink(more, 'invalid'), { code: 'invalid' }, value)
        assert.ok(Array.isArray(messages) && messages.length === 1)
        if (value.length > 3 && !value.includes('integration')) {
          assert.ok(!answer.text.includes(JSON.stringify(value).slice(1, -1)), value)
        }
      }
      const twice = await ask(`${name}=&${name}=`)
      assert.deepEqual(asObject(twice.body)[name], ['This parameter may be given only once.'])
    })
  }

  test('is told together with the others', async () => {
    const { body } = await ask('action=x&subject=x&key=x&since=x&until=x&request_id=x')
    assert.deepEqual(Object.keys(asObject(body)), [
      'action',
      'subject',
      'key',
      'since',
      'until',
      'request_id',
      'code',
      'doc_url',
    ])
  })

  test('tells which actions and which kinds of things there are', async () => {
    const { text } = await ask('action=x&subject=x')
    for (const word of [...auditActions, ...Object.keys(auditNouns)]) assert.ok(text.includes(word), word)
  })
})

test('every record is found by its own subject', async () => {
  const all: Shown[] = resultsOf(
    await call(api.address, 'GET', `${auditPath}?page_size=100`, { key: account.key }),
  )
  assert.ok(all.length > 20)
  for (const { id, subject } of all) {
    const { type, id: name } = asObject(subject)
    const found = idsOf(await find({ subject: `${type}/${name}` }))
    // A name that was given on belongs to what has it today.
    const isTakenOver = name === 'gone'
    assert.ok(isTakenOver || found.includes(Number(id)), `${type}/${name}`)
  }
})
