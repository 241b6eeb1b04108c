// Runs files of tests at full counts, each engine by itself, and makes lines of a table of what they say.
import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { globalSetup, globalTeardown } from '../test/support/postgres.ts'
import { judged, type Line, type Scale, skipped } from './drill.ts'

export type Engine = 'sqlite' | 'postgres' | 'postgres-rls'

export type Case = {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly why: string
  readonly tookMs: number
}

const root = join(import.meta.dirname, '..')

type Wanted = {
  /** Patterns below `test/`. */
  readonly files: readonly string[]
  readonly engine: Engine
  /** So many minutes at most for a file. */
  readonly minutesMax?: number
}

export async function runTests(
  { files, engine, minutesMax = 30 }: Wanted,
  { isQuick, say }: Scale,
): Promise<Case[]> {
  const cases: Case[] = []
  const found = globSync([...files], { cwd: join(root, 'test') }).map((file) => join(root, 'test', file))
  if (found.length === 0) throw new Error(`There are no tests ${files.join(', ')}.`)
  await globalSetup()
  const events = run({
    files: found.toSorted(),
    concurrency: 1,
    cwd: root,
    timeout: minutesMax * 60_000,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
      TEST_ENGINE: engine,
      ...(!isQuick && { TEST_SCALE: 'full' }),
    },
  })
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const { details, name, file, skip } = data
    // Its tests are told one by one; a suite fails by itself where its preparation does.
    const isOfSubtests = type === 'test:fail' && /subtests? failed/.test(details.error.message)
    if (details.type === 'suite' && (type === 'test:pass' || isOfSubtests)) continue
    const isSkipped = skip !== undefined && skip !== false
    const error = type === 'test:fail' ? details.error : undefined
    cases.push({
      name,
      outcome: type === 'test:fail' ? 'failed' : isSkipped ? 'skipped' : 'passed',
      why: isSkipped ? String(skip) : error ? String(error.cause ?? error.message) : '',
      tookMs: details.duration_ms,
    })
    if (type === 'test:fail') say(`failed on ${engine}: ${file && relative(root, file)}: ${name}`)
  }
  await globalTeardown()
  return cases
}

/** @param faults what went wrong on purpose in them */
export function lineOfCases(what: string, load: string, faults: string, cases: readonly Case[]): Line {
  const of = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome)
  if (of('passed').length + of('failed').length === 0) {
    return skipped(what, of('skipped')[0]?.why ?? 'no test is for it')
  }
  const count = `${faults} (${of('passed').length} of ${cases.length} tests passed)`
  return judged(
    { what, load, faults: count, losses: of('failed').length === 0 ? '0' : 'see below' },
    of('failed').map(({ name, why }) => `${name}: ${why.split('\n')[0]}`),
    of('skipped').map(({ name, why }) => `skipped: ${name}: ${why}`),
  )
}
