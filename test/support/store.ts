// A database that is the test's own, on the engine that the run is for, and looks at it from outside the product.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import pg from 'pg'
import { type Observer, unobserved } from '../../src/hub/observer.ts'
import { type Db, engineOf } from '../../src/storage/database.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { secureRows } from '../../src/storage/row-security.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { databaseFolder, newDatabase, newSecuredDatabase } from './postgres.ts'

/** `postgres-rls` is PostgreSQL with row-level security, by a role of its own. */
const wanted = process.env.TEST_ENGINE ?? 'sqlite'
export const engine = wanted === 'sqlite' ? 'sqlite' : 'postgres'
const isSecured = wanted === 'postgres-rls'

/** Somebody else who has the database open. */
export type Session = {
  query(text: string): Promise<Array<Record<string, unknown>>>
  close(): Promise<void>
}

export type TestStore = {
  readonly db: Db
  /** A folder of the test's own; on SQLite, the database is in it. */
  readonly dataDir: string
  session(): Promise<Session>
  /** Every file that the database is in, as it is now. */
  files(): Promise<Buffer[]>
  /** The same once what was written and removed is worked into them. */
  settledFiles(): Promise<Buffer[]>
  /** What is left to do once the schema is there. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** @param observer hears of what the engine does */
export async function openTestStore(observer: Observer = unobserved): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mortise-test-'))
  if (engine === 'sqlite') return inFolder(dataDir, openFile(dataDir, observer))
  const { url, roleUrl, remove } = isSecured ? await newSecuredDatabase() : await newDatabase('migrated')
  const store = openTestDatabase(url, roleUrl, observer)
  return inFolder(dataDir, {
    ...store,
    async close() {
      await store.close()
      await remove()
    },
  })
}

function inFolder(dataDir: string, { close, ...store }: Opened): TestStore {
  return {
    dataDir,
    ...store,
    async close() {
      await close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

type Opened = Omit<TestStore, 'dataDir'>

function openFile(dataDir: string, observer: Observer): Opened {
  const file = join(dataDir, 'mortise.db')
  const db = openSqlite(file, observer)
  const files = async () => filesIn(dataDir)
  return {
    db,
    files,
    settle: async () => undefined,
    async session() {
      const other = new DatabaseSync(file)
      return { query: async (text) => other.prepare(text).all(), close: async () => other.close() }
    },
    async settledFiles() {
      // What this process reads, it reads until the turn is over.
      await new Promise((resolve) => setImmediate(resolve))
      const other = new DatabaseSync(file)
      const done = other.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
      other.close()
      if (done?.busy !== 0) throw new Error('Somebody reads the file, so that it could not be worked in.')
      return files()
    },
    close: () => db.destroy(),
  }
}

/**
 * A node's own pool of connections to a database.
 * @param roleUrl the same for a role that row-level security binds, where it is to be on
 */
export function openTestDatabase(url: string, roleUrl?: string, observer: Observer = unobserved): TestStore {
  const hasRowSecurity = roleUrl !== undefined
  const db = openPostgres({ url: roleUrl ?? url, connectionsMax: 10, hasRowSecurity, observer })
  const session = async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return {
      query: async (text: string) => (await client.query(text)).rows,
      close: () => client.end(),
    }
  }
  const filesAfter = async (...statements: string[]) => {
    const other = await session()
    for (const statement of [...statements, 'checkpoint']) await other.query(statement)
    const [row] = await other.query('select oid from pg_database where datname = current_database()')
    await other.close()
    return filesIn(databaseFolder(String(row?.oid)))
  }
  return {
    db,
    session,
    files: () => filesAfter(),
    /**
     * Rows that are gone stay on their pages until a vacuum, and with it too while anybody may still see them:
     * a session that another test opens does, for the moment in which it belongs to no database yet.
     */
    async settledFiles() {
      const names = (await db.introspection.getTables()).map(({ name }) => name).join(', ')
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      let kept = true
      client.on('notice', ({ detail = '' }) => {
        kept ||= /[1-9]\d* dead row versions cannot be removed/.test(detail)
      })
      for (let tries = 0; kept && tries < 50; tries++) {
        kept = false
        await client.query(`vacuum (full, verbose) ${names}`)
      }
      await client.end()
      return filesAfter()
    },
    settle: async () => (hasRowSecurity ? secureRows(db) : undefined),
    close: () => db.destroy(),
    dataDir: '/nowhere',
  }
}

function filesIn(folder: string): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name)))
}

/** Makes the database refuse what is written into a table. @returns makes it take it again */
export async function refuseWrites(
  db: Db,
  table: string,
  what: 'insert' | 'update' = 'insert',
): Promise<() => Promise<void>> {
  const name = `refuse_${what}_${table}`
  const run = (text: string) => sql.raw(text).execute(db)
  if (engineOf(db).engine === 'sqlite') {
    await run(
      `create trigger ${name} before ${what} on ${table} begin select raise(abort, 'made to fail'); end`,
    )
    return async () => {
      await run(`drop trigger ${name}`)
    }
  }
  await run(
    `create function ${name}() returns trigger language plpgsql as $$ begin raise exception 'made to fail'; end $$`,
  )
  await run(`create trigger ${name} before ${what} on ${table} for each row execute function ${name}()`)
  return async () => {
    await run(`drop function ${name} cascade`)
  }
}
