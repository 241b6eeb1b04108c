// Measures several targets in turn, so that a noisy machine is noisy for all of them, and words the result.
import { rateOf, type Target } from './load.ts'
import type { Server } from './servers.ts'

export type Contender = Omit<Target, 'origin'> & { name: string; server: Server }

export type Measured = {
  name: string
  /** Requests a second: the median of the rounds, and the slowest and fastest. */
  median: number
  lowest: number
  highest: number
  /** Processor time of the server per request, in microseconds; the median of the rounds. */
  cpuUs: number
  /** This one's rate over the first one's, of the same round; the median of the rounds. */
  ratio: number
}

/** @param rounds of every target in turn, after one that only warms up */
export async function compare(
  contenders: readonly Contender[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Measured[]> {
  const rates: number[][] = contenders.map(() => [])
  const cpu: number[][] = contenders.map(() => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const cpuBefore = contender.server.cpuS()
      const rate = await rateOf({ ...contender, origin: contender.server.origin }, roundMs)
      if (round < 0) continue
      rates[index]?.push(rate)
      cpu[index]?.push(((contender.server.cpuS() - cpuBefore) * 1e6) / ((rate * roundMs) / 1000))
    }
  }
  const [first = []] = rates
  return contenders.map(({ name }, index) => {
    const own = rates[index] ?? []
    return {
      name,
      median: median(own),
      lowest: Math.min(...own),
      highest: Math.max(...own),
      cpuUs: median(cpu[index] ?? []),
      ratio: median(own.map((rate, round) => rate / (first[round] ?? Number.NaN))),
    }
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

/** A Markdown table of one comparison. */
export function tableOf(title: string, measured: readonly Measured[]): string {
  const rows = measured.map(
    ({ name, median, lowest, highest, cpuUs, ratio }) =>
      `| ${name} | ${median.toFixed(0)} | ${lowest.toFixed(0)} to ${highest.toFixed(0)} | ${cpuUs.toFixed(0)} | ${ratio.toFixed(2)} |`,
  )
  return [
    `## ${title}`,
    '',
    `| | requests/s | spread | server CPU µs/request | of the first |`,
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}
