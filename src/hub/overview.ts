// How an account's connections are, all at once: counts, and those that somebody has to look at.
import { connectionHealthOf, type UnwellConnection } from '../storage/connection-health.ts'
import type { Db } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import { healthStatuses } from './connection.ts'

type HealthStatus = (typeof healthStatuses)[number]

/** What is worst comes first; the rest needs nobody. */
const attentionOrder = [
  'rejected',
  'degraded',
  'unreachable',
  'rate_limited',
] as const satisfies readonly HealthStatus[]
const attentionMax = 50

export type Overview = {
  readonly connections: Readonly<Record<string, number>>
  readonly attention: readonly UnwellConnection[]
}

export type OverviewOperations = ReturnType<typeof overviewOperations>

export function overviewOperations({ db }: { db: Db }) {
  return {
    async get(caller: Caller): Promise<Overview> {
      const health = connectionHealthOf(db, caller.accountId, caller.boundTo ?? undefined)
      const counts = await health.counts()
      const attention: UnwellConnection[] = []
      for (const status of attentionOrder) {
        if (attention.length >= attentionMax || !counts.has(status)) continue
        attention.push(...(await health.those(status, attentionMax - attention.length)))
      }
      const all = healthStatuses.map((status) => [status, counts.get(status) ?? 0] as const)
      return { connections: Object.fromEntries(all), attention }
    },
  }
}
