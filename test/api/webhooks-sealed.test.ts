// The secrets of webhooks in the vault: sealed anew by a rotation, told where they are damaged, and gone with their account.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RotationCursor } from '../../src/hub/data-rotation.ts'
import type { ValueCursor } from '../../src/hub/value-verification.ts'
import { type Received, verified } from '../support/receiver.ts'
import { asObject, integrationsPath, resultsOf, textOf } from '../support/v2.ts'
import { startWebhooks, type Webhooks, webhooksPath } from '../support/webhooks.ts'

let v2: Webhooks
const errors: unknown[] = []
before(async () => {
  v2 = await startWebhooks({ onDeliveryError: (error) => errors.push(error) })
})
after(() => v2.api.close())

const rows = () => v2.api.db.selectFrom('webhook_secrets').selectAll().orderBy('webhook_uid').execute()
const change = (name: string) => v2.send('PATCH', `${integrationsPath}1/`, { name })

async function damagedOnes() {
  const damaged = []
  let rest: ValueCursor | undefined
  do {
    const part = await v2.api.hub.valueVerification.verify(v2.account.id, rest)
    damaged.push(...part.damaged)
    rest = part.rest ?? undefined
  } while (rest)
  return damaged
}

test('a rotation seals them with the next key, and they sign as before', async () => {
  const { secret } = await v2.hook({ events: ['integration.*'] })
  const [before] = await rows()
  let rest: RotationCursor | undefined
  do {
    const part = await v2.api.hub.dataRotation.step(v2.account.id, rest)
    rest = part.rest ?? undefined
  } while (rest)
  const [afterwards] = await rows()
  assert.notEqual(afterwards?.key_id, before?.key_id)
  assert.notEqual(afterwards?.sealed, before?.sealed)
  const keys = await v2.api.hub.dataRotation.list(v2.account.id)
  assert.equal(keys.find(({ isCurrent }) => isCurrent)?.values, 1, 'and is counted')
  await change('rotated')
  const [one] = await v2.receiver.waitFor(1)
  verified(secret, one as Received)
  assert.deepEqual(await damagedOnes(), [])
})

test('one that was moved to another webhook opens nothing: the doctor says whose it is, and nothing is signed with it', async () => {
  const [first] = await rows()
  const other = await v2.hook({ events: ['integration.*'], url: `${v2.receiver.address}/other` })
  await v2.api.db
    .updateTable('webhook_secrets')
    .set({ sealed: first?.sealed ?? '' })
    .where('webhook_uid', '=', other.id)
    .execute()
  const damaged = await damagedOnes()
  assert.deepEqual(
    damaged.map(({ webhook, connection, field }) => ({ webhook, connection, field })),
    [{ webhook: other.id, connection: null, field: 'secret_key' }],
  )
  v2.receiver.received.length = 0
  await change('moved')
  await v2.receiver.waitFor(1)
  for (let n = 0; n < 3; n++) await v2.deliver()
  assert.ok(!v2.receiver.received.some(({ path }) => path === '/other'))
  assert.equal(errors.length, 1, 'it is logged once')
  const shown = await v2.got(200, v2.send('GET', `${webhooksPath}${other.id}/`))
  assert.ok(shown.disabled_at)
  assert.equal(shown.disabled_reason, 'secret_damaged')
  const told = resultsOf(await v2.send('GET', '/v2/events/?type=endpoint.disabled'))
  assert.deepEqual(
    told.map(({ data }) => asObject(data).id),
    [other.id],
  )
})

test('with a new secret it is enabled, and gets what waited', async () => {
  const [damaged] = await v2.api.db
    .selectFrom('webhooks')
    .select('uid')
    .where('disabled_at', 'is not', null)
    .execute()
  const rotated = await v2.got(200, v2.send('POST', `${webhooksPath}${damaged?.uid}/rotate_secret/`, {}))
  assert.equal(rotated.disabled_at, null)
  await v2.deliver()
  const [one] = v2.receiver.received.filter(({ path }) => path === '/other')
  assert.ok(one, 'what waited')
  verified(textOf(rotated.secret_key), one)
  assert.equal(
    String(one.headers['webhook-signature']).split(' ').length,
    1,
    'and the damaged one signs no more',
  )
})
