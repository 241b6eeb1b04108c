// Writes events, each in the transaction of the change that it tells of.
import type { Db } from '../storage/database.ts'
import { eventsOf } from '../storage/events.ts'
import type { DeliveryMaking } from './delivery-making.ts'
import type { StoredEvent } from './event.ts'
import type { EventDraft, EventSubject } from './event-draft.ts'
import type { Timestamp } from './timestamp.ts'

/** An object as the API shows it, as JSON; never with a secret. */
export type ShowsSubject = (subject: EventSubject) => string

export type EventLog = {
  /**
   * In a transaction that holds the account.
   * @param sequence the account's next
   * @param listeners 0 where the account has no webhooks that are told, else the stamp of those it has
   */
  write(
    db: Db,
    accountId: number,
    at: Timestamp,
    { sequence, listeners }: { sequence: number; listeners: number },
    draft: EventDraft,
  ): Promise<void>
}

export function eventLog({
  shows,
  newUid,
  makeDeliveries,
}: {
  shows: ShowsSubject
  newUid(): string
  makeDeliveries: DeliveryMaking
}): EventLog {
  return {
    async write(db, accountId, at, { sequence, listeners }, draft) {
      const { type, about, integration } = draft
      const id = eventId(sequence, newUid())
      const event: StoredEvent = { sequence, id, type, at, body: '' }
      const body = bodyOf(event, integration?.id ?? null, shows(about))
      await eventsOf(db, accountId).insert({ ...event, body }, integration)
      if (listeners === 0 || draft.only !== undefined) return
      await makeDeliveries(db, { accountId, stamp: listeners }, event, draft)
    },
  }
}

/** With its number in front, by which it is found. */
function eventId(sequence: number, uid: string): string {
  return `evt_${sequence}_${uid.replaceAll('-', '')}`
}

/** @returns undefined for what is no id of ours */
export function sequenceOf(id: string): number | undefined {
  const [, digits] = /^evt_([1-9]\d{0,14})_\w{1,64}$/.exec(id) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** Written once: whoever is sent it, and whoever reads it, gets these bytes. */
function bodyOf({ id, type, sequence, at }: StoredEvent, integration: string | null, data: string): string {
  const head = JSON.stringify({ id, type, sequence, integration, created_at: at, timestamp: at })
  return `${head.slice(0, -1)},"data":${data}}`
}
