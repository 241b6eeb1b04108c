// `mortise move`: the store of this machine into PostgreSQL, where many nodes can share it.
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { HubError } from '../hub/errors.ts'
import type { Moved } from '../moving.ts'
import { readSettings, type Settings } from '../settings.ts'
import { StoreRefused } from '../storage/database.ts'
import { openAsItStands } from '../store.ts'
import { exitCodes } from './exit-codes.ts'
import type { DutyOptions } from './perform.ts'
import { Progress } from './progress.ts'
import { counted, print, table, tell } from './report.ts'
import { listenForStop } from './stop-asked.ts'
import { damageWords } from './verification.ts'

type MoveOptions = DutyOptions & { to?: string; anew?: true }
type Postgres = NonNullable<Config['postgres']>

export function addMove(program: Command): void {
  program
    .command('move')
    .description(
      'move the store of this machine, stopped, into an empty PostgreSQL database; it stays as it is',
    )
    .option(
      '--to <address>',
      'postgres://user:password@host:port/database, as DATABASE_URL has it; without it, DATABASE_URL is meant',
    )
    .option('--anew', 'throw away what a move that was cut off has copied, and begin again')
    .addHelpText(
      'after',
      `
It may be cut off at any moment (Ctrl-C, a crash): running it again takes it up. In the end, rows and checksums of every
table are compared, and every sealed value is opened. The key file that opens the old store opens the new one.
Others on this machine can read a command line: where that matters, give the address in DATABASE_URL.

Examples:
  $ mortise move --to postgres://mortise:PASSWORD@db.example.com:5432/mortise
  $ DATABASE_URL=postgres://… mortise move --data /var/lib/mortise`,
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<MoveOptions>()
      const address = options.to ?? process.env.DATABASE_URL
      if (!address) {
        throw new HubError('invalid', 'Say where to: --to postgres://user:password@host:port/database')
      }
      const settings = await readSettings({ ...process.env, DATABASE_URL: address }, options)
      const { postgres } = settings.config
      if (!postgres) throw new HubError('invalid', 'No address of a database was given.')
      report(await move(settings, postgres, address, options), settings, postgres, options)
    })
}

async function move(
  { config, secrets }: Settings,
  postgres: Postgres,
  url: string,
  options: MoveOptions,
): Promise<Moved> {
  const source = await openAsItStands(config, secrets)
  try {
    return await withTarget(postgres, url, async (target) => {
      // Loaded here: no other command needs anything of it.
      const { moveStore } = await import('../moving.ts')
      const { secureRows } = await import('../storage/row-security.ts')
      const stop = listenForStop()
      const shown = progressOf(options)
      try {
        const moved = await moveStore({
          source,
          target,
          isAnew: options.anew ?? false,
          onProgress: shown.show,
          isStopAsked: () => stop.isAsked,
        })
        shown.end()
        if (moved.outcome === 'moved' && postgres.rowSecurity) await secureRows(target.db)
        return moved
      } finally {
        shown.end()
        stop.end()
      }
    })
  } finally {
    await source.close()
  }
}

type Target = Parameters<typeof import('../moving.ts').moveStore>[0]['target']

async function withTarget<Result>(
  { name, namesStatements, rowSecurity }: Postgres,
  url: string,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  const { reachPostgres } = await import('../storage/postgres-reach.ts')
  const { openPostgres } = await import('../storage/postgres.ts')
  const { openPostgresCopy } = await import('../storage/postgres-copy.ts')
  const { refuseAbove } = await import('../storage/row-security.ts')
  const { warnings, isSecured } = await reachPostgres({ url, name, waitS: 0 })
  for (const warning of warnings) tell(warning)
  const db = openPostgres({ url, connectionsMax: 2, hasRowSecurity: isSecured, namesStatements })
  try {
    if (rowSecurity) await refuseAbove(db)
    const copy = await openPostgresCopy(url, name)
    try {
      return await work({ db, copy, name })
    } finally {
      await copy.close()
    }
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'storage_unavailable') throw error
    const { cause } = error
    throw new StoreRefused(
      `PostgreSQL at ${name} went away${cause instanceof Error ? ` (${cause.message})` : ''}. Nothing is lost: run the same again, and it goes on from there.`,
    )
  } finally {
    await db.destroy()
  }
}

/** One bar for each thing that is counted. */
function progressOf(options: DutyOptions) {
  let what = ''
  let bar: Progress | undefined
  return {
    show(now: string, done: number, total?: number): void {
      if (now !== what) {
        bar?.end()
        bar = new Progress(now, total, options)
        what = now
      }
      bar?.show(done)
    },
    end: () => bar?.end(),
  }
}

function report(
  moved: Moved,
  settings: Settings,
  { name }: Postgres,
  { json }: Pick<DutyOptions, 'json'>,
): void {
  const { outcome, tables, opened, damaged } = moved
  if (outcome === 'stopped') process.exitCode = exitCodes.stopped
  if (json) print(JSON.stringify({ outcome, tables, values: { opened, damaged } }))
  else print(wordsOn(moved, settings, name).join('\n'))
}

function wordsOn(
  { outcome, tables, opened, damaged, rowsBefore }: Moved,
  { config, secrets }: Settings,
  name: string,
): string[] {
  if (outcome === 'stopped') {
    return ['Stopped. What was copied is kept: running the same again goes on from there.']
  }
  const key = secrets.masterKeyFile ?? config.keyDir
  const next = [
    '',
    'What to do now:',
    '  1. Set DATABASE_URL to the address of this move, and start: DATABASE_URL=postgres://… npm start',
    `     What opened the old store opens this one: MORTISE_MASTER_KEY, or the key in ${key}, on every node.`,
    '  2. See that all is well: DATABASE_URL=postgres://… mortise doctor --deep',
    `  3. Never start the old store again, and keep ${config.dataDir} until the new one has a backup:`,
    '     pg_dump "$DATABASE_URL"',
  ]
  if (outcome === 'before') {
    return [
      `The store in ${config.dataDir} was moved into ${name} already, and nobody has worked on it since.`,
      ...next,
    ]
  }
  return [
    ...(rowsBefore > 0 ? [`Went on from ${counted(rowsBefore, 'row')} of a move that was cut off.`] : []),
    table(tables.filter(({ rows }) => rows > 0).map(shownTable)),
    '',
    `Moved into ${name}: every table has the rows of the old store, and the same checksum.`,
    `${counted(opened, 'sealed value')} opened with the keys that came along.`,
    ...damaged.map((value) => `DAMAGED, as in the old store: ${damageWords(value)}`),
    ...next,
  ]
}

/** The beginning is enough to compare by eye; `--json` has all of it. */
function shownTable({ name, rows, checksum }: Moved['tables'][number]) {
  return { table: name, rows, checksum: checksum.slice(0, 16) }
}
