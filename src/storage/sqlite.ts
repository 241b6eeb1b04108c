// The embedded engine: one SQLite file, one writer with group commit, one reader of what is committed.
import { chmodSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { type Db, type Engine, StoreRefused, type Whose } from './database.ts'
import { type GroupCommit, groupCommit } from './group-commit.ts'
import type { Schema } from './schema.ts'
import { asStoreRefused, translate, translated } from './sqlite-errors.ts'

/** The oldest SQLite without the WAL-reset bug. */
const oldestVersion = [3, 51, 3] as const

/** How long a write waits for another process that holds the file, before it answers `storage_busy`. */
const busyTimeoutMs = 2_000

/** @param file path of the database; it is made, with mode 0600, where it does not exist */
export function openSqlite(file: string): Db {
  const writer = openFile(file, { readOnly: false })
  chmodSync(file, 0o600)
  const reader = openFile(file, { readOnly: true })
  const driver = new SqliteDriver(new Handle(writer), new Handle(reader), groupCommit(writer))
  const dialect = {
    createAdapter: () => new EmbeddedAdapter(),
    createDriver: () => driver,
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
  return new Kysely<Schema>({ config: { dialect }, dialect, driver, executor: new EmbeddedExecutor(driver) })
}

function openFile(file: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    if (!readOnly) db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;')
    db.exec('PRAGMA cache_size=-16384')
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

/** What Kysely takes SQLite for by default is one connection without transactional DDL. */
class EmbeddedAdapter extends SqliteAdapter implements Engine {
  readonly engine = 'sqlite'

  within(db: Db): Db {
    return db
  }

  /** There is one writer to begin with. */
  async enter(): Promise<void> {}

  inTurn<Result>(_whose: Whose, work: () => Promise<Result>): Promise<Result> {
    return work()
  }

  /** The folder's lock sees to it. */
  async lockSchema(): Promise<void> {}

  /** Each connection is a turn at the writer, or a look through the reader: the driver keeps them apart. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** SQLite undoes `CREATE TABLE` with its transaction: a migration that is cut off leaves nothing behind. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** A read outside a transaction asks the reader at once: there is no connection to wait for. */
class EmbeddedExecutor extends DefaultQueryExecutor {
  readonly #reader: Handle

  constructor(driver: SqliteDriver) {
    const connections: ConnectionProvider = {
      provideConnection: async (consumer) => consumer(driver.connection()),
    }
    super(new SqliteQueryCompiler(), new EmbeddedAdapter(), connections)
    this.#reader = driver.reader
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.query.kind !== 'SelectQueryNode') return super.executeQuery(query)
    try {
      return this.#reader.run<R>(query)
    } catch (error) {
      throw translate(error)
    }
  }
}

class SqliteDriver implements Driver {
  readonly #writer: Handle
  readonly reader: Handle
  readonly #group: GroupCommit

  constructor(writer: Handle, reader: Handle, group: GroupCommit) {
    this.#writer = writer
    this.reader = reader
    this.#group = group
  }

  async init(): Promise<void> {}

  connection(): SqliteConnection {
    return new SqliteConnection(this.#writer, this.reader, this.#group)
  }

  async acquireConnection(): Promise<SqliteConnection> {
    return this.connection()
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.rollback()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.reader.close()
    this.#writer.close()
  }
}

/** Reads go to the reader, unless a transaction is open; a write without one becomes one of its own. */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: Handle
  readonly #reader: Handle
  readonly #group: GroupCommit
  #inTransaction = false

  constructor(writer: Handle, reader: Handle, group: GroupCommit) {
    this.#writer = writer
    this.#reader = reader
    this.#group = group
  }

  async begin(): Promise<void> {
    await translated(() => this.#group.begin())
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    this.#inTransaction = false
    await translated(() => this.#group.commit())
  }

  rollback(): void {
    // After a failed commit the turn is given on already.
    if (!this.#inTransaction) return
    this.#inTransaction = false
    this.#group.rollback()
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#inTransaction) return this.#write<R>(query)
    if (query.query.kind === 'SelectQueryNode') return translated(() => this.#reader.run<R>(query))
    await this.begin()
    try {
      const result = await this.#write<R>(query)
      await this.commit()
      return result
    } catch (error) {
      this.rollback()
      throw error
    }
  }

  #write<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return translated(() => {
      try {
        return this.#writer.run<R>(query)
      } catch (error) {
        this.#group.failed(translate(error))
        throw error
      }
    })
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}

/** A connection with its prepared statements. */
class Handle {
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
