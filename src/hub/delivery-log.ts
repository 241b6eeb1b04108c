// What became of deliveries, and having them made again: one, a range, or a test.
import { type Db, transact } from '../storage/database.ts'
import { deliveriesOf } from '../storage/deliveries.ts'
import { eventsOf } from '../storage/events.ts'
import { type Endpoint, webhooksOf } from '../storage/webhooks.ts'
import type { RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import type { Attempts } from './delivery-attempts.ts'
import { hears } from './delivery-making.ts'
import { keepAll } from './delivery-results.ts'
import { HubError, notFound } from './errors.ts'
import { testEvent } from './event-draft.ts'
import { sequenceOf } from './event-log.ts'
import type { Events } from './events.ts'
import type { Observer } from './observer.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'
import type { Attempt, Delivery, DeliveryStatus, NamedWebhook } from './webhook.ts'
import type { WebhookSecrets } from './webhook-secrets.ts'
import { findWebhook } from './webhooks.ts'
import { type Window, type WindowRequest, windowOf } from './window.ts'

/** Events from one time to another, both left out where there is no bound. */
export type ReplayRange = {
  readonly since?: Timestamp
  readonly until?: Timestamp
  /** Where an earlier part has ended. */
  readonly after?: number
  /** Those that were never delivered alone, or all. */
  readonly which: 'undelivered' | 'all'
}

export type Replayed = {
  readonly replayed: number /** Where to go on; null at the end. */
  readonly after: number | null
}

export type SentTo = { readonly webhook: NamedWebhook; readonly status: DeliveryStatus }

/** A try with what it was of. */
export type ToldAttempt = Omit<Attempt, 'answer'> & {
  readonly webhook: string
  readonly url: string
  readonly id: string
  readonly type: string
}

export type DeliveryLog = ReturnType<typeof deliveryLog>

/** Deliveries of a webhook that are looked at for its latest tries. */
const latestMax = 100
/** Events that are looked at for a range in one go. */
const replayedAtOnce = 500
/** A test whose node dies is done by another one after this. */
const testLostMs = 60_000

export function deliveryLog(needs: {
  db: Db
  now: Clock
  random(): number
  record: RecordAudit
  attempt: Attempts
  webhookSecrets: WebhookSecrets
  events: Events
  observer: Pick<Observer, 'tell'>
  wake(endpoint: Endpoint): void
}) {
  const { db, events, now, record, attempt, webhookSecrets, wake } = needs

  async function found(caller: Caller, uid: string, id: string): Promise<Delivery> {
    await findWebhook(db, caller, uid)
    const sequence = sequenceOf(id)
    const delivery = sequence && (await deliveriesOf(db, caller.accountId).find(uid, sequence))
    if (!delivery || delivery.id !== id) throw notFound()
    return delivery
  }

  return {
    /** Newest first. */
    async page(
      caller: Caller,
      uid: string,
      { status, ...request }: WindowRequest & { status?: DeliveryStatus | undefined },
    ): Promise<Window<Delivery>> {
      await findWebhook(db, caller, uid)
      const deliveries = deliveriesOf(db, caller.accountId)
      return windowOf(
        {
          ends: () => deliveries.ends(uid),
          walks: true,
          read: (stretch, order, limit) => deliveries.read(uid, stretch, status, order, limit),
        },
        request,
      )
    },

    get: found,

    /** Where an event was sent, as far as the caller may see. */
    async ofEvent(caller: Caller, id: string): Promise<SentTo[]> {
      const { sequence } = await events.get(caller, id)
      const seen = (await webhooksOf(db, caller.accountId).all()).filter(
        ({ integrationUid }) => caller.boundTo === null || caller.boundTo === integrationUid,
      )
      const uids = seen.map(({ uid }) => uid)
      const statuses = await deliveriesOf(db, caller.accountId).ofEvent(sequence, uids)
      return seen.flatMap((webhook) => {
        const status = statuses.get(webhook.uid)
        return status === undefined ? [] : { webhook, status }
      })
    },

    /** What was tried from a time on, of all webhooks of the account: the latest deliveries of each, and those that wait. */
    async attemptsSince({ accountId }: Caller, since: Timestamp): Promise<ToldAttempt[]> {
      const told: ToldAttempt[] = []
      for (const { uid, url } of await webhooksOf(db, accountId).all()) {
        for (const { id, type, attempts } of await deliveriesOf(db, accountId).latest(uid, latestMax)) {
          for (const { answer: _, ...attempt } of attempts) {
            if (attempt.at >= since) told.push({ webhook: uid, url, id, type, ...attempt })
          }
        }
      }
      return told.toSorted((a, b) => (a.at < b.at ? -1 : 1))
    },

    /** From the beginning of the schedule, under the same id. */
    async replay(caller: Caller, uid: string, id: string): Promise<Delivery> {
      const { sequence } = await found(caller, uid, id)
      await transact(db, caller.accountId, async (db) => {
        refuseDisabled(await findWebhook(db, caller, uid))
        const at = now()
        await deliveriesOf(db, caller.accountId).begin(uid, [sequence], at)
        await record(db, caller, at, {
          action: 'webhook.replayed',
          subject: `webhook/${uid}`,
          data: { events: 1 },
        })
      })
      wake({ accountId: caller.accountId, uid })
      return found(caller, uid, id)
    },

    /** Events that the webhook hears today, also those from before it was made, in parts. */
    async replayRange(caller: Caller, uid: string, range: ReplayRange): Promise<Replayed> {
      const replayed = await transact(db, caller.accountId, async (db) => {
        const webhook = await findWebhook(db, caller, uid)
        refuseDisabled(webhook)
        const part = await eventsOf(db, caller.accountId).stretch(range, replayedAtOnce)
        const fitting = part
          .filter(({ type }) => type !== 'webhook.test')
          .filter(({ type, integrationUid }) => hears(webhook, type, integrationUid ?? undefined))
          .map(({ sequence }) => sequence)
        const deliveries = deliveriesOf(db, caller.accountId)
        const settled = range.which === 'all' ? new Set<number>() : await deliveries.settled(uid, fitting)
        const again = fitting.filter((sequence) => !settled.has(sequence))
        const at = now()
        await deliveries.begin(uid, again, at)
        await record(db, caller, at, {
          action: 'webhook.replayed',
          subject: `webhook/${uid}`,
          data: { events: again.length },
        })
        const last = part.length === replayedAtOnce ? part.at(-1) : undefined
        return { replayed: again.length, after: last?.sequence ?? null }
      })
      wake({ accountId: caller.accountId, uid })
      return replayed
    },

    /** Sends a test now, once, also where the webhook is disabled, and tells how it went. */
    async test(caller: Caller, uid: string): Promise<Delivery> {
      const { accountId } = caller
      const { url } = await findWebhook(db, caller, uid)
      const sequence = await transact(db, accountId, async (db) => {
        const webhook = await findWebhook(db, caller, uid)
        const at = now()
        await record(db, caller, at, {
          action: 'webhook.tested',
          subject: `webhook/${uid}`,
          data: {},
          events: [testEvent(webhook)],
        })
        const { last } = await eventsOf(db, accountId).ends()
        await deliveriesOf(db, accountId).insert(uid, last, at, later(at, testLostMs))
        return last
      })
      const delivery = await deliveriesOf(db, accountId).findDue(uid, sequence)
      if (!delivery) throw notFound()
      const secrets = await webhookSecrets.open(db, accountId, uid, now())
      const outcome = await attempt(url, secrets, delivery)
      await transact(db, accountId, (db) => keepAll(needs, db, { accountId, uid }, [{ delivery, outcome }]))
      return found(caller, uid, delivery.id)
    },
  }
}

function refuseDisabled({ disabledAt }: NamedWebhook): void {
  if (disabledAt === null) return
  throw new HubError('disabled', 'This webhook is disabled: nothing is sent to it. Enable it first.')
}
