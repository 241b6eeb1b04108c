// Numbers given out within an account: rising, and never twice.
import { sql } from 'kysely'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'

export type SequenceName = 'integrations' | 'freelancers' | 'connections' | 'audit' | 'stored_answers'

const advance = prepared<{ account: number; name: SequenceName; count: number }, { value: number }>(
  (db, value) =>
    db
      .insertInto('sequences')
      .values({ account_id: value('account'), name: value('name'), value: value('count') })
      .onConflict((conflict) =>
        conflict
          .columns(['account_id', 'name'])
          .doUpdateSet({ value: sql`sequences.value + excluded.value` }),
      )
      .returning('value'),
)

/**
 * The next number, or the last of several; on a cluster, others of the account wait for this transaction.
 */
export async function nextOf(db: Db, accountId: number, name: SequenceName, count = 1): Promise<number> {
  const [row] = await advance(within(db, accountId), { account: accountId, name, count })
  if (!row) throw new Error(`The sequence ${name} gave no number.`)
  return row.value
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
