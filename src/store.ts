// Opens the store: a data folder with its lock, or a database in PostgreSQL; and then its master key.
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config, ConfigSecrets } from './config.ts'
import type { Observer } from './hub/observer.ts'
import { systemClock } from './hub/timestamp.ts'
import { type Db, StoreRefused } from './storage/database.ts'
import { isInUse, lacksLog, markInUse, markWhole } from './storage/in-use.ts'
import { type FolderLock, type Holder, lockFolder } from './storage/lock.ts'
import { type Space, spaceOf } from './storage/space.ts'
import { openSqlite, openSqliteUntouched } from './storage/sqlite.ts'
import { passphraseSecret, type SlotSecret } from './vault/slot-secret.ts'
import { type KeyPlaces, type Unlocked, unlock } from './vault/unlock.ts'

export type Store = Unlocked & {
  db: Db
  /** The data folder's; null where the store is a database that several nodes share. */
  lock: FolderLock | null
  /** What an operator should set otherwise, a sentence each. */
  warnings: readonly string[]
  /** How much room it takes and has; undefined where it is a database that somebody else runs. */
  space(): Promise<Space | undefined>
  close(): Promise<void>
}

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

type Places = Pick<Config, 'dataDir' | 'keyDir'> & Partial<Pick<Config, 'postgres'>>
type Opened = Pick<Store, 'db' | 'lock' | 'warnings' | 'space' | 'close'> & {
  /** What is left to do once the schema is up to date. */
  settle(): Promise<void>
}

export type Opening = {
  mayCreate: boolean
  /** False for those who only look: a store of an earlier version is refused then. */
  mayMigrate?: boolean
  /** Hears of connections to a database that were lost. */
  onLost?: (error: Error) => void
  /** Hears what should be set otherwise, a sentence each, that is found out only later. */
  onWarning?: (warning: string) => void
  /** Hears that a database has to be waited for, in a sentence; where nobody does, it is not. */
  onWait?: (what: string) => void
  /** Hears that another process changes the schema, in a sentence: it is waited for in any case. */
  onSchemaHeld?: (what: string) => void
  /** Hears of transactions, and of what fails. */
  observer?: Observer
}

/**
 * @param ways what else may open the store, beside what the configuration names
 * @throws StoreHeld, StoreRefused or MasterKeyRefused; nothing is changed then
 */
export async function openStore(
  { dataDir, keyDir, postgres }: Places,
  secrets: ConfigSecrets,
  opening: Opening,
  ways: readonly SlotSecret[] = [],
): Promise<Store> {
  const opened =
    !postgres || secrets.databaseUrl === undefined
      ? openFolder(dataDir, opening)
      : await openDatabase(postgres, secrets.databaseUrl, opening)
  try {
    const unlocked = await unlock(opened.db, keyPlaces({ dataDir, keyDir }, secrets, ways), opening)
    await opened.settle()
    return { ...unlocked, ...opened }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** What may open the store, and where to look for it. */
function keyPlaces(
  { dataDir, keyDir }: Pick<Config, 'dataDir' | 'keyDir'>,
  { masterKey: fromEnvironment, masterKeyFile: file, passphrase }: ConfigSecrets,
  ways: readonly SlotSecret[] = [],
): KeyPlaces {
  const others = [...(passphrase ? [passphraseSecret(passphrase, 'the passphrase')] : []), ...ways]
  return { fromEnvironment, file, keyDir, dataDir, others }
}

function openFolder(dataDir: string, { mayCreate, mayMigrate = true, observer }: Opening): Opened {
  const file = join(dataDir, 'mortise.db')
  if (!mayCreate && !existsSync(file)) {
    throw new StoreRefused(`There is no store in ${dataDir}. Start one with: npm start -- --data ${dataDir}`)
  }
  // Whatever is made from here on, the database's side files among it, is for its owner alone.
  process.umask(0o077)
  makeFolder(dataDir)
  const lock = lockFolder(dataDir, systemClock())
  if ('heldBy' in lock) throw new StoreHeld(dataDir, lock.heldBy)
  try {
    const isLeft = isInUse(file) && !lacksLog(file)
    const warnings = lacksLog(file) ? [logIsGone(file)] : []
    const db = openSqlite(file, observer)
    // After a crash: what is in the log is worked in when it is closed.
    let isMarked = isLeft
    const settle = async () => {
      // Who only looks leaves the file as it is.
      if (!mayMigrate) return
      markInUse(file)
      isMarked = true
    }
    const close = async () => {
      try {
        if (isMarked) markWhole(file)
      } finally {
        await db.destroy()
        lock.release()
      }
    }
    return { db, lock, warnings, settle, space: () => spaceOf(file), close }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A store in a folder, as it was left: nobody else has it, and nothing of it is changed. */
export type Standing = Pick<Store, 'db' | 'storeId' | 'keyRing' | 'openedBy'> & {
  readonly file: string
  close(): Promise<void>
}

/** @throws StoreHeld, StoreRefused or MasterKeyRefused; of a store of an earlier version too */
export async function openAsItStands(
  places: Pick<Config, 'dataDir' | 'keyDir'>,
  secrets: ConfigSecrets,
): Promise<Standing> {
  const { dataDir } = places
  const file = join(dataDir, 'mortise.db')
  if (!existsSync(file)) throw new StoreRefused(`There is no store in ${dataDir}.`)
  const lock = lockFolder(dataDir, systemClock())
  if ('heldBy' in lock) throw new StoreHeld(dataDir, lock.heldBy)
  let db: Db | undefined
  try {
    if (lacksLog(file)) throw new StoreRefused(logIsGone(file))
    db = openSqliteUntouched(file)
    const { storeId, keyRing, openedBy } = await unlock(db, keyPlaces(places, secrets), {
      mayCreate: false,
      mayMigrate: false,
    })
    const opened = db
    const close = async () => {
      await opened.destroy()
      lock.release()
    }
    return { db, storeId, keyRing, openedBy, file, close }
  } catch (error) {
    await db?.destroy()
    lock.release()
    throw error
  }
}

/** What is said of a database whose last writes may be missing. */
export function logIsGone(file: string): string {
  return `${file} was in use when it was copied, or when its process ended, and its write-ahead log ${file}-wal is not beside it: the latest writes may be missing. Put the log back, or restore a backup.`
}

async function openDatabase(
  { name, connectionsMax, rowSecurity, namesStatements, waitS }: NonNullable<Config['postgres']>,
  url: string,
  { onLost, onWarning, onWait, onSchemaHeld, observer }: Opening,
): Promise<Opened> {
  // Loaded here: most servers have a folder, and should be ready at once.
  const { reachPostgres } = await import('./storage/postgres-reach.ts')
  const { openPostgres } = await import('./storage/postgres.ts')
  const { secureRows, unsecureRows } = await import('./storage/row-security.ts')
  const { warnings, isSecured } = await reachPostgres({
    url,
    name,
    waitS: onWait ? waitS : 0,
    onWait: (reason) =>
      onWait?.(`PostgreSQL cannot be reached at ${name}: ${reason}. Waiting up to ${waitS} seconds.`),
  })
  // A node that did not say whose rows it asks for would see none: where nobody says, the database knows.
  const hasRowSecurity = rowSecurity === true || isSecured
  const db = openPostgres({
    url,
    connectionsMax,
    hasRowSecurity,
    namesStatements,
    ...(onLost && { onLost }),
    ...(observer && { observer }),
    onUnprepared: () => onWarning?.(losesStatements),
    onSchemaHeld: () =>
      onSchemaHeld?.(`Another process changes the schema of ${name}. Waiting until it is done.`),
  })
  const settle = async () => {
    if (rowSecurity === false) await unsecureRows(db)
    else if (hasRowSecurity) await secureRows(db)
  }
  return { db, lock: null, warnings, settle, space: async () => undefined, close: () => db.destroy() }
}

const losesStatements =
  'Something between Mortise and PostgreSQL loses prepared statements, so that this node does without them from now on. Set MORTISE_PG_PREPARED=off, or use a pooler that keeps them, such as pgbouncer 1.21 with max_prepared_statements.'

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StoreRefused(
      `The data folder ${dataDir} cannot be made: ${String(error)}. Name another with --data.`,
    )
  }
}
