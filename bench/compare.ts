// Measures several targets in turn, so that a noisy machine is noisy for all of them, and words the result.
import { rateOf, type Target } from './load.ts'
import type { Server } from './servers.ts'

export type Contender = Omit<Target, 'origins'> & {
  name: string
  /** One, or the nodes that share the requests. */
  servers: readonly Server[]
  /** What the servers ask, where its processor time counts too. */
  database?: { cpuS(): number }
}

export type Measured = {
  name: string
  /** Requests a second: the median of the rounds, and the slowest and fastest. */
  median: number
  lowest: number
  highest: number
  /** Processor time of the server per request, in microseconds; the median of the rounds. */
  cpuUs: number
  /** The same of the database. */
  databaseUs: number | undefined
  /** This one's rate over the first one's, of the same round; the median of the rounds. */
  ratio: number
}

/** @param rounds of every target in turn, after one that only warms up, which may take longer */
export async function compare(
  contenders: readonly Contender[],
  options: { rounds: number; roundMs: number; warmUpMs?: number },
): Promise<Measured[]> {
  const { rounds, roundMs, warmUpMs = roundMs } = options
  const rates: number[][] = contenders.map(() => [])
  const cpu: number[][] = contenders.map(() => [])
  const databaseCpu: number[][] = contenders.map(() => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const { servers, database } = contender
      const used = () => servers.reduce((sum, server) => sum + server.cpuS(), 0)
      const [before, databaseBefore] = [used(), database?.cpuS() ?? 0]
      const origins = servers.map(({ origin }) => origin)
      const rate = await rateOf({ ...contender, origins }, round < 0 ? warmUpMs : roundMs)
      if (round < 0) continue
      const usPerRequest = (seconds: number) => (seconds * 1e6) / ((rate * roundMs) / 1000)
      rates[index]?.push(rate)
      cpu[index]?.push(usPerRequest(used() - before))
      if (database) databaseCpu[index]?.push(usPerRequest(database.cpuS() - databaseBefore))
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
      databaseUs: contenders[index]?.database && median(databaseCpu[index] ?? []),
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
  const hasDatabase = measured.some(({ databaseUs }) => databaseUs !== undefined)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const columns = [
    '',
    'requests/s',
    'spread',
    'server CPU µs/request',
    ...(hasDatabase ? ['database CPU µs/request'] : []),
    'of the first',
  ]
  const rows = measured.map(({ name, median, lowest, highest, cpuUs, databaseUs, ratio }) => [
    name,
    median.toFixed(0),
    `${lowest.toFixed(0)} to ${highest.toFixed(0)}`,
    cpuUs.toFixed(0),
    ...(hasDatabase ? [databaseUs?.toFixed(0) ?? ''] : []),
    ratio.toFixed(2),
  ])
  const rule = columns.map((_, at) => (at === 0 ? '---' : '---:'))
  return [`## ${title}`, '', ...[columns, rule, ...rows].map(line), ''].join('\n')
}
