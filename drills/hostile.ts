// Hostile HTTP: generated and broken requests on both engines, and slow clients beside a healthy one whose time is taken.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { call } from '../test/support/api.ts'
import { startOnFile } from '../test/support/killable.ts'
import { integrationsPath } from '../test/support/v2.ts'
import { type Drill, judged, type Line, percentile, type Scale, skipped } from './drill.ts'
import { words } from './load.ts'
import { type Engine, lineOfCases, runTests } from './test-files.ts'

const engines: readonly Engine[] = ['sqlite', 'postgres']

/** As slowhttptest calls its kinds. */
const slowKinds: Readonly<Record<string, string>> = {
  '-H': 'headers that never end',
  '-B': 'bodies that never end',
  '-X': 'answers that are hardly read',
}
const healthyWithinMs = 500
/** By so much may the process grow under them. */
const grownMibMax = 256

export const hostile: Drill = {
  about:
    'slowhttptest with 500 connections for a minute each, beside a healthy client; then what the tests throw at every route: 10,000 generated requests per route, broken framing, hostile bodies, hang-ups, on both engines.',
  async run(scale) {
    const lines = await slow(scale)
    for (const engine of engines) {
      const fuzzed = await runTests({ files: ['api/fuzz.test.ts'], engine, minutesMax: 120 }, scale)
      const count = scale.isQuick ? '60' : '10,000'
      lines.push(lineOfCases(`generated requests, ${engine}`, `${count} per route`, 'never a 5xx', fuzzed))
      const broken = await runTests({ files: ['api/hostile-*.test.ts'], engine }, scale)
      lines.push(
        lineOfCases(
          `broken requests, ${engine}`,
          'a healthy client beside them',
          'framing, bodies, limits, hang-ups, descriptors',
          broken,
        ),
      )
    }
    const files = ['run/heavy-requests.test.ts', 'run/slow-clients.test.ts']
    const cases = await runTests({ files, engine: 'sqlite' }, scale)
    lines.push(
      lineOfCases(
        'heavy requests and raw sockets',
        'others are asked meanwhile',
        'costly bodies, 3,000 slow sockets',
        cases,
      ),
    )
    return lines
  },
}

async function slow({ isQuick, say }: Scale): Promise<Line[]> {
  if (spawnSync('slowhttptest', ['-h']).error) {
    return [skipped('slowhttptest', 'it is not installed; raw sockets do the same below')]
  }
  const lines: Line[] = []
  for (const [kind, what] of Object.entries(slowKinds)) {
    say(what)
    lines.push(
      await beside(kind, what, isQuick ? { connections: 50, lastsS: 5 } : { connections: 500, lastsS: 60 }),
    )
  }
  return lines
}

async function beside(
  kind: string,
  what: string,
  { connections, lastsS }: { connections: number; lastsS: number },
): Promise<Line> {
  const server = await startOnFile()
  try {
    const [{ child } = {}] = server.nodes
    const url = `${server.address()}${kind === '-X' ? '/openapi.json' : integrationsPath}`
    for (let warm = 0; warm < 100; warm++) await server.send('GET', integrationsPath)
    const before = residentMib(child)
    const args = [
      kind,
      '-c',
      `${connections}`,
      '-r',
      '200',
      '-l',
      `${lastsS}`,
      '-i',
      '5',
      '-p',
      '3',
      '-u',
      url,
    ]
    const attacker = spawn('slowhttptest', args, { stdio: 'ignore' })
    const ended = new Promise((resolve) => attacker.once('close', resolve))
    const tookMs: number[] = []
    const wrong: string[] = []
    let most = before
    for (const endsAt = performance.now() + lastsS * 1_000; performance.now() < endsAt; await wait(20)) {
      const begun = performance.now()
      const { status } = await call(server.address(), 'GET', `${integrationsPath}1/`, { key: server.key })
      tookMs.push(performance.now() - begun)
      if (status !== 200) wrong.push(`a healthy client was told ${status}`)
      most = Math.max(most, residentMib(child))
    }
    attacker.kill('SIGKILL')
    await ended
    const p99Ms = percentile(tookMs, 99)
    if (p99Ms > healthyWithinMs) wrong.push(`the 99th of a hundred took ${Math.round(p99Ms)} ms`)
    if (most - before > grownMibMax) wrong.push(`the process grew by ${Math.round(most - before)} MiB`)
    return judged(
      {
        what: `slowhttptest ${kind}: ${what}`,
        load: `${words(tookMs.length)} healthy requests, p99 ${Math.round(p99Ms)} ms`,
        faults: `${connections} connections for ${lastsS} s; ${Math.round(before)} to ${Math.round(most)} MiB`,
        losses: String(wrong.length),
      },
      wrong,
    )
  } finally {
    await server.close()
  }
}

export function residentMib(child: ChildProcess | undefined): number {
  const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}
