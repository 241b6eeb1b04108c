// The audit trail over HTTP: who did what, when, from where and with which key; never a value.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { auditActions } from '../../src/hub/audit.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { auditPath, exportPath, page, type Shown } from '../support/audit.ts'
import { plain } from '../support/pictures.ts'
import { asObject, expectAnswer, required, textOf } from '../support/v2.ts'

const canary = 'canary-77d1'
const body = {
  name: canary,
  email: `${canary}@example.com`,
  recipient: canary,
  address_line_1: canary,
  zip_code: canary,
  city: canary,
  metadata: { [canary]: canary },
}
const stripe = { provider: 'stripe', title: canary, fields: { secret_key: canary, publishable_key: canary } }
const logo = plain().png().toBuffer()

describe('the audit trail', () => {
  let api: TestApi
  let account: { id: number; key: string }
  let keyId: string
  before(async () => {
    api = await startApi({ trustedProxies: ['127.0.0.1'] })
    account = await newAccount(api)
    const [made] = await page(api, account.key, '?action=api_key.created')
    keyId = textOf(asObject(made?.subject).id)
  })
  after(() => api.close())

  /** Sends, and answers with the records that this request left, oldest first. */
  async function recordsOf(
    method: string,
    path: string,
    sent?: unknown,
    key = account.key,
  ): Promise<{ answer: Record<string, unknown>; records: Shown[] }> {
    const headers = { 'x-forwarded-for': '203.0.113.9', 'integration-id': '1' }
    const {
      status,
      text,
      headers: told,
      body,
    } = await call(api.address, method, path, {
      key,
      body: sent,
      headers,
    })
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`)
    const request = told.get('x-request-id')
    const records = await page(api, account.key, `?request_id=${request}`)
    return { answer: body === undefined ? {} : asObject(body), records: records.toReversed() }
  }

  /** What a record says beyond what every one says in the same way. */
  function essence(records: readonly Shown[]) {
    return records.map(({ action, subject, data }) => ({ action, subject, data }))
  }

  test('shows the members of a record in a fixed order, with the time to six decimals', async () => {
    const [record] = (await recordsOf('POST', '/v2/integrations/', { ...body, id: 'ordered' })).records
    assert.ok(record)
    assert.deepEqual(Object.keys(record), [
      'id',
      'at',
      'action',
      'subject',
      'key',
      'address',
      'request_id',
      'times',
      'data',
    ])
    assert.match(textOf(record.at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    assert.ok(Number.isInteger(record.id))
  })

  test('says who, when, from where, with which key and in which request', async () => {
    const from = new Date().toISOString()
    const { records } = await recordsOf('PATCH', '/v2/integrations/1/', { name: canary })
    const [record, ...more] = records
    assert.deepEqual(more, [])
    assert.partialDeepStrictEqual(record, {
      action: 'integration.changed',
      subject: { type: 'integration', id: '1' },
      key: { id: keyId, name: 'test' },
      address: '203.0.113.9',
      times: 1,
      data: { id: '1', changed: ['name'] },
    })
    const at = textOf(record?.at)
    assert.ok(at >= from.replace('Z', '000Z') && at <= new Date().toISOString().replace('Z', '999Z'), at)
  })

  test('holds every change to integrations, by the id that each had then', async () => {
    const integrations = '/v2/integrations/'
    const subject = (id: string) => ({ type: 'integration', id })
    const made = await recordsOf('POST', integrations, { ...body, id: 'i-1' })
    assert.deepEqual(essence(made.records), [
      { action: 'integration.created', subject: subject('i-1'), data: { id: 'i-1', type: 3 } },
    ])
    const renamed = await recordsOf('PATCH', `${integrations}i-1/`, {
      id: 'i-2',
      city: canary,
      address_line_1: canary,
    })
    assert.deepEqual(essence(renamed.records), [
      {
        action: 'integration.changed',
        subject: subject('i-1'),
        data: { id: 'i-1', changed: ['address_line_1', 'city', 'id'] },
      },
    ])
    const replaced = await recordsOf('PUT', `${integrations}i-2/`, body)
    assert.deepEqual(essence(replaced.records)[0]?.subject, subject('i-2'))
    const removed = await recordsOf('DELETE', `${integrations}i-2/`)
    assert.deepEqual(essence(removed.records), [
      { action: 'integration.deleted', subject: subject('i-2'), data: { id: 'i-2', revoked_keys: 0 } },
    ])
  })

  test('holds that a logo was given and taken away, and nothing of the picture', async () => {
    const base64 = (await logo).toString('base64')
    for (const given of [base64, null]) {
      const { records } = await recordsOf('PATCH', '/v2/integrations/1/', { logo: given })
      assert.deepEqual(essence(records), [
        {
          action: 'integration.changed',
          subject: { type: 'integration', id: '1' },
          data: { id: '1', changed: ['logo'] },
        },
      ])
    }
  })

  test('holds every change to freelancers', async () => {
    const freelancers = '/v2/freelancers/'
    const made = await recordsOf('POST', freelancers, { ...body, id: 'f-1' })
    const changed = await recordsOf('PATCH', `${freelancers}f-1/`, { city: canary })
    const removed = await recordsOf('DELETE', `${freelancers}f-1/`)
    const subject = { type: 'freelancer', id: 'f-1' }
    assert.deepEqual(essence([...made.records, ...changed.records, ...removed.records]), [
      {
        action: 'freelancer.created',
        subject,
        data: { id: 'f-1', integration: made.answer.integration },
      },
      { action: 'freelancer.changed', subject, data: { id: 'f-1', changed: ['city'] } },
      { action: 'freelancer.deleted', subject, data: { id: 'f-1', revoked_keys: 0 } },
    ])
  })

  test('holds every change to connections, and who had their secrets', async () => {
    const made = await recordsOf('POST', '/v2/connections/', stripe)
    const path = `/v2/connections/${made.answer.id}/`
    const changed = await recordsOf('PATCH', path, { fields: { secret_key: `${canary}-2` } })
    const restored = await recordsOf('POST', `${path}restore/`, {})
    const revealed = await recordsOf('POST', `${path}reveal/`)
    const shown = await recordsOf('GET', `/api/v1/integrations/${made.answer.id}`)
    const removed = await recordsOf('DELETE', `${path}?force=true`)
    const all = [made, changed, restored, revealed, shown, removed].map(({ records }) => records)
    assert.deepEqual(
      all.map((records) => records.map(({ action }) => action)),
      [
        ['connection.created'],
        ['connection.changed'],
        ['connection.restored'],
        ['secrets.revealed'],
        ['secrets.shown'],
        ['connection.deleted'],
      ],
    )
    for (const { subject, data } of all.flat()) {
      assert.deepEqual(subject, { type: 'connection', id: String(made.answer.id) })
      assert.equal(asObject(data).id, made.answer.id)
    }
  })

  test('holds every change to keys, by the id of the key, and never its text', async () => {
    const made = await recordsOf('POST', '/v2/api_keys/', { name: 'a spare', scopes: ['audit:read'] })
    const path = `/v2/api_keys/${made.answer.id}/`
    const changed = await recordsOf('PATCH', path, { name: 'another name' })
    const removed = await recordsOf('DELETE', path)
    for (const [{ records }, action] of [
      [made, 'api_key.created'],
      [changed, 'api_key.changed'],
      [removed, 'api_key.revoked'],
    ] as const) {
      assert.deepEqual(
        records.map(({ action, subject }) => ({ action, subject })),
        [{ action, subject: { type: 'api_key', id: made.answer.id } }],
      )
    }
    const { text } = await call(api.address, 'GET', `${auditPath}?page_size=100`, { key: account.key })
    assert.ok(!text.includes(textOf(made.answer.key)))
  })

  test('shows no key and no address for what was done at the command line', async () => {
    await newKey(api, account.id, { name: 'from the command line' })
    const [newest] = await page(api, account.key)
    assert.partialDeepStrictEqual(newest, { key: null, address: null, request_id: null })
  })

  test('names the key of a record by the name it has today, also once it is revoked', async () => {
    const caller = api.hub.callerFor(account.id)
    const { key, text } = await api.hub.apiKeys.create(caller, { name: 'short-lived' })
    const { records } = await recordsOf('PATCH', '/v2/integrations/1/', { name: canary }, text)
    await api.hub.apiKeys.revoke(caller, key.uid)
    const [again] = await page(api, account.key, `?request_id=${records[0]?.request_id}`)
    assert.deepEqual(again?.key, { id: key.uid, name: 'short-lived' })
  })

  test('holds no value of anything: no name, address, metadata, title, field or secret', async () => {
    const answer = await call(api.address, 'GET', exportPath, { key: account.key })
    assert.equal(answer.status, 200)
    assert.ok(answer.text.includes('connection.deleted'), 'the changes above are in it')
    assert.ok(!answer.text.includes(canary))
    assert.ok(!answer.text.includes(account.key))
  })

  test('holds no uid that stays within the store', async () => {
    const { text } = await call(api.address, 'GET', exportPath, { key: account.key })
    for (const table of ['integrations', 'freelancers', 'connections', 'accounts'] as const) {
      for (const { uid } of await api.db.selectFrom(table).select('uid').execute()) {
        assert.ok(!text.includes(uid), table)
      }
    }
  })

  test('is not for a key that is bound to one integration', async () => {
    const key = await newKey(api, account.id, { integrationId: '1' })
    for (const path of [auditPath, exportPath]) {
      const { status, body } = await call(api.address, 'GET', path, { key })
      assert.equal(status, 403)
      assert.match(textOf(asObject(body).detail), /bound to one integration: it may not .* the audit trail/)
    }
  })

  test('is the account’s as a whole: Integration-ID is judged, and narrows nothing', async () => {
    const { key } = account
    await call(api.address, 'POST', '/v2/integrations/', { key, body: { ...required, id: 'narrow' } })
    // What was denied before is on record by then.
    await api.hub.flush()
    const ask = (id: string) =>
      call(api.address, 'GET', auditPath, { key, headers: { 'integration-id': id } })
    assert.equal((await ask('narrow')).text, (await call(api.address, 'GET', auditPath, { key })).text)
    expectAnswer(await ask('absent'), 404, {
      detail: 'Integration not found.',
      code: 'integration_not_found',
    })
  })
})

test('every action is documented, and nothing else is', () => {
  const documentation = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const section = documentation.split(/^## /m).find((text) => text.startsWith('Audit'))
  const documented = [...(section ?? '').matchAll(/^\| `([a-z_]+\.[a-z_]+)` \|/gm)].map(
    ([, action]) => action,
  )
  assert.deepEqual(documented, [...auditActions])
})
