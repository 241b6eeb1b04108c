// Tallies: how many rows of a list stand in each stretch of positions, so that counting walks no rows.
import { type Kysely, sql } from 'kysely'

const stretches = [1_024, 65_536, 4_194_304]

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tallies')
    .addColumn('account_id', 'bigint', (c) => c.notNull())
    .addColumn('list', 'text', (c) => c.notNull())
    .addColumn('level', 'integer', (c) => c.notNull())
    .addColumn('stretch', 'bigint', (c) => c.notNull())
    .addColumn('n', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('tallies_pk', ['account_id', 'list', 'level', 'stretch'])
    .execute()
  for (const [level, size] of stretches.entries()) {
    await count(db, 'integrations', sql`'integrations'`, level, size)
    await count(db, 'integrations', sql`'integrations/' || type`, level, size)
    await count(db, 'freelancers', sql`'freelancers'`, level, size)
  }
}

async function count(
  db: Kysely<unknown>,
  table: string,
  list: ReturnType<typeof sql>,
  level: number,
  size: number,
): Promise<void> {
  await sql`
    insert into tallies (account_id, list, level, stretch, n)
    select account_id, list, ${sql.lit(level)}, stretch, count(*)
    from (
      select account_id, ${list} as list, position / ${sql.lit(size)} as stretch from ${sql.table(table)}
    ) as places
    group by account_id, list, stretch`.execute(db)
}
