// Queries on what waits, of all accounts together: for those who watch a server.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'

/** Deliveries that are to be tried, now or later. @param max no more are counted */
export async function countWaiting(db: Db, max: number): Promise<number> {
  const waiting = within(db, 'all accounts')
    .selectFrom('deliveries')
    .select('account_id')
    .where('due_at', 'is not', null)
    .limit(max)
    .as('waiting')
  const { count } = await within(db, 'all accounts')
    .selectFrom(waiting)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** When the first of all checks is to be made; null where there is none to be made. */
export async function earliestCheck(db: Db): Promise<Timestamp | null> {
  const row = await within(db, 'all accounts')
    .selectFrom('connection_upkeep')
    .select('check_at')
    .where('check_at', 'is not', null)
    .orderBy('check_at')
    .limit(1)
    .executeTakeFirst()
  return row?.check_at ?? null
}
