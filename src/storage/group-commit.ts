// One writing connection whose waiting transactions are committed together: one fsync for many.
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { isBusy } from './sqlite-errors.ts'

/** How long a write waits for another process that holds the file, before it answers `storage_busy`. */
const patienceMs = 2_000
const askAgainAfterMs = 10

/** How many transactions may share a commit, so that the first of them is not kept waiting. */
const batchMax = 256

export type GroupCommit = {
  /** Transactions that wait for the turn. */
  readonly waiting: number
  /** Waits for the turn; afterwards the connection belongs to the caller until it commits or rolls back. */
  begin(): Promise<void>
  /** Gives the turn on, and resolves when the batch is on disk. */
  commit(): Promise<void>
  /** Hears of a failed statement: a full disk makes SQLite undo the whole batch, and its members must know. */
  failed(error: unknown): void
  /** Undoes what was done since `begin`, leaves the neighbours' work alone, and gives the turn on. */
  rollback(): void
}

type Member = { resolve(): void; reject(error: unknown): void }

/**
 * Every transaction is a savepoint in a common `BEGIN IMMEDIATE`. They run one after the other; the common
 * `COMMIT` comes when nobody waits any more. Nobody is told of success before it.
 * @param hears.beforeCommit called when what others read is about to change
 * @param hears.committed hears how many transactions shared a commit, and how long that took
 */
export function groupCommit(
  db: DatabaseSync,
  hears: { beforeCommit(): void; committed(transactions: number, durationMs: number): void },
): GroupCommit {
  // Waiting is done here.
  db.exec('PRAGMA busy_timeout=0')
  const beginMember = db.prepare('SAVEPOINT member')
  const endMember = db.prepare('RELEASE member')
  const waiting: Array<() => void> = []
  let running = false
  let members: Member[] = []

  async function begin(): Promise<void> {
    const untilMs = performance.now() + patienceMs
    if (running) await new Promise<void>((resolve) => waiting.push(resolve))
    running = true
    try {
      if (!db.isTransaction) await beginCommon(untilMs)
      beginMember.run()
    } catch (error) {
      giveOn()
      throw error
    }
  }

  /** SQLite itself would wait without letting anybody else do anything: who only reads goes on meanwhile. */
  async function beginCommon(untilMs: number): Promise<void> {
    for (;;) {
      try {
        db.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() >= untilMs) throw error
      }
      await wait(askAgainAfterMs)
    }
  }

  function commit(): Promise<void> {
    try {
      endMember.run()
    } catch (error) {
      failed(error)
      giveOn()
      return Promise.reject(error)
    }
    const committed = new Promise<void>((resolve, reject) => members.push({ resolve, reject }))
    giveOn()
    return committed
  }

  function rollback(): void {
    if (db.isTransaction) db.exec('ROLLBACK TO member; RELEASE member')
    giveOn()
  }

  function failed(error: unknown): void {
    if (db.isTransaction) return
    const undone = members
    members = []
    for (const member of undone) member.reject(error)
  }

  function giveOn(): void {
    running = false
    if (members.length >= batchMax) flush()
    const next = waiting.shift()
    if (next) {
      running = true
      next()
    } else {
      setImmediate(flush)
    }
  }

  function flush(): void {
    if (running || !db.isOpen || !db.isTransaction) return
    const batch = members
    members = []
    try {
      hears.beforeCommit()
      const startedMs = performance.now()
      db.exec(batch.length > 0 ? 'COMMIT' : 'ROLLBACK')
      if (batch.length > 0) hears.committed(batch.length, performance.now() - startedMs)
      for (const member of batch) member.resolve()
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const member of batch) member.reject(error)
    }
  }

  return {
    begin,
    commit,
    failed,
    rollback,
    get waiting() {
      return waiting.length
    },
  }
}
