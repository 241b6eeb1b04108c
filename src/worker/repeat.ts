// Runs something now and then beside the requests, never twice at once, and where that is wanted one last time before the end.
import type { Logger } from 'pino'

export type Repetition = {
  /** Resolves when the last run is over. */
  stop(): Promise<void>
}

/** @param atEnd whether it is done one last time, as what is only in memory has to be written down */
export function repeat(
  everyMs: number,
  work: () => Promise<void>,
  log: Logger,
  { atEnd }: { atEnd: 'once more' | 'no more' } = { atEnd: 'once more' },
): Repetition {
  let running = Promise.resolve()
  const run = () => {
    running = running.then(() =>
      work().catch((error: unknown) =>
        log.error({ err: error, work: work.name }, 'failed beside the requests'),
      ),
    )
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
