// What the rest of the product knows of the database: a Kysely handle, and how changes are made on it.
import type { DialectAdapter, Kysely, OperationNode, RootOperationNode } from 'kysely'
import { type ErrorCode, HubError } from '../hub/errors.ts'
import type { Observer, StorageFailure } from '../hub/observer.ts'
import type { Schema } from './schema.ts'

/**
 * A handle to run queries on. Outside a transaction it reads what is committed; inside one, its parameter
 * hides the outer handle by having the same name, `db`.
 */
export type Db = Kysely<Schema>

/** The rows of one account, 0 being the installation; or, for what it does for all of them, those of all. */
export type Whose = number | 'all accounts'

/** What an engine is told beside a query; each heeds what concerns it. */
export type QueryNotes = {
  readonly whose?: Whose
  /** The query runs often: it is prepared once per connection, under this name. */
  readonly name?: string
  /** Nobody waits for its answer: should it fail, the next query of the transaction does. */
  readonly isPosted?: true
  /** It may take as long as it takes: a change of the schema does. */
  readonly isPatient?: true
}

/** What the engines do in ways of their own, beside running queries. */
export interface Engine extends DialectAdapter {
  readonly engine: 'sqlite' | 'postgres'
  /** Whether other processes may be at the same rows. */
  readonly isShared: boolean
  /** Hears of transactions, and of what fails. */
  readonly observer: Observer
  /** How much there is to do at this moment. */
  load(): EngineLoad
  /** A handle whose queries reach the rows of one account alone, where the database itself sees to that. */
  within(db: Db, whose: Whose): Db
  /** The first thing in a transaction: as on an engine with one writer, an account is written by one at a time. */
  enter(db: Db, whose: Whose): Promise<void>
  /** Around a transaction: where writers wait, they do without a connection that others could use. */
  inTurn<Result>(whose: Whose, work: () => Promise<Result>): Promise<Result>
  /** One process migrates; others wait here, in a transaction, until it has. */
  lockSchema(db: Db): Promise<void>
}

export type EngineLoad = {
  /** Transactions that wait for their turn to write. */
  readonly writesWaiting: number
  /** Connections of this node, where the engine has them. */
  readonly connections: {
    readonly inUse: number
    readonly idle: number
    readonly max: number
    /** Queries and transactions that wait for one. */
    readonly waiting: number
  } | null
}

/** The unique index refused a row. Verbs turn it into the conflict it means to them. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** A row cannot go, or cannot come, because of a row in another table. */
export class ReferenceViolation extends Error {
  override readonly name = 'ReferenceViolation'
}

/** Transactions stood in each other's way, and this one was undone: it may be run again. */
export class TransactionConflict extends Error {
  override readonly name = 'TransactionConflict'
}

/** The store cannot be opened as it is. The message says what to do; nothing was changed. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
}

/** In a transaction that is about all accounts: from here on, one of them is held too. */
export function hold(db: Db, accountId: number): Promise<void> {
  return engineOf(db).enter(db, accountId)
}

export function engineOf(db: Db): Engine {
  const { adapter } = db.getExecutor()
  if (!('engine' in adapter)) throw new Error('This handle was not opened by one of the engines.')
  return adapter as Engine
}

/** A handle whose queries are about these rows, and reach no others where the database itself sees to that. */
export function within(db: Db, whose: Whose): Db {
  return engineOf(db).within(db, whose)
}

/**
 * Runs `work` in one transaction and answers once it is on disk. Everything is undone when it throws.
 * `work` awaits nothing but queries, since other writers of the account wait for it, and does nothing that
 * cannot be done again: where transactions stand in each other's way, it is run once more.
 */
export async function transact<Result>(
  db: Db,
  whose: Whose,
  work: (db: Db) => Promise<Result>,
): Promise<Result> {
  if (db.isTransaction) return work(db)
  const engine = engineOf(db)
  const once = async () => {
    const acts: Array<() => void> = []
    const result = await within(db, whose)
      .transaction()
      .execute(async (db) => {
        afterCommits.set(db, acts)
        await engine.enter(db, whose)
        return work(db)
      })
    for (const act of acts) act()
    return result
  }
  const { observer } = engine
  const counted = async () => {
    const startedMs = performance.now()
    let isCommitted = false
    try {
      const result = await engine.inTurn(whose, () => undisturbed(once))
      isCommitted = true
      return result
    } finally {
      observer.tell({ what: 'transaction', isCommitted, durationMs: performance.now() - startedMs })
    }
  }
  const step = { name: 'transaction', facts: { 'db.system.name': engine.engine } }
  return observer.within ? observer.within(step, counted) : counted()
}

/** What is to be done once a transaction is on disk, by the handle that its work was given. */
const afterCommits = new WeakMap<Db, Array<() => void>>()

/** Does something once this transaction is on disk, and nothing where it is undone. It must not throw. */
export function afterCommit(db: Db, act: () => void): void {
  const acts = afterCommits.get(db)
  if (!acts) throw new Error('This is not the handle that a transaction was given.')
  acts.push(act)
}

const failures: Readonly<Partial<Record<ErrorCode, StorageFailure>>> = {
  storage_busy: 'busy',
  storage_full: 'full',
  storage_unavailable: 'unavailable',
}

/** Tells of an error in the product's words, where it is the database's own doing; a conflict of rows is not. */
export function tellFailure(observer: Observer, error: unknown): void {
  if (error instanceof UniqueViolation || error instanceof ReferenceViolation) return
  const kind = error instanceof HubError ? failures[error.code] : undefined
  const otherwise = error instanceof TransactionConflict ? 'conflict' : 'other'
  observer.tell({ what: 'storage failure', kind: kind ?? otherwise })
}

/** How often something is tried before its conflict is told. */
const attemptsMax = 3

/** Does again what was undone because others stood in its way. @throws HubError storage_busy in the end */
export async function undisturbed<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof TransactionConflict)) throw error
      if (attempt === attemptsMax) {
        throw new HubError('storage_busy', 'The store is busy.', { retryAfterS: 1 }, { cause: error })
      }
    }
  }
}

/** A handle whose queries carry notes for the engine. */
export function noting(db: Db, notes: QueryNotes): Db {
  return db.withPlugin({
    transformQuery: ({ node }) => withNotes(node, { ...notesOf(node), ...notes }),
    transformResult: async ({ result }) => result,
  })
}

export function notesOf(node: OperationNode): QueryNotes {
  return (node as { notes?: QueryNotes }).notes ?? {}
}

/** Beside what the query says, where no compiler looks. */
export function withNotes(node: RootOperationNode, notes: QueryNotes): RootOperationNode {
  return Object.assign({}, node, { notes })
}
