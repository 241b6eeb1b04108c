// The vault and the settings at the console: for operators alone, and never with a secret in them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { ask, ownPage, signInByLink, signInWith } from '../support/console-session.ts'
import { asObject, asObjects } from '../support/v2.ts'

async function withOperator(
  use: (api: TestApi, cookie: string, account: { id: number; key: string }) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const api = await startApi({ environment })
  try {
    const account = await newAccount(api)
    await use(api, await signInByLink(api, account.id), account)
  } finally {
    await api.close()
  }
}

const vaultOf = async (api: TestApi, cookie: string) =>
  asObject((await ask(api, cookie, 'GET', '/v2/vault/')).body)

test('a recovery code is made, shown once, opens its slot, and is removed; the one in use is not', async () => {
  await withOperator(async (api, cookie, { id }) => {
    const made = await ask(api, cookie, 'POST', '/v2/vault/slots/', { kind: 'recovery' })
    assert.equal(made.status, 201, made.text)
    const { slot, recovery_code } = asObject(made.body)
    assert.match(String(recovery_code), /^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/)
    const shown = await ask(api, cookie, 'GET', '/v2/vault/')
    assert.ok(!shown.text.includes(String(recovery_code)))
    assert.equal(asObjects(asObject(shown.body).slots).length, 2)

    const tested = await ask(api, cookie, 'POST', '/v2/vault/slots/test/', {
      kind: 'recovery',
      text: String(recovery_code),
    })
    assert.equal(asObject(tested.body).id, asObject(slot).id)
    const wrong = { kind: 'passphrase', text: 'one that nobody has given' }
    const unknown = await ask(api, cookie, 'POST', '/v2/vault/slots/test/', wrong)
    assert.equal(unknown.status, 400)
    assert.match(unknown.text, /opens no slot/)

    const inUse = asObjects(asObject(shown.body).slots).find(({ is_in_use }) => is_in_use === true)
    const removed = (slotId: unknown) => ask(api, cookie, 'DELETE', `/v2/vault/slots/${slotId}/`)
    assert.equal((await removed(inUse?.id)).status, 409)
    assert.equal((await removed(asObject(slot).id)).status, 204)
    const last = await removed(inUse?.id)
    assert.match(last.text, /the last that opens this store/)

    const trail = await api.db.selectFrom('audit').selectAll().where('action', 'like', 'key_slot.%').execute()
    const byAccount = trail.filter(({ address }) => address !== null).map(({ account_id }) => account_id)
    assert.deepEqual(byAccount.toSorted(), [0, 0, id, id])
    assert.ok(!JSON.stringify(trail).includes(String(recovery_code)))
    assert.ok(!api.log().includes(String(recovery_code)))
  })
})

test('a passphrase is judged before it opens anything, and no answer or log has it', async () => {
  await withOperator(async (api, cookie) => {
    const add = (text: string) => ask(api, cookie, 'POST', '/v2/vault/slots/', { kind: 'passphrase', text })
    assert.match((await add('short')).text, /at least 12 characters/)
    const text = 'correct horse battery staple 26'
    const made = await add(text)
    assert.equal(made.status, 201, made.text)
    assert.equal(asObject(made.body).recovery_code, null)
    assert.ok(!made.text.includes(text) && !api.log().includes(text))
  })
})

test('the root key and the data keys are rotated in steps, and what nothing needs any more is dropped', async () => {
  await withOperator(async (api, cookie, { key }) => {
    const connection = await call(api.address, 'POST', '/v2/connections/', {
      key,
      headers: { 'integration-id': '1' },
      body: {
        provider: 'stripe',
        title: 'Shop',
        fields: { publishable_key: 'pk_test_26', secret_key: 'sk_test_26' },
      },
    })
    assert.equal(connection.status, 201, connection.text)
    const before = await vaultOf(api, cookie)
    assert.deepEqual(before.data_plan, { is_resumed: false, values: 1 })

    const begun = await ask(api, cookie, 'POST', '/v2/vault/root-rotation/')
    assert.equal(begun.status, 200, begun.text)
    const step = await ask(api, cookie, 'POST', '/v2/vault/root-rotation/steps/', {})
    assert.equal(asObject(step.body).rest, null)
    const nowhere = await ask(api, cookie, 'POST', '/v2/vault/data-rotation/steps/', { rest: '{' })
    assert.equal(nowhere.status, 400)
    let rest: unknown
    for (let part = 0; part < 10 && rest !== null; part++) {
      const body = rest === undefined ? {} : { rest }
      const done = await ask(api, cookie, 'POST', '/v2/vault/data-rotation/steps/', body)
      assert.equal(done.status, 200, done.text)
      rest = asObject(done.body).rest
      if (rest === null) assert.equal(asObject(done.body).resealed, 1)
    }
    assert.equal(rest, null)

    const after = await vaultOf(api, cookie)
    const oldRoot = asObjects(after.root_keys).find(({ is_current }) => is_current === false)
    const newRoot = asObjects(after.root_keys).find(({ is_current }) => is_current === true)
    assert.equal(newRoot?.id, asObject(begun.body).root_key)
    assert.equal((await ask(api, cookie, 'DELETE', `/v2/vault/keys/${oldRoot?.id}/`)).status, 204)
    assert.equal((await ask(api, cookie, 'DELETE', `/v2/vault/keys/${newRoot?.id}/`)).status, 409)
    assert.equal((await ask(api, cookie, 'DELETE', '/v2/vault/keys/none/')).status, 404)
    const current = asObjects(after.data_keys).find(({ is_current }) => is_current === true)
    assert.equal(current?.values, 1)
    const shown = await call(api.address, 'GET', '/v2/connections/1/', {
      key,
      headers: { 'integration-id': '1' },
    })
    assert.equal(shown.status, 200)
  })
})

test("a tenant's session is refused the vault and the settings, as is a key of an operator that is bound", async () => {
  await withOperator(async (api, _cookie, { id, key }) => {
    const bound = await newKey(api, id, { scopes: ['operator'], integrationId: '1' })
    for (const given of [key, bound]) {
      const cookie = await signInWith(api, { api_key: given })
      for (const [method, path, body] of [
        ['GET', '/v2/vault/'],
        ['POST', '/v2/vault/slots/', { kind: 'recovery' }],
        ['POST', '/v2/vault/slots/test/', { kind: 'recovery', text: 'x' }],
        ['DELETE', '/v2/vault/slots/x/'],
        ['POST', '/v2/vault/root-rotation/'],
        ['POST', '/v2/vault/root-rotation/steps/', {}],
        ['POST', '/v2/vault/data-rotation/steps/', {}],
        ['DELETE', '/v2/vault/keys/x/'],
        ['GET', '/v2/settings/'],
      ] as const) {
        assert.equal((await ask(api, cookie, method, path, body)).status, 403, `${method} ${path}`)
      }
    }
    const outside = await call(api.address, 'GET', '/v2/vault/', { key, headers: ownPage })
    assert.equal(outside.status, 404, 'it is no part of the API')
  })
})

test('settings say what is in force and what sets it, without passwords', async () => {
  await withOperator(
    async (api, cookie) => {
      const answer = await ask(api, cookie, 'GET', '/v2/settings/')
      const { settings, version } = asObject(answer.body)
      assert.match(String(version), /^\d+\.\d+/)
      const of = (variable: string) => asObjects(settings).find((one) => one.variable === variable)?.value
      assert.equal(of('DATABASE_URL'), 'PostgreSQL: db.example.com/mortise')
      assert.equal(of('MORTISE_VERIFY'), 'off')
      assert.equal(of('MORTISE_EGRESS_ALLOW'), 'the public internet over https, crm.internal:8443')
      assert.ok(!answer.text.includes('hunter2') && !answer.text.includes('a passphrase of mine'))
    },
    {
      DATABASE_URL: 'postgres://mortise:hunter2@db.example.com/mortise',
      MORTISE_VERIFY: 'off',
      MORTISE_EGRESS_ALLOW: 'crm.internal:8443',
      MORTISE_PASSPHRASE: 'a passphrase of mine',
    },
  )
})
