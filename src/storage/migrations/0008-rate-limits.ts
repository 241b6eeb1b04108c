// Counters that nodes share. They need not outlive a crash of the server, and so cost no write to its log.
import { type Kysely, PostgresAdapter, sql } from 'kysely'

/** As `rate-limiter-flexible` has it. The embedded engine counts in memory. */
export async function up(db: Kysely<unknown>): Promise<void> {
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) return
  await sql`
    create unlogged table rate_limits (
      key varchar(255) primary key,
      points integer not null default 0,
      expire bigint
    )`.execute(db)
  await sql`create index rate_limits_expire on rate_limits (expire)`.execute(db)
}
