// Queries on what was found when a connection was checked: the latest ones are kept.
import type { Check } from '../hub/connection.ts'
import { type Db, within } from './database.ts'

/** How many checks of a connection are kept. */
const keptMax = 20

export function connectionChecksOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const ofOne = (connectionUid: string) =>
    db
      .selectFrom('connection_checks')
      .where('account_id', '=', accountId)
      .where('connection_uid', '=', connectionUid)

  return {
    /** In a transaction that holds the account. */
    async add(connectionUid: string, { durationMs, ...check }: Check): Promise<void> {
      const { last } = await ofOne(connectionUid)
        .select((eb) => eb.fn.max<number | null>('sequence').as('last'))
        .executeTakeFirstOrThrow()
      const sequence = Number(last ?? 0) + 1
      await db
        .insertInto('connection_checks')
        .values({
          account_id: accountId,
          connection_uid: connectionUid,
          sequence,
          duration_ms: durationMs,
          ...check,
        })
        .execute()
      await db
        .deleteFrom('connection_checks')
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .where('sequence', '<=', sequence - keptMax)
        .execute()
    },

    /** The latest first. */
    async list(connectionUid: string): Promise<Check[]> {
      const found = await ofOne(connectionUid)
        .select(['at', 'cause', 'status', 'reason', 'account', 'duration_ms'])
        .orderBy('sequence', 'desc')
        .execute()
      return found.map(({ duration_ms, cause, status, ...row }) => ({
        ...row,
        cause: cause as Check['cause'],
        status: status as Check['status'],
        durationMs: duration_ms,
      }))
    },
  }
}
