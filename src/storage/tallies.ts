// Counts and deep pages that cost no more as an account grows: tallies per stretch of positions, in three levels.
import type { Db } from './database.ts'

/** How many positions a stretch of each level spans. */
const stretches = [1_024, 65_536, 4_194_304] as const
/** How many stretches of the level below one holds. */
const stretchesWithin = 64
const top = stretches.length - 1

/** A list is the rows of a table in an account, or those of one type. */
export type ListName = 'integrations' | `integrations/${number}` | 'freelancers'

export function talliesOf(db: Db, accountId: number) {
  const rowsOf = (list: ListName, level: number) =>
    db
      .selectFrom('tallies')
      .where('account_id', '=', accountId)
      .where('list', '=', list)
      .where('level', '=', level)

  return {
    /** Part of the transaction that adds the row at a position to its lists (1), or takes it out (-1). */
    async note(lists: readonly ListName[], position: number, change: 1 | -1): Promise<void> {
      await db
        .insertInto('tallies')
        .values(
          lists.flatMap((list) =>
            stretches.map((size, level) => ({
              account_id: accountId,
              list,
              level,
              stretch: Math.floor(position / size),
              n: change,
            })),
          ),
        )
        .onConflict((conflict) =>
          conflict
            .columns(['account_id', 'list', 'level', 'stretch'])
            .doUpdateSet((eb) => ({ n: eb('tallies.n', '+', eb.ref('excluded.n')) })),
        )
        .execute()
    },

    async count(list: ListName): Promise<number> {
      const { count } = await rowsOf(list, top)
        .select((eb) => eb.fn.sum<number>('n').as('count'))
        .executeTakeFirstOrThrow()
      return Number(count ?? 0)
    },

    /** Where to begin for a number of rows to be skipped: a position, and what is left to skip from there on. */
    async locate(list: ListName, skipped: number): Promise<{ position: number; skip: number }> {
      let position = 0
      let skip = skipped
      for (let level = top; level >= 0 && skip > 0; level--) {
        const size = stretches[level] ?? 1
        const found = await rowsOf(list, level)
          .select(['stretch', 'n'])
          .where('stretch', '>=', Math.floor(position / size))
          .orderBy('stretch')
          .$if(level < top, (query) => query.limit(stretchesWithin))
          .execute()
        for (const { stretch, n } of found) {
          position = stretch * size
          if (n > skip) break
          skip -= n
          position += size
        }
      }
      return { position, skip }
    },
  }
}
