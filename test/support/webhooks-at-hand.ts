// Webhooks that are there, each with a delivery, for tests that walk all routes.
import type { Hub } from '../../src/app.ts'
import { deliveriesOf } from '../../src/storage/deliveries.ts'
import type { TestApi } from './api.ts'
import { timestamp } from './sample-connections.ts'

/** @returns ids of webhooks with the id of a delivery of each */
export async function makeWebhooks(
  hub: Hub,
  accountId: number,
  integrationId: string,
  count: number,
): Promise<Map<string, string>> {
  const caller = await hub.integrations.actAs(hub.callerFor(accountId), integrationId)
  const made = new Map<string, string>()
  for (let n = 0; n < count; n++) {
    const { webhook } = await hub.webhooks.create(caller, { url: 'https://hooks.example.com/' })
    const { id } = await hub.deliveryLog.test(caller, webhook.uid)
    made.set(webhook.uid, id)
  }
  return made
}

/** The account's first event, a webhook and the delivery of the one to the other, all with one id. */
export async function makeNamed(
  { hub, db }: Pick<TestApi, 'hub' | 'db'>,
  accountId: number,
  { id, integrationId, url }: { id: string; integrationId: string; url: string },
): Promise<void> {
  const caller = await hub.integrations.actAs(hub.callerFor(accountId), integrationId)
  await hub.webhooks.create(caller, { url })
  await db.deleteFrom('webhook_secrets').where('account_id', '=', accountId).execute()
  await db.updateTable('webhooks').set({ uid: id }).where('account_id', '=', accountId).execute()
  await db
    .updateTable('events')
    .set({ id })
    .where('account_id', '=', accountId)
    .where('sequence', '=', 1)
    .execute()
  const at = timestamp('2026-01-01T00:00:00Z')
  await deliveriesOf(db, accountId).begin(id, [1], at)
}
