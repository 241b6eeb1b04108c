// Counters of what happened within some seconds: in memory where one process is all there is, else shared.
import { CompiledQuery } from 'kysely'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible'
import { type Db, engineOf, withNotes } from './database.ts'

export type RateLimit = {
  /** What is counted; no two limits have the same. */
  readonly name: string
  readonly points: number
  readonly durationS: number
}

/** Nodes that share a database count together. */
export function rateLimiter(db: Db, { name, points, durationS }: RateLimit): RateLimiterAbstract {
  const limit = { keyPrefix: name, points, duration: durationS }
  if (engineOf(db).engine === 'sqlite') return new RateLimiterMemory(limit)
  return new RateLimiterPostgres({
    ...limit,
    storeClient: clientOn(db),
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    // Whoever is over the limit costs no query until its time is over.
    inMemoryBlockOnConsumed: points + 1,
  })
}

/** Removes counters whose time is over. @returns how many, at most `limit` */
export async function sweepRateLimits(db: Db, nowMs: number, limit: number): Promise<number> {
  if (engineOf(db).engine === 'sqlite') return 0
  const over = db.selectFrom('rate_limits').select('key').where('expire', '<=', nowMs).limit(limit)
  const { numDeletedRows } = await db
    .deleteFrom('rate_limits')
    .where('key', 'in', over)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

type Asked = { text: string; values?: readonly unknown[]; name?: string }

/** What the limiter takes for a pool of connections: its queries go the way of all others. */
function clientOn(db: Db) {
  return {
    query({ text, values = [], name }: Asked) {
      const compiled = CompiledQuery.raw(text, [...values])
      const query = withNotes(compiled.query, name === undefined ? {} : { name })
      return db.executeQuery({ ...compiled, query })
    },
  }
}
