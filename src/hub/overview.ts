// How everything in an account is, all at once: counts, what somebody has to look at, and the last day by the hour.
import { apiKeysOf } from '../storage/api-keys.ts'
import { connectionHealthOf, type UnwellConnection } from '../storage/connection-health.ts'
import { dataKeysOf } from '../storage/data-keys.ts'
import type { Db } from '../storage/database.ts'
import { deliveriesOf } from '../storage/deliveries.ts'
import { eventsOf } from '../storage/events.ts'
import { webhooksOf } from '../storage/webhooks.ts'
import { type Activity, activityOf } from './activity.ts'
import type { NamedApiKey } from './api-key.ts'
import type { Caller } from './caller.ts'
import { healthStatuses } from './connection.ts'
import type { StoredEvent } from './event.ts'
import type { KeySlot } from './key-slots.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'
import type { Attempt, NamedWebhook } from './webhook.ts'

type HealthStatus = (typeof healthStatuses)[number]

/** What is worst comes first; the rest needs nobody. */
const attentionOrder = [
  'rejected',
  'degraded',
  'unreachable',
  'rate_limited',
] as const satisfies readonly HealthStatus[]
const attentionMax = 50
const recentEvents = 6
/** How far back events of one integration are looked for among those of the account. */
const recentlyMax = 2_000
const endingKeysMax = 10
/** Long enough before a key ends for somebody to replace it. */
const endingWithinMs = 14 * 86_400_000
/** How far deliveries of a webhook are counted. */
const countedMax = 1_000
/** Of the newest deliveries, those that are looked at for the last attempt. */
const looked = 3

export type FailingWebhook = {
  readonly webhook: NamedWebhook
  readonly lastAttempt: Attempt | null
  readonly waiting: number
  readonly exhausted: number
}

/** Null stands for what the caller may not see. */
export type Overview = {
  readonly connections: Readonly<Record<string, number>>
  readonly attention: readonly UnwellConnection[]
  readonly webhooks: { readonly count: number; readonly failing: readonly FailingWebhook[] } | null
  readonly events: readonly StoredEvent[] | null
  readonly endingKeys: readonly NamedApiKey[] | null
  readonly activity: Activity | null
  readonly vault: {
    /** Since when values are sealed with the key that seals now. */
    readonly keySince: Timestamp | null
    /** What would open the store; for operators alone. */
    readonly opensWith: readonly string[] | null
  }
}

export type OverviewOperations = ReturnType<typeof overviewOperations>

export function overviewOperations(needs: {
  db: Db
  now: Clock
  keySlots: { list(): Promise<readonly KeySlot[]> }
}) {
  const { db, now, keySlots } = needs

  async function connectionsOf(caller: Caller): Promise<Pick<Overview, 'connections' | 'attention'>> {
    const health = connectionHealthOf(db, caller.accountId, caller.boundTo ?? undefined)
    const counts = await health.counts()
    const attention: UnwellConnection[] = []
    for (const status of attentionOrder) {
      if (attention.length >= attentionMax || !counts.has(status)) continue
      attention.push(...(await health.those(status, attentionMax - attention.length)))
    }
    const all = healthStatuses.map((status) => [status, counts.get(status) ?? 0] as const)
    return { connections: Object.fromEntries(all), attention }
  }

  async function webhooksSeenBy({ accountId, boundTo }: Caller): Promise<Overview['webhooks']> {
    const seen = (await webhooksOf(db, accountId).all()).filter(
      ({ integrationUid }) => boundTo === null || boundTo === integrationUid,
    )
    const failing: FailingWebhook[] = []
    const deliveries = deliveriesOf(db, accountId)
    for (const webhook of seen.filter(isMeantToWork)) {
      const open = await deliveries.countOpen(webhook.uid, countedMax)
      if (!isFailing(webhook) && open.exhausted === 0) continue
      const latest = await deliveries.latest(webhook.uid, looked)
      const attempts = latest.flatMap(({ attempts }) => attempts).toSorted((a, b) => (a.at < b.at ? -1 : 1))
      failing.push({ webhook, lastAttempt: attempts.at(-1) ?? null, ...open })
    }
    return { count: seen.length, failing }
  }

  async function latestEvents({ accountId, boundTo }: Caller): Promise<StoredEvent[]> {
    const events = eventsOf(db, accountId)
    const { last } = await events.ends()
    const stretch = { first: last - recentlyMax + 1, last }
    return events.read(stretch, boundTo === null ? {} : { integrationUid: boundTo }, 'falling', recentEvents)
  }

  async function vaultSeenBy({ accountId, scopes }: Caller): Promise<Overview['vault']> {
    const { rows } = await dataKeysOf(db, accountId).all()
    const slots = scopes.has('operator') ? await keySlots.list() : null
    return {
      keySince: rows.at(-1)?.created_at ?? null,
      opensWith: slots?.filter(({ isGenuine }) => isGenuine).map(({ kind }) => kind) ?? null,
    }
  }

  return {
    async get(caller: Caller): Promise<Overview> {
      const { accountId, scopes, boundTo } = caller
      const at = now()
      const seesEvents = scopes.has('webhooks:read')
      const seesKeys = scopes.has('keys:write') && boundTo === null
      return {
        ...(await connectionsOf(caller)),
        webhooks: seesEvents ? await webhooksSeenBy(caller) : null,
        events: seesEvents ? await latestEvents(caller) : null,
        endingKeys: seesKeys
          ? await apiKeysOf(db, accountId).endingBefore(later(at, endingWithinMs), at, endingKeysMax)
          : null,
        // It is counted for the account as a whole.
        activity: boundTo === null && seesEvents ? await activityOf(db, accountId, at) : null,
        vault: await vaultSeenBy(caller),
      }
    },
  }
}

/** Who has disabled one knows that nothing is sent to it. */
function isMeantToWork({ disabledReason }: NamedWebhook): boolean {
  return disabledReason !== 'by_request'
}

function isFailing({ disabledAt, failingSince }: NamedWebhook): boolean {
  return disabledAt !== null || failingSince !== null
}
