// Reading events: in windows, newest first, and one by its id.
import type { Db } from '../storage/database.ts'
import { type EventCondition, eventsOf } from '../storage/events.ts'
import { integrationsOf } from '../storage/integrations.ts'
import type { Caller } from './caller.ts'
import { notFound } from './errors.ts'
import type { EventType, StoredEvent } from './event.ts'
import { sequenceOf } from './event-log.ts'
import { type Window, type WindowRequest, windowOf } from './window.ts'

export type EventFilter = {
  readonly types?: readonly EventType[]
  /** The public id of an integration, as it is now or was before it went. */
  readonly integrationId?: string
}

/** Events that are handed out at once. */
const readAtOnce = 100

export type Events = ReturnType<typeof events>

export function events({ db }: { db: Db }) {
  return {
    /** Newest first, within the integration acted as. */
    async page(
      caller: Caller,
      { filter, ...request }: WindowRequest & { filter: EventFilter },
    ): Promise<Window<StoredEvent>> {
      const condition = await conditionOf(db, caller, filter)
      if (condition === undefined) return { items: [], older: null, newer: null }
      const events = eventsOf(db, caller.accountId)
      const source = {
        ends: events.ends,
        walks: Object.keys(condition).length > 0,
        read: (stretch: { first: number; last: number }, order: 'rising' | 'falling', limit: number) =>
          events.read(stretch, condition, order, limit),
      }
      return windowOf(source, request)
    },

    /** Those after a number, oldest first; without one, none, and the number of the last there is. */
    async next(
      { accountId }: Caller,
      after: number | undefined,
      types: readonly EventType[],
    ): Promise<{ events: StoredEvent[]; after: number }> {
      const events = eventsOf(db, accountId)
      const { last } = await events.ends()
      if (after === undefined || after >= last) return { events: [], after: after ?? last }
      const stretch = { first: after + 1, last: Math.min(last, after + readAtOnce) }
      return { events: await events.read(stretch, { types }, 'rising', readAtOnce), after: stretch.last }
    },

    async get(caller: Caller, id: string): Promise<StoredEvent> {
      const sequence = sequenceOf(id)
      const found = sequence && (await eventsOf(db, caller.accountId).find(sequence))
      if (!found || found.id !== id) throw notFound()
      if (caller.actingAs !== null && caller.actingAs !== found.integrationUid) throw notFound()
      return found
    },
  }
}

/** @returns undefined where nothing can fit */
async function conditionOf(
  db: Db,
  { accountId, actingAs }: Caller,
  { types, integrationId }: EventFilter,
): Promise<EventCondition | undefined> {
  const ofType = types && { types }
  if (integrationId === undefined)
    return { ...ofType, ...(actingAs !== null && { integrationUid: actingAs }) }
  // No id holds a NUL, and not every engine takes one.
  if (integrationId.includes('\0')) return undefined
  const integration = await integrationsOf(db, accountId).find(integrationId)
  if (integration) {
    if (actingAs !== null && actingAs !== integration.uid) return undefined
    return { ...ofType, integrationUid: integration.uid }
  }
  return { ...ofType, integrationId, ...(actingAs !== null && { integrationUid: actingAs }) }
}
