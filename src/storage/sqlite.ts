// The embedded engine: one SQLite file, one writer with group commit, one reader of what is committed.
import { chmodSync } from 'node:fs'
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
import { type Observer, unobserved } from '../hub/observer.ts'
import { type Db, type Engine, tellFailure, type Whose } from './database.ts'
import { type GroupCommit, groupCommit } from './group-commit.ts'
import type { Schema } from './schema.ts'
import { translate } from './sqlite-errors.ts'
import { Handle, openFile, openUntouched, Reader } from './sqlite-handles.ts'

/** @param file path of the database; it is made, with mode 0600, where it does not exist */
export function openSqlite(file: string, observer: Observer = unobserved): Db {
  const writer = openFile(file, { readOnly: false })
  chmodSync(file, 0o600)
  return handleOn(writer, openFile(file, { readOnly: true }), observer)
}

/** Of a file that nobody else has open: whatever is written is refused. */
export function openSqliteUntouched(file: string): Db {
  return handleOn(openUntouched(file), openUntouched(file), unobserved)
}

type Opened = ReturnType<typeof openFile>

function handleOn(writer: Opened, reader: Opened, observer: Observer): Db {
  const committed = new Reader(reader)
  const group = groupCommit(writer, {
    beforeCommit: () => committed.moveOn(),
    committed: (transactions, durationMs) => observer.tell({ what: 'commit', transactions, durationMs }),
  })
  const driver = new SqliteDriver(new Handle(writer), committed, group, observer)
  const adapter = new EmbeddedAdapter(group, observer)
  const dialect = {
    createAdapter: () => adapter,
    createDriver: () => driver,
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
  return new Kysely<Schema>({
    config: { dialect },
    dialect,
    driver,
    executor: new EmbeddedExecutor(driver, adapter),
  })
}

/** What Kysely takes SQLite for by default is one connection without transactional DDL. */
class EmbeddedAdapter extends SqliteAdapter implements Engine {
  readonly engine = 'sqlite'
  /** The folder's lock sees to it. */
  readonly isShared = false
  readonly observer: Observer
  readonly #group: GroupCommit

  constructor(group: GroupCommit, observer: Observer) {
    super()
    this.#group = group
    this.observer = observer
  }

  load() {
    return { writesWaiting: this.#group.waiting, connections: null }
  }

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
  readonly #driver: SqliteDriver

  constructor(driver: SqliteDriver, adapter: EmbeddedAdapter) {
    const connections: ConnectionProvider = {
      provideConnection: async (consumer) => consumer(driver.connection()),
    }
    super(new SqliteQueryCompiler(), adapter, connections)
    this.#driver = driver
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (query.query.kind !== 'SelectQueryNode') return super.executeQuery(query)
    try {
      return this.#driver.reader.run<R>(query)
    } catch (error) {
      throw this.#driver.told(error)
    }
  }
}

class SqliteDriver implements Driver {
  readonly #writer: Handle
  readonly reader: Reader
  readonly #group: GroupCommit
  readonly #observer: Observer

  constructor(writer: Handle, reader: Reader, group: GroupCommit, observer: Observer) {
    this.#writer = writer
    this.reader = reader
    this.#group = group
    this.#observer = observer
  }

  /** What fails, in the product's words, once whoever watches has heard of it. */
  told(error: unknown): unknown {
    const translated = translate(error)
    tellFailure(this.#observer, translated)
    return translated
  }

  async init(): Promise<void> {}

  connection(): SqliteConnection {
    return new SqliteConnection(this.#writer, this.#group, this)
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
  readonly #group: GroupCommit
  readonly #driver: SqliteDriver
  #inTransaction = false

  constructor(writer: Handle, group: GroupCommit, driver: SqliteDriver) {
    this.#writer = writer
    this.#group = group
    this.#driver = driver
  }

  async begin(): Promise<void> {
    await this.#translated(() => this.#group.begin())
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    this.#inTransaction = false
    await this.#translated(() => this.#group.commit())
  }

  rollback(): void {
    // After a failed commit the turn is given on already.
    if (!this.#inTransaction) return
    this.#inTransaction = false
    this.#group.rollback()
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#inTransaction) return this.#write<R>(query)
    if (query.query.kind === 'SelectQueryNode')
      return this.#translated(() => this.#driver.reader.run<R>(query))
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
    return this.#translated(() => {
      try {
        return this.#writer.run<R>(query)
      } catch (error) {
        this.#group.failed(translate(error))
        throw error
      }
    })
  }

  async #translated<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw this.#driver.told(error)
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }
}
