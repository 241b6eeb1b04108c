// What is counted as it happens: each kind of happening, and the metrics that it adds to.
import { STATUS_CODES } from 'node:http'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Happening } from '../hub/observer.ts'

/** From an answer out of memory to the patience of a client, in seconds. */
const requestBuckets = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]
/** Of what goes over the internet. */
const callBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]
const diskBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2]

/** Labels have few values each, whatever anybody sends: routes as they are declared, names that we give. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** @returns counts what happens, in this registry */
export function counting(
  registry: Registry,
  { nowS, providers }: { nowS: () => number; providers: readonly string[] },
): (happening: Happening) => void {
  const registers = [registry]
  const requests = new Histogram({
    name: 'mortise_http_request_duration_seconds',
    help: 'Requests that were answered, by the route as it is declared ("none" where there is none) and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: requestBuckets,
    registers,
  })
  const refusals = new Counter({
    name: 'mortise_http_errors_total',
    help: 'Errors that were answered, by their code as docs/errors.md lists them.',
    labelNames: ['code'],
    registers,
  })
  const transactions = new Histogram({
    name: 'mortise_database_transaction_duration_seconds',
    help: 'Transactions, waiting for their turn included; "undone" also where a rule refused the change.',
    labelNames: ['outcome'],
    buckets: requestBuckets,
    registers,
  })
  const commits = new Histogram({
    name: 'mortise_database_commit_duration_seconds',
    help: 'Commits to disk of the embedded store.',
    buckets: diskBuckets,
    registers,
  })
  const batches = new Histogram({
    name: 'mortise_database_commit_transactions',
    help: 'How many transactions of the embedded store shared a commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  })
  const failures = new Counter({
    name: 'mortise_database_failures_total',
    help: 'What the database did not do: busy, full, unavailable, conflict (tried again), other.',
    labelNames: ['kind'],
    registers,
  })
  const sealing = new Counter({
    name: 'mortise_vault_operations_total',
    help: 'Values that were sealed and opened; "failed" does not open: it is damaged, or its key is gone.',
    labelNames: ['operation', 'outcome'],
    registers,
  })
  const calls = new Histogram({
    name: 'mortise_proxy_call_duration_seconds',
    help: 'Calls through connections until the provider answered, by the class of its status or why there was none.',
    labelNames: ['provider', 'outcome'],
    buckets: callBuckets,
    registers,
  })
  const verifications = new Counter({
    name: 'mortise_verifications_total',
    help: 'Connections that were verified, by what came of it and whether somebody had asked.',
    labelNames: ['provider', 'status', 'cause'],
    registers,
  })
  const refreshes = new Counter({
    name: 'mortise_token_refreshes_total',
    help: 'Refreshes of access tokens: granted, refused by the provider, failed, or done by another node.',
    labelNames: ['provider', 'outcome'],
    registers,
  })
  const made = new Counter({
    name: 'mortise_deliveries_made_total',
    help: 'Deliveries that changes have made: an event for a webhook each.',
    registers,
  })
  const tries = new Histogram({
    name: 'mortise_delivery_attempt_duration_seconds',
    help: 'Tries at delivering, by what came of them: delivered or failed.',
    labelNames: ['outcome'],
    buckets: callBuckets,
    registers,
  })
  const ended = new Counter({
    name: 'mortise_deliveries_ended_total',
    help: 'Deliveries that are not tried any more: delivered, or exhausted after the last try.',
    labelNames: ['outcome'],
    registers,
  })
  const disabled = new Counter({
    name: 'mortise_webhooks_disabled_total',
    help: 'Webhooks that were disabled because their receiver is gone, or has failed for days.',
    labelNames: ['reason'],
    registers,
  })
  const overdue = new Gauge({
    name: 'mortise_deliveries_overdue_seconds',
    help: 'For how long the delivery that has waited longest could have been tried.',
    registers,
  })
  const work = new Histogram({
    name: 'mortise_worker_run_duration_seconds',
    help: 'What is done beside the requests, and whether it failed.',
    labelNames: ['work', 'outcome'],
    buckets: requestBuckets,
    registers,
  })
  const done = new Gauge({
    name: 'mortise_worker_last_success_timestamp_seconds',
    help: 'When it was last done without failing, or else when the server started. How far behind it is: time() less this.',
    labelNames: ['work'],
    registers,
  })
  // What has never happened is nought, not absent: a rise from nothing would not be seen.
  for (const provider of providers) {
    verifications.inc({ provider, status: 'rejected', cause: 'schedule' }, 0)
    for (const outcome of ['refused', 'failed']) refreshes.inc({ provider, outcome }, 0)
  }
  for (const kind of ['busy', 'full', 'unavailable', 'conflict', 'other']) failures.inc({ kind }, 0)
  for (const operation of ['seal', 'open']) sealing.inc({ operation, outcome: 'done' }, 0)
  sealing.inc({ operation: 'open', outcome: 'failed' }, 0)
  for (const outcome of ['delivered', 'exhausted']) ended.inc({ outcome }, 0)
  for (const reason of ['gone', 'failing', 'secret_damaged']) disabled.inc({ reason }, 0)
  for (const code of ['internal', 'secret_integrity_error']) refusals.inc({ code }, 0)

  return (happening) => {
    switch (happening.what) {
      case 'answered': {
        const { method, route, status, code, durationMs } = happening
        const labels = {
          method: methods.has(method) ? method : 'OTHER',
          route: route ?? 'none',
          status: statusLabel(status),
        }
        requests.observe(labels, durationMs / 1_000)
        if (code !== null) refusals.inc({ code })
        return
      }
      case 'transaction':
        return transactions.observe(
          { outcome: happening.isCommitted ? 'committed' : 'undone' },
          happening.durationMs / 1_000,
        )
      case 'commit':
        batches.observe(happening.transactions)
        return commits.observe(happening.durationMs / 1_000)
      case 'storage failure':
        return failures.inc({ kind: happening.kind })
      case 'sealed':
        return sealing.inc({ operation: 'seal', outcome: 'done' })
      case 'opened':
        return sealing.inc({ operation: 'open', outcome: happening.isIntact ? 'done' : 'failed' })
      case 'call': {
        const { provider, outcome, durationMs } = happening
        return calls.observe({ provider, outcome }, durationMs / 1_000)
      }
      case 'verification': {
        const { provider, status, cause } = happening
        return verifications.inc({ provider, status, cause })
      }
      case 'refresh':
        return refreshes.inc({ provider: happening.provider, outcome: happening.outcome })
      case 'delivery made':
        return made.inc()
      case 'delivery tried':
        return tries.observe(
          { outcome: happening.isDelivered ? 'delivered' : 'failed' },
          happening.durationMs / 1_000,
        )
      case 'delivery ended':
        return ended.inc({ outcome: happening.outcome })
      case 'webhook disabled':
        return disabled.inc({ reason: happening.reason })
      case 'deliveries looked at':
        return overdue.set(happening.overdueMs / 1_000)
      case 'work planned':
        return done.set({ work: happening.work }, nowS())
      case 'worked': {
        const { work: name, isDone, durationMs } = happening
        work.observe({ work: name, outcome: isDone ? 'done' : 'failed' }, durationMs / 1_000)
        if (isDone) done.set({ work: name }, nowS())
        return
      }
    }
  }
}

/** A provider may answer with any number: those without a name are told by their class. */
function statusLabel(status: number): string {
  return STATUS_CODES[status] === undefined ? `${Math.floor(status / 100)}xx` : String(status)
}
