// How long audit records are kept: the old end of a trail is cut off, and what is left can still be verified.

import { auditOf } from '../storage/audit.ts'
import { auditChainsOf, listChains } from '../storage/audit-chains.ts'
import { type Db, transact } from '../storage/database.ts'
import { proofOf } from '../vault/audit-chain.ts'
import type { ChainKeys } from './audit-chains.ts'
import { type Lease, leases } from './leases.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const leaseMs = 60_000
/** Records that are cut at once, so that other writers of the account come between. */
const atOnce = 500

/**
 * Cuts what is older than some days off every trail, once an hour at most.
 * @param days 0 keeps everything
 */
export function auditRetention(
  needs: { db: Db; now: Clock; chains: ChainKeys },
  days: number,
): () => Promise<void> {
  let dueAt = ''
  return async () => {
    if (days === 0 || needs.now() < dueAt) return
    dueAt = later(needs.now(), hourMs)
    await cutAll(needs, days)
  }
}

async function cutAll(needs: { db: Db; now: Clock; chains: ChainKeys }, days: number): Promise<void> {
  const before = later(needs.now(), -days * dayMs)
  await leases(needs).hold({ accountId: 0, name: 'cut audit trails' }, leaseMs, async (lease) => {
    for (const { account_id } of await listChains(needs.db)) {
      while ((await cut(needs, lease, account_id, before)) === atOnce);
    }
  })
}

/** @returns how many records were cut */
function cut(
  { db, chains }: { db: Db; chains: ChainKeys },
  { guard }: Lease,
  accountId: number,
  before: Timestamp,
): Promise<number> {
  return transact(db, accountId, async (db) => {
    await guard(db)
    const { key, row } = await chains.open(db, accountId)
    const audit = auditOf(db, accountId)
    const oldest = await audit.readProved(row.first - 1, atOnce)
    const kept = oldest.findIndex(({ at }) => at >= before)
    const going = kept === -1 ? oldest : oldest.slice(0, kept)
    const last = going.at(-1)
    if (!last) return 0
    const ends = { first: last.sequence + 1, first_link: last.link ?? '' }
    await auditChainsOf(db, accountId).setFirst({ ...ends, proof: proofOf(key, { ...row, ...ends }) })
    // With those that are older than the chain.
    await audit.removeBefore(ends.first)
    return going.length
  })
}
