// Handles on the SQLite file: opened with the settings that are relied on, for one writer and for one reader.
import { existsSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { CompiledQuery, QueryResult } from 'kysely'
import { StoreRefused } from './database.ts'
import { asStoreRefused } from './sqlite-errors.ts'

/** The oldest SQLite without the WAL-reset bug. */
const oldestVersion = [3, 51, 3] as const

/** How long opening waits for another process that holds the file. */
const busyTimeoutMs = 2_000

/** How many pages of 4 KiB the log may hold before they are copied to where they belong, each page once. */
const checkpointPages = 4_000

export function openFile(file: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    if (!readOnly) db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;')
    db.exec(`PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=${checkpointPages}`)
    expectSetting(db, 'journal_mode', 'wal')
    expectSetting(db, 'foreign_keys', 1)
    if (!readOnly) {
      expectSetting(db, 'synchronous', 2)
      expectSetting(db, 'secure_delete', 1)
    }
    expectVersion(db)
    return db
  } catch (error) {
    db.close()
    throw asStoreRefused(error, file)
  }
}

/**
 * To read a file that nobody has open, and leave it and what is beside it as it is. Where a crash has left a log,
 * what is in it is read too.
 */
export function openUntouched(file: string): DatabaseSync {
  try {
    if (existsSync(`${file}-wal`)) return new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
    const url = pathToFileURL(file)
    url.searchParams.set('immutable', '1')
    return new DatabaseSync(url, { readOnly: true })
  } catch (error) {
    throw asStoreRefused(error, file)
  }
}

function expectSetting(db: DatabaseSync, pragma: string, value: string | number): void {
  const [actual] = Object.values(db.prepare(`PRAGMA ${pragma}`).get() ?? {})
  if (actual !== value) throw new StoreRefused(`SQLite says ${pragma}=${actual} where ${value} is needed.`)
}

function expectVersion(db: DatabaseSync): void {
  const version = String(db.prepare('SELECT sqlite_version() AS version').get()?.version)
  const parts = version.split('.').map(Number)
  const difference = oldestVersion.map((part, at) => (parts[at] ?? 0) - part).find((step) => step !== 0) ?? 0
  if (difference < 0) {
    throw new StoreRefused(
      `This Node brings SQLite ${version}; ${oldestVersion.join('.')} or newer is needed. Use a newer Node.`,
    )
  }
}

/**
 * Reads what is committed. What is read in one turn of the event loop shares a snapshot, unless something is
 * committed meanwhile: locking the file for each query would take longer than most of them do.
 */
export class Reader {
  readonly #handle: Handle
  readonly #begin: StatementSync
  readonly #end: StatementSync
  #hasSnapshot = false

  constructor(db: DatabaseSync) {
    this.#handle = new Handle(db)
    this.#begin = db.prepare('BEGIN')
    this.#end = db.prepare('COMMIT')
  }

  run<R>(query: CompiledQuery): QueryResult<R> {
    if (!this.#hasSnapshot) {
      this.#begin.run()
      this.#hasSnapshot = true
      setImmediate(() => this.moveOn())
    }
    return this.#handle.run<R>(query)
  }

  /** What is read from here on is what is committed by then. */
  moveOn(): void {
    if (!this.#hasSnapshot) return
    this.#hasSnapshot = false
    this.#end.run()
  }

  close(): void {
    this.moveOn()
    this.#handle.close()
  }
}

/** A connection with its prepared statements. */
export class Handle {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, Prepared>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  run<R>(query: CompiledQuery): QueryResult<R> {
    const { statement, columns } = this.#prepare(query.sql)
    const parameters = query.parameters as readonly SQLInputValue[]
    if (columns.length === 0) {
      return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) }
    }
    const rows = statement.all(...parameters) as unknown as unknown[][]
    return { rows: rows.map((values) => rowOf(columns, values)) as R[] }
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    // As lists, rows are read a third faster than as the driver's objects.
    statement.setReturnArrays(true)
    const prepared = { statement, columns: statement.columns().map(({ name }) => name) }
    if (this.#statements.size >= 500) this.#statements.clear()
    this.#statements.set(sql, prepared)
    return prepared
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }
}

type Prepared = {
  statement: StatementSync
  /** Their names; none where the statement gives no rows. */
  columns: string[]
}

function rowOf(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const [index, column] of columns.entries()) row[column] = values[index]
  return row
}
