// The composition root: the one file that knows every part, and has no logic.
import { setTimeout } from 'node:timers/promises'
import { type Catalogue, createCatalogue } from './catalogue/index.ts'
import type { Config } from './config.ts'
import { eventViews } from './dialects/v2/event-views.ts'
import { accessTokens } from './hub/access-tokens.ts'
import { connectionOpener } from './hub/acting.ts'
import { sweepActivity } from './hub/activity.ts'
import { admission } from './hub/admission.ts'
import { asking } from './hub/asking.ts'
import { auditByMinute } from './hub/audit-by-minute.ts'
import { chainKeys } from './hub/audit-chains.ts'
import { auditRetention } from './hub/audit-retention.ts'
import { auditTrail } from './hub/audit-trail.ts'
import { auditVerification } from './hub/audit-verify.ts'
import { localCaller } from './hub/caller.ts'
import { consoleSessions } from './hub/console-sessions.ts'
import { dataRotation } from './hub/data-rotation.ts'
import type { OnDeliveryError } from './hub/deliveries.ts'
import { denials } from './hub/denials.ts'
import { explaining } from './hub/explaining.ts'
import { idempotency } from './hub/idempotency.ts'
import { keySlots } from './hub/key-slots.ts'
import { keyUses } from './hub/key-uses.ts'
import { leases } from './hub/leases.ts'
import { limits } from './hub/limits.ts'
import { logoOperations } from './hub/logos.ts'
import { type Observer, unobserved } from './hub/observer.ts'
import { operations } from './hub/operations.ts'
import { overviewOperations } from './hub/overview.ts'
import { proxying } from './hub/proxying.ts'
import { storeReadiness } from './hub/readiness.ts'
import { readings } from './hub/readings.ts'
import { rootRotation } from './hub/root-rotation.ts'
import { stagedVerification } from './hub/staged-verification.ts'
import { telling } from './hub/telling.ts'
import { type Clock, later, systemClock } from './hub/timestamp.ts'
import { tokenRefresh } from './hub/token-refresh.ts'
import { tokenStorage } from './hub/token-storage.ts'
import { risingUids } from './hub/uid.ts'
import { valueVerification } from './hub/value-verification.ts'
import { verification } from './hub/verification.ts'
import { type Egress, guard } from './outbound/guard.ts'
import { createSchemes } from './outbound/schemes/index.ts'
import { outbound } from './outbound/send.ts'
import { auditOf } from './storage/audit.ts'
import type { Db } from './storage/database.ts'
import { unsafeSettings } from './storage/durability.ts'
import { sweepLeases } from './storage/leases.ts'
import type { KeyRing } from './vault/key-ring.ts'
import { createVault } from './vault/vault.ts'

/** How long a lease that is over is remembered. */
const leasesKeptMs = 3_600_000

export type Hub = ReturnType<typeof createHub>

/** Everything the product does, on an open store; nothing of HTTP. */
export function createHub(needs: {
  db: Db
  keyRing: KeyRing
  rateLimits: Config['rateLimits']
  /** Which addresses may be called; the public internet alone where nothing is said. */
  egress?: Egress
  /** How long audit records are kept; 0, and where nothing is said, for ever. */
  auditDays?: number
  catalogue?: Catalogue
  /** The absolute address that links in events begin with. */
  publicUrl?: () => string
  /** Hears of what kept deliveries from going on. */
  onDeliveryError?: OnDeliveryError
  now?: Clock
  newUid?: () => string
  /** Resolves after some milliseconds. */
  wait?: (ms: number) => Promise<unknown>
  /** From 0 to 1: spreads what would otherwise happen at once. */
  random?: () => number
  /** Hears of what went wrong where nobody waits for it. */
  onError?: (error: unknown) => void
  /** Hears of what is done, to count it. */
  observer?: Observer
}) {
  const {
    db,
    keyRing,
    auditDays = 0,
    catalogue = createCatalogue(),
    now = systemClock,
    newUid = risingUids(Date.now),
    wait = setTimeout,
    random = Math.random,
    onError = () => undefined,
    observer = unobserved,
    egress = {},
    onDeliveryError,
    publicUrl = () => 'http://127.0.0.1:3500',
  } = needs
  const { allow = [], own, resolve, standIn, headersTimeoutMs } = egress
  const judges = guard({ allow, ...(own && { own }), ...(resolve && { resolve }) })
  const door = outbound({ guard: judges, standIn, headersTimeoutMs, observer })
  // A sandbox stands in for providers, not for whoever is told of events.
  const doorToReceivers =
    standIn === undefined ? door : outbound({ guard: judges, headersTimeoutMs, observer })
  const schemes = createSchemes({ send: door.send, nowMs: () => Date.parse(now()) })
  const vault = createVault(keyRing, observer)
  const uses = keyUses({ db })
  const chains = chainKeys({ vault })
  const held = leases({ db, now })
  const told = telling({
    db,
    now,
    newUid,
    random,
    wait,
    vault,
    chains,
    leases: held,
    send: doorToReceivers.send,
    shows: eventViews({ publicUrl }),
    onDeliveryError,
    observer,
  })
  const log = told.auditLog
  const { record } = log
  const byMinute = auditByMinute({ db, now, auditLog: log })
  const cutAuditTrails = auditRetention({ db, now, chains }, auditDays)
  const requestLimits = limits({ db, now, perSecond: needs.rateLimits })
  const doorkeeper = admission({ db, now, limits: requestLimits, keyUses: uses })
  const operationsOn = (db: Db, whenCommitted = (act: () => void) => act()) =>
    operations({
      db,
      now,
      newUid,
      forgetKeys: () => whenCommitted(doorkeeper.forgetKeys),
      vault,
      catalogue,
      auditByMinute: byMinute,
      record,
      judgeAddress: door.judge,
      webhookSecrets: told.webhookSecrets,
    })
  const verbs = operationsOn(db)
  const answers = idempotency({ db, now, newUid, vault, leases: held, operationsOn })
  const opener = connectionOpener({ db, vault, catalogue, auditByMinute: byMinute })
  const refresh = tokenRefresh({
    db,
    now,
    opener,
    send: door.send,
    leases: held,
    storage: tokenStorage({ db, now, vault, catalogue, record, random }),
    wait,
    onError,
    observer,
  })
  const tokens = accessTokens({ db, now, opener, refresh, wait, random, onError })
  /** What whatever calls providers needs of the rest. */
  const calling = {
    opener,
    tokens,
    schemes,
    send: door.send,
    asking: asking({ send: door.send, schemes }),
    auditByMinute: byMinute,
    observer,
  }
  const readiness = storeReadiness({ db, keyRing })
  const slots = keySlots({ db, now, keyRing, record })
  const sessions = consoleSessions({ db, now, newUid, admission: doorkeeper, limits: requestLimits, record })
  return {
    /** Writes records; its callers say of what. */
    auditLog: log,
    auditVerification: auditVerification({ db, chains }),
    valueVerification: valueVerification({ db, vault }),
    keySlots: slots,
    rootRotation: rootRotation({ db, now, keyRing, vault, record }),
    dataRotation: dataRotation({ db, now, vault, record }),
    audit: auditTrail({ db, now, record }),
    events: told.events,
    deliveries: told.deliveries,
    deliveryLog: told.deliveryLog,
    verification: verification({ db, now, catalogue, leases: held, record, random, ...calling }),
    proxying: proxying(calling),
    explaining: explaining({ now, ...calling }),
    stagedVerification: stagedVerification({ catalogue, judgeAddress: door.judge, ...calling }),
    /** For whatever calls providers: a connection's credential, with an access token that is good for now. */
    opener,
    accessTokens: tokens,
    catalogue,
    ...verbs,
    idempotency: answers,
    /** The person at the command line; there is no way to it over HTTP. */
    callerFor: localCaller,
    logos: logoOperations({ db }),
    overview: overviewOperations({ db, now, keySlots: slots }),
    consoleSessions: sessions,
    admission: doorkeeper,
    limits: requestLimits,
    denials: denials({ auditByMinute: byMinute }),
    /** Removes what has expired. */
    async sweep(): Promise<void> {
      await answers.sweep()
      await requestLimits.sweep()
      await sessions.sweep()
      await verbs.credentials.sweep()
      await sweepLeases(db, later(now(), -leasesKeptMs))
      await verbs.accounts.removal.sweep()
      await cutAuditTrails()
      await told.sweep()
      await sweepActivity({ db, now })
    },
    /** Writes down what was only noted in memory. */
    async flush(): Promise<void> {
      await uses.flush()
      await byMinute.flush()
      await vault.flush(db, now())
    },
    /** When the latest record of these accounts was written, as its node's clock said. */
    async latestRecord(accountIds: readonly number[]): Promise<string | null> {
      const latest = await Promise.all(accountIds.map((id) => auditOf(db, id).latestAt()))
      return latest.toSorted().at(-1) ?? null
    },
    /** Ends what is under way outside, once no token that was given can be lost by it. */
    async close(): Promise<void> {
      await tokens.settle()
      await door.close()
      await doorToReceivers.close()
    },
    /** What the database is set to that it should not be. */
    unsafeSettings: () => unsafeSettings(db),
    readiness,
    /** How things stand, for those who watch. */
    readings: readings({ db, now, listSlots: slots.list, keyRing, readiness }),
  }
}
