// What a server in a test is watched with, as one that people start is.
import { type Observer, unobserved } from '../../src/hub/observer.ts'
import type { LookedUp } from '../../src/observing/looked-up.ts'
import { createMetrics } from '../../src/observing/metrics.ts'
import { writeWatch } from '../../src/observing/write-watch.ts'
import { engine } from './store.ts'

export type Watching = ReturnType<typeof watching>

export function watching() {
  let lookUp = (): Promise<LookedUp> => Promise.reject(new Error('The server is not open yet.'))
  const metrics = createMetrics({
    version: '0.0.0',
    engine,
    providers: ['stripe'],
    describesProcess: false,
    lookUp: () => lookUp(),
  })
  const writes = writeWatch()
  const observer: Observer = {
    ...unobserved,
    tell(happening) {
      metrics.count(happening)
      writes.hear(happening)
    },
  }
  return {
    observer,
    writesRefused: writes.refused,
    write: metrics.write,
    lookUpWith(looksUp: () => Promise<LookedUp>) {
      lookUp = looksUp
    },
  }
}

export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Every sample of an answer. @throws where a line is none */
export function samplesIn(text: string): Sample[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [, name = '', labels = '', value = ''] = /^([a-zA-Z_]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === '') throw new Error(`no sample: ${line}`)
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)]
    return {
      name,
      labels: Object.fromEntries(pairs.map(([, label, text]) => [label, text])),
      value: Number(value),
    }
  })
}

/** The sum of the samples with these labels, and others; undefined where there is none. */
export function total(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}
