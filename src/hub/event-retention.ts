// How long events are kept: the oldest go, some at a time.
import { type Db, transact } from '../storage/database.ts'
import { accountsWithEventsBefore, eventsOf } from '../storage/events.ts'
import { eventDays } from './event.ts'
import { leases } from './leases.ts'
import { type Clock, later } from './timestamp.ts'

const dayMs = 86_400_000
const everyMs = 3_600_000
const leaseMs = 60_000
/** Events that go at once, so that other writers of the account come between. */
const atOnce = 500

/** Removes what is too old, once an hour at most. */
export function eventRetention({ db, now }: { db: Db; now: Clock }): () => Promise<void> {
  let dueAt = ''
  return async () => {
    if (now() < dueAt) return
    dueAt = later(now(), everyMs)
    const before = later(now(), -eventDays * dayMs)
    await leases({ db, now }).hold({ accountId: 0, name: 'sweep events' }, leaseMs, async ({ guard }) => {
      for (const accountId of await accountsWithEventsBefore(db, before)) {
        const some = (db: Db) => guard(db).then(() => eventsOf(db, accountId).removeOldest(before, atOnce))
        while ((await transact(db, accountId, some)) === atOnce);
      }
    })
  }
}
