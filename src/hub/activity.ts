// What an account has done in the last day, hour by hour: events, checks of connections and deliveries to webhooks.
import type { Db } from '../storage/database.ts'
import { countEventsFrom } from '../storage/events-by-time.ts'
import { type Counted, hourlyCountsOf, sweepHourlyCounts } from '../storage/hourly-counts.ts'
import { sweepAll } from './sweeping.ts'
import { type Clock, hourOf, later, type Timestamp } from './timestamp.ts'

const hourMs = 3_600_000
const hours = 24

/** A number for each hour. */
export type Activity = {
  /** When each begins; the last one is still going on. */
  readonly hours: readonly Timestamp[]
  readonly events: readonly number[]
  readonly checks: { readonly accepted: readonly number[]; readonly refused: readonly number[] }
  readonly deliveries: { readonly taken: readonly number[]; readonly failed: readonly number[] }
}

export async function activityOf(db: Db, accountId: number, at: Timestamp): Promise<Activity> {
  const last = hourOf(at)
  const all = Array.from({ length: hours }, (_, hour) => later(last, (hour - hours + 1) * hourMs))
  const first = all[0] ?? last
  const counts = hourlyCountsOf(db, accountId)
  const byHour = async (what: Counted) => {
    const found = await counts.since(what, first)
    return all.map((hour) => found.get(hour) ?? 0)
  }
  return {
    hours: all,
    events: await countEventsFrom(db, accountId, all),
    checks: { accepted: await byHour('check.accepted'), refused: await byHour('check.refused') },
    deliveries: { taken: await byHour('delivery.taken'), failed: await byHour('delivery.failed') },
  }
}

/** Removes what nobody is shown any more. */
export function sweepActivity({ db, now }: { db: Db; now: Clock }): Promise<void> {
  return sweepAll({ db, now }, 'hourly counts', (db, limit) =>
    sweepHourlyCounts(db, later(now(), -2 * hours * hourMs), limit),
  )
}
