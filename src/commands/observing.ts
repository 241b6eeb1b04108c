// What a server is watched with, wired together: metrics, traces, and whether writes are refused.
import type { Server } from 'node:http'
import type { Logger } from 'pino'
import type { Observer } from '../hub/observer.ts'
import type { LookedUp } from '../observing/looked-up.ts'
import { metricsLater } from '../observing/metrics-later.ts'
import { serveMetrics } from '../observing/metrics-server.ts'
import { writeWatch } from '../observing/write-watch.ts'
import type { Settings } from '../settings.ts'
import { readVersion } from '../version.ts'

export type Observing = {
  readonly observer: Observer
  /** Undefined where the last write was taken. */
  writesRefused(): string | undefined
  /** From when on it can be looked up how things stand. */
  lookUpWith(lookUp: () => Promise<LookedUp>): void
  writeMetrics(): Promise<string>
  /** Loads what a start did not wait for. */
  settle(): Promise<void>
  /** @returns undefined where metrics have no port of their own */
  listen(): Promise<Server | undefined>
  close(): Promise<void>
}

export async function openObserving(
  { config: { observing, postgres }, catalogue }: Settings,
  log: Logger,
): Promise<Observing> {
  const version = readVersion()
  const watch = writeWatch()
  let lookUp = (): Promise<LookedUp> => Promise.reject(new Error('The server is not open yet.'))
  const metrics = metricsLater(async () => {
    const { createMetrics } = await import('../observing/metrics.ts')
    return createMetrics({
      version,
      engine: postgres ? 'postgres' : 'sqlite',
      providers: catalogue.providers.map(({ name }) => name),
      lookUp: () => lookUp(),
    })
  })
  const traces = observing.traces && (await openTraces(observing.traces.protocol, version, log))
  return {
    observer: {
      tell(happening) {
        metrics.count(happening)
        watch.hear(happening)
      },
      ...(traces && { within: traces.within, follow: traces.follow }),
    },
    writesRefused: watch.refused,
    lookUpWith(looksUp) {
      lookUp = looksUp
    },
    writeMetrics: metrics.write,
    settle: metrics.load,
    async listen() {
      return observing.metrics ? serveMetrics(observing.metrics, metrics.write) : undefined
    },
    async close() {
      await traces?.close()
    },
  }
}

/** Loaded where they are asked for alone. */
async function openTraces(protocol: 'http/protobuf' | 'http/json', version: string, log: Logger) {
  const { openTraces: open } = await import('../observing/traces.ts')
  return open({ protocol, version, onError: (words) => log.warn({ reason: words }, 'traces: OpenTelemetry') })
}
