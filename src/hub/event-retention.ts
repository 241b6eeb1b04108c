// How long events and their deliveries are kept: the oldest go, some at a time.
import { type Db, transact } from '../storage/database.ts'
import { deliveriesOf } from '../storage/deliveries.ts'
import { accountsWithEventsBefore, eventsOf } from '../storage/events.ts'
import { sweepWebhookSecrets } from '../storage/webhook-secrets.ts'
import { accountsWithDeliveries, webhooksOf } from '../storage/webhooks.ts'
import { eventDays } from './event.ts'
import { type Lease, leases } from './leases.ts'
import { sweepAll } from './sweeping.ts'
import { type Clock, later } from './timestamp.ts'

const dayMs = 86_400_000
const everyMs = 3_600_000
const leaseMs = 60_000
/** Rows that go at once, so that other writers of the account come between. */
const atOnce = 500

/** Removes what is too old, once an hour at most. */
export function eventRetention(needs: { db: Db; now: Clock }): () => Promise<void> {
  const { db, now } = needs
  let dueAt = ''
  return async () => {
    if (now() < dueAt) return
    dueAt = later(now(), everyMs)
    await leases(needs).hold({ accountId: 0, name: 'sweep events' }, leaseMs, async (lease) => {
      const before = later(now(), -eventDays * dayMs)
      for (const accountId of await accountsWithEventsBefore(db, before)) {
        while (await removeSome(db, accountId, before, lease));
      }
      for (const accountId of await accountsWithDeliveries(db)) await removeOrphans(db, accountId, lease)
    })
    await sweepAll(needs, 'webhook secrets', (db, limit) => sweepWebhookSecrets(db, now(), limit))
  }
}

/** @returns whether there may be more */
function removeSome(
  db: Db,
  accountId: number,
  before: ReturnType<Clock>,
  { guard }: Lease,
): Promise<boolean> {
  return transact(db, accountId, async (db) => {
    await guard(db)
    const events = eventsOf(db, accountId)
    const last = await events.oldestUpTo(before, atOnce)
    if (last === undefined) return false
    // An event stays until all that was to be sent of it is gone.
    const deliveries = deliveriesOf(db, accountId)
    for (const uid of await deliveries.webhookUids()) {
      if ((await deliveries.removeUpTo(uid, last, atOnce)) === atOnce) return true
    }
    await events.removeUpTo(last)
    return true
  })
}

/** What was on its way to webhooks that are gone. */
async function removeOrphans(db: Db, accountId: number, { guard }: Lease): Promise<void> {
  for (const uid of await deliveriesOf(db, accountId).webhookUids()) {
    if (await webhooksOf(db, accountId).find(uid)) continue
    const some = (db: Db) =>
      guard(db).then(() => deliveriesOf(db, accountId).removeUpTo(uid, Number.MAX_SAFE_INTEGER, atOnce))
    while ((await transact(db, accountId, some)) === atOnce);
  }
}
