// Whether requests may be sent here: what is not as it should be, each with its reason, for anybody to read.
import { type Db, engineOf } from '../storage/database.ts'
import { waitingMigrations } from '../storage/migrate.ts'
import type { KeyRing } from '../vault/key-ring.ts'
import { SlotDamaged } from '../vault/slots.ts'
import type { Reason } from './errors.ts'

export type StoreReadiness = {
  /** What keeps requests from being answered; empty where nothing does. Whoever asks meanwhile shares the answer. */
  look(): Promise<readonly Reason[]>
}

export function storeReadiness({
  db,
  keyRing,
}: {
  db: Db
  keyRing: Pick<KeyRing, 'reload'>
}): StoreReadiness {
  let looking: Promise<readonly Reason[]> | undefined

  async function look(): Promise<readonly Reason[]> {
    try {
      const waiting = await waitingMigrations(db)
      const schema = waiting.length === 0 ? [] : [reasons.schema]
      return [...schema, ...((await opensRootKeys()) ? [] : [reasons.vault])]
    } catch {
      return [engineOf(db).isShared ? reasons.database : reasons.file]
    }
  }

  /** Another node may have made a new root key, or taken away the slot that this one was opened with. */
  async function opensRootKeys(): Promise<boolean> {
    try {
      await keyRing.reload(db)
      return true
    } catch (error) {
      if (error instanceof SlotDamaged) return false
      throw error
    }
  }

  return {
    look() {
      looking ??= look().finally(() => {
        looking = undefined
      })
      return looking
    },
  }
}

const reasons = {
  database: { check: 'database', detail: 'The database does not answer.' },
  file: { check: 'database', detail: 'The database cannot be read.' },
  schema: {
    check: 'schema',
    detail: 'The database is of an earlier version than this server: migrations are waiting.',
  },
  vault: {
    check: 'vault',
    detail: 'The vault is locked: what this server was started with does not open its newest keys.',
  },
} as const satisfies Record<string, Reason>
