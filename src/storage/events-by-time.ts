// How many events there were in each stretch of time, found without looking at each of them.
import { sql } from 'kysely'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { eventsOf } from './events.ts'

/**
 * Numbers rise with time and have no gaps, so that the first event of a time is found by halving, and two such
 * numbers say how many came between: a few dozen rows are read, however many there are.
 * @param times rising
 * @returns how many from each time to the next one; from the last one on, all
 */
export async function countEventsFrom(
  store: Db,
  accountId: number,
  times: readonly Timestamp[],
): Promise<number[]> {
  const { first, last } = await eventsOf(store, accountId).ends()
  const bounds = times.map(
    (time, at) =>
      sql`(cast(${at} as bigint), cast(${time} as text), cast(${first} as bigint), cast(${last + 1} as bigint))`,
  )
  const middle = sql`((h.low + h.high) / 2)`
  const isBefore = sql`(select e.at from events e where e.account_id = ${accountId} and e.sequence = ${middle}) < h.bound`
  const { rows } = await sql<{ place: number; low: number }>`
    with recursive halving (place, bound, low, high) as (
      values ${sql.join(bounds)}
      union all
      select h.place, h.bound,
        case when ${isBefore} then ${middle} + 1 else h.low end,
        case when ${isBefore} then h.high else ${middle} end
      from halving h where h.low < h.high
    )
    select place, low from halving where low = high order by place`.execute(within(store, accountId))
  const starts = rows.map(({ low }) => Number(low))
  return starts.map((start, at) => (starts[at + 1] ?? last + 1) - start)
}
