// What a drill is: something that goes wrong on purpose, under load, and lines that say what came of it.

export type Verdict = 'pass' | 'FAIL' | 'skipped'

export type Line = {
  readonly what: string
  /** What was asked meanwhile, and how much of it. */
  readonly load: string
  /** What went wrong on purpose, and how often. */
  readonly faults: string
  /** What was lost, done twice or done by halves. */
  readonly losses: string
  readonly verdict: Verdict
  /** Why it failed or was skipped, or what else is worth knowing. */
  readonly notes: readonly string[]
}

export type Scale = {
  /** A few seconds of each, to see that drills run. */
  readonly isQuick: boolean
  /** Says how far it is. */
  say(text: string): void
}

export type Drill = {
  readonly about: string
  run(scale: Scale): Promise<Line[]>
}

/** At most so many of what went wrong are told one by one. */
const toldMax = 10

export function judged(
  line: Omit<Line, 'verdict' | 'notes'>,
  faults: readonly string[],
  notes: readonly string[] = [],
): Line {
  const more = faults.length > toldMax ? [`and ${faults.length - toldMax} more`] : []
  return {
    ...line,
    verdict: faults.length === 0 ? 'pass' : 'FAIL',
    notes: [...faults.slice(0, toldMax), ...more, ...notes],
  }
}

export function skipped(what: string, why: string): Line {
  return { what, load: '', faults: '', losses: '', verdict: 'skipped', notes: [why] }
}

/** Of several lines one table, in Markdown, with what there is to say below it. */
export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ what, load, faults, losses, verdict }) => `| ${what} | ${load} | ${faults} | ${losses} | ${verdict} |`,
  )
  const notes = lines.flatMap(({ what, notes }) => notes.map((note) => `- ${what}: ${note}`))
  return [
    '| drill | load held | faults survived | losses | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n')
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

/** The value that so many of a hundred stay below. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}
