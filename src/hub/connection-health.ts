// What a check found becomes a connection's health, one of its latest checks, and the time of the next one.
import { capabilitiesOf } from '../catalogue/capabilities.ts'
import type { Provider } from '../catalogue/define.ts'
import type { Verdict } from '../catalogue/verdict.ts'
import { connectionChecksOf } from '../storage/connection-checks.ts'
import { connectionUpkeepOf, refreshSettled } from '../storage/connection-upkeep.ts'
import { connectionsOf } from '../storage/connections.ts'
import type { Db } from '../storage/database.ts'
import { hourlyCountsOf } from '../storage/hourly-counts.ts'
import type { Check, Connection, Health } from './connection.ts'
import { JsonText } from './json-text.ts'
import { later, type Timestamp } from './timestamp.ts'

/** How a check came to be made, and how long it took. */
export type CheckFacts = Pick<Check, 'cause' | 'durationMs'> & { readonly at: Timestamp }

const minuteMs = 60_000
const dayMs = 86_400_000

/** A provider that does not answer is asked again after these; the last one repeats. */
const retryAfterMs = [minuteMs, 5 * minuteMs, 15 * minuteMs, 60 * minuteMs, 360 * minuteMs]

/**
 * In a transaction that holds the account and has found the connection there.
 * @param spread from 0 to 1: how far the next check is moved, so that not all come at once
 * @returns the connection as it is from now on
 */
export async function noteVerdict(
  db: Db,
  accountId: number,
  connection: Connection,
  verdict: Verdict,
  { at, cause, durationMs }: CheckFacts,
  spread: number,
): Promise<Connection> {
  const after = {
    ...connection,
    health: healthAfter(connection.health, verdict, at),
    fields: fieldsAfter(connection, verdict),
  }
  const { status, reason, account } = after.health
  const isSwitched = hasSwitched(connection.health, after.health)
  await connectionsOf(db, accountId).update(after)
  await connectionChecksOf(db, accountId).add(connection.uid, {
    at,
    cause,
    durationMs,
    status,
    reason: isSwitched ? [switchedWords, reason].filter(Boolean).join(' ') : reason,
    account,
  })
  const counted = status === 'healthy' || status === 'degraded' ? 'check.accepted' : 'check.refused'
  if (status !== 'unverifiable') await hourlyCountsOf(db, accountId).add(counted, at, 1)
  const upkeep = connectionUpkeepOf(db, accountId)
  const isSilent = status === 'unreachable' || status === 'rate_limited'
  const failures = isSilent ? (await upkeep.get(connection.uid)).checkFailures + 1 : 0
  const nextMs = nextCheckMs(verdict, failures)
  await upkeep.set(connection.uid, {
    checkFailures: failures,
    checkAt: nextMs === null ? null : later(at, nextMs * (0.75 + spread / 2)),
  })
  return after
}

/** Whether the credential belongs to somebody else than the last one that was known. */
export function hasSwitched(before: Pick<Health, 'identity'>, after: Pick<Health, 'identity'>): boolean {
  return before.identity !== null && after.identity !== null && before.identity !== after.identity
}

export const switchedWords = 'The credential belongs to another account of the provider than before.'

/** People often change a connection a few times in a row. */
const firstCheckAfterMs = 10_000

/**
 * What was given is looked at soon, where there is somebody to ask, and a refresh that failed before says
 * nothing about it.
 */
export function lookAgain(
  db: Db,
  accountId: number,
  connectionUid: string,
  provider: Provider,
  at: Timestamp,
): Promise<void> {
  return connectionUpkeepOf(db, accountId).set(connectionUid, {
    checkAt: capabilitiesOf(provider).verify.available ? later(at, firstCheckAfterMs) : null,
    checkFailures: 0,
    ...refreshSettled,
    refreshedAt: null,
  })
}

/** The same for what was asked before a change was made. */
export function noteChecked(
  db: Db,
  accountId: number,
  connection: Connection,
  verdict: Verdict,
  at: Timestamp,
): Promise<Connection> {
  return noteVerdict(db, accountId, connection, verdict, { at, cause: 'change', durationMs: 0 }, 0.5)
}

/** Whose the credential is, is known until another answer tells otherwise: silence says nothing about it. */
function healthAfter(before: Health, verdict: Verdict, at: Timestamp): Health {
  const { status, reason, account, identity, mode, scopes } = verdict
  const told = { account, identity, mode, scopes }
  const isTold = status === 'healthy' || (status === 'degraded' && identity !== null)
  const known = {
    account: before.account,
    identity: before.identity,
    mode: mode ?? before.mode,
    scopes: scopes ?? before.scopes,
  }
  return { status, reason, checkedAt: at, ...(isTold ? told : known) }
}

/** Only what Mortise may write itself reaches the fields: a declaration names nothing else. */
function fieldsAfter({ fields }: Connection, { fields: found }: Verdict): Connection['fields'] {
  if (!found) return fields
  return new Map([
    ...fields,
    ...Object.entries(found).map(([name, text]) => [name, new JsonText(JSON.stringify(text))] as const),
  ])
}

/** @returns null where nothing is asked before something of the connection is changed */
function nextCheckMs({ status, retryAfterS }: Verdict, failures: number): number | null {
  if (status === 'unverifiable') return null
  if (status === 'unreachable' || status === 'rate_limited') {
    const planned = retryAfterMs[Math.min(failures, retryAfterMs.length) - 1] ?? dayMs
    return Math.max(planned, Math.min((retryAfterS ?? 0) * 1_000, dayMs))
  }
  return dayMs
}
