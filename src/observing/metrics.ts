// Metrics in the text format of Prometheus: what was counted since the start, and what is looked up when somebody asks.
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Happening } from '../hub/observer.ts'
import { counting } from './counted.ts'
import { type LookedUp, lookingUp } from './looked-up.ts'

export type Metrics = {
  count(happening: Happening): void
  write(): Promise<string>
}

/** @param lookUp called for each time that somebody asks */
export function createMetrics(needs: {
  version: string
  engine: string
  /** Those of the catalogue, by their names. */
  providers: readonly string[]
  lookUp(): Promise<LookedUp>
  /** Whether the process itself is described: by one of those in it, since that takes listeners which stay. */
  describesProcess?: boolean
  nowS?: () => number
}): Metrics {
  const {
    version,
    engine,
    providers,
    lookUp,
    describesProcess = true,
    nowS = () => Date.now() / 1_000,
  } = needs
  const registry = new Registry()
  // Of the process, the event loop and the collector of garbage, under the names that everybody's dashboards know.
  if (describesProcess) collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'mortise_build_info',
    help: 'Which version this is, and on what it stands: always 1.',
    labelNames: ['version', 'engine'],
    registers: [registry],
  }).set({ version, engine }, 1)
  const count = counting(registry, { nowS, providers })
  const show = lookingUp(registry)
  /** Whoever asks meanwhile shares what is looked up. */
  let writing: Promise<string> | undefined

  async function write(): Promise<string> {
    show(await lookUp())
    return registry.metrics()
  }

  return {
    count,
    write() {
      writing ??= write().finally(() => {
        writing = undefined
      })
      return writing
    },
  }
}
