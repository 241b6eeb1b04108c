// One server per data folder: a lock that the kernel ends with its process, and the holder's name beside it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreRefused } from './database.ts'

/** Who holds a data folder, and where its server listens for duties. */
export type Holder = { pid: number; started_at: string; address?: string; control?: string }

export type FolderLock = {
  /** Writes down more about the holder, for those who are refused. */
  announce(holder: Omit<Holder, 'pid' | 'started_at'>): void
  release(): void
}

export type Refusal = { heldBy: Holder | undefined }

/**
 * Takes the folder, or says who has it. The lock is an open transaction on a file of its own, so it ends
 * with the process, however that ends. Nobody may open that file otherwise: closing it would drop the lock.
 */
export function lockFolder(folder: string, startedAt: string): FolderLock | Refusal {
  const holderFile = join(folder, 'holder.json')
  const lock = openLock(folder)
  try {
    lock.exec('BEGIN IMMEDIATE')
  } catch (error) {
    lock.close()
    const isHeld = error instanceof Error && 'errcode' in error && error.errcode === 5
    if (!isHeld)
      throw new StoreRefused(`${join(folder, 'lock.db')} cannot be used (${String(error)}). Remove it.`)
    return { heldBy: readHolder(folder) }
  }
  const write = (more: Omit<Holder, 'pid' | 'started_at'>) => {
    const holder: Holder = { pid: process.pid, started_at: startedAt, ...more }
    writeFileSync(holderFile, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
  }
  try {
    write({})
  } catch (error) {
    lock.close()
    throw unwritable(folder, error)
  }
  return {
    announce: write,
    release() {
      rmSync(holderFile, { force: true })
      lock.exec('ROLLBACK')
      lock.close()
    },
  }
}

function openLock(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, 'lock.db'), { timeout: 0 })
  } catch (error) {
    throw unwritable(folder, error)
  }
}

function unwritable(folder: string, error: unknown): StoreRefused {
  return new StoreRefused(`Nothing can be written in the data folder ${folder} (${String(error)}).`)
}

/** Who says to hold this folder. */
export function readHolder(folder: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8'))
    return isHolder(holder) ? holder : undefined
  } catch {
    // The holder writes this file just after it has the lock; without it we refuse without a name.
    return undefined
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  const { pid, started_at, address, control } = value as Record<keyof Holder, unknown>
  const isText = (text: unknown) => text === undefined || typeof text === 'string'
  return typeof pid === 'number' && typeof started_at === 'string' && isText(address) && isText(control)
}
