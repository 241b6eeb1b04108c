// Numbers given out within an account: rising, and never twice.
import { type RawBuilder, sql } from 'kysely'
import { type Db, within } from './database.ts'
import { posted, prepared } from './prepared.ts'

export type SequenceName = 'integrations' | 'freelancers' | 'connections' | 'stored_answers'

type Advance = { account: number; name: SequenceName; count: number }
type Value = <Name extends keyof Advance>(name: Name) => Advance[Name]

const advanced = (db: Db, value: Value) =>
  db
    .insertInto('sequences')
    .values({ account_id: value('account'), name: value('name'), value: value('count') })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'name']).doUpdateSet({ value: sql`sequences.value + excluded.value` }),
    )

const advance = prepared<Advance, { value: number }>((db, value) => advanced(db, value).returning('value'))
const advanceUnasked = posted<Advance>(advanced)

/**
 * The next number, or the last of several; on a cluster, others of the account wait for this transaction.
 */
export async function nextOf(db: Db, accountId: number, name: SequenceName, count = 1): Promise<number> {
  const [row] = await advance(within(db, accountId), { account: accountId, name, count })
  if (!row) throw new Error(`The sequence ${name} gave no number.`)
  return row.value
}

/** Takes numbers for queries that come after it in the transaction, which find them with `lastTaken`. */
export async function take(db: Db, accountId: number, name: SequenceName, count = 1): Promise<void> {
  await advanceUnasked(within(db, accountId), { account: accountId, name, count })
}

/** In a query: the last number that the transaction has taken. Nobody else takes any until it is over. */
export function lastTaken(accountId: number, name: SequenceName): RawBuilder<number> {
  return sql<number>`(select value from sequences where account_id = ${accountId} and name = ${sql.lit(name)})`
}

/** Makes sure that numbers up to `value`, which came from elsewhere, are not given out again. */
export async function passOver(db: Db, accountId: number, name: SequenceName, value: number): Promise<void> {
  await within(db, accountId)
    .insertInto('sequences')
    .values({ account_id: accountId, name, value })
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'name']).doUpdateSet({
        value: sql`case when sequences.value < ${value} then ${value} else sequences.value end`,
      }),
    )
    .execute()
}
