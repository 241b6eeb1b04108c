// Copies of the embedded database, made beside whoever uses it, and judged before anybody relies on one.
import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreRefused } from './database.ts'
import { lacksLog, markWhole } from './in-use.ts'

/**
 * Writes what is committed at this moment into a new file, for its owner alone; whole or not at all.
 * Others go on reading and writing.
 * @returns its size in bytes
 * @throws StoreRefused where there is a file of that name, or no room
 */
export function backUp(file: string, target: string): number {
  refuseExisting(target)
  return placed(target, (unfinished) => {
    // As one who only reads, it leaves the write-ahead log of a process that crashed where it is.
    const db = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
    try {
      db.exec(`VACUUM INTO '${unfinished.replaceAll("'", "''")}'`)
    } finally {
      db.close()
    }
    markWhole(unfinished)
  })
}

/** Puts a copy of a file in its place; whole or not at all. @throws StoreRefused */
export function putInPlace(file: string, target: string): number {
  refuseExisting(target)
  return placed(target, (unfinished) => copyFileSync(file, unfinished))
}

/** @throws StoreRefused where the file is no whole database */
export function judgeDatabase(file: string): void {
  if (!existsSync(file)) throw new StoreRefused(`There is no file ${file}.`)
  const log = `${file}-wal`
  if (existsSync(log) && statSync(log).size > 0) {
    throw new StoreRefused(
      `${file} has a write-ahead log beside it: this is a copy of a data folder, not a backup. Put both files into an empty data folder, as mortise.db and mortise.db-wal, and start it there.`,
    )
  }
  const problem = problemIn(file)
  if (problem !== undefined) {
    throw new StoreRefused(`${file} is no whole backup: ${problem}. Take another one.`)
  }
}

/** What is wrong with a database file; undefined where nothing is. */
export function problemIn(file: string): string | undefined {
  let db: DatabaseSync | undefined
  try {
    if (lacksLog(file)) return 'it was copied while it was in use, without its write-ahead log'
    db = new DatabaseSync(file, { readOnly: true })
    const [found] = Object.values(db.prepare('PRAGMA integrity_check(1)').get() ?? {})
    if (found !== 'ok') return String(found)
    const [broken] = db.prepare('PRAGMA foreign_key_check').all()
    return broken === undefined ? undefined : `a row of ${broken.table} refers to one that is missing`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    db?.close()
  }
}

function refuseExisting(target: string): void {
  if (!existsSync(target)) return
  throw new StoreRefused(`There is a file ${target} already. Name another, or move it away.`)
}

/** Under its own name it is there only once all of it is on disk, and never over another file. */
function placed(target: string, write: (unfinished: string) => void): number {
  const unfinished = `${target}.${process.pid}.unfinished`
  const umask = process.umask(0o077)
  try {
    write(unfinished)
    sync(unfinished)
    const { size } = statSync(unfinished)
    linkSync(unfinished, target)
    sync(dirname(target))
    return size
  } catch (error) {
    if (error instanceof StoreRefused) throw error
    throw new StoreRefused(
      `${target} cannot be written: ${error instanceof Error ? error.message : error}. Nothing was left behind.`,
    )
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${unfinished}${suffix}`, { force: true })
    process.umask(umask)
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
