// The root keys of an open store, in memory: the newest wraps, all unwrap.
import type { Db } from '../storage/database.ts'
import { readSlots } from '../storage/key-slots.ts'
import { type Opened, type RootKey, rootKeysFrom } from './slots.ts'

export type KeyRing = {
  readonly storeId: string
  /** The slot that the store was opened with. */
  readonly slotId: string
  readonly anchor: Opened['anchor']
  /** Oldest first. */
  readonly rootKeys: readonly RootKey[]
  /** The key that wraps, as the store has it now: another node may have made a new one. */
  current(db: Db): Promise<RootKey>
  /** @returns undefined where the store has no such key */
  find(db: Db, id: string): Promise<RootKey | undefined>
  /** Looks at the store again. */
  reload(db: Db): Promise<void>
}

export function createKeyRing(storeId: string, opened: Opened): KeyRing {
  let rootKeys = opened.rootKeys

  async function reload(db: Db): Promise<void> {
    rootKeys = rootKeysFrom(storeId, opened, await readSlots(db))
  }

  return {
    storeId,
    slotId: opened.slotId,
    anchor: opened.anchor,
    get rootKeys() {
      return rootKeys
    },
    async current(db) {
      await reload(db)
      const current = rootKeys.at(-1)
      if (!current) throw new Error('The store has no root key.')
      return current
    },
    async find(db, id) {
      const known = rootKeys.find((key) => key.id === id)
      if (known) return known
      await reload(db)
      return rootKeys.find((key) => key.id === id)
    },
    reload,
  }
}
