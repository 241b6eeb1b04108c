// Where changes are told, wired together: the audit trail, events, and the webhooks that hear of those.
import type { Outbound } from '../outbound/send.ts'
import type { Db } from '../storage/database.ts'
import type { Vault } from '../vault/vault.ts'
import { auditLog } from './audit.ts'
import type { ChainKeys } from './audit-chains.ts'
import { deliveries, type OnDeliveryError } from './deliveries.ts'
import { deliveryAttempts } from './delivery-attempts.ts'
import { deliveryLog } from './delivery-log.ts'
import { deliveryMaking } from './delivery-making.ts'
import { eventLog, type ShowsSubject } from './event-log.ts'
import { eventRetention } from './event-retention.ts'
import { events } from './events.ts'
import type { Leases } from './leases.ts'
import type { Observer } from './observer.ts'
import type { Clock } from './timestamp.ts'
import { webhookSecrets } from './webhook-secrets.ts'

export function telling(needs: {
  db: Db
  now: Clock
  newUid(): string
  random(): number
  wait(ms: number): Promise<unknown>
  vault: Vault
  chains: ChainKeys
  leases: Leases
  send: Outbound['send']
  /** How v2 shows what an event is about. */
  shows: ShowsSubject
  onDeliveryError?: OnDeliveryError | undefined
  observer: Pick<Observer, 'tell'>
}) {
  const { db, observer, onDeliveryError: onError } = needs
  const makeDeliveries = deliveryMaking({
    wake: (endpoint, failures) => delivering.wake(endpoint, failures),
    observer,
  })
  const log = auditLog({ chains: needs.chains, events: eventLog({ ...needs, makeDeliveries }) })
  const { record } = log
  const secrets = webhookSecrets(needs)
  const attempt = deliveryAttempts(needs)
  const parts = { ...needs, record, webhookSecrets: secrets, attempt, onError }
  const delivering = deliveries(parts)
  const reading = events({ db })
  return {
    auditLog: log,
    webhookSecrets: secrets,
    events: reading,
    deliveries: delivering,
    deliveryLog: deliveryLog({ ...parts, events: reading, wake: delivering.wake }),
    /** Removes what is too old. */
    sweep: eventRetention(needs),
  }
}
