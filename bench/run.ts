// `npm run bench [-- --engine postgres | -- proxy | -- move | -- console]`: all scenarios, written to a file; or, by their names as arguments, some, printed alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchConsole } from './console.ts'
import { connections } from './load.ts'
import { beginOnMove } from './move.ts'
import { beginOnPostgres } from './on-postgres.ts'
import { beginOnProxy } from './on-proxy.ts'
import { beginOnSqlite } from './on-sqlite.ts'
import type { Server } from './servers.ts'

const sets = {
  sqlite: {
    begin: beginOnSqlite,
    command: 'npm run bench',
    results: 'results.md',
    words: `The bare server sends the bytes and headers of Mortise's answer. The plain one has a route, a prepared statement, a response schema and the right indexes: no keys, no log, no audit, no idempotency.`,
  },
  postgres: {
    begin: beginOnPostgres,
    command: 'npm run bench -- --engine postgres',
    results: 'results-postgres.md',
    words: `The plain server has a route, a pool of ten connections, a response schema and the right indexes: no keys, no log, no audit, no idempotency. The same PostgreSQL serves both, with fsync on, over loopback; its processor time is that of all its processes.`,
  },
  proxy: {
    begin: beginOnProxy,
    command: 'npm run bench -- proxy',
    results: 'results-proxy.md',
    words: `Both proxies ask the same server, which answers at once. \`@fastify/reply-from\` puts a credential on and checks nothing; Mortise opens a sealed one for each request, judges the address, filters headers both ways, and puts the call on record.`,
  },
  move: {
    begin: beginOnMove,
    command: 'npm run bench -- move',
    results: 'results-move.md',
    words: `Here it is the command alone that runs: \`mortise move\`, into PostgreSQL with fsync on, over loopback. It copies every table, reads all of it back to compare, and opens every sealed value.`,
  },
}

const { values, positionals } = parseArgs({
  options: { engine: { type: 'string', default: 'sqlite' } },
  allowPositionals: true,
})
if (values.engine !== 'sqlite' && values.engine !== 'postgres')
  throw new Error(`No engine ${values.engine}. There are: sqlite, postgres.`)
const own = positionals.find((name) => name === 'proxy' || name === 'move')
const wanted = positionals.filter((name) => name !== own)
const { begin, command, results, words } = sets[own ?? values.engine]

const begun = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
const running: Array<{ stop(): Promise<void> }> = []
try {
  if (positionals[0] === 'console') await benchConsole({ folder, started })
  else await measureAll()
} finally {
  for (const one of running.toReversed()) await one.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function measureAll(): Promise<void> {
  const { scenarios, processes } = await begin({ folder, started })
  running.unshift(...processes)
  const names = Object.keys(scenarios)
  const unknown = wanted.filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new Error(`No scenario ${unknown.join(', ')}. There are: ${names.join(', ')}.`)
  const parts: string[] = []
  for (const name of wanted.length > 0 ? wanted : names) {
    const part = await scenarios[name]?.()
    console.log(part)
    parts.push(part ?? '')
  }
  if (wanted.length === 0) writeFileSync(join(import.meta.dirname, results), [heading(), ...parts].join('\n'))
}

async function started(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  running.push(server)
  return server
}

function heading(): string {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}`
  const minutes = ((performance.now() - begun) / 60_000).toFixed(0)
  return `# Measured${values.engine === 'postgres' ? ' on PostgreSQL' : ''}

\`${command}\` writes this file (${minutes} minutes; ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}).

Everything runs on one machine, the sender of the requests too, with ${connections} connections and one request at a time on each. The contenders take turns; a rate is the median of the rounds, and the last column is the median of each round's own ratio to the first contender. Absolute numbers say little about another machine; the ratios do.

Mortise runs as \`npm start\` runs it: keys are checked, every request is logged (to nowhere), every write is synced.
${words}
`
}
