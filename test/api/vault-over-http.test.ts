// Over HTTP, a sealed value that was damaged or moved fails alone, shows nothing, and leaves a trace.
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { duties } from '../../src/duties/index.ts'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'

let api: TestApi
let one: { id: number; key: string }
let two: { id: number; key: string }
const canaries = ['CANARY-A', 'CANARY-B', 'CANARY-E', 'CANARY-M', 'CANARY-2']

before(async () => {
  api = await startApi()
  one = await newAccount(api)
  two = await newAccount(api)
  const connect = (account: number, id: number, provider: string, fields: object) =>
    duties['connections create'].run(api.hub, {
      account,
      integration: '1',
      provider,
      title: `c${id}`,
      fields: JSON.stringify(fields),
      id,
    })
  await connect(one.id, 1, 'active_campaign', { api_key: 'CANARY-A', event_key: 'CANARY-E' })
  await connect(one.id, 2, 'active_campaign', { api_key: 'CANARY-B', event_key: 'CANARY-E' })
  await connect(one.id, 3, 'mailchimp', { api_key: 'CANARY-M' })
  await connect(two.id, 1, 'mailchimp', { api_key: 'CANARY-2' })
  saved = await api.db.selectFrom('connection_secrets').selectAll().execute()
})
after(() => api.close())

let saved: Awaited<ReturnType<typeof rows>>
const rows = () => api.db.selectFrom('connection_secrets').selectAll().execute()
afterEach(async () => {
  for (const row of saved) await put(row, row.sealed)
})

type Row = { account_id: number; connection_uid: string; field: string }

async function put({ account_id, connection_uid, field }: Row, sealed: string): Promise<void> {
  await api.db
    .updateTable('connection_secrets')
    .set({ sealed })
    .where('account_id', '=', account_id)
    .where('connection_uid', '=', connection_uid)
    .where('field', '=', field)
    .execute()
}

async function rowOf(account: number, id: number, field = 'api_key') {
  const { uid } = await api.db
    .selectFrom('connections')
    .select('uid')
    .where('account_id', '=', account)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const row = saved.find((row) => row.connection_uid === uid && row.field === field)
  if (!row) throw new Error(`no secret ${field} of connection ${id}`)
  return row
}

const get = (key: string, path: string) => call(api.address, 'GET', `/api/v1/integrations${path}`, { key })

/** The damaged connection answers 500 without a secret; its neighbours, and all without secrets, answer as ever. */
async function failsAlone(damaged: number): Promise<void> {
  const { status, body, text } = await get(one.key, `/${damaged}`)
  assert.equal(status, 500, text)
  assert.partialDeepStrictEqual(body, { error: 'secret_integrity_error' })
  for (const canary of canaries) assert.ok(!text.includes(canary), text)
  for (const id of [1, 2, 3].filter((id) => id !== damaged)) {
    assert.equal((await get(one.key, `/${id}`)).status, 200, `connection ${id}`)
  }
  assert.equal((await get(one.key, '?provider=mailchimp')).status, damaged === 3 ? 500 : 200)
  const reader = await newKey(api, one.id, { scopes: ['connections:read'] })
  const plain = await get(reader, '')
  assert.equal(plain.status, 200)
  assert.equal((plain.body as object[]).length, 3)
  assert.equal((await get(two.key, '/1')).status, 200, 'another account')
  const v2 = await call(api.address, 'GET', '/v2/integrations/', { key: one.key })
  assert.equal(v2.status, 200)
}

describe('a sealed value', () => {
  test('of another row does not open there', async () => {
    await put(await rowOf(one.id, 2), (await rowOf(one.id, 1)).sealed)
    await failsAlone(2)
  })

  test('swapped with another field of its row opens in neither place', async () => {
    const [key, event] = [await rowOf(one.id, 1), await rowOf(one.id, 1, 'event_key')]
    await put(key, event.sealed)
    await put(event, key.sealed)
    await failsAlone(1)
  })

  test('of another account does not open here', async () => {
    await put(await rowOf(one.id, 3), (await rowOf(two.id, 1)).sealed)
    await failsAlone(3)
  })

  test('from another table, such as a wrapped data key, does not open here', async () => {
    const { wrapped } = await api.db
      .selectFrom('data_keys')
      .select('wrapped')
      .where('account_id', '=', one.id)
      .executeTakeFirstOrThrow()
    await put(await rowOf(one.id, 3), wrapped)
    await failsAlone(3)
  })

  for (const [name, change] of [
    ['with a changed tag', (text: string) => `${text.slice(0, -2)}${text.endsWith('AA') ? 'BA' : 'AA'}`],
    ['cut short', (text: string) => text.slice(0, -6)],
    ['of an unknown key', (text: string) => text.replace(/^v1\.[^.]+/, 'v1.0000000000000000')],
    ['of an unknown version', (text: string) => text.replace('v1.', 'v9.')],
    ['that is empty', () => ''],
  ] as const) {
    test(`${name} fails alone`, async () => {
      const row = await rowOf(one.id, 2)
      await put(row, change(row.sealed))
      await failsAlone(2)
    })
  }

  test('that cannot be opened leaves a record in the audit trail', async () => {
    const row = await rowOf(one.id, 2)
    const records = () =>
      api.db
        .selectFrom('audit')
        .select((eb) => eb.fn.sum<number>('times').as('times'))
        .where('subject', '=', `connection/${row.connection_uid}`)
        .where('action', '=', 'secrets.damaged')
        .execute()
    await api.hub.flush()
    const [before] = await records()
    await put(row, 'v1.broken')
    await get(one.key, '/2')
    await api.hub.flush()
    const [after] = await records()
    assert.equal(Number(after?.times), Number(before?.times ?? 0) + 1)
  })

  test('that cannot be opened is logged as an error, and names the unknown key', async () => {
    const row = await rowOf(one.id, 2)
    await put(row, row.sealed.replace(/^v1\.[^.]+/, 'v1.0123456789abcdef'))
    const before = api.log().length
    await get(one.key, '/2')
    assert.ok(api.log().slice(before).includes('0123456789abcdef'), api.log().slice(before))
  })

  test('still opens after its integration was given another id', async () => {
    const renamed = await call(api.address, 'PATCH', '/v2/integrations/1', {
      key: one.key,
      body: { id: 'shop' },
    })
    assert.equal(renamed.status, 200, renamed.text)
    const { status, body } = await get(one.key, '/1')
    assert.equal(status, 200)
    assert.partialDeepStrictEqual(body, { api_key: 'CANARY-A', event_key: 'CANARY-E' })
  })

  test('is in no file and no log line in clear', async () => {
    const files = await api.store.files()
    for (const canary of canaries) {
      const forms = [
        canary,
        Buffer.from(canary).toString('base64').slice(0, -4),
        Buffer.from(canary).toString('hex'),
      ]
      for (const form of forms) {
        for (const bytes of files) assert.ok(!bytes.includes(form), form)
        assert.ok(!api.log().includes(form), form)
      }
    }
  })
})
