// Which webhooks hear of an event: each gets a delivery, in the transaction that writes the event.
import { afterCommit, type Db } from '../storage/database.ts'
import { deliveriesOf } from '../storage/deliveries.ts'
import { type Endpoint, type Listener, webhooksOf } from '../storage/webhooks.ts'
import { patternsOf, type StoredEvent } from './event.ts'
import type { EventDraft } from './event-draft.ts'

export type DeliveryMaking = (
  db: Db,
  accountId: number,
  event: Pick<StoredEvent, 'sequence' | 'type' | 'at'>,
  draft: Pick<EventDraft, 'integration' | 'only'>,
) => Promise<void>

/** @param wake hears, once they are on disk, that there is something to deliver */
export function deliveryMaking({
  wake,
}: {
  wake(endpoint: Endpoint, failures: number): void
}): DeliveryMaking {
  return async (db, accountId, { sequence, type, at }, { integration }) => {
    for (const listener of await webhooksOf(db, accountId).listeners()) {
      if (!hears(listener, type, integration?.uid)) continue
      await deliveriesOf(db, accountId).insert(listener.uid, sequence, at, at)
      afterCommit(db, () => wake({ accountId, uid: listener.uid }, listener.failures))
    }
  }
}

export function hears(
  { reach, integrationUid, events }: Pick<Listener, 'reach' | 'integrationUid' | 'events'>,
  type: string,
  about: string | undefined,
): boolean {
  if (reach === 'integration' && about !== integrationUid) return false
  return patternsOf(type).some((pattern) => events.includes(pattern))
}
