// The engine for many nodes: PostgreSQL, or a cluster that speaks its protocol, through a pool of connections.
import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type TableMetadata,
} from 'kysely'
import pg from 'pg'
import { type Observer, unobserved } from '../hub/observer.ts'
import { type AccountTurns, accountTurns } from './account-turns.ts'
import { type Db, type Engine, noting, type Whose } from './database.ts'
import { PooledDriver, PooledExecutor } from './postgres-driver.ts'
import { posted } from './prepared.ts'
import { applicationNames } from './row-security.ts'
import type { Schema } from './schema.ts'

export type PostgresOptions = {
  /** `postgres://…`, with its TLS options as the `pg` package reads them. */
  readonly url: string
  /** Connections that this node may hold. */
  readonly connectionsMax: number
  /** Whether every query says whose rows it is about, so that the database itself may keep accounts apart. */
  readonly hasRowSecurity: boolean
  /** Whether what is asked often is prepared by name; it is where nothing is said. */
  readonly namesStatements?: boolean
  /** Hears of connections that were lost while nobody used them. */
  readonly onLost?: (error: Error) => void
  /** Hears, once, that something between loses prepared statements; they are done without from then on. */
  readonly onUnprepared?: () => void
  /** Hears that another process changes the schema, which has to be waited for. */
  readonly onSchemaHeld?: () => void
  readonly observer?: Observer
}

/** How long a request waits for a connection, before it answers 503. */
const connectTimeoutMs = 3_000
/** One writes, one waits for its lock, one is on its way: more for one account would not be quicker. */
const writersOfAccount = 3
/** What each session begins with, in milliseconds; a node that stands still in a transaction lets others go on. */
export const sessionTimeouts = {
  statement_timeout: 10_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
} as const
const idleMs = 60_000

export function openPostgres(options: PostgresOptions): Db {
  const pool = openPool(options)
  const { namesStatements = true, onUnprepared, observer = unobserved } = options
  const adapter = new PostgresEngine(options, pool, observer)
  const driver = new PooledDriver(pool, { namesStatements, onUnprepared, observer })
  const compiler = new OrderedTextCompiler()
  const dialect = {
    createAdapter: () => adapter,
    createDriver: () => driver,
    createIntrospector: (db: Kysely<unknown>) => new OwnSchemaIntrospector(db),
    createQueryCompiler: () => compiler,
  }
  const executor = new PooledExecutor({ compiler, adapter, driver })
  return new Kysely<Schema>({ config: { dialect }, dialect, driver, executor })
}

function openPool({ url, connectionsMax, hasRowSecurity, onLost }: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: unnamed(url),
    max: connectionsMax,
    application_name: hasRowSecurity ? applicationNames.secured : applicationNames.open,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: idleMs,
    ...sessionTimeouts,
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

/** Without an application's name of its own: by theirs, nodes know each other. */
function unnamed(url: string): string {
  const address = new URL(url)
  for (const name of ['application_name', 'fallback_application_name']) address.searchParams.delete(name)
  return address.href
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

const lockAccount = posted<{ account: number }>((db, value) =>
  db.selectFrom('accounts').select('id').where('id', '=', value('account')).forNoKeyUpdate(),
)

/** What the installation does itself, account 0, is as one at a time. */
const lockInstallation = posted<Record<string, never>>((db) =>
  db.selectFrom('store').select('name').where('name', '=', 'store_id').forNoKeyUpdate(),
)

class PostgresEngine extends PostgresAdapter implements Engine {
  readonly engine = 'postgres'
  readonly isShared = true
  readonly #hasRowSecurity: boolean
  readonly #onSchemaHeld: (() => void) | undefined
  readonly #turns: AccountTurns
  readonly #pool: pg.Pool
  readonly #connectionsMax: number
  readonly observer: Observer

  constructor(
    { hasRowSecurity, onSchemaHeld, connectionsMax }: PostgresOptions,
    pool: pg.Pool,
    observer: Observer,
  ) {
    super()
    this.#pool = pool
    this.#connectionsMax = connectionsMax
    this.observer = observer
    this.#hasRowSecurity = hasRowSecurity
    this.#onSchemaHeld = onSchemaHeld
    const atOnce = Math.min(writersOfAccount, Math.floor(connectionsMax / 2))
    this.#turns = accountTurns({
      atOnce,
      waitMs: connectTimeoutMs,
      onLate: () => observer.tell({ what: 'storage failure', kind: 'busy' }),
    })
  }

  load() {
    const { totalCount, idleCount, waitingCount: waiting } = this.#pool
    const connections = { inUse: totalCount - idleCount, idle: idleCount, max: this.#connectionsMax, waiting }
    return { writesWaiting: this.#turns.waiting, connections }
  }

  within(db: Db, whose: Whose): Db {
    return this.#hasRowSecurity ? noting(db, { whose }) : db
  }

  inTurn<Result>(whose: Whose, work: () => Promise<Result>): Promise<Result> {
    return whose === 'all accounts' ? work() : this.#turns.take(whose, work)
  }

  async enter(db: Db, whose: Whose): Promise<void> {
    if (whose === 0) await lockInstallation(db, {})
    else if (whose !== 'all accounts') await lockAccount(db, { account: whose })
  }

  async lockSchema(db: Db): Promise<void> {
    await sql`set local statement_timeout = 0`.execute(db)
    await sql`set local lock_timeout = 0`.execute(db)
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(db)
    await noticeDeath(db)
    const lock = sql.lit(schemaLock)
    const { rows } = await sql<{ free: boolean }>`select pg_try_advisory_xact_lock(${lock}) as free`.execute(
      db,
    )
    if (rows[0]?.free) return
    this.#onSchemaHeld?.()
    await sql`select pg_advisory_xact_lock(${lock})`.execute(db)
  }

  /** `lockSchema` has done it, for a transaction: a session may not outlast one behind a pooler. */
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/**
 * Should this process die in a long statement, the server notices within seconds and undoes it, rather than at
 * its end: others wait for the lock. Not every system can tell it.
 */
async function noticeDeath(db: Db): Promise<void> {
  await sql`do $$ begin
    set local client_connection_check_interval = '2s';
    exception when others then null;
  end $$`.execute(db)
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
