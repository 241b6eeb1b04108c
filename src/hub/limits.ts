// How much is too much: failed authentication per address, requests per key and per account.
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import type { Db } from '../storage/database.ts'
import { rateLimiter, sweepRateLimits } from '../storage/rate-limiters.ts'
import type { Caller } from './caller.ts'
import { HubError } from './errors.ts'
import { sweepAll } from './sweeping.ts'
import type { Clock } from './timestamp.ts'

const failuresPerMinute = 20
/** At the console's door, where people type: fewer, and for longer. */
const signInFailures = 5
const signInFailuresS = 900

export type Limits = {
  /** @throws HubError throttled, from the 21st failure of an address within a minute on */
  failedAuthentication(address: string): Promise<void>
  /**
   * Runs what signs in at the console. What fails counts, whatever is tried at once; who has failed too often
   * is not even heard, so that nothing is learnt from trying on.
   * @throws HubError throttled, from the sixth failure of an address within a quarter of an hour on
   */
  signIn<Result>(address: string, attempt: () => Promise<Result>): Promise<Result>
  /**
   * @returns nothing to wait for, where nothing is limited
   * @throws HubError throttled
   */
  request(caller: Caller): Promise<void> | undefined
  /** Removes counters whose time is over. */
  sweep(): Promise<void>
}

/** @param perSecond requests a second, over all nodes; 0 is no limit */
export function limits(needs: { db: Db; now: Clock; perSecond: { key: number; account: number } }): Limits {
  const { db, now, perSecond } = needs
  const failures = rateLimiter(db, { name: 'failures', points: failuresPerMinute, durationS: 60 })
  const signIns = rateLimiter(db, { name: 'signins', points: signInFailures, durationS: signInFailuresS })
  const limiterOf = (name: string, points: number) =>
    points > 0 ? rateLimiter(db, { name, points, durationS: 1 }) : undefined
  const ofKey = limiterOf('key', perSecond.key)
  const ofAccount = limiterOf('account', perSecond.account)

  async function takeOf({ keyUid, accountId }: Caller): Promise<void> {
    if (ofKey && keyUid !== null) await take(ofKey, keyUid)
    if (ofAccount) await take(ofAccount, String(accountId))
  }

  return {
    failedAuthentication: (address) => take(failures, address),
    async signIn(address, attempt) {
      await take(signIns, address)
      const result = await attempt()
      await signIns.reward(address)
      return result
    },
    request: (caller) => (ofKey || ofAccount ? takeOf(caller) : undefined),
    sweep: () => sweepAll(needs, 'rate limits', (db, limit) => sweepRateLimits(db, Date.parse(now()), limit)),
  }
}

async function take(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const retryAfterS = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
    const seconds = `${retryAfterS} second${retryAfterS === 1 ? '' : 's'}`
    throw new HubError('throttled', `Request was throttled. Expected available in ${seconds}.`, {
      retryAfterS,
    })
  }
}
