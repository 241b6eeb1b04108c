// Queries on stored answers: found by key and route, counted by position, swept by time.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { nextOf } from './sequences.ts'

/** Where an answer is kept; `target` is the uid of what it is about, `askedId` the id it was asked by. */
export type AnswerPlace = {
  readonly key: string
  readonly route: string
  readonly target: string
  readonly askedId: string | null
}

export type StoredRow = { uid: string; target: string; fingerprint: string; sealed: string }

export function storedAnswersOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const rows = (place: AnswerPlace) =>
    db
      .selectFrom('stored_answers')
      .where('account_id', '=', accountId)
      .where('key', '=', place.key)
      .where('route', '=', place.route)

  return {
    async find(place: AnswerPlace, now: Timestamp): Promise<StoredRow | undefined> {
      return rows(place)
        .where('target', '=', place.target)
        .where('expires_at', '>', now)
        .select(['uid', 'target', 'fingerprint', 'sealed'])
        .executeTakeFirst()
    },

    /** For what has no such id any more: the answer may have renamed it. */
    async findByAskedId(place: AnswerPlace, now: Timestamp): Promise<StoredRow | undefined> {
      return rows(place)
        .where('asked_id', '=', place.askedId)
        .where('expires_at', '>', now)
        .select(['uid', 'target', 'fingerprint', 'sealed'])
        .orderBy('position', 'desc')
        .executeTakeFirst()
    },

    /** @returns false where another one is there, still alive */
    async insert(
      place: AnswerPlace,
      row: Omit<StoredRow, 'target'> & { key_id: string },
      now: Timestamp,
      expiresAt: Timestamp,
    ): Promise<boolean> {
      await db
        .deleteFrom('stored_answers')
        .where('account_id', '=', accountId)
        .where('key', '=', place.key)
        .where('route', '=', place.route)
        .where('target', '=', place.target)
        .where('expires_at', '<=', now)
        .execute()
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('stored_answers')
        .values({
          account_id: accountId,
          key: place.key,
          route: place.route,
          target: place.target,
          asked_id: place.askedId,
          position: await nextOf(db, accountId, 'stored_answers'),
          expires_at: expiresAt,
          ...row,
        })
        .onConflict((conflict) => conflict.columns(['account_id', 'key', 'route', 'target']).doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },

    /** An upper bound that costs no count: positions from the oldest to the newest. */
    async span(): Promise<number> {
      const ends = await db
        .selectFrom('stored_answers')
        .where('account_id', '=', accountId)
        .select((eb) => [eb.fn.min('position').as('oldest'), eb.fn.max('position').as('newest')])
        .executeTakeFirstOrThrow()
      return ends.newest === null || ends.oldest === null ? 0 : Number(ends.newest) - Number(ends.oldest) + 1
    },
  }
}

/** Removes some answers that have expired. @returns how many, at most `limit` */
export async function sweepStoredAnswers(db: Db, now: Timestamp, limit: number): Promise<number> {
  const expired = await within(db, 'all accounts')
    .selectFrom('stored_answers')
    .select(['account_id', 'position'])
    .where('expires_at', '<=', now)
    .limit(limit)
    .execute()
  for (const [accountId, rows] of Map.groupBy(expired, ({ account_id }) => account_id)) {
    const positions = rows.map(({ position }) => position)
    await within(db, accountId)
      .deleteFrom('stored_answers')
      .where('account_id', '=', accountId)
      .where('position', 'in', positions)
      .execute()
  }
  return expired.length
}
