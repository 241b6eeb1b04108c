// Writes down what tries came to, many in one transaction, as long as the lease of their webhook is held.
import { afterCommit, type Db, transact } from '../storage/database.ts'
import { type DueDelivery, deliveriesOf, type KeptDelivery } from '../storage/deliveries.ts'
import { hourlyCountsOf } from '../storage/hourly-counts.ts'
import { type Endpoint, webhooksOf } from '../storage/webhooks.ts'
import type { RecordAudit } from './audit.ts'
import { localCaller } from './caller.ts'
import type { Outcome } from './delivery-attempts.ts'
import { isGivenUp, nextTryAt, triesMax } from './delivery-schedule.ts'
import { disabledEvent } from './event-draft.ts'
import type { Lease } from './leases.ts'
import type { Observer } from './observer.ts'
import type { Clock } from './timestamp.ts'
import type { Attempt, NamedWebhook } from './webhook.ts'

export type Result = { readonly delivery: DueDelivery; readonly outcome: Outcome }

export type ResultKeeper = {
  /** Resolves at once, or where many wait to be written when there is room again. @throws what kept some from it */
  add(result: Result): Promise<void> | undefined
  /** Resolves when all are written. @throws what kept them from it */
  flush(): Promise<void>
}

/** Results gather until there are so many, or for so long: whatever is written waits for the disk, few like many. */
const atOnce = 100
const gatheredMs = 25
const waitingMax = 200
/** Tries that are told of one delivery; older ones are forgotten. */
const attemptsKept = 20

type Needs = {
  db: Db
  now: Clock
  random(): number
  wait(ms: number): Promise<unknown>
  record: RecordAudit
  observer: Pick<Observer, 'tell'>
}

/** @param onKept hears of each delivery once it is written */
export function resultKeeper(
  needs: Needs,
  endpoint: Endpoint,
  lease: Lease,
  onKept: (sequence: number) => void,
): ResultKeeper {
  let waiting: Result[] = []
  let isGathering = false
  let writing: Promise<void> | undefined
  let failure: unknown

  async function gather(): Promise<void> {
    if (isGathering) return
    isGathering = true
    await needs.wait(gatheredMs)
    // What is being written has begun without those that came since.
    await writing
    isGathering = false
    await begin()
  }

  function begin(): Promise<void> {
    writing ??= write()
      .catch((error: unknown) => {
        // Whoever adds or flushes next is told.
        failure ??= error
        waiting = []
      })
      .finally(() => {
        writing = undefined
      })
    return writing
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const some = waiting.slice(0, atOnce)
      waiting = waiting.slice(atOnce)
      await transact(needs.db, endpoint.accountId, async (db) => {
        await lease.guard(db)
        await keepAll(needs, db, endpoint, some)
      })
      for (const { delivery } of some) onKept(delivery.sequence)
      // The rest gathers anew.
      if (waiting.length < atOnce) return
    }
  }

  return {
    add(result) {
      if (failure !== undefined) throw failure
      waiting.push(result)
      if (waiting.length < atOnce) {
        void gather()
        return undefined
      }
      const written = begin()
      return waiting.length > waitingMax ? written : undefined
    },
    async flush() {
      while (writing !== undefined || waiting.length > 0) await begin()
      if (failure !== undefined) throw failure
    },
  }
}

/** In a transaction that holds the account. */
export async function keepAll(
  { now, random, record, observer }: Pick<Needs, 'now' | 'random' | 'record' | 'observer'>,
  db: Db,
  { accountId, uid }: Endpoint,
  results: readonly Result[],
): Promise<void> {
  const deliveries = deliveriesOf(db, accountId)
  for (const result of results) {
    const kept = keptFrom(result, random())
    const { status: outcome } = kept
    await deliveries.keep(uid, kept)
    if (outcome !== 'pending' && result.delivery.type !== 'webhook.test')
      afterCommit(db, () => observer.tell({ what: 'delivery ended', outcome }))
  }
  const at = now()
  const taken = results.filter(({ outcome }) => outcome.isDelivered).length
  const counts = hourlyCountsOf(db, accountId)
  await counts.add('delivery.taken', at, taken)
  await counts.add('delivery.failed', at, results.length - taken)
  const webhooks = webhooksOf(db, accountId)
  const webhook = await webhooks.find(uid)
  if (!webhook) return
  const after = healthAfter(webhook, results, at)
  if (after === webhook) return
  await webhooks.setHealth(uid, after)
  if (after.disabledAt !== null && webhook.disabledAt === null)
    await tellDisabled({ record, observer }, db, accountId, after)
}

/** Nothing can be signed: it is left alone until somebody gives it another secret. */
export function disableDamaged(
  { db, now, record, observer }: Pick<Needs, 'db' | 'now' | 'record' | 'observer'>,
  { accountId, uid }: Endpoint,
  lease: Lease,
): Promise<void> {
  return transact(db, accountId, async (db) => {
    await lease.guard(db)
    const webhook = await webhooksOf(db, accountId).find(uid)
    if (!webhook || webhook.disabledAt !== null) return
    const after: NamedWebhook = { ...webhook, disabledAt: now(), disabledReason: 'secret_damaged' }
    await webhooksOf(db, accountId).setHealth(uid, after)
    await tellDisabled({ record, observer }, db, accountId, after)
  })
}

async function tellDisabled(
  { record, observer }: Pick<Needs, 'record' | 'observer'>,
  db: Db,
  accountId: number,
  webhook: NamedWebhook,
): Promise<void> {
  const { uid, disabledAt, disabledReason, failures } = webhook
  if (disabledAt === null || disabledReason === null) return
  afterCommit(db, () => observer.tell({ what: 'webhook disabled', reason: disabledReason }))
  await record(db, localCaller(accountId), disabledAt, {
    action: 'webhook.disabled',
    subject: `webhook/${uid}`,
    data: { reason: disabledReason, failures },
    events: [disabledEvent(webhook)],
  })
}

function keptFrom({ delivery, outcome }: Result, spread: number): KeptDelivery {
  const { sequence, due_at: readDueAt, type } = delivery
  const tries = delivery.tries + 1
  const attempts = attemptsWith(delivery.attempts, outcome.attempt)
  const kept = { sequence, readDueAt, tries, attempts }
  if (outcome.isDelivered) return { ...kept, status: 'delivered', dueAt: null }
  // A test says how it went, and is not repeated.
  const next = type === 'webhook.test' ? null : nextTryAt(outcome.attempt.at, tries, spread, outcome.askedMs)
  return {
    ...kept,
    status: next === null ? 'exhausted' : 'pending',
    dueAt: next,
    tries: Math.min(tries, triesMax),
  }
}

function attemptsWith(text: string, attempt: Attempt): string {
  if (text === '[]') return `[${JSON.stringify(attempt)}]`
  const all = [...(JSON.parse(text) as Attempt[]), attempt]
  return JSON.stringify(all.slice(-attemptsKept))
}

/** The same object where nothing is other than before. */
function healthAfter(webhook: NamedWebhook, results: readonly Result[], at: ReturnType<Clock>): NamedWebhook {
  let { failingSince, failures } = webhook
  let isGone = false
  for (const { delivery, outcome } of results) {
    isGone ||= outcome.isGone
    if (outcome.isDelivered) {
      failingSince = null
      failures = 0
    } else if (delivery.type !== 'webhook.test') {
      failingSince ??= outcome.attempt.at
      failures++
    }
  }
  const isGiven = failingSince !== null && isGivenUp(failingSince, failures, at)
  if (webhook.disabledAt === null && (isGone || isGiven)) {
    return { ...webhook, failingSince, failures, disabledAt: at, disabledReason: isGone ? 'gone' : 'failing' }
  }
  if (failures === webhook.failures && failingSince === webhook.failingSince) return webhook
  return { ...webhook, failingSince, failures }
}
