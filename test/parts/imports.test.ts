// Keeps the imports flowing downwards: contract, dialects, hub, storage.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** For each part, the parts it may import. Everyone may stand on the two floors below. */
const below: Readonly<Record<string, readonly string[]>> = {
  bin: ['top'],
  top: [
    'commands',
    'console-server',
    'catalogue',
    'contract',
    'dialects',
    'hub',
    'outbound',
    'storage',
    'vault',
    'top',
  ],
  commands: [
    'top',
    'duties',
    'observing',
    'worker',
    'dialects',
    'contract',
    'catalogue',
    'hub',
    'outbound',
    'sandbox',
    'storage',
    'vault',
    'sdk',
  ],
  'console-server': ['contract', 'dialects', 'hub'],
  duties: ['top', 'catalogue', 'hub'],
  observing: ['hub', 'storage'],
  worker: [],
  dialects: ['contract', 'catalogue', 'hub'],
  contract: ['catalogue'],
  hub: ['catalogue', 'outbound', 'vault', 'storage'],
  outbound: ['catalogue'],
  sandbox: ['catalogue'],
  vault: ['storage'],
  catalogue: [],
  storage: [],
}

/** The floors: what can go wrong, and what the nouns are. Singular files hold types and plain facts. */
const floors =
  /^src\/hub\/(errors|timestamp|json-text|email|caller|api-key|connection|event|freelancer|integration|logo|observer|page|proxy-rule|webhook)\.ts$/

type Import = { from: string; to: string; isType: boolean }

const imports: Import[] = globSync('{src,bin}/**/*.{ts,js}', { cwd: root }).flatMap((from) =>
  [
    ...readFileSync(join(root, from), 'utf8').matchAll(
      /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'(\.[^']+)'/gms,
    ),
  ].map(([, type, path]) => ({
    from,
    to: normalize(join(dirname(from), path ?? '')),
    isType: type !== undefined,
  })),
)

function partOf(file: string): string {
  const [, part = '', ...rest] = file.split('/')
  if (file.startsWith('bin/')) return 'bin'
  if (file.startsWith('sdk/')) return 'sdk'
  return rest.length === 0 ? 'top' : part
}

test('imports flow downwards, except onto the two floors', () => {
  assert.ok(imports.length > 200, 'the imports were found')
  const upward = imports.filter(({ from, to }) => {
    const [here, there] = [partOf(from), partOf(to)]
    return here !== there && !below[here]?.includes(there) && !floors.test(to)
  })
  assert.deepEqual(
    upward.map(({ from, to }) => `${from} imports ${to}`),
    [],
  )
})

test('the floors stand on nothing but each other', () => {
  const falling = imports.filter(({ from, to, isType }) => floors.test(from) && !floors.test(to) && !isType)
  assert.deepEqual(
    falling.map(({ from, to }) => `${from} imports ${to}`),
    [],
  )
})

test('v1 and v2 never import each other', () => {
  const crossing = imports.filter(
    ({ from, to }) =>
      (from.startsWith('src/dialects/v1/') && to.includes('/v2/')) ||
      (from.startsWith('src/dialects/v2/') && to.includes('/v1/')),
  )
  assert.deepEqual(crossing, [])
})

test('only storage/sqlite.ts, its group commit, its backups, its mark of use and the folder lock know SQLite', () => {
  assert.deepEqual(filesWith("'node:sqlite'"), [
    'src/storage/backup.ts',
    'src/storage/group-commit.ts',
    'src/storage/in-use.ts',
    'src/storage/lock.ts',
    'src/storage/sqlite-handles.ts',
  ])
})

test('only storage/postgres.ts and the files of its name know PostgreSQL', () => {
  for (const file of filesWith("'pg'")) assert.match(file, /^src\/storage\/postgres(-\w+)?\.ts$/)
})

test('only what is observed with knows how it is written down, and it is loaded late', () => {
  for (const file of [...filesWith("'prom-client'"), ...filesWith('@opentelemetry/')])
    assert.match(file, /^src\/observing\//)
  assert.deepEqual(filesWith('@opentelemetry/'), ['src/observing/traces.ts'])
  const late = /^src\/observing\/(metrics|traces)\.ts$/
  const early = imports.filter(
    ({ from, to, isType }) => late.test(to) && !isType && !from.startsWith('src/observing/'),
  )
  assert.deepEqual(early, [])
})

function filesWith(text: string): string[] {
  const files = globSync('src/**/*.ts', { cwd: root })
  return files.filter((file) => readFileSync(join(root, file), 'utf8').includes(text)).sort()
}

test('the hub has no clock and no environment of its own', () => {
  const using = globSync('src/hub/**/*.ts', { cwd: root }).filter((file) =>
    /process\.env|new Date\(\)|Date\.now/.test(readFileSync(join(root, file), 'utf8')),
  )
  assert.deepEqual(using, ['src/hub/timestamp.ts'])
})

test('every file says in its first line what it is for', () => {
  const silent = globSync('{src,test,bench,console/src}/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/^\/\/ [A-Z`].*[.:]$/m.test(readFileSync(join(root, file), 'utf8').split('\n', 1)[0] ?? ''),
  )
  assert.deepEqual(silent, [])
})
