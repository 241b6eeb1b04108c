// One refresh of an access token, by the node that has the lease for it; what it was given is stored, come what may.
import { CredentialRefused } from '../outbound/credential-refused.ts'
import type { Outbound } from '../outbound/send.ts'
import { type GrantedToken, grantToken } from '../outbound/token-grant.ts'
import { connectionUpkeepOf, type Upkeep } from '../storage/connection-upkeep.ts'
import type { Db } from '../storage/database.ts'
import type { Opened, Opener } from './acting.ts'
import type { Caller } from './caller.ts'
import { HubError } from './errors.ts'
import type { Lease, Leases } from './leases.ts'
import { LeaseLost } from './leases.ts'
import type { Observer, RefreshOutcome } from './observer.ts'
import { type Clock, later } from './timestamp.ts'
import { needOf, type TokenState, tokenStateOf } from './token-state.ts'
import type { TokenStorage } from './token-storage.ts'

export type Refreshed = {
  readonly opened: Opened
  /** Whether the token was had by this very refresh; else somebody was quicker. */
  readonly isGranted: boolean
}

export type TokenRefresh = {
  /**
   * @param unwanted a token that is of no use, whatever is known of its end
   * @returns undefined where another node is at it
   * @throws CredentialRefused or OutboundFailure
   */
  attempt(
    caller: Caller,
    opened: Opened,
    unwanted: string | undefined,
    options: { isAsked: boolean },
  ): Promise<Refreshed | undefined>
}

/** Longer than a token's address may take: nobody else asks before. */
const leaseMs = 12_000
/** A request that would leave later than this does not: another node may have the lease before it arrives. */
const lastMomentMs = 6_000
/** How long others are given to store what they were given: a node that stood still may be about to. */
const reReadAfterMs = [250, 750, 1_500, 2_500]
/** For how long a node that began a refresh and has not been heard of since may come back with its fruit. */
const doubtMs = 600_000
/** A token that could not be stored is not given up sooner: the database may be down, or changing hands. */
const storeAfterMs = [100, 250, 500, 1_000, 2_000, ...Array.from({ length: 60 }, () => 5_000)]

export function tokenRefresh(needs: {
  db: Db
  now: Clock
  opener: Opener
  send: Outbound['send']
  leases: Leases
  storage: TokenStorage
  /** Resolves after some milliseconds. */
  wait(ms: number): Promise<unknown>
  onError(error: unknown): void
  observer: Pick<Observer, 'tell'>
}): TokenRefresh {
  const { db, now, opener, send, leases, storage, wait, onError, observer } = needs

  async function attempt(
    caller: Caller,
    opened: Opened,
    unwanted: string | undefined,
    { isAsked }: { isAsked: boolean },
  ): Promise<Refreshed | undefined> {
    const { uid, id } = opened.connection
    const name = { accountId: caller.accountId, name: `refresh/${uid}` }
    return leases.hold(name, leaseMs, async (lease) => {
      const latest = await opener.open(caller, id)
      const state = tokenStateOf(latest)
      // Somebody was quicker.
      if (!state || needOf(state, unwanted, now()) === 'none') return { opened: latest, isGranted: false }
      const upkeep = await connectionUpkeepOf(db, caller.accountId).get(uid)
      if (!isAsked) refusePaused(upkeep, now())
      return told(latest, () => refresh(caller, latest, state, upkeep.refreshBegunAt, lease))
    })
  }

  /** What became of a refresh that was begun here. */
  async function told(
    { provider }: Opened,
    work: () => Promise<Refreshed | undefined>,
  ): Promise<Refreshed | undefined> {
    let outcome: RefreshOutcome = 'failed'
    try {
      const refreshed = await work()
      outcome = refreshed?.isGranted ? 'granted' : 'by_another'
      return refreshed
    } catch (error) {
      if (error instanceof CredentialRefused && error.status === 'rejected') outcome = 'refused'
      throw error
    } finally {
      observer.tell({ what: 'refresh', provider: provider.name, outcome })
    }
  }

  /** @param earlier when a refresh was begun whose outcome nobody has written down */
  async function refresh(
    caller: Caller,
    latest: Opened,
    state: TokenState,
    earlier: Upkeep['refreshBegunAt'],
    lease: Lease,
  ): Promise<Refreshed | undefined> {
    const { connection } = latest
    const isInDoubt = earlier !== null && later(earlier, doubtMs) > now()
    if (isInDoubt) {
      const theirs = await whatAnotherStores(caller, latest, state, reReadAfterMs)
      if (theirs) return theirs
    }
    const askedAt = now()
    const isSingleUse = state.refreshToken !== undefined
    try {
      if (isSingleUse) await storage.begin(caller, connection, isInDoubt ? earlier : askedAt, lease)
    } catch (error) {
      if (error instanceof LeaseLost) return undefined
      throw error
    }
    let granted: GrantedToken
    try {
      granted = await grantToken(send, state.grant, {
        refreshToken: state.refreshToken,
        mayGo: () => now() < later(askedAt, lastMomentMs),
      })
    } catch (error) {
      if (!(error instanceof CredentialRefused)) {
        await storage.pause(caller, connection, { isInDoubt })
        throw error
      }
      // Where it was in doubt, others were waited for already.
      const delays = !isSingleUse ? [] : isInDoubt ? [0] : reReadAfterMs
      const theirs = await whatAnotherStores(caller, latest, state, delays)
      if (theirs) return theirs
      throw await noted(caller, latest, error, isInDoubt)
    }
    const isGranted = await storePatiently(() => storage.store(caller, connection, state, granted, askedAt))
    return { opened: await opener.open(caller, connection.id), isGranted }
  }

  /** A refusal on its way to the caller, written down. */
  async function noted(
    caller: Caller,
    { connection }: Opened,
    refusal: CredentialRefused,
    isInDoubt: boolean,
  ): Promise<CredentialRefused> {
    const { status, message, retryAfterS } = refusal
    if (status !== 'rejected' || isInDoubt) {
      await storage.pause(caller, connection, { isInDoubt, retryAfterS })
      return status === 'rejected' ? new CredentialRefused('unreachable', doubtWords) : refusal
    }
    await storage.noteRefusal(caller, connection, message)
    return refusal
  }

  async function whatAnotherStores(
    caller: Caller,
    { connection }: Opened,
    state: TokenState,
    delaysMs: readonly number[],
  ): Promise<Refreshed | undefined> {
    for (const ms of delaysMs) {
      await wait(ms)
      const again = await opener.open(caller, connection.id)
      const found = tokenStateOf(again)
      if (found?.refreshToken !== state.refreshToken || found?.token !== state.token) {
        return { opened: again, isGranted: false }
      }
    }
    return undefined
  }

  async function storePatiently<Result>(store: () => Promise<Result>): Promise<Result> {
    for (const ms of storeAfterMs) {
      try {
        return await store()
      } catch (error) {
        // The connection is gone, or its secrets are damaged: waiting mends neither.
        if (error instanceof HubError && ['not_found', 'secret_integrity_error'].includes(error.code))
          throw error
      }
      await wait(ms)
    }
    try {
      return await store()
    } catch (cause) {
      // By now, nobody may be left who waits for it.
      onError(new Error('A token that a provider gave could not be stored, and is lost.', { cause }))
      throw cause
    }
  }

  return { attempt }
}

/** @throws CredentialRefused during the pause after a refresh that failed */
export function refusePaused({ refreshNotBefore, refreshRefused }: Upkeep, now: string): void {
  if (refreshNotBefore === null || refreshNotBefore <= now) return
  if (refreshRefused !== null) throw new CredentialRefused('rejected', refreshRefused)
  throw new CredentialRefused(
    'unreachable',
    `No access token could be had from the provider a short time ago. It is asked again at ${refreshNotBefore}.`,
  )
}

const doubtWords =
  'The provider does not take the refresh token, and a node of Mortise that was using it has not been heard of since. It is asked again later.'
