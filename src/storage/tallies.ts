// Counts and deep pages that cost no more as an account grows: tallies per stretch of positions, in three levels.
import { sql } from 'kysely'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'

/** How many positions a stretch of each level spans. */
const stretches = [1_024, 65_536, 4_194_304] as const
/** How many stretches of the level below one holds. */
const stretchesWithin = 64
const top = stretches.length - 1

/** A list is the rows of a table in an account, or those of one type. */
export type ListName = 'integrations' | `integrations/${number}` | 'freelancers'

type List = { account: number; list: ListName }
type Row = { stretch: number; n: number }

type Change = { account: number; position: number; change: 1 | -1 }

/** One statement for the stretches of all levels in all the lists, whose names are joined with a comma. */
const add = prepared<Change, never, string>((db, value, lists) =>
  db
    .insertInto('tallies')
    .values(
      lists.split(',').flatMap((list) =>
        stretches.map((size, level) => ({
          account_id: value('account'),
          list,
          level,
          stretch: sql<number>`cast(${value('position')} as bigint) / ${sql.lit(size)}`,
          n: value('change'),
        })),
      ),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'list', 'level', 'stretch'])
        .doUpdateSet((eb) => ({ n: eb('tallies.n', '+', eb.ref('excluded.n')) })),
    ),
)

const sumOf = prepared<List, { count: number | null }>((db, value) =>
  rowsOf(db, value('account'), value('list'), top).select((eb) => eb.fn.sum<number>('n').as('count')),
)

/** From a stretch on, of one level: of the top all, of those below as many as one of the level above holds. */
const stretchesFrom = stretches.map((_, level) =>
  prepared<List & { first: number }, Row>((db, value) =>
    rowsOf(db, value('account'), value('list'), level)
      .select(['stretch', 'n'])
      .where('stretch', '>=', value('first'))
      .orderBy('stretch')
      .$if(level < top, (query) => query.limit(stretchesWithin)),
  ),
)

export function talliesOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    /** Part of the transaction that adds the row at a position to its lists (1), or takes it out (-1). */
    async note(lists: readonly ListName[], position: number, change: 1 | -1): Promise<void> {
      await add(db, { account: accountId, position, change }, lists.join(','))
    },

    async count(list: ListName): Promise<number> {
      const [sum] = await sumOf(db, { account: accountId, list })
      return Number(sum?.count ?? 0)
    },

    /** Where to begin for a number of rows to be skipped: a position, and what is left to skip from there on. */
    async locate(list: ListName, skipped: number): Promise<{ position: number; skip: number }> {
      let position = 0
      let skip = skipped
      // So few are passed over sooner than a place to begin is found.
      if (skip < stretches[0]) return { position, skip }
      for (let level = top; level >= 0 && skip > 0; level--) {
        const size = stretches[level] ?? 1
        const first = Math.floor(position / size)
        const found = await stretchesFrom[level]?.(db, { account: accountId, list, first })
        for (const { stretch, n } of found ?? []) {
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

function rowsOf(db: Db, accountId: number, list: ListName, level: number) {
  return db
    .selectFrom('tallies')
    .where('account_id', '=', accountId)
    .where('list', '=', list)
    .where('level', '=', level)
}
