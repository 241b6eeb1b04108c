// How much is too much: failed authentication per address, requests per key and per account.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Caller } from './caller.ts'
import { HubError } from './errors.ts'

const failuresPerMinute = 20

export type Limits = {
  /** @throws HubError throttled, from the 21st failure of an address within a minute on */
  failedAuthentication(address: string): Promise<void>
  /** @throws HubError throttled */
  request(caller: Caller): Promise<void>
}

/** @param perSecond requests a second; 0 is no limit */
export function limits(perSecond: { key: number; account: number }): Limits {
  const failures = new RateLimiterMemory({ points: failuresPerMinute, duration: 60 })
  const ofKey = perSecond.key > 0 && new RateLimiterMemory({ points: perSecond.key, duration: 1 })
  const ofAccount = perSecond.account > 0 && new RateLimiterMemory({ points: perSecond.account, duration: 1 })

  return {
    failedAuthentication: (address) => take(failures, address),
    async request(caller) {
      if (ofKey && caller.keyUid !== null) await take(ofKey, caller.keyUid)
      if (ofAccount) await take(ofAccount, String(caller.accountId))
    },
  }
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
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
