// Queries on an account's deliveries: an event on its way to a webhook each, named by the number of the event.
import { type Selectable, sql } from 'kysely'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Attempt, Delivery, DeliveryStatus } from '../hub/webhook.ts'
import { type Db, within } from './database.ts'
import { posted, prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

/** What is sent, and what is known of its tries. */
export type DueDelivery = {
  readonly sequence: number
  readonly id: string
  readonly type: string
  readonly body: string
  readonly due_at: Timestamp
  readonly tries: number
  readonly attempts: string
}

/** What a try makes of a delivery. */
export type KeptDelivery = {
  readonly sequence: number
  /** When it was due as it was read: where that is another by now, somebody has begun it anew. */
  readonly readDueAt: Timestamp
  readonly status: DeliveryStatus
  readonly dueAt: Timestamp | null
  readonly tries: number
  readonly attempts: string
}

type NewRow = { account_id: number; webhook_uid: string; sequence: number; at: Timestamp; due_at: Timestamp }

const add = posted<NewRow>((db, value) =>
  db.insertInto('deliveries').values({
    account_id: value('account_id'),
    webhook_uid: value('webhook_uid'),
    sequence: value('sequence'),
    status: 'pending',
    due_at: value('due_at'),
    tries: 0,
    attempts: '[]',
    created_at: value('at'),
  }),
)

type DueAsked = { account: number; webhook: string; now: Timestamp; limit: number }

const due = prepared<DueAsked, DueDelivery>((db, value) =>
  db
    .selectFrom('deliveries as d')
    .innerJoin('events as e', (join) =>
      join.onRef('e.account_id', '=', 'd.account_id').onRef('e.sequence', '=', 'd.sequence'),
    )
    .select(['d.sequence', 'e.id', 'e.type', 'e.body', 'd.tries', 'd.attempts'])
    .select(sql<Timestamp>`d.due_at`.as('due_at'))
    .where('d.account_id', '=', value('account'))
    .where('d.webhook_uid', '=', value('webhook'))
    .where('d.due_at', '<=', value('now'))
    .orderBy('d.due_at')
    .orderBy('d.sequence')
    .limit(value('limit')),
)

type Kept = {
  account: number
  webhook: string
  sequence: number
  read_due_at: Timestamp
  status: string
  due_at: Timestamp | null
  tries: number
  attempts: string
}

/** A delivery that was begun anew while it was tried stays begun anew; the try is told all the same. */
const keep = posted<Kept>((db, value) =>
  db
    .updateTable('deliveries')
    .set({
      status: sql`case when due_at = ${value('read_due_at')} then ${value('status')} else status end`,
      tries: sql`case when due_at = ${value('read_due_at')} then ${sql`cast(${value('tries')} as bigint)`} else tries end`,
      attempts: value('attempts'),
      due_at: sql`case when due_at = ${value('read_due_at')} then ${value('due_at')} else due_at end`,
    })
    .where('account_id', '=', value('account'))
    .where('webhook_uid', '=', value('webhook'))
    .where('sequence', '=', value('sequence')),
)

export function deliveriesOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const rowsOf = (webhookUid: string) =>
    db
      .selectFrom('deliveries as d')
      .where('d.account_id', '=', accountId)
      .where('d.webhook_uid', '=', webhookUid)
  const shownOf = (webhookUid: string) =>
    rowsOf(webhookUid)
      .innerJoin('events as e', (join) =>
        join.onRef('e.account_id', '=', 'd.account_id').onRef('e.sequence', '=', 'd.sequence'),
      )
      .select(['d.sequence', 'd.status', 'd.due_at', 'd.attempts', 'd.created_at', 'e.id', 'e.type'])

  return {
    async insert(webhookUid: string, sequence: number, at: Timestamp, dueAt: Timestamp): Promise<void> {
      await add(db, { account_id: accountId, webhook_uid: webhookUid, sequence, at, due_at: dueAt })
    },

    /** What waits for this webhook and whose time has come, the longest waiting first. */
    due: (webhookUid: string, now: Timestamp, limit: number): Promise<DueDelivery[]> =>
      due(db, { account: accountId, webhook: webhookUid, now, limit }),

    /** One as it would be tried, whether or not its time has come. */
    async findDue(webhookUid: string, sequence: number): Promise<DueDelivery | undefined> {
      const row = await shownOf(webhookUid)
        .select(['e.body', 'd.tries'])
        .where('d.sequence', '=', sequence)
        .executeTakeFirst()
      return row?.due_at == null ? undefined : { ...row, due_at: row.due_at }
    },

    async keep(webhookUid: string, kept: KeptDelivery): Promise<void> {
      const { sequence, readDueAt, status, dueAt, tries, attempts } = kept
      await keep(db, {
        account: accountId,
        webhook: webhookUid,
        sequence,
        read_due_at: readDueAt,
        status,
        due_at: dueAt,
        tries,
        attempts,
      })
    },

    async find(webhookUid: string, sequence: number): Promise<Delivery | undefined> {
      const row = await shownOf(webhookUid).where('d.sequence', '=', sequence).executeTakeFirst()
      return row && deliveryFrom(row)
    },

    /** What became of an event, by the webhooks that there still are. */
    async ofEvent(sequence: number, webhookUids: readonly string[]): Promise<Map<string, DeliveryStatus>> {
      if (webhookUids.length === 0) return new Map()
      const rows = await db
        .selectFrom('deliveries')
        .select(['webhook_uid', 'status'])
        .where('account_id', '=', accountId)
        .where('webhook_uid', 'in', [...webhookUids])
        .where('sequence', '=', sequence)
        .execute()
      return new Map(rows.map(({ webhook_uid, status }) => [webhook_uid, status as DeliveryStatus]))
    },

    /** The lowest number and the highest; 1 and 0 where there is none. */
    async ends(webhookUid: string): Promise<{ first: number; last: number }> {
      const end = (order: 'asc' | 'desc') =>
        rowsOf(webhookUid).select('d.sequence').orderBy('d.sequence', order).limit(1).executeTakeFirst()
      const [first, last] = [await end('asc'), await end('desc')]
      return { first: first?.sequence ?? 1, last: last?.sequence ?? 0 }
    },

    async read(
      webhookUid: string,
      { first, last }: { first: number; last: number },
      status: DeliveryStatus | undefined,
      order: 'rising' | 'falling',
      limit: number,
    ): Promise<Delivery[]> {
      const rows = await shownOf(webhookUid)
        .where((eb) => eb.between('d.sequence', first, last))
        .$if(status !== undefined, (query) => query.where('d.status', '=', status ?? ''))
        .orderBy('d.sequence', order === 'rising' ? 'asc' : 'desc')
        .limit(limit)
        .execute()
      return rows.map(deliveryFrom)
    },

    /** How many wait to be tried, and how many are not tried any more, but for tests; each up to a limit. */
    async countOpen(webhookUid: string, limit: number): Promise<{ waiting: number; exhausted: number }> {
      const some = () => rowsOf(webhookUid).select('d.sequence').limit(limit)
      const waiting = await some().where('d.due_at', 'is not', null).execute()
      const exhausted = await some()
        .innerJoin('events as e', (join) =>
          join.onRef('e.account_id', '=', 'd.account_id').onRef('e.sequence', '=', 'd.sequence'),
        )
        // As it stands in the index.
        .where('d.status', '=', sql.lit('exhausted'))
        .where('e.type', '<>', 'webhook.test')
        .execute()
      return { waiting: waiting.length, exhausted: exhausted.length }
    },

    /** The newest, and those that are tried next. */
    async latest(webhookUid: string, limit: number): Promise<Delivery[]> {
      const newest = await shownOf(webhookUid).orderBy('d.sequence', 'desc').limit(limit).execute()
      const waiting = await shownOf(webhookUid)
        .where('d.due_at', 'is not', null)
        .orderBy('d.due_at')
        .limit(limit)
        .execute()
      const known = new Set(newest.map(({ sequence }) => sequence))
      return [...newest, ...waiting.filter(({ sequence }) => !known.has(sequence))].map(deliveryFrom)
    },

    /** Begins deliveries anew, and makes those that there are not yet. */
    async begin(webhookUid: string, sequences: readonly number[], at: Timestamp): Promise<void> {
      for (const sequence of sequences) {
        await db
          .insertInto('deliveries')
          .values({
            account_id: accountId,
            webhook_uid: webhookUid,
            sequence,
            status: 'pending',
            due_at: at,
            tries: 0,
            attempts: '[]',
            created_at: at,
          })
          .onConflict((conflict) =>
            conflict
              .columns(['account_id', 'webhook_uid', 'sequence'])
              .doUpdateSet({ status: 'pending', due_at: at, tries: 0 }),
          )
          .execute()
      }
    },

    /** Of these events, those that are delivered, or on their way. */
    async settled(webhookUid: string, sequences: readonly number[]): Promise<Set<number>> {
      if (sequences.length === 0) return new Set()
      const rows = await rowsOf(webhookUid)
        .select('d.sequence')
        .where('d.sequence', 'in', [...sequences])
        .where('d.status', '<>', 'exhausted')
        .execute()
      return new Set(rows.map(({ sequence }) => sequence))
    },

    /** The webhooks that there are deliveries to, also those that are gone. */
    async webhookUids(): Promise<string[]> {
      const uids: string[] = []
      for (;;) {
        const next = await db
          .selectFrom('deliveries')
          .select('webhook_uid')
          .where('account_id', '=', accountId)
          .where('webhook_uid', '>', uids.at(-1) ?? '')
          .orderBy('webhook_uid')
          .limit(1)
          .executeTakeFirst()
        if (!next) return uids
        uids.push(next.webhook_uid)
      }
    },

    /** Removes some of a webhook's, up to a number of an event. @returns how many */
    async removeUpTo(webhookUid: string, sequence: number, limit: number): Promise<number> {
      const going = await rowsOf(webhookUid)
        .select('d.sequence')
        .where('d.sequence', '<=', sequence)
        .orderBy('d.sequence')
        .limit(limit)
        .execute()
      const last = going.at(-1)
      if (!last) return 0
      await db
        .deleteFrom('deliveries')
        .where('account_id', '=', accountId)
        .where('webhook_uid', '=', webhookUid)
        .where('sequence', '<=', last.sequence)
        .execute()
      return going.length
    },
  }
}

type ShownRow = Pick<
  Selectable<Schema['deliveries']>,
  'sequence' | 'status' | 'due_at' | 'attempts' | 'created_at'
> & { id: string; type: string }

function deliveryFrom(row: ShownRow): Delivery {
  return {
    sequence: row.sequence,
    id: row.id,
    type: row.type,
    status: row.status as DeliveryStatus,
    createdAt: row.created_at,
    dueAt: row.due_at,
    attempts: JSON.parse(row.attempts) as Attempt[],
  }
}
