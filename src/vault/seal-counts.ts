// How many values each data key has sealed: counted in memory, written down now and then.
import { HubError } from '../hub/errors.ts'
import { dataKeysOf } from '../storage/data-keys.ts'
import type { Db } from '../storage/database.ts'

/** Random nonces of 96 bits are safe for 2^32 values under a key; a new key comes long before. */
export const sealsMax = 2 ** 32
export const sealsEnough = 2 ** 31

export type SealCounts = {
  /** @param written as the store has it */
  know(key: { id: string; accountId: number; written: number }): void
  /** @throws HubError internal where no more may be sealed with it */
  note(keyId: string): void
  /** Writes down what was counted. @returns the keys that have sealed enough */
  flush(db: Db): Promise<Array<{ accountId: number; keyId: string }>>
}

export function sealCounts(): SealCounts {
  const counts = new Map<string, { accountId: number; written: number; more: number }>()
  return {
    know({ id, accountId, written }) {
      counts.set(id, { accountId, written, more: counts.get(id)?.more ?? 0 })
    },
    note(keyId) {
      const count = counts.get(keyId)
      if (!count) throw new Error('This key was not made known.')
      if (count.written + count.more >= sealsMax) {
        throw new HubError('internal', 'A data key has sealed as many values as it may.')
      }
      count.more++
    },
    async flush(db) {
      const worn: Array<{ accountId: number; keyId: string }> = []
      for (const [id, count] of counts) {
        if (count.more === 0) continue
        const { accountId, more } = count
        await dataKeysOf(db, accountId).noteSeals(id, more)
        count.more -= more
        count.written += more
        if (count.written >= sealsEnough) worn.push({ accountId, keyId: id })
      }
      return worn
    },
  }
}
