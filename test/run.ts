// Runs test files as `node --test` does, but many of them in one process, since loading the product takes most of the time.
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Few enough that none comes near the time limit, which counts for the process too, on a busy machine. */
const filesPerProcess = 8

const given = process.argv.slice(2)
const flags = given.filter((text) => text.startsWith('-'))
const patterns = given.filter((text) => !text.startsWith('-'))
const files = [...new Set(patterns.flatMap((pattern) => globSync(pattern)))].sort()
if (files.length === 0) throw new Error('No test file has such a name.')
const folder = mkdtempSync(join(tmpdir(), 'mortise-tests-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
const runner = spawn(process.execPath, ['--test', ...options(), ...flags, ...entries()], { stdio: 'inherit' })
// It ends its processes and its PostgreSQL, and then this one ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => runner.kill(signal))
runner.once('exit', (code) => {
  process.exitCode = code ?? 1
})

function options(): string[] {
  const timeoutMs = process.env.TEST_TIMEOUT ?? '120000'
  return [
    '--test-concurrency=2',
    `--test-timeout=${timeoutMs}`,
    '--test-global-setup=test/support/postgres.ts',
  ]
}

/** A file for each process; in the order of their names, those first that take the longest. */
function entries(): string[] {
  const alone = files.filter(isAlone)
  const together = files.filter((file) => !alone.includes(file))
  const processes = Math.ceil(together.length / filesPerProcess)
  // Neighbours are much alike: each process gets some of everything.
  const batches = Array.from({ length: processes }, (_, at) =>
    together.filter((_, n) => n % processes === at),
  )
  return [...alone.map((file) => [file]), ...batches].map((batch, at) => {
    // Seen where a process does not end, or not in time.
    const [name = ''] = batch.map((file) => file.replace(/^test./, '').replaceAll('/', '-'))
    const more = batch.length > 1 ? `-and-${batch.length - 1}-more` : ''
    const entry = join(folder, `${String(at).padStart(3, '0')}-${name.replace(/\.test\.ts$/, more)}.js`)
    const module = new URL('support/batch.ts', import.meta.url).href
    writeFileSync(entry, `import { batch } from '${module}'\nbatch(${JSON.stringify(batch)})\n`)
    return entry
  })
}

/** What starts processes, or measures or changes the one that it runs in. */
function isAlone(file: string): boolean {
  return !/^test\/(api|parts)\//.test(file) || /process\.(?!env\b)/.test(readFileSync(file, 'utf8'))
}
