// Delivers: each webhook by one node at a time, a few tries at once, at least once each and never forgotten.
import { type Db, engineOf } from '../storage/database.ts'
import { type DueDelivery, deliveriesOf } from '../storage/deliveries.ts'
import { endLeases } from '../storage/leases.ts'
import { type Endpoint, endpointsFrom, webhooksOf } from '../storage/webhooks.ts'
import type { Secret } from '../vault/secret.ts'
import type { RecordAudit } from './audit.ts'
import type { Attempts } from './delivery-attempts.ts'
import { disableDamaged, type ResultKeeper, resultKeeper } from './delivery-results.ts'
import { deliveryTurns, type Lane, type Place, placesOfEndpointMax, type Turn } from './delivery-turns.ts'
import type { HeldLease, Leases } from './leases.ts'
import type { Observer } from './observer.ts'
import type { Clock, Timestamp } from './timestamp.ts'
import type { NamedWebhook } from './webhook.ts'
import { isDamage, type WebhookSecrets } from './webhook-secrets.ts'

export type Deliveries = ReturnType<typeof deliveries>

export type OnDeliveryError = (error: unknown, endpoint: Endpoint) => void

/** Much longer than a try may take: each result that is written begins it anew. */
const leaseMs = 60_000
const leasePrefix = 'deliver/'
/** Deliveries that are read at once. */
const readAtOnce = 50
/** Webhooks that are looked at in one go for something whose time has come. */
const lookedAtMax = 2_000
/** A turn that others wait for ends after so many tries, or so long. */
const turnTries = 100
const turnMs = 2_000
/** So many failures in a row make a webhook one that fails. */
const failuresTolerated = 3

export function deliveries(needs: {
  db: Db
  now: Clock
  random(): number
  /** Resolves after some milliseconds. */
  wait(ms: number): Promise<unknown>
  leases: Leases
  record: RecordAudit
  attempt: Attempts
  webhookSecrets: WebhookSecrets
  observer: Pick<Observer, 'tell'>
  /** Hears of what kept a webhook's turn from going on. */
  onError?: OnDeliveryError | undefined
}) {
  const { db, now, leases, attempt, webhookSecrets, observer, onError = () => undefined } = needs
  const turns = deliveryTurns({ run })
  /** Those whose latest tries failed, as far as this node knows. */
  const failing = new Set<string>()
  let lookedAt: Endpoint = { accountId: -1, uid: '' }
  /** Of those that were looked at since the first of all: since when the longest waiting is due. */
  let dueSince: Timestamp | null = null

  async function run(turn: Turn): Promise<Lane | 'done'> {
    const { accountId, uid } = turn.endpoint
    try {
      const lease = await leases.take({ accountId, name: `${leasePrefix}${uid}` }, leaseMs)
      // Another node is at it.
      return lease ? await deliver(turn, lease) : 'done'
    } catch (error) {
      onError(error, turn.endpoint)
      return 'done'
    }
  }

  async function deliver(turn: Turn, lease: HeldLease): Promise<Lane | 'done'> {
    const taken = new Set<number>()
    const keeper = resultKeeper(needs, turn.endpoint, lease, (sequence) => taken.delete(sequence))
    try {
      try {
        return await tryAll(turn, keeper, taken)
      } finally {
        // Nothing is written once the lease is given back.
        await keeper.flush()
      }
    } catch (error) {
      if (isDamage(error)) await disableDamaged(needs, turn.endpoint, lease)
      throw error
    } finally {
      await lease.release()
    }
  }

  /** Resolves when nothing is left to do, or when others should have the place. */
  async function tryAll(turn: Turn, keeper: ResultKeeper, taken: Set<number>): Promise<Lane | 'done'> {
    const { endpoint, lane, place } = turn
    const { accountId, uid } = endpoint
    const beganMs = performance.now()
    const receiver = receiverOf(endpoint)
    let queue: DueDelivery[] = []
    let reading: Promise<void> | undefined
    let [tries, failures, open] = [0, 0, 0]
    let hasMore = false
    let isOver = false

    /** Reads on, one at a time: whoever waits for it gets the rest of the queue. */
    function read(): Promise<void> {
      reading ??= (async () => {
        // What is written down while this reads may still be found as it was before.
        const known = new Set(taken)
        const found = await deliveriesOf(db, accountId).due(uid, now(), readAtOnce + known.size)
        for (const delivery of found) {
          if (known.has(delivery.sequence)) continue
          taken.add(delivery.sequence)
          queue.push(delivery)
        }
      })().finally(() => {
        reading = undefined
      })
      return reading
    }

    function isEnough(): boolean {
      if (isStopping || isOver) return true
      if (failures >= failuresTolerated || (lane === 'failing' && tries > 0)) return true
      return turn.isWanted && (tries >= turnTries || performance.now() - beganMs > turnMs)
    }

    async function next(): Promise<DueDelivery | undefined> {
      if (isEnough()) {
        hasMore = true
        return undefined
      }
      if (queue.length === 0) await read()
      const first = queue[0]
      queue = queue.slice(1)
      return first
    }

    async function one(delivery: DueDelivery): Promise<void> {
      const to = await receiver()
      if (!to) {
        isOver = true
        return
      }
      tries++
      const outcome = await attempt(to.url, to.secrets, delivery)
      failures = outcome.isDelivered ? 0 : failures + 1
      if (outcome.isGone) isOver = true
      const key = `${accountId}/${uid}`
      if (outcome.isDelivered) failing.delete(key)
      else if (failures >= failuresTolerated || lane === 'failing') failing.add(key)
      await keeper.add({ delivery, outcome })
    }

    async function work(at: Place): Promise<void> {
      open++
      try {
        for (let delivery = await next(); delivery; delivery = await next()) {
          if (queue.length > 0) widen()
          await one(delivery)
        }
      } finally {
        open--
        at.release()
      }
    }

    const workers = new Set<Promise<void>>()
    function begin(at: Place): void {
      const worker = work(at)
      workers.add(worker)
      worker.catch(() => {
        isOver = true
      })
    }
    function widen(): boolean {
      if (open >= placesOfEndpointMax[lane] || isEnough()) return false
      const more = turn.extra()
      if (more) begin(more)
      return more !== undefined
    }

    turn.onWake(widen)
    begin(place)
    const seen = new Set<Promise<void>>()
    const errors: unknown[] = []
    // More may come while the first are waited for.
    while (seen.size < workers.size) {
      const some = [...workers].filter((worker) => !seen.has(worker))
      for (const worker of some) seen.add(worker)
      // To their ends, all of them: the lease is held for as long as anything is sent.
      for (const ended of await Promise.allSettled(some)) {
        if (ended.status === 'rejected') errors.push(ended.reason)
      }
    }
    if (errors.length > 0) throw errors[0]
    const isDone = isStopping || isOver || !hasMore
    // Whoever wakes it from here on has another turn.
    isOver = true
    if (isDone) return 'done'
    return failing.has(`${accountId}/${uid}`) ? 'failing' : 'well'
  }

  /** Where it is sent and what it is signed with, as they are when a try begins; undefined once nothing may be sent. */
  function receiverOf({ accountId, uid }: Endpoint) {
    let known: { updatedAt: Timestamp; untilMs: number; secrets: readonly Secret[] } | undefined
    return async (): Promise<{ url: string; secrets: readonly Secret[] } | undefined> => {
      const webhook: NamedWebhook | undefined = await webhooksOf(db, accountId).find(uid)
      if (!webhook || webhook.disabledAt !== null) return undefined
      if (known?.updatedAt !== webhook.updatedAt || performance.now() > known.untilMs) {
        const secrets = await webhookSecrets.open(db, accountId, uid, now())
        known = { updatedAt: webhook.updatedAt, untilMs: performance.now() + 1_000, secrets }
      }
      return { url: webhook.url, secrets: known.secrets }
    }
  }

  let isStopping = false

  function laneOf({ accountId, uid }: Endpoint, failures: number): Lane {
    return failures >= failuresTolerated || failing.has(`${accountId}/${uid}`) ? 'failing' : 'well'
  }

  return {
    /** Something was written for a webhook, whose latest tries failed so often: it is looked at now. */
    wake: (endpoint: Endpoint, failures = 0): void => turns.ready(endpoint, laneOf(endpoint, failures)),

    /** From here on this process delivers. */
    async start(): Promise<void> {
      // What the process before has left is nobody's.
      if (!engineOf(db).isShared) await endLeases(db, leasePrefix)
      turns.open()
    },

    /** Looks for what other nodes have written, and for what is to be tried again. */
    async look(): Promise<void> {
      const at = now()
      const found = await endpointsFrom(db, lookedAt, lookedAtMax)
      const last = found.at(-1)
      const isRoundOver = !last || found.length < lookedAtMax
      lookedAt = isRoundOver ? { accountId: -1, uid: '' } : last
      for (const { accountId, uid, dueAt, failures } of found) {
        if (dueAt === null || dueAt > at) continue
        if (dueSince === null || dueAt < dueSince) dueSince = dueAt
        turns.ready({ accountId, uid }, laneOf({ accountId, uid }, failures))
      }
      if (!isRoundOver) return
      const overdueMs = dueSince === null ? 0 : Date.parse(at) - Date.parse(dueSince)
      observer.tell({ what: 'deliveries looked at', overdueMs })
      dueSince = null
    },

    /** Resolves when nothing is being sent. */
    settled: () => turns.settled(),

    /** Lets the tries that have begun end, and leaves the rest to others. */
    async stop(): Promise<void> {
      isStopping = true
      await turns.close()
    },
  }
}
