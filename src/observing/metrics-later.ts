// Counts from the first moment on, though what writes it down is loaded when the server is ready: a start should not wait for it.
import type { Happening } from '../hub/observer.ts'
import type { Metrics } from './metrics.ts'

export type LaterMetrics = Metrics & {
  /** To be called soon: until then, what happens is held. */
  load(): Promise<void>
}

export function metricsLater(load: () => Promise<Metrics>): LaterMetrics {
  let held: Happening[] = []
  let loading: Promise<Metrics> | undefined
  let count = (happening: Happening): void => {
    held.push(happening)
  }

  async function open(): Promise<Metrics> {
    const metrics = await load()
    for (const happening of held) metrics.count(happening)
    held = []
    count = metrics.count
    return metrics
  }

  const opened = () => {
    loading ??= open()
    return loading
  }

  return {
    count: (happening) => count(happening),
    write: async () => (await opened()).write(),
    load: async () => {
      await opened()
    },
  }
}
