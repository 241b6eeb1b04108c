// `npm run bench`: all scenarios, written to bench/results.md; or, by their names as arguments, some, printed alone.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connections } from './load.ts'
import { type Ground, scenarios } from './scenarios.ts'
import { type Server, startBare, startEmptyFastify, startMortise, startPlain } from './servers.ts'
import { makeStore } from './store.ts'

const wanted = process.argv.slice(2)
const names = Object.keys(scenarios)
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`No scenario ${unknown.join(', ')}. There are: ${names.join(', ')}.`)

const begun = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'mortise-bench-'))
const running: Server[] = []
try {
  const parts: string[] = []
  const ground = await prepare()
  for (const name of wanted.length > 0 ? wanted : names) {
    const part = await scenarios[name]?.(ground)
    console.log(part)
    parts.push(part ?? '')
  }
  if (wanted.length === 0)
    writeFileSync(join(import.meta.dirname, 'results.md'), [heading(), ...parts].join('\n'))
} finally {
  await Promise.all(running.map((server) => server.stop()))
  rmSync(folder, { recursive: true, force: true })
}

async function prepare(): Promise<Ground> {
  const sizes = { small: 1_000, written: 1, large: 1_000_000 }
  const { small, written, large } = await makeStore(folder, sizes)
  const mortise = await started(startMortise(folder))
  const silentFolder = join(folder, 'silent')
  const { silentAccount } = await makeStore(silentFolder, { silentAccount: sizes.small })
  return {
    mortise,
    silent: await started(startMortise(silentFolder, { MORTISE_LOG_LEVEL: 'silent' })),
    silentAccount,
    emptyFastify: await started(startEmptyFastify()),
    plain: await started(startPlain(folder, sizes.small)),
    async bareFor(path, headers) {
      const response = await fetch(`${mortise.origin}${path}`, { headers })
      return started(startBare({ headers: response.headers, body: await response.text() }))
    },
    small,
    written,
    large,
  }
}

async function started(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  running.push(server)
  return server
}

function heading(): string {
  const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim()}`
  const minutes = ((performance.now() - begun) / 60_000).toFixed(0)
  return `# Measured

\`npm run bench\` writes this file (${minutes} minutes; ${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}).

Everything runs on one machine, the sender of the requests too, with ${connections} connections and one request at a time on each. The contenders take turns; a rate is the median of the rounds, and the last column is the median of each round's own ratio to the first contender. Absolute numbers say little about another machine; the ratios do.

Mortise runs as \`npm start\` runs it: keys are checked, every request is logged (to nowhere), every write is synced.
The bare server sends the bytes and headers of Mortise's answer. The plain one has a route, a prepared statement, a response schema and the right indexes: no keys, no log, no audit, no idempotency.
`
}
