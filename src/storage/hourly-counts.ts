// Counts by the hour of what came of checks and deliveries: written with what they count, read for charts.
import { sql } from 'kysely'
import { hourOf, type Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { posted } from './prepared.ts'

export const countedThings = ['check.accepted', 'check.refused', 'delivery.taken', 'delivery.failed'] as const
export type Counted = (typeof countedThings)[number]

type Added = { account: number; what: string; hour: Timestamp; n: number }

const add = posted<Added>((db, value) =>
  db
    .insertInto('hourly_counts')
    .values({ account_id: value('account'), what: value('what'), hour: value('hour'), n: value('n') })
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'what', 'hour'])
        .doUpdateSet((eb) => ({ n: eb('hourly_counts.n', '+', eb.ref('excluded.n')) })),
    ),
)

export function hourlyCountsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    /** In the transaction that writes what is counted. */
    async add(what: Counted, at: Timestamp, n: number): Promise<void> {
      if (n > 0) await add(db, { account: accountId, what, hour: hourOf(at), n })
    },

    /** By hour, from one on; hours without any are left out. */
    async since(what: Counted, hour: Timestamp): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('hourly_counts')
        .select(['hour', 'n'])
        .where('account_id', '=', accountId)
        .where('what', '=', what)
        .where('hour', '>=', hour)
        .execute()
      return new Map(rows.map(({ hour, n }) => [hour, Number(n)]))
    },
  }
}

/** Removes some that are older. @returns how many */
export async function sweepHourlyCounts(db: Db, before: Timestamp, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from hourly_counts
    where (account_id, what, hour) in (
      select account_id, what, hour from hourly_counts where hour < ${before} limit ${sql.lit(limit)}
    )`.execute(within(db, 'all accounts'))
  return Number(numAffectedRows)
}
