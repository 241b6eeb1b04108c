// Counts and deep pages that cost no more as an account grows: tallies per stretch of positions, in three levels.
import { type RawBuilder, sql } from 'kysely'
import { type Db, within } from './database.ts'
import { posted, prepared } from './prepared.ts'
import { lastTaken } from './sequences.ts'

/** How many positions a stretch of each level spans. */
const stretches = [1_024, 65_536, 4_194_304] as const
/** How many stretches of the level below one holds. */
const stretchesWithin = 64
const top = stretches.length - 1

/** A list is the rows of a table in an account, or those of one type. */
export type ListName = 'integrations' | `integrations/${number}` | 'freelancers'

type List = { account: number; list: ListName }
type Row = { stretch: number; n: number }

type Change = { account: number; change: 1 | -1 }

/** One statement for the stretches of all levels in all the lists, whose names are joined with a comma. */
function added(db: Db, lists: string, account: number, change: number, position: RawBuilder<number>) {
  return db
    .insertInto('tallies')
    .values(
      lists.split(',').flatMap((list) =>
        stretches.map((size, level) => ({
          account_id: account,
          list,
          level,
          stretch: sql<number>`${position} / ${sql.lit(size)}`,
          n: change,
        })),
      ),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'list', 'level', 'stretch'])
        .doUpdateSet((eb) => ({ n: eb('tallies.n', '+', eb.ref('excluded.n')) })),
    )
}

const addAt = posted<Change & { position: number }, string>((db, value, lists) =>
  added(db, lists, value('account'), value('change'), sql<number>`cast(${value('position')} as bigint)`),
)

/** Where the row was put whose position the transaction has just taken. */
const addLast = posted<Change, string>((db, value, lists) =>
  added(db, lists, value('account'), value('change'), lastTaken(value('account'), tableOf(lists))),
)

/** The table whose rows are in the lists: all their names begin with it. */
function tableOf(lists: string): 'integrations' | 'freelancers' {
  return lists.startsWith('integrations') ? 'integrations' : 'freelancers'
}

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
    /** Part of the transaction that adds a row to its lists, at the position that it has just taken. */
    async noteAdded(lists: readonly ListName[]): Promise<void> {
      await addLast(db, { account: accountId, change: 1 }, lists.join(','))
    },

    /** Part of the transaction that takes a row out of its lists. */
    async noteRemoved(lists: readonly ListName[], position: number): Promise<void> {
      await addAt(db, { account: accountId, position, change: -1 }, lists.join(','))
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
