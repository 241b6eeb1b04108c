// Verification: whether a connection's credential works, whose it is, and what has changed about that.
import type { Catalogue } from '../catalogue/index.ts'
import type { Verdict } from '../catalogue/verdict.ts'
import { connectionChecksOf } from '../storage/connection-checks.ts'
import { connectionUpkeepOf } from '../storage/connection-upkeep.ts'
import { connectionsOf } from '../storage/connections.ts'
import type { Db } from '../storage/database.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Opened, Opener } from './acting.ts'
import { type Asking, verificationLimit } from './asking.ts'
import type { RecordAudit } from './audit.ts'
import { type Caller, localCaller } from './caller.ts'
import type { Check, Connection } from './connection.ts'
import { type CheckFacts, hasSwitched, noteVerdict } from './connection-health.ts'
import { noticesOf } from './connection-notices.ts'
import { workOffDue } from './due-checks.ts'
import { notFound } from './errors.ts'
import { healthEvents } from './event-draft.ts'
import { jointWrites } from './joint-writes.ts'
import type { Leases } from './leases.ts'
import { findConnection, type MaskedConnection, masked } from './masked-connections.ts'
import type { Observer } from './observer.ts'
import type { Clock } from './timestamp.ts'
import { tokenStateOf } from './token-state.ts'

/** A connection after it was asked about, and what people should know of the answer. */
export type Verified = {
  readonly shown: MaskedConnection
  readonly notices: readonly string[]
}

export type Verification = ReturnType<typeof verification>

/** Longer than a verification may take. */
const leaseMs = 60_000

export function verification(needs: {
  db: Db
  now: Clock
  catalogue: Catalogue
  opener: Opener
  tokens: AccessTokens
  asking: Asking
  leases: Leases
  record: RecordAudit
  random(): number
  observer: Pick<Observer, 'tell'>
}) {
  const { db, now, catalogue, opener, tokens, asking, leases, record, random, observer } = needs

  type Found = Omit<CheckFacts, 'at'> & { caller: Caller; before: Connection; verdict: Verdict }
  type Checked = { connection: Connection; verdict: Verdict }

  /** @param stop ends it before its time, with nothing written down */
  async function check(
    caller: Caller,
    id: number,
    cause: Check['cause'],
    stop?: AbortSignal,
  ): Promise<Verified> {
    const limit = AbortSignal.any([verificationLimit(), ...(stop ? [stop] : [])])
    const once = async (opened: Opened): Promise<Checked> => {
      const startedMs = performance.now()
      const verdict = await verdictOn(caller, opened, limit)
      stop?.throwIfAborted()
      const durationMs = Math.round(performance.now() - startedMs)
      observer.tell({
        what: 'verification',
        provider: opened.provider.name,
        status: verdict.status,
        cause,
      })
      const found = { caller, before: opened.connection, verdict, cause, durationMs }
      return { verdict, connection: await noted(caller.accountId, found) }
    }
    const opened = await opener.open(caller, id)
    let checked = await once(opened)
    if (checked.verdict.isToBeAskedAgain) checked = await once(await opener.open(caller, id))
    const { connection } = checked
    const notices = await noticesOf(db, caller, connection, opened.connection.health)
    return { shown: await masked({ db, catalogue }, caller, connection), notices }
  }

  /** A verdict that was had is written down, however many come at once. @returns the connection from now on */
  const noted = jointWrites(db, async (db, { caller, before, verdict, cause, durationMs }: Found) => {
    const current = await connectionsOf(db, caller.accountId).find(before.id)
    if (current?.uid !== before.uid) throw notFound()
    // Of what was changed meanwhile, the answer says nothing.
    if (current.updatedAt !== before.updatedAt) return current
    const at = now()
    const facts = { at, cause, durationMs }
    const after = await noteVerdict(db, caller.accountId, current, verdict, facts, random())
    const isSwitched = hasSwitched(current.health, after.health)
    if (cause === 'request' || isSwitched || after.health.status !== current.health.status) {
      await record(db, caller, at, {
        action: 'connection.verified',
        subject: `connection/${before.uid}`,
        data: {
          id: before.id,
          provider: before.provider,
          status: verdict.status,
          ...(isSwitched && { switched: true }),
        },
        events: healthEvents(current.health.status, await masked({ db, catalogue }, caller, after)),
      })
    }
    return after
  })

  /**
   * An access token may have ended without anybody knowing when it would: before it counts against the
   * credential, it is had anew.
   */
  async function verdictOn(caller: Caller, opened: Opened, limit: AbortSignal): Promise<Verdict> {
    const { provider } = opened
    // A grant of client credentials is its own proof: a token from before proves nothing about now.
    const isFresh = provider.auth === 'oauth2_client_credentials'
    let used: Opened | undefined
    const first = await asking.verdictOn(
      provider,
      async () => {
        used = await tokens.ensure(caller, opened, { isFresh, isCheck: true })
        return used
      },
      limit,
    )
    const state = first.status === 'rejected' && used && tokenStateOf(used)
    if (!state || state.token === undefined || state.refreshToken === undefined) return first
    const refused = state.token
    return asking.verdictOn(
      provider,
      () => tokens.ensure(caller, used ?? opened, { refused, isCheck: true }),
      limit,
    )
  }

  /** One node at a time; a connection that another one is at is passed over. */
  async function checkDue(accountId: number, id: number, stop: AbortSignal): Promise<void> {
    const connection = await connectionsOf(db, accountId).find(id)
    if (!connection) return
    const { uid } = connection
    await leases.hold({ accountId, name: `check/${uid}` }, leaseMs, async () => {
      const { checkAt } = await connectionUpkeepOf(db, accountId).get(uid)
      if (checkAt === null || checkAt > now()) return
      await check(localCaller(accountId), id, 'schedule', stop)
    })
  }

  return {
    /** Asks the provider now. */
    verify: (caller: Caller, id: number): Promise<Verified> => check(caller, id, 'request'),

    /** The latest checks first. */
    async checks(caller: Caller, id: number): Promise<Check[]> {
      const { uid } = await findConnection(db, caller, id)
      return connectionChecksOf(db, caller.accountId).list(uid)
    },

    /**
     * Looks at connections whose time has come.
     * @param given.onError hears of one that could not be looked at
     * @param given.stop what is under way then is left off, and no further one begun
     */
    checkAllDue: ({ onError, stop }: { onError(error: unknown): void; stop: AbortSignal }): Promise<void> =>
      workOffDue({ db, now }, { checkDue: (accountId, id) => checkDue(accountId, id, stop), onError, stop }),
  }
}
