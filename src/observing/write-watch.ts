// Whether writes are refused for as long as nobody makes room: known from those that were tried.
import type { Happening } from '../hub/observer.ts'

export type WriteWatch = {
  hear(happening: Happening): void
  /** Undefined where the last write was taken. */
  refused(): string | undefined
}

export function writeWatch(): WriteWatch {
  let isFull = false
  return {
    hear(happening) {
      if (happening.what === 'storage failure' && happening.kind === 'full') isFull = true
      if (happening.what === 'commit') isFull = false
      // The other engine tells of no commits: what was written is told by its transaction.
      if (happening.what === 'transaction' && happening.isCommitted) isFull = false
    },
    refused: () => (isFull ? 'The store has no room to write; reading goes on.' : undefined),
  }
}
