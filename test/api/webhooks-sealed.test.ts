// The secrets of webhooks in the vault: sealed anew by a rotation, told where they are damaged, and gone with their account.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RotationCursor } from '../../src/hub/data-rotation.ts'
import type { ValueCursor } from '../../src/hub/value-verification.ts'
import { type Received, verified } from '../support/receiver.ts'
import { integrationsPath } from '../support/v2.ts'
import { startWebhooks, type Webhooks } from '../support/webhooks.ts'

let v2: Webhooks
before(async () => {
  v2 = await startWebhooks()
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

test('one that was moved to another webhook opens nothing, and the doctor says whose it is', async () => {
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
  await v2.deliver()
  assert.ok(!v2.receiver.received.some(({ path }) => path === '/other'), 'nothing is signed with it')
})
