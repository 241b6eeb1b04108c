// When each key was last used: noted in memory, written down now and then.
import { apiKeysOf } from '../storage/api-keys.ts'
import { type Db, transact } from '../storage/database.ts'
import type { Timestamp } from './timestamp.ts'

export type KeyUses = {
  note(key: { uid: string; accountId: number }, at: Timestamp): void
  flush(): Promise<void>
}

export function keyUses({ db }: { db: Db }): KeyUses {
  let uses = new Map<string, { accountId: number; at: Timestamp }>()

  return {
    note({ uid, accountId }, at) {
      uses.set(uid, { accountId, at })
    },

    async flush() {
      if (uses.size === 0) return
      const noted = uses
      uses = new Map()
      try {
        // Always in the same order: two nodes that write down the same keys do not wait for each other in a ring.
        const inOrder = [...noted].sort(([one], [other]) => (one < other ? -1 : 1))
        await transact(db, 'all accounts', async (db) => {
          for (const [uid, { accountId, at }] of inOrder) await apiKeysOf(db, accountId).noteUse(uid, at)
        })
      } catch (error) {
        uses = new Map([...noted, ...uses])
        throw error
      }
    },
  }
}
