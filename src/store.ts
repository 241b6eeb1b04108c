// Opens a data folder: takes its lock, its database and its master key, in this order.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config, ConfigSecrets } from './config.ts'
import { systemClock } from './hub/timestamp.ts'
import { type Db, StoreRefused } from './storage/database.ts'
import { type FolderLock, type Holder, lockFolder } from './storage/lock.ts'
import { openSqlite } from './storage/sqlite.ts'
import { type Unlocked, unlock } from './vault/unlock.ts'

export type Store = Unlocked & { db: Db; lock: FolderLock; close(): Promise<void> }

/** Another process has the folder. */
export class StoreHeld extends Error {
  override readonly name = 'StoreHeld'
  readonly holder: Holder | undefined

  constructor(dataDir: string, holder: Holder | undefined) {
    const who = holder ? `process ${holder.pid}, running since ${holder.started_at}` : 'another process'
    const where = holder?.address ? `, which serves ${holder.address}` : ''
    super(
      `The data folder ${dataDir} is in use by ${who}${where}. Stop it first, or use another folder with --data.`,
    )
    this.holder = holder
  }
}

/**
 * @throws StoreHeld, StoreRefused or MasterKeyRefused; nothing is changed then
 */
export async function openStore(
  { dataDir, keyDir }: Pick<Config, 'dataDir' | 'keyDir'>,
  secrets: ConfigSecrets,
  { mayCreate }: { mayCreate: boolean },
): Promise<Store> {
  const file = join(dataDir, 'mortise.db')
  if (!mayCreate && !existsSync(file)) {
    throw new StoreRefused(`There is no store in ${dataDir}. Start one with: npm start -- --data ${dataDir}`)
  }
  // Whatever is made from here on, the database's side files among it, is for its owner alone.
  process.umask(0o077)
  makeFolder(dataDir)
  const lock = lockFolder(dataDir, systemClock())
  if ('heldBy' in lock) throw new StoreHeld(dataDir, lock.heldBy)
  let db: Db | undefined
  try {
    db = openSqlite(file)
    const places = {
      fromEnvironment: secrets.masterKey,
      file: secrets.masterKeyFile,
      keyDir,
      dataDir,
    }
    const unlocked = await unlock(db, places, { mayCreate })
    return { ...unlocked, db, lock, close: () => close(db, lock) }
  } catch (error) {
    await close(db, lock)
    throw error
  }
}

async function close(db: Db | undefined, lock: FolderLock): Promise<void> {
  await db?.destroy()
  lock.release()
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StoreRefused(
      `The data folder ${dataDir} cannot be made: ${String(error)}. Name another with --data.`,
    )
  }
}
