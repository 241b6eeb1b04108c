// Sends queries to PostgreSQL: over connections of a pool, without waiting where nobody waits for the answer.
import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type DialectAdapter,
  type Driver,
  type KyselyPlugin,
  type QueryCompiler,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import type { Observer } from '../hub/observer.ts'
import { notesOf, tellFailure, undisturbed, type Whose } from './database.ts'
import { isOutage, isUnprepared, outage, translated } from './postgres-errors.ts'
import { SharedReads } from './postgres-reads.ts'
import { accountSetting, withAccount } from './row-security.ts'

/** As `pg` takes a query. */
export type Asked = { text: string; values?: unknown[]; name?: string; query_timeout?: number }

/** For a server that went silent: longer than it takes a living one to give up by itself. */
const answerTimeoutMs = 15_000

export class PooledDriver implements Driver {
  readonly #pool: pg.Pool
  #namesStatements: boolean
  readonly #onUnprepared: (() => void) | undefined
  readonly #observer: Observer
  readonly reads: SharedReads

  constructor(
    pool: pg.Pool,
    given: { namesStatements: boolean; onUnprepared?: (() => void) | undefined; observer: Observer },
  ) {
    this.#pool = pool
    this.#namesStatements = given.namesStatements
    this.#onUnprepared = given.onUnprepared
    this.#observer = given.observer
    this.reads = new SharedReads(
      () => this.connect(),
      (error) => this.translated(error),
    )
  }

  /** Where a pooler loses prepared statements, what failed is done again without names, and so is what follows. */
  translated(error: unknown): unknown {
    if (this.#namesStatements && isUnprepared(error)) {
      this.#namesStatements = false
      this.#onUnprepared?.()
    }
    return this.#told(translated(error))
  }

  async connect(): Promise<pg.PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw this.#told(outage(error))
    }
  }

  #told(error: unknown): unknown {
    tellFailure(this.#observer, error)
    return error
  }

  /** A query as it is sent. */
  asked(query: CompiledQuery): Asked {
    const { name, isPatient } = notesOf(query.query)
    return {
      text: query.sql,
      values: query.parameters as unknown[],
      ...(name !== undefined && this.#namesStatements && { name }),
      query_timeout: isPatient ? 0 : answerTimeoutMs,
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    return new PooledConnection(await this.connect(), this)
  }

  async beginTransaction(connection: PooledConnection): Promise<void> {
    connection.begin()
  }

  commitTransaction(connection: PooledConnection): Promise<void> {
    return connection.commit()
  }

  rollbackTransaction(connection: PooledConnection): Promise<void> {
    return connection.rollback()
  }

  async releaseConnection(connection: PooledConnection): Promise<void> {
    connection.release()
  }

  destroy(): Promise<void> {
    return this.#pool.end()
  }
}

type Parts = {
  compiler: QueryCompiler
  adapter: DialectAdapter
  driver: PooledDriver
  plugins?: readonly KyselyPlugin[]
}

/** A read that is asked often, and outside a transaction, shares a connection with others like it. */
export class PooledExecutor extends DefaultQueryExecutor {
  readonly #parts: Parts

  constructor(parts: Parts) {
    const { compiler, adapter, driver, plugins = [] } = parts
    const provideConnection = async <T>(consumer: (connection: DatabaseConnection) => Promise<T>) => {
      const connection = await driver.acquireConnection()
      try {
        return await consumer(connection)
      } finally {
        connection.release()
      }
    }
    super(compiler, adapter, { provideConnection }, [...plugins])
    this.#parts = parts
  }

  override withPlugin(plugin: KyselyPlugin): PooledExecutor {
    return new PooledExecutor({ ...this.#parts, plugins: [...this.plugins, plugin] })
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { name, whose } = notesOf(query.query)
    if (name === undefined || query.query.kind !== 'SelectQueryNode') return super.executeQuery(query)
    const { driver } = this.#parts
    const ask = () => {
      const asked = driver.asked(query)
      return driver.reads.ask(whose === undefined ? asked : withAccount(asked, whose))
    }
    return resultOf<R>(await undisturbed(ask))
  }
}

/** A connection from when it is taken out of the pool until it is given back. */
class PooledConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  readonly #driver: PooledDriver
  #inTransaction = false
  /** What was sent without waiting: its answer comes before that of the next query. */
  #sent: Array<Promise<unknown>> = []
  #whose: Whose | undefined
  #isBroken = false

  constructor(client: pg.PoolClient, driver: PooledDriver) {
    this.#client = client
    this.#driver = driver
  }

  /** Travels with the first query. */
  begin(): void {
    this.#inTransaction = true
    this.#whose = undefined
    // Said each time: the database's own default may be another.
    this.#send({ text: 'begin isolation level read committed read write' })
  }

  async commit(): Promise<void> {
    const { command } = await this.#ask({ text: 'commit' })
    this.#inTransaction = false
    // What a failed query has undone is rolled back, whatever is asked.
    if (command !== 'COMMIT')
      throw new Error(`A transaction that had failed was to be committed: ${command}.`)
  }

  async rollback(): Promise<void> {
    try {
      await Promise.allSettled(this.#sent)
      this.#sent = []
      await this.#ask({ text: 'rollback' })
      this.#inTransaction = false
    } catch {
      // Given back as it is, the connection is ended, and the server rolls back what it had open.
    }
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#inTransaction) return this.#within<R>(query)
    return undisturbed(() => this.#alone<R>(query))
  }

  async #within<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { whose, isPosted } = notesOf(query.query)
    const asked = this.#driver.asked(query)
    if (whose !== undefined && whose !== this.#whose) {
      this.#send(accountSetting(whose))
      this.#whose = whose
    }
    if (isPosted) {
      this.#send(asked)
      return { rows: [] }
    }
    return resultOf<R>(await this.#ask(asked))
  }

  async #alone<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { whose } = notesOf(query.query)
    const asked = this.#driver.asked(query)
    if (whose === undefined) return resultOf<R>(await this.#ask(asked))
    if (query.query.kind === 'SelectQueryNode') return resultOf<R>(await this.#ask(withAccount(asked, whose)))
    this.begin()
    try {
      const result = await this.#within<R>(query)
      await this.commit()
      return result
    } catch (error) {
      await this.rollback()
      throw error
    }
  }

  release(): void {
    this.#client.release(this.#isBroken || this.#inTransaction)
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query)
  }

  #send(asked: Asked): void {
    const answer = this.#client.query(asked)
    // Whoever asks next is told.
    answer.catch(() => undefined)
    this.#sent.push(answer)
  }

  async #ask(asked: Asked): Promise<pg.QueryResult> {
    const sent = this.#sent
    this.#sent = []
    const answer = this.#client.query(asked)
    try {
      if (sent.length > 0) {
        answer.catch(() => undefined)
        // In their order, so that the first that failed is told, and not what came of it.
        for (const earlier of sent) await earlier
      }
      return await answer
    } catch (error) {
      this.#isBroken ||= isOutage(error)
      throw this.#driver.translated(error)
    }
  }
}

function resultOf<R>({ command, rowCount, rows }: pg.QueryResult): QueryResult<R> {
  const hasChanged = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
  return { rows, ...(hasChanged && { numAffectedRows: BigInt(rowCount ?? 0) }) }
}
