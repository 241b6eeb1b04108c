// Queries on an account's audit trail: records are added; only the count of a repeated one rises.
import { sql } from 'kysely'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { posted, prepared } from './prepared.ts'

export type AuditRow = {
  at: Timestamp
  action: string
  subject: string
  key_uid: string | null
  address: string | null
  request_id: string | null
  data: string
}

export type NumberedAuditRow = AuditRow & { sequence: number; times: number }

type RecordedFacts = Pick<NumberedAuditRow, 'subject' | 'data' | 'sequence'>

/** What records have to be; all of it. */
export type AuditCondition = {
  readonly actions?: readonly string[]
  /** As it is stored. */
  readonly subject?: string
  /** What was called so at the time, for things that are gone. */
  readonly named?: { readonly noun: string; readonly id: string | number }
  readonly keyUid?: string
  /** From this time on. */
  readonly since?: Timestamp
  /** Before this time. */
  readonly until?: Timestamp
  readonly requestId?: string
}

/** What a record is proved by, which nobody is shown. */
export type AuditProofs = {
  /** Null where an earlier version has written it. */
  readonly link: string | null
  readonly counted: string | null
}

type NewRow = AuditRow & AuditProofs & { account_id: number; sequence: number }

const add = posted<NewRow>((db, value) =>
  db.insertInto('audit').values({
    account_id: value('account_id'),
    sequence: value('sequence'),
    at: value('at'),
    action: value('action'),
    subject: value('subject'),
    key_uid: value('key_uid'),
    address: value('address'),
    request_id: value('request_id'),
    times: 1,
    data: value('data'),
    link: value('link'),
    counted: value('counted'),
  }),
)

const columns = [
  'sequence',
  'at',
  'action',
  'subject',
  'key_uid',
  'address',
  'request_id',
  'times',
  'data',
] as const

const readProved = prepared<{ account: number; after: number }, NumberedAuditRow & AuditProofs, number>(
  (db, value, limit) =>
    db
      .selectFrom('audit')
      .select([...columns, 'link', 'counted'])
      .where('account_id', '=', value('account'))
      .where('sequence', '>', value('after'))
      .orderBy('sequence')
      .limit(sql.lit(limit)),
)

export function auditOf(store: Db, accountId: number) {
  const db = within(store, accountId)

  return {
    async insert(row: AuditRow & AuditProofs & { sequence: number }): Promise<void> {
      await add(db, { ...row, account_id: accountId })
    },

    /** What the account's records of an action by a key since a time say, with their numbers. */
    findSince(action: string, keyUid: string | null, since: Timestamp): Promise<RecordedFacts[]> {
      return db
        .selectFrom('audit')
        .select(['subject', 'data', 'sequence'])
        .where('account_id', '=', accountId)
        .where('action', '=', action)
        .where('at', '>=', since)
        .where('key_uid', keyUid === null ? 'is' : '=', keyUid)
        .execute()
    },

    async timesOf(sequence: number): Promise<number> {
      const { times } = await db
        .selectFrom('audit')
        .select('times')
        .where('account_id', '=', accountId)
        .where('sequence', '=', sequence)
        .executeTakeFirstOrThrow()
      return times
    },

    async setTimes(sequence: number, times: number, counted: string): Promise<void> {
      await db
        .updateTable('audit')
        .set({ times, counted })
        .where('account_id', '=', accountId)
        .where('sequence', '=', sequence)
        .execute()
    },

    /** With what they are proved by, in the order of their numbers. */
    readProved(after: number, limit: number): Promise<Array<NumberedAuditRow & AuditProofs>> {
      return readProved(db, { account: accountId, after }, limit)
    },

    /** Of the newest record; blank where there is none. */
    async latestAt(): Promise<string> {
      const newest = await db
        .selectFrom('audit')
        .select('at')
        .where('account_id', '=', accountId)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst()
      return newest?.at ?? ''
    },

    /** Before a number. */
    async countBefore(sequence: number): Promise<number> {
      const { records } = await db
        .selectFrom('audit')
        .select((eb) => eb.fn.countAll().as('records'))
        .where('account_id', '=', accountId)
        .where('sequence', '<', sequence)
        .executeTakeFirstOrThrow()
      return Number(records)
    },

    /** The number of a record before this one that has a link all the same. */
    async firstLinkedBefore(sequence: number): Promise<number | undefined> {
      const found = await db
        .selectFrom('audit')
        .select('sequence')
        .where('account_id', '=', accountId)
        .where('sequence', '<', sequence)
        .where('link', 'is not', null)
        .orderBy('sequence')
        .limit(1)
        .executeTakeFirst()
      return found?.sequence
    },

    /** Removes the records before a number. */
    async removeBefore(sequence: number): Promise<void> {
      await db
        .deleteFrom('audit')
        .where('account_id', '=', accountId)
        .where('sequence', '<', sequence)
        .execute()
    },

    /** The lowest number and the highest; 1 and 0 where there is none. */
    async ends(): Promise<{ first: number; last: number }> {
      const end = (order: 'asc' | 'desc') =>
        db
          .selectFrom('audit')
          .select('sequence')
          .where('account_id', '=', accountId)
          .orderBy('sequence', order)
          .limit(1)
          .executeTakeFirst()
      const [first, last] = [await end('asc'), await end('desc')]
      return { first: first?.sequence ?? 1, last: last?.sequence ?? 0 }
    },

    /**
     * Of the records from one number to another those that fit, in the order of their numbers. Subjects and
     * keys have an index with the number at its end, which SQLite takes for `between` alone; whatever else is
     * asked is looked for among the rows of the stretch, which the caller bounds: see `isIndexed`.
     */
    read(
      { first, last }: { first: number; last: number },
      condition: AuditCondition,
      order: 'rising' | 'falling',
      limit: number,
    ): Promise<NumberedAuditRow[]> {
      const { actions, subject, named, keyUid, since, until, requestId } = condition
      return db
        .selectFrom('audit')
        .select(columns)
        .where('account_id', '=', accountId)
        .where((eb) => eb.between('sequence', first, last))
        .$if(actions !== undefined, (query) => query.where('action', 'in', [...(actions ?? [])]))
        .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
        .$if(named !== undefined, (query) => query.where(named ? calls(named) : sql<boolean>`true`))
        .$if(keyUid !== undefined, (query) => query.where('key_uid', '=', keyUid ?? ''))
        .$if(since !== undefined, (query) => query.where('at', '>=', since ?? ('' as Timestamp)))
        .$if(until !== undefined, (query) => query.where('at', '<', until ?? ('' as Timestamp)))
        .$if(requestId !== undefined, (query) => query.where('request_id', '=', requestId ?? ''))
        .orderBy('sequence', order === 'rising' ? 'asc' : 'desc')
        .limit(limit)
        .execute()
    },
  }
}

/** Whether the first records that fit are found without passing over many that do not. */
export function isIndexed({ subject, keyUid, ...more }: AuditCondition): boolean {
  return Object.keys(more).length === 0 && (subject === undefined || keyUid === undefined)
}

/** Records of a noun whose data begins with an id: the text says it exactly, on every engine. */
function calls({ noun, id }: NonNullable<AuditCondition['named']>) {
  const prefix = `${noun}/`
  const start = `{"id":${JSON.stringify(id)}`
  const starts = sql.join([`${start},`, `${start}}`])
  return sql<boolean>`substr(subject, 1, ${prefix.length}) = ${prefix} and substr(data, 1, ${start.length + 1}) in (${starts})`
}
