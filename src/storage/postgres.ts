// The engine for many nodes: PostgreSQL, or a cluster that speaks its protocol, through a pool of connections.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  sql,
  type TableMetadata,
} from 'kysely'
import pg from 'pg'
import { type Db, type Engine, notesOf, noting, type Whose } from './database.ts'
import { isOutage, outage, translated } from './postgres-errors.ts'
import { accountSetting, withAccount } from './row-security.ts'
import type { Schema } from './schema.ts'

export type PostgresOptions = {
  /** `postgres://…`, with its TLS options as the `pg` package reads them. */
  readonly url: string
  /** Connections that this node may hold. */
  readonly connectionsMax: number
  /** Whether the database itself keeps accounts apart. */
  readonly hasRowSecurity: boolean
  /** Hears of connections that were lost while nobody used them. */
  readonly onLost?: (error: Error) => void
}

/** How long a request waits for a connection, before it answers 503. */
const connectTimeoutMs = 3_000
const statementTimeoutMs = 10_000
const lockTimeoutMs = 5_000
/** A node that stands still in a transaction lets others go on after this. */
const idleInTransactionTimeoutMs = 10_000
/** For a server that went silent: longer than it takes a living one to give up by itself. */
const answerTimeoutMs = 15_000
const idleMs = 60_000
/** Names the nodes' sessions in `pg_stat_activity`. */
const applicationName = 'mortise'

export function openPostgres(options: PostgresOptions): Db {
  const pool = openPool(options)
  const adapter = new PostgresEngine(options.hasRowSecurity)
  const dialect = {
    createAdapter: () => adapter,
    createDriver: () => new PooledDriver(pool),
    createIntrospector: (db: Kysely<unknown>) => new OwnSchemaIntrospector(db),
    createQueryCompiler: () => new OrderedTextCompiler(),
  }
  return new Kysely<Schema>({ dialect })
}

function openPool({ url, connectionsMax, onLost }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    types: { getTypeParser: typeParser },
  } as pg.PoolConfig)
  // Without a listener, the loss of an idle connection would end the process.
  pool.on('error', (error) => onLost?.(error))
  // And so would an error that comes between two queries of one in use; the next query tells of it.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** As on the other engine: whole numbers are numbers, and everything else is read as it is written. */
function typeParser(oid: number): (text: string) => unknown {
  const { INT2, INT4, INT8, NUMERIC, BOOL } = pg.types.builtins
  if (oid === INT2 || oid === INT4 || oid === INT8 || oid === NUMERIC) return Number
  if (oid === BOOL) return (text) => text === 't'
  return (text) => text
}

/** Arbitrary, and always the same: it stands for the schema among the database's advisory locks. */
const schemaLock = 5_821_603_117

class PostgresEngine extends PostgresAdapter implements Engine {
  readonly engine = 'postgres'
  readonly #hasRowSecurity: boolean

  constructor(hasRowSecurity: boolean) {
    super()
    this.#hasRowSecurity = hasRowSecurity
  }

  within(db: Db, whose: Whose): Db {
    return this.#hasRowSecurity ? noting(db, { whose }) : db
  }

  async enter(db: Db, whose: Whose): Promise<void> {
    if (whose === 'all accounts') return
    await db.selectFrom('accounts').select('id').where('id', '=', whose).forNoKeyUpdate().execute()
  }

  async lockSchema(db: Db): Promise<void> {
    await sql`set local statement_timeout = 0`.execute(db)
    await sql`set local lock_timeout = 0`.execute(db)
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(db)
    await sql`select pg_advisory_xact_lock(${sql.lit(schemaLock)})`.execute(db)
  }

  /** `lockSchema` has done it, for a transaction: a session may not outlast one behind a pooler. */
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** Text is compared by its bytes, as on the other engine, whatever the database's language. */
class OrderedTextCompiler extends PostgresQueryCompiler {
  protected override visitDataType(node: Parameters<PostgresQueryCompiler['visitDataType']>[0]): void {
    super.visitDataType(node)
    if (node.dataType === 'text') this.append(' collate "C"')
  }
}

/** What else is in the database is none of our business. */
class OwnSchemaIntrospector extends PostgresIntrospector {
  readonly #db: Kysely<unknown>

  constructor(db: Kysely<unknown>) {
    super(db)
    this.#db = db
  }

  override async getTables(options?: { withInternalKyselyTables: boolean }): Promise<TableMetadata[]> {
    const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(this.#db)
    const tables = await super.getTables(options)
    return tables.filter(({ schema }) => schema === rows[0]?.name)
  }
}

class PooledDriver implements Driver {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PooledConnection> {
    try {
      return new PooledConnection(await this.#pool.connect())
    } catch (error) {
      throw outage(error)
    }
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

/** A connection from when it is taken out of the pool until it is given back. */
class PooledConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  #inTransaction = false
  /** What was sent without waiting: its answer comes before that of the next query. */
  #sent: Promise<unknown> | undefined
  #whose: Whose | undefined
  #isBroken = false

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  /** Travels with the first query. */
  begin(): void {
    this.#inTransaction = true
    this.#whose = undefined
    this.#send({ text: 'begin' })
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
      await this.#ask({ text: 'rollback' })
      this.#inTransaction = false
    } catch {
      // Given back as it is, the connection is ended, and the server rolls back what it had open.
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { whose, name, isPatient } = notesOf(query.query)
    const asked: Asked = {
      text: query.sql,
      values: [...query.parameters],
      ...(name !== undefined && { name }),
      query_timeout: isPatient ? 0 : answerTimeoutMs,
    }
    if (whose === undefined || this.#inTransaction) {
      if (whose !== undefined && whose !== this.#whose) this.#send(accountSetting(whose))
      this.#whose = whose ?? this.#whose
      return resultOf<R>(await this.#ask(asked))
    }
    if (query.query.kind === 'SelectQueryNode') return resultOf<R>(await this.#ask(withAccount(asked, whose)))
    this.begin()
    try {
      const result = await this.executeQuery<R>(query)
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
    const earlier = this.#sent
    const answer = this.#client.query(asked)
    this.#sent = earlier ? Promise.all([earlier, answer]) : answer
    // Whoever asks next is told.
    this.#sent.catch(() => undefined)
  }

  async #ask(asked: Asked): Promise<pg.QueryResult> {
    const sent = this.#sent
    this.#sent = undefined
    const answer = this.#client.query(asked)
    try {
      if (!sent) return await answer
      answer.catch(() => undefined)
      await sent
      return await answer
    } catch (error) {
      this.#isBroken ||= isOutage(error)
      throw translated(error)
    }
  }
}

/** As `pg` takes a query. */
export type Asked = { text: string; values?: unknown[]; name?: string; query_timeout?: number }

function resultOf<R>({ command, rowCount, rows }: pg.QueryResult): QueryResult<R> {
  const hasChanged = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
  return { rows, ...(hasChanged && { numAffectedRows: BigInt(rowCount ?? 0) }) }
}
