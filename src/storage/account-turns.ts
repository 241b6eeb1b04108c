// Of those that want to write to one account, a few have a connection at a time: the others' accounts find some free.
import { HubError } from '../hub/errors.ts'

export type AccountTurns = {
  /** Those that wait, of all accounts. */
  readonly waiting: number
  /** @throws HubError storage_busy where the turn does not come in time; nothing was done then */
  take<Result>(account: number, work: () => Promise<Result>): Promise<Result>
}

export function accountTurns(given: {
  atOnce: number
  waitMs: number
  /** Hears of a turn that did not come in time. */
  onLate(): void
}): AccountTurns {
  const { atOnce } = given
  const lines = new Map<number, Line>()
  return {
    get waiting() {
      return [...lines.values()].reduce((sum, { waiting }) => sum + waiting.size, 0)
    },
    async take(account, work) {
      const line = lines.get(account) ?? { working: 0, waiting: new Set() }
      lines.set(account, line)
      if (line.working < atOnce) line.working++
      else await turnIn(line, given)
      try {
        return await work()
      } finally {
        const [next] = line.waiting
        if (next) next()
        else if (--line.working === 0) lines.delete(account)
      }
    },
  }
}

type Line = {
  working: number
  /** In the order in which they came; to call one is to let it go on. */
  readonly waiting: Set<() => void>
}

/** Whoever is let go on takes the place of the one before. */
function turnIn({ waiting }: Line, { waitMs, onLate }: { waitMs: number; onLate(): void }): Promise<void> {
  return new Promise((resolve, reject) => {
    const goOn = () => {
      leave()
      resolve()
    }
    const giveUp = () => {
      leave()
      onLate()
      reject(new HubError('storage_busy', 'The store is busy.', { retryAfterS: 1 }))
    }
    const timer = setTimeout(giveUp, waitMs)
    const leave = () => {
      waiting.delete(goOn)
      clearTimeout(timer)
    }
    waiting.add(goOn)
  })
}
