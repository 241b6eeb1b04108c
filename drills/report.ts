// Writes what a drill has shown into its part of docs/drills.md; the other parts stay as they are.
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { type Line, seconds, tableOf } from './drill.ts'

const file = new URL('../docs/drills.md', import.meta.url)

export type Report = {
  readonly name: string
  readonly about: string
  readonly lines: readonly Line[]
  readonly tookMs: number
}

export function writeReport(report: Report): void {
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), report.name, partOf(report)))
}

/** @param part begins with the heading that names it */
export function withPart(text: string, name: string, part: string): string {
  const [head = '', ...parts] = text.split(/^(?=## )/m)
  const others = parts.filter((one) => !one.startsWith(`## ${name}\n`))
  const at = parts.findIndex((one) => one.startsWith(`## ${name}\n`))
  const place = at < 0 ? others.length : at
  const all = [head, ...others.slice(0, place), part, ...others.slice(place)]
  return `${all.map((one) => one.trimEnd()).join('\n\n')}\n`
}

function partOf({ name, about, lines, tookMs }: Report): string {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}`
  return `## ${name}

${about}

\`npm run drill -- ${name}\`, ${seconds(tookMs)} on ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}:

${tableOf(lines)}`
}
