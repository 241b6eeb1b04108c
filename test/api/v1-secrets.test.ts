// Secrets on v1: shown only to keys that may read them, and never without an audit record on disk.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Timestamp } from '../../src/hub/timestamp.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { objectOf } from '../support/json-shapes.ts'
import { newConnection, timestamp } from '../support/sample-connections.ts'
import { refuseWrites } from '../support/store.ts'

const list = '/api/v1/integrations'
const secret = 'sk_live_canary'

describe('secrets on v1', () => {
  let time: Timestamp = timestamp('2026-05-01T10:00:00Z')
  let api: TestApi
  let account: number
  let key: string
  let connections: { stripe: { id: number; uid: string }; mailchimp: { id: number; uid: string } }

  before(async () => {
    api = await startApi({ now: () => time })
  })
  after(() => api.close())
  /** An account of its own for every test, and a minute of its own. */
  beforeEach(async () => {
    time = timestamp(new Date(Date.parse(time) + 3_600_000).toISOString().replace('Z', '000Z'))
    const made = await newAccount(api)
    account = made.id
    key = made.key
    connections = {
      stripe: await newConnection(api, account, { provider: 'stripe', fields: { secret_key: secret } }),
      mailchimp: await newConnection(api, account, { provider: 'mailchimp', fields: { api_key: secret } }),
    }
    await newConnection(api, account, { provider: 'disqus', fields: { forum_shortname: 'forum' } })
  })

  const get = async (path: string, of = key) => {
    const answer = await call(api.address, 'GET', path, { key: of })
    assert.equal(answer.status, 200, answer.text)
    return answer
  }
  const records = () =>
    api.db
      .selectFrom('audit')
      .select(['subject', 'key_uid', 'at', 'times', 'address', 'request_id', 'data'])
      .where('account_id', '=', account)
      .where('action', '=', 'secrets.shown')
      .orderBy('sequence')
      .execute()
  const counts = async () =>
    (await records()).map(({ subject, times }) => [subject.split('/')[1], Number(times)])

  test('are there for a key with secrets:read, and their members are absent for any other', async () => {
    const path = `${list}/${connections.stripe.id}`
    assert.equal(objectOf((await get(path)).body).secret_key, secret)
    const others = [
      'connections:read',
      'connections:write',
      'proxy:call',
      'keys:write',
      'audit:read',
    ] as const
    const weak = await newKey(api, account, { scopes: others })
    for (const where of [path, list]) {
      const { text } = await get(where, weak)
      assert.ok(!text.includes(secret) && !text.includes('secret_key'))
    }
    assert.equal('secret_key' in objectOf((await get(path, weak)).body), false)
  })

  test('are audited with key, address, request, connection and time, and without the secret', async () => {
    const answer = await get(`${list}/${connections.stripe.id}`)
    const [only, ...more] = await records()
    assert.ok(only)
    assert.equal(more.length, 0)
    const [row] = await api.hub.apiKeys.list(api.hub.callerFor(account))
    assert.equal(only.subject, `connection/${connections.stripe.uid}`)
    assert.equal(only.key_uid, row?.uid)
    assert.equal(only.at, time)
    assert.equal(only.address, '127.0.0.1')
    assert.equal(only.request_id, answer.headers.get('x-request-id'))
    assert.equal(Number(only.times), 1)
    assert.ok(!JSON.stringify(only).includes(secret))
  })

  test('are on record on disk before the first answer leaves, seen by another reader of the store', async () => {
    const reader = await api.store.session()
    try {
      const seen = () =>
        reader.query(`select 1 from audit where account_id = ${account} and action = 'secrets.shown'`)
      assert.equal((await seen()).length, 0)
      await get(`${list}/${connections.stripe.id}`)
      assert.equal((await seen()).length, 1)
    } finally {
      await reader.close()
    }
  })

  test('are not shown where the record cannot be written, and are once it can', async () => {
    const accept = await refuseWrites(api.db, 'audit')
    try {
      for (const path of [list, `${list}/${connections.stripe.id}`]) {
        const answer = await call(api.address, 'GET', path, { key })
        assert.ok(answer.status >= 500)
        assert.ok(!answer.text.includes(secret))
      }
    } finally {
      await accept()
    }
    assert.equal((await records()).length, 0)
    assert.ok((await get(list)).text.includes(secret))
    assert.equal((await records()).length, 2)
  })

  test('make one record per minute, with a count of every time they were shown', async () => {
    const path = `${list}/${connections.stripe.id}`
    for (let shown = 0; shown < 5; shown++) await get(path)
    assert.equal((await records()).length, 1)
    await api.hub.flush()
    assert.deepEqual(await counts(), [[connections.stripe.uid, 5]])
    await get(path)
    await get(path)
    await api.hub.flush()
    await api.hub.flush()
    assert.deepEqual(await counts(), [[connections.stripe.uid, 7]])
  })

  test('make one record and lose no count when many ask at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => get(`${list}/${connections.stripe.id}`)))
    await api.hub.flush()
    assert.deepEqual(await counts(), [[connections.stripe.uid, 20]])
  })

  test('lose no count when it cannot be written down at first', async () => {
    const path = `${list}/${connections.stripe.id}`
    for (let shown = 0; shown < 3; shown++) await get(path)
    const accept = await refuseWrites(api.db, 'audit', 'update')
    try {
      await assert.rejects(api.hub.flush())
    } finally {
      await accept()
    }
    await api.hub.flush()
    assert.deepEqual(await counts(), [[connections.stripe.uid, 3]])
  })

  test('make a record of their own in the next minute', async () => {
    const path = `${list}/${connections.stripe.id}`
    time = timestamp(`${time.slice(0, 17)}59.999999Z`)
    await get(path)
    await get(path)
    time = timestamp(new Date(Date.parse(time) + 1_000).toISOString())
    await get(path)
    await api.hub.flush()
    assert.deepEqual(await counts(), [
      [connections.stripe.uid, 2],
      [connections.stripe.uid, 1],
    ])
  })

  test('make a record per key', async () => {
    const second = await newKey(api, account)
    const path = `${list}/${connections.stripe.id}`
    await get(path)
    await get(path, second)
    await get(path, second)
    await api.hub.flush()
    const all = await records()
    assert.equal(new Set(all.map(({ key_uid }) => key_uid)).size, 2)
    assert.deepEqual(
      all.map(({ times }) => Number(times)),
      [1, 2],
    )
  })

  test('make a record per connection that a list shows them of, and none for those without', async () => {
    await get(list)
    await get(`${list}?provider=mailchimp`)
    await api.hub.flush()
    assert.deepEqual(
      (await counts()).toSorted(),
      [
        [connections.stripe.uid, 1],
        [connections.mailchimp.uid, 2],
      ].toSorted(),
    )
  })

  test('are audited by POST as by GET', async () => {
    const body = new URLSearchParams({ api_key: key })
    await call(api.address, 'POST', `${list}/${connections.stripe.id}`, { body })
    await call(api.address, 'POST', list, { body })
    await api.hub.flush()
    assert.deepEqual(
      (await counts()).toSorted(),
      [
        [connections.stripe.uid, 2],
        [connections.mailchimp.uid, 1],
      ].toSorted(),
    )
  })

  test('are not on record where they were not shown', async () => {
    const weak = await newKey(api, account, { scopes: ['connections:read'] })
    await get(list, weak)
    await get(`${list}/${connections.stripe.id}`, weak)
    await get(`${list}?provider=disqus`)
    await call(api.address, 'GET', `${list}/999`, { key })
    await call(api.address, 'GET', list, { key, headers: { 'integration-id': 'absent' } })
    await call(api.address, 'GET', list, { key, headers: { accept: 'text/html' } })
    await api.hub.flush()
    assert.deepEqual(await records(), [])
  })
})
