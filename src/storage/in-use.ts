// A mark in the database file while it is in use: a copy that was made then, without its log, is told apart.
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** SQLite keeps a number for applications in the head of the file, where it can be read without opening it. */
const numberAt = 60
const inUse = 1

/** Put into the file itself at once; what is in the log alone would be missing from such a copy. */
export function markInUse(file: string): void {
  write(file, inUse)
}

/** For those who have closed in peace, and for copies that are whole. */
export function markWhole(file: string): void {
  write(file, 0)
}

/**
 * Whether whoever had it in use has not closed it, and what they wrote last is not beside it. Not for a file that
 * this process has open: SQLite's locks end when another handle on it is closed.
 */
export function lacksLog(file: string): boolean {
  return isInUse(file) && !existsSync(`${file}-wal`)
}

/** The same where its log may be there. */
export function isInUse(file: string): boolean {
  return existsSync(file) && numberIn(file) === inUse
}

function write(file: string, number: number): void {
  const db = new DatabaseSync(file, { timeout: 2_000 })
  try {
    db.exec(`PRAGMA user_version=${number}; PRAGMA wal_checkpoint(PASSIVE)`)
  } finally {
    db.close()
  }
}

function numberIn(file: string): number | undefined {
  const bytes = Buffer.alloc(4)
  const handle = openSync(file, 'r')
  try {
    return readSync(handle, bytes, 0, 4, numberAt) === 4 ? bytes.readUInt32BE() : undefined
  } finally {
    closeSync(handle)
  }
}
