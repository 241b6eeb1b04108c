// Whose turn it is: webhooks take turns so that none is kept waiting by another one, nor an account by another account.
import type { Endpoint } from '../storage/webhooks.ts'

/** Those that do well, and those of which the latest tries failed: many dead ones leave the others their places. */
export type Lane = 'well' | 'failing'

export type Place = { release(): void }

export type Turn = {
  readonly endpoint: Endpoint
  readonly lane: Lane
  /** The place that comes with the turn. */
  readonly place: Place
  /** One more place, where there is one that nobody else waits for. */
  extra(): Place | undefined
  /** Whether others wait for a place. */
  readonly isWanted: boolean
  /** Hears that there may be more to do for this webhook. @param act says whether the turn goes on with it */
  onWake(act: () => boolean): void
}

/** How many tries at once: of each lane, of an account in it, and of a webhook. */
export const placesMax = { well: 48, failing: 16 } as const
const placesOfAccountMax = { well: 16, failing: 4 } as const
export const placesOfEndpointMax = { well: 4, failing: 1 } as const

export type DeliveryTurns = ReturnType<typeof deliveryTurns>

/** @param run does a turn to its end; @returns whether there is more to do, and in which lane */
export function deliveryTurns({ run }: { run(turn: Turn): Promise<Lane | 'done'> }) {
  const lanes = { well: lane('well'), failing: lane('failing') }
  /** By key: how to wake one that has its turn; null while it waits for it. */
  const known = new Map<string, { wake: (() => boolean) | null; isWoken: boolean }>()
  const running = new Set<Promise<void>>()
  let isOpen = false

  function ready(endpoint: Endpoint, which: Lane): void {
    if (!isOpen) return
    const key = `${endpoint.accountId}/${endpoint.uid}`
    const state = known.get(key)
    if (state) {
      if (!state.wake?.()) state.isWoken = true
      return
    }
    known.set(key, { wake: null, isWoken: false })
    lanes[which].add(endpoint)
    begin(which)
  }

  function begin(which: Lane): void {
    for (let next = lanes[which].next(); isOpen && next; next = lanes[which].next()) {
      const turn = take(next, which)
      running.add(turn)
      void turn.finally(() => running.delete(turn))
    }
  }

  async function take(endpoint: Endpoint, which: Lane): Promise<void> {
    const key = `${endpoint.accountId}/${endpoint.uid}`
    const state = { wake: null as (() => boolean) | null, isWoken: false }
    known.set(key, state)
    const { accountId } = endpoint
    const own = lanes[which]
    const placed = (): Place => {
      own.occupy(accountId)
      let isHeld = true
      return {
        release() {
          if (isHeld) own.free(accountId)
          isHeld = false
          begin(which)
        },
      }
    }
    const place = placed()
    let rest: Lane | 'done' = 'done'
    try {
      rest = await run({
        endpoint,
        lane: which,
        place,
        extra: () => (own.isFree(accountId) && !own.isWanted() ? placed() : undefined),
        get isWanted() {
          return own.isWanted()
        },
        onWake: (act) => {
          state.wake = act
        },
      })
    } finally {
      known.delete(key)
      place.release()
      if (rest !== 'done') ready(endpoint, rest)
      else if (state.isWoken) ready(endpoint, which)
    }
  }

  return {
    /** There may be something to do for a webhook. */
    ready,

    open(): void {
      isOpen = true
    },

    /** No turn begins any more. Resolves when those that have begun are over. */
    async close(): Promise<void> {
      isOpen = false
      await Promise.all(running)
    },

    /** Resolves when nobody has a turn. */
    async settled(): Promise<void> {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

/** A queue for each account, served one after the other. */
function lane(which: Lane) {
  const queues = new Map<number, Endpoint[]>()
  const ofAccount = new Map<number, number>()
  let occupied = 0

  const isFree = (accountId: number) =>
    occupied < placesMax[which] && (ofAccount.get(accountId) ?? 0) < placesOfAccountMax[which]

  return {
    isFree,

    add(endpoint: Endpoint): void {
      const queue = queues.get(endpoint.accountId)
      if (queue) queue.push(endpoint)
      else queues.set(endpoint.accountId, [endpoint])
    },

    /** The next one that has room; its account comes last from then on. */
    next(): Endpoint | undefined {
      if (occupied >= placesMax[which]) return undefined
      for (const [accountId, queue] of queues) {
        if (!isFree(accountId)) continue
        queues.delete(accountId)
        const endpoint = queue.shift()
        if (queue.length > 0) queues.set(accountId, queue)
        if (endpoint) return endpoint
      }
      return undefined
    },

    isWanted: () => queues.size > 0,

    occupy(accountId: number): void {
      occupied++
      ofAccount.set(accountId, (ofAccount.get(accountId) ?? 0) + 1)
    },

    free(accountId: number): void {
      occupied--
      const left = (ofAccount.get(accountId) ?? 1) - 1
      if (left === 0) ofAccount.delete(accountId)
      else ofAccount.set(accountId, left)
    },
  }
}
