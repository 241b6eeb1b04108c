// What only one node may do at a time: whoever has the lease does it, and whoever has lost it cannot finish.
import type { Db } from '../storage/database.ts'
import { extendLease, insertLease, type LeaseName } from '../storage/leases.ts'
import { type Clock, later } from './timestamp.ts'

/** Another node has the lease by now: what this one was about to do is undone. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export type Lease = {
  /**
   * Begins a transaction of the work. Clocks do not decide here, only whether anybody has had the lease since:
   * a node that stood still for an hour finishes nothing that another one has taken over.
   * @throws LeaseLost
   */
  guard(db: Db): Promise<void>
}

/** A lease that is held until it is given back, or until some time after the node has died. */
export type HeldLease = Lease & { release(): Promise<void> }

export type Leases = {
  /** @returns undefined where somebody else has it */
  take(name: LeaseName, ttlMs: number): Promise<HeldLease | undefined>

  /**
   * Does the work where nobody else is at it, and holds the lease for as long as its transactions come; it
   * ends with the work, or some time after the node has died.
   * @param ttlMs how long others wait after the last sign of life; clocks of nodes may differ by less
   * @returns undefined where somebody else has the lease
   */
  hold<Result>(
    name: LeaseName,
    ttlMs: number,
    work: (lease: Lease) => Promise<Result>,
  ): Promise<Result | undefined>
}

export function leases({ db, now }: { db: Db; now: Clock }): Leases {
  async function take(name: LeaseName, ttlMs: number): Promise<HeldLease | undefined> {
    const token = await insertLease(db, name, now(), later(now(), ttlMs))
    if (token === undefined) return undefined
    return {
      async guard(db) {
        if (!(await extendLease(db, name, token, later(now(), ttlMs)))) {
          throw new LeaseLost(`Another node has the lease ${name.name} by now.`)
        }
      },
      async release() {
        // Over at once; not where another has it.
        await extendLease(db, name, token, now())
      },
    }
  }

  return {
    take,
    async hold(name, ttlMs, work) {
      const lease = await take(name, ttlMs)
      if (!lease) return undefined
      try {
        return await work(lease)
      } finally {
        // What was done is done: a lease that cannot be given back ends by itself.
        await lease.release().catch(() => undefined)
      }
    },
  }
}
