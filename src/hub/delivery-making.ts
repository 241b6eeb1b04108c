// Which webhooks hear of an event: each gets a delivery, in the transaction that writes the event.
import { afterCommit, type Db } from '../storage/database.ts'
import { deliveriesOf } from '../storage/deliveries.ts'
import { type Endpoint, type Listener, webhooksOf } from '../storage/webhooks.ts'
import { patternsOf, type StoredEvent } from './event.ts'
import type { EventDraft } from './event-draft.ts'
import type { Observer } from './observer.ts'

export type DeliveryMaking = (
  db: Db,
  /** Whose event it is, and what its webhooks are known by as they are now. */
  whose: { accountId: number; stamp: number },
  event: Pick<StoredEvent, 'sequence' | 'type' | 'at'>,
  draft: Pick<EventDraft, 'integration' | 'only'>,
) => Promise<void>

/** Accounts whose webhooks are kept in mind. */
const accountsMax = 1_000

/** @param wake hears, once they are on disk, that there is something to deliver */
export function deliveryMaking({
  wake,
  observer,
}: {
  wake(endpoint: Endpoint, failures: number): void
  observer: Pick<Observer, 'tell'>
}): DeliveryMaking {
  const known = new Map<number, { stamp: number; listeners: readonly Listener[] }>()

  async function listenersOf(db: Db, accountId: number, stamp: number): Promise<readonly Listener[]> {
    const before = known.get(accountId)
    if (before?.stamp === stamp) return before.listeners
    const listeners = await webhooksOf(db, accountId).listeners()
    if (known.size >= accountsMax) known.clear()
    // Should this be undone, nobody will ever see this stamp again.
    known.set(accountId, { stamp, listeners })
    return listeners
  }

  return async (db, { accountId, stamp }, { sequence, type, at }, { integration }) => {
    for (const listener of await listenersOf(db, accountId, stamp)) {
      if (!hears(listener, type, integration?.uid)) continue
      await deliveriesOf(db, accountId).insert(listener.uid, sequence, at, at)
      afterCommit(db, () => {
        observer.tell({ what: 'delivery made' })
        wake({ accountId, uid: listener.uid }, listener.failures)
      })
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
