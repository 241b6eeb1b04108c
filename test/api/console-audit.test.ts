// The audit trail at the console: verified where it is looked at, in parts, and what was tampered with is named.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { ask, signInByLink, signInWith } from '../support/console-session.ts'
import { asObject } from '../support/v2.ts'

let api: TestApi
let account: { id: number; key: string }
let cookie: string
before(async () => {
  api = await startApi()
  account = await newAccount(api)
  cookie = await signInByLink(api, account.id)
})
after(() => api.close())

const verify = async (body: object = {}) => ask(api, cookie, 'POST', '/v2/audit/verify/', body)

test('a trail that nobody touched is whole, and can be gone on with from where a part ended', async () => {
  const answer = await verify()
  assert.equal(answer.status, 200, answer.text)
  const whole = asObject(answer.body)
  assert.ok(Number(whole.verified) > 0)
  assert.partialDeepStrictEqual(whole, { older: 0, broken: null, why: null, rest: null })
  const other = await newAccount(api)
  await newKey(api, other.id, {})
  assert.deepEqual(asObject((await verify()).body), whole, 'nothing of another account is counted')
})

test('what is no place of ours is refused by member, and a made-up one finds nothing whole', async () => {
  const place = { sequence: 1, link: 'made-up', last: 2, lastLink: 'made-up' }
  const refused = await verify({ rest: '{"sequence":-1}' })
  assert.equal(refused.status, 400, refused.text)
  const madeUp = await verify({ rest: JSON.stringify(place) })
  assert.equal(madeUp.status, 200, madeUp.text)
  assert.notEqual(asObject(madeUp.body).broken, null)
})

test('a key that may not read the trail may not verify it', async () => {
  const key = await newKey(api, account.id, { scopes: ['integrations:read'] })
  const tenant = await signInWith(api, { api_key: key })
  assert.equal((await ask(api, tenant, 'POST', '/v2/audit/verify/', {})).status, 403)
})

test('a record that was changed in the database is the one that is named', async () => {
  await api.db
    .updateTable('audit')
    .set({ address: '10.9.8.7' })
    .where('account_id', '=', account.id)
    .where('sequence', '=', 1)
    .execute()
  assert.partialDeepStrictEqual(asObject((await verify()).body), { broken: 1, rest: null })
})
