// The keys of audit trails: made with a trail's first record, and opened for whoever writes or verifies it.
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { auditOf } from '../storage/audit.ts'
import { auditChainsOf, type ChainRow } from '../storage/audit-chains.ts'
import type { Db } from '../storage/database.ts'
import { proofOf } from '../vault/audit-chain.ts'
import type { Vault } from '../vault/vault.ts'

export type ChainKeys = {
  /** In a transaction that holds the account; a trail that has no chain gets one. */
  open(db: Db, accountId: number): Promise<{ key: KeyObject; row: ChainRow }>
  find(db: Db, accountId: number): Promise<{ key: KeyObject; row: ChainRow } | undefined>
}

/** Where the key stands, wrapped. */
export function chainPlace(accountId: number): readonly string[] {
  return ['audit_chains', String(accountId)]
}

const keysMax = 10_000

export function chainKeys({ vault }: { vault: Vault }): ChainKeys {
  const keys = new Map<number, { wrapped: string; key: KeyObject }>()

  async function keyOf(db: Db, accountId: number, wrapped: string): Promise<KeyObject> {
    const known = keys.get(accountId)
    if (known?.wrapped === wrapped) return known.key
    const key = await vault.unwrap(db, wrapped, chainPlace(accountId))
    if (keys.size >= keysMax) keys.clear()
    keys.set(accountId, { wrapped, key })
    return key
  }

  /** Records of an earlier version stay before it. */
  async function begin(db: Db, accountId: number): Promise<{ key: KeyObject; row: ChainRow }> {
    const { last } = await auditOf(db, accountId).ends()
    const key = createSecretKey(randomBytes(32))
    const { wrapped, rootKeyId } = await vault.wrap(db, key, chainPlace(accountId))
    const ends = { first: last + 1, first_link: '', last, last_link: '' }
    const row = {
      wrapped,
      root_key_id: rootKeyId,
      ...ends,
      proof: proofOf(key, ends),
      last_event: 0,
      listeners: 0,
    }
    await auditChainsOf(db, accountId).insert(row)
    return { key, row }
  }

  async function find(db: Db, accountId: number) {
    const row = await auditChainsOf(db, accountId).find()
    return row && { key: await keyOf(db, accountId, row.wrapped), row }
  }

  return {
    find,
    open: async (db, accountId) => (await find(db, accountId)) ?? begin(db, accountId),
  }
}
