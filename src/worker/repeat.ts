// Runs something now and then beside the requests, never twice at once, and one last time before the end.
import type { Logger } from 'pino'

export type Repetition = {
  /** Resolves when the last run is over. */
  stop(): Promise<void>
}

export function repeat(everyMs: number, work: () => Promise<void>, log: Logger): Repetition {
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
      await run()
    },
  }
}
