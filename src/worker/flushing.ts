// Writes down now and then what was only noted in memory: key uses, and how often secrets were shown.
import type { Logger } from 'pino'

const everyMs = 5_000

export function startFlushing(hub: { flush(): Promise<void> }, log: Logger): { stop(): Promise<void> } {
  let running = Promise.resolve()
  const flush = () => {
    running = running.then(() =>
      hub.flush().catch((error: unknown) => log.error({ err: error }, 'could not write down what was noted')),
    )
    return running
  }
  const timer = setInterval(flush, everyMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}
