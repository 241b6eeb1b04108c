// Access tokens that end: had anew in time, exactly once across all nodes, and never lost by a refresh that fails.
import { CredentialRefused } from '../outbound/credential-refused.ts'
import { OutboundFailure } from '../outbound/send.ts'
import { connectionUpkeepOf } from '../storage/connection-upkeep.ts'
import type { Db } from '../storage/database.ts'
import type { Opened, Opener } from './acting.ts'
import type { Caller } from './caller.ts'
import type { Clock } from './timestamp.ts'
import { type Refreshed, refusePaused, type TokenRefresh } from './token-refresh.ts'
import { isYoung, needOf, tokenStateOf } from './token-state.ts'

export type AccessTokens = {
  /**
   * The connection with a token that is good for now. One whose end is near is given all the same, and another
   * one had beside the request.
   * @throws CredentialRefused or OutboundFailure where none could be had
   */
  ensure(caller: Caller, opened: Opened, options?: Wanted): Promise<Opened>
  /** Resolves once no refresh is under way: what one was given is stored by then. */
  settle(): Promise<void>
}

export type Wanted = {
  /**
   * A token that the provider has just refused: another one is wanted. Where that one had been had a moment ago
   * it is given again: the provider then refuses something else than its age.
   */
  readonly refused?: string
  /** Whether one is had in any case. */
  readonly isFresh?: boolean
  /** Somebody wants to know how things are: no pause is kept, and what is refused is told though a token is left. */
  readonly isCheck?: boolean
}

/** How long a caller waits for a token. */
const patienceMs = 20_000
const pollMs = 60
/** Somebody else may have a token anew, and that one end or be refused too, before a caller has used it. */
const roundsMax = 5

export function accessTokens(needs: {
  db: Db
  now: Clock
  opener: Opener
  refresh: TokenRefresh
  /** Resolves after some milliseconds. */
  wait(ms: number): Promise<unknown>
  /** From 0 to 1. */
  random(): number
  /** Hears of what went wrong where nobody waits for it. */
  onError(error: unknown): void
}): AccessTokens {
  const { db, now, opener, refresh, wait, random, onError } = needs
  /** What this process is at: all of its callers wait for one, and one of them asks whether others are done. */
  const running = new Map<string, Promise<Refreshed>>()
  let isOver = false

  async function ensure(caller: Caller, opened: Opened, wanted: Wanted = {}): Promise<Opened> {
    const { refused, isFresh = false, isCheck = false } = wanted
    const unwanted = isFresh ? tokenStateOf(opened)?.token : refused
    let current = opened
    for (let round = 1; round <= roundsMax; round++) {
      const state = tokenStateOf(current)
      const need = state ? needOf(state, unwanted, now()) : 'none'
      if (!state || need === 'none') return current
      const upkeep = await connectionUpkeepOf(db, caller.accountId).get(current.connection.uid)
      if (state.token !== undefined && state.token === refused && isYoung(state, upkeep.refreshedAt, now())) {
        return current
      }
      if (need === 'may' && !isCheck) {
        if (upkeep.refreshNotBefore === null || upkeep.refreshNotBefore <= now()) beside(caller, current)
        return current
      }
      if (!isCheck) refusePaused(upkeep, now())
      const isMine = !running.has(current.connection.uid)
      try {
        const renewed = await patiently(together(caller, current, unwanted, { isAsked: isCheck }))
        current = renewed.opened
        // One of a client that was changed meanwhile is none.
        if (renewed.isGranted && isMine && tokenStateOf(current)?.token !== undefined) return current
      } catch (error) {
        if (need === 'may' && !isRefusal(error)) return current
        throw error
      }
    }
    return current
  }

  function together(
    caller: Caller,
    opened: Opened,
    unwanted: string | undefined,
    options: { isAsked: boolean },
  ): Promise<Refreshed> {
    const { uid } = opened.connection
    const known = running.get(uid)
    if (known !== undefined) return known
    const work = renew(caller, opened, unwanted, options).finally(() => running.delete(uid))
    running.set(uid, work)
    return work
  }

  /** Failures are written down by then, and told to whoever needs the token next. */
  function beside(caller: Caller, opened: Opened): void {
    together(caller, opened, undefined, { isAsked: false }).catch((error) => {
      if (!(error instanceof CredentialRefused) && !(error instanceof OutboundFailure)) onError(error)
    })
  }

  /** The lease decides which node does it; this one waits for what another one stores. */
  async function renew(
    caller: Caller,
    opened: Opened,
    unwanted: string | undefined,
    options: { isAsked: boolean },
  ): Promise<Refreshed> {
    const untilMs = performance.now() + patienceMs
    for (let current = opened; ; ) {
      const refreshed = await refresh.attempt(caller, current, unwanted, options)
      if (refreshed) return refreshed
      if (isOver || performance.now() > untilMs) throw tooLong()
      await wait(pollMs * (1 + random()))
      current = await opener.open(caller, opened.connection.id)
      const state = tokenStateOf(current)
      if (!state || needOf(state, unwanted, now()) === 'none') return { opened: current, isGranted: false }
    }
  }

  /** A refresh may go on for longer than anybody waits for it. */
  async function patiently(work: Promise<Refreshed>): Promise<Refreshed> {
    const limit = AbortSignal.timeout(patienceMs)
    const tooLate = new Promise<never>((_, reject) => {
      limit.addEventListener('abort', () => reject(tooLong()), { once: true })
    })
    return Promise.race([work, tooLate])
  }

  return {
    ensure,
    async settle() {
      isOver = true
      await Promise.allSettled(running.values())
    },
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof CredentialRefused && error.status === 'rejected'
}

function tooLong(): OutboundFailure {
  return new OutboundFailure('timed_out', new Error('A refresh of the access token takes too long.'))
}
