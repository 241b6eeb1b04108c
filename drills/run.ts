// `npm run drill [-- <names>] [--quick]`: breaks Mortise on purpose, prints what came of it, and writes it into docs/drills.md.
import { parseArgs } from 'node:util'
import { clock } from './clock.ts'
import { crash } from './crash.ts'
import { type Drill, type Line, tableOf } from './drill.ts'
import { hostile } from './hostile.ts'
import { power } from './power.ts'
import { writeReport } from './report.ts'
import { soak } from './soak.ts'
import { storage } from './storage.ts'
import { supply } from './supply.ts'
import { tenants } from './tenants.ts'

const drills: Readonly<Record<string, Drill>> = {
  crash,
  power,
  storage,
  hostile,
  tenants,
  clock,
  soak,
  supply,
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !(name in drills))
if (unknown.length > 0) {
  console.error(`No drill ${unknown.join(', ')}. There are: ${Object.keys(drills).join(', ')}.`)
  process.exit(2)
}

const all: Line[] = []
for (const [name, { about, run }] of Object.entries(drills)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  console.log(`${name}: ${about}`)
  const begun = performance.now()
  const say = (text: string) => console.log(`  ${name}: ${text}`)
  const lines = await run({ isQuick: values.quick, say }).catch((error): Line[] => [brokenOff(name, error)])
  const tookMs = performance.now() - begun
  all.push(...lines)
  // What a quick run shows is that drills run: figures are those of full ones.
  if (!values.quick) writeReport({ name, about, lines, tookMs })
}
console.log(`\n${tableOf(all)}`)
process.exitCode = all.some(({ verdict }) => verdict === 'FAIL') ? 1 : 0

function brokenOff(name: string, error: unknown): Line {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { what: name, load: '', faults: '', losses: '', verdict: 'FAIL', notes: [`broke off: ${why}`] }
}
