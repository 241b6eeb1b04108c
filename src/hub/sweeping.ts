// Removes what has expired, a few at a time, so that other writers come between.
import { type Db, transact } from '../storage/database.ts'
import { leases } from './leases.ts'
import type { Clock } from './timestamp.ts'

const atOnce = 500
const leaseMs = 60_000

/**
 * Nothing where another node is at it.
 * @param what a name for what is swept
 * @param remove takes away at most `limit`, and says how many it found
 */
export async function sweepAll(
  { db, now }: { db: Db; now: Clock },
  what: string,
  remove: (db: Db, limit: number) => Promise<number>,
): Promise<void> {
  await leases({ db, now }).hold({ accountId: 0, name: `sweep ${what}` }, leaseMs, async ({ guard }) => {
    const some = (db: Db) => guard(db).then(() => remove(db, atOnce))
    while ((await transact(db, 'all accounts', some)) === atOnce);
  })
}
