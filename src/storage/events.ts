// Queries on an account's events: they are added, read by their number, and removed when they are old.
import { sql } from 'kysely'
import type { StoredEvent } from '../hub/event.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { posted } from './prepared.ts'

export type EventCondition = {
  readonly types?: readonly string[]
  readonly integrationUid?: string
  /** What an integration that is gone was called. */
  readonly integrationId?: string
}

type NewRow = {
  account_id: number
  sequence: number
  id: string
  type: string
  integration_uid: string | null
  integration_id: string | null
  at: Timestamp
  body: string
}

const add = posted<NewRow>((db, value) =>
  db.insertInto('events').values({
    account_id: value('account_id'),
    sequence: value('sequence'),
    id: value('id'),
    type: value('type'),
    integration_uid: value('integration_uid'),
    integration_id: value('integration_id'),
    at: value('at'),
    body: value('body'),
  }),
)

const columns = ['sequence', 'id', 'type', 'at', 'body'] as const

export function eventsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const rows = () => db.selectFrom('events').where('account_id', '=', accountId)

  return {
    async insert(event: StoredEvent, integration: { uid: string; id: string } | null): Promise<void> {
      await add(db, {
        account_id: accountId,
        ...event,
        integration_uid: integration?.uid ?? null,
        integration_id: integration?.id ?? null,
      })
    },

    async find(sequence: number): Promise<(StoredEvent & { integrationUid: string | null }) | undefined> {
      const row = await rows()
        .select([...columns, 'integration_uid as integrationUid'])
        .where('sequence', '=', sequence)
        .executeTakeFirst()
      return row
    },

    /** The lowest number and the highest; 1 and 0 where there is none. */
    async ends(): Promise<{ first: number; last: number }> {
      const end = (order: 'asc' | 'desc') =>
        rows().select('sequence').orderBy('sequence', order).limit(1).executeTakeFirst()
      const [first, last] = [await end('asc'), await end('desc')]
      return { first: first?.sequence ?? 1, last: last?.sequence ?? 0 }
    },

    /** Of the events from one number to another those that fit; the caller bounds the stretch. */
    read(
      { first, last }: { first: number; last: number },
      { types, integrationUid, integrationId }: EventCondition,
      order: 'rising' | 'falling',
      limit: number,
    ): Promise<StoredEvent[]> {
      return rows()
        .select(columns)
        .where((eb) => eb.between('sequence', first, last))
        .$if(types !== undefined, (query) => query.where('type', 'in', [...(types ?? [])]))
        .$if(integrationUid !== undefined, (query) =>
          query.where('integration_uid', '=', integrationUid ?? ''),
        )
        .$if(integrationId !== undefined, (query) => query.where('integration_id', '=', integrationId ?? ''))
        .orderBy('sequence', order === 'rising' ? 'asc' : 'desc')
        .limit(limit)
        .execute()
    },

    /** Some events of a range, without their bodies, in the order of their numbers. */
    async stretch(
      { after = 0, since, until }: { after?: number; since?: Timestamp; until?: Timestamp },
      limit: number,
    ): Promise<Array<{ sequence: number; type: string; integrationUid: string | null }>> {
      return rows()
        .select(['sequence', 'type', 'integration_uid as integrationUid'])
        .where('sequence', '>', after)
        .$if(since !== undefined, (query) => query.where('at', '>=', since ?? ('' as Timestamp)))
        .$if(until !== undefined, (query) => query.where('at', '<', until ?? ('' as Timestamp)))
        .orderBy('sequence')
        .limit(limit)
        .execute()
    },

    /** The number of the last of the oldest that are older than a time, at most so many. */
    async oldestUpTo(before: Timestamp, limit: number): Promise<number | undefined> {
      const oldest = await rows().select(['sequence', 'at']).orderBy('sequence').limit(limit).execute()
      const kept = oldest.findIndex(({ at }) => at >= before)
      return (kept === -1 ? oldest : oldest.slice(0, kept)).at(-1)?.sequence
    },

    async removeUpTo(sequence: number): Promise<void> {
      await db
        .deleteFrom('events')
        .where('account_id', '=', accountId)
        .where('sequence', '<=', sequence)
        .execute()
    },
  }
}

/** The accounts whose oldest event is older than a time. */
export async function accountsWithEventsBefore(db: Db, before: Timestamp): Promise<number[]> {
  const rows = await within(db, 'all accounts')
    .selectFrom('audit_chains as c')
    .select('c.account_id')
    .where('c.last_event', '>', 0)
    .where(
      sql<boolean>`(select e.at from events e where e.account_id = c.account_id order by e.sequence limit 1) < ${before}`,
    )
    .execute()
  return rows.map(({ account_id }) => account_id)
}
