// Runs something now and then beside the requests, never twice at once, and where that is wanted one last time before the end.
import type { Logger } from 'pino'
import type { Observer } from '../hub/observer.ts'

type Watchers = { readonly log: Logger; readonly observer: Pick<Observer, 'tell'> }

export type Repetition = {
  /** Resolves when the last run is over. */
  stop(): Promise<void>
}

export type Repeated = {
  /** What is repeated, for those who watch. */
  readonly name: string
  readonly everyMs: number
  work(): Promise<void>
  /** Whether it is done one last time, as what is only in memory has to be written down. */
  readonly atEnd: 'once more' | 'no more'
}

export function repeat({ name, everyMs, work, atEnd }: Repeated, watchers: Watchers): Repetition {
  watchers.observer.tell({ what: 'work planned', work: name })
  let running = Promise.resolve()
  const run = () => {
    running = running.then(() => once(name, work, watchers))
    return running
  }
  const timer = setInterval(run, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await (atEnd === 'once more' ? run() : running)
    },
  }
}

async function once(name: string, work: () => Promise<void>, { log, observer }: Watchers): Promise<void> {
  const startedMs = performance.now()
  let isDone = false
  try {
    await work()
    isDone = true
  } catch (error) {
    log.error({ err: error, work: name }, 'failed beside the requests')
  }
  observer.tell({ what: 'worked', work: name, isDone, durationMs: performance.now() - startedMs })
}
