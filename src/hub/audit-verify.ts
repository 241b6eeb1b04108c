// Verifies audit trails: that each record is as it was written, in its place, and none is missing or new.

import type { KeyObject } from 'node:crypto'
import { type AuditProofs, auditOf, type NumberedAuditRow } from '../storage/audit.ts'
import type { ChainRow } from '../storage/audit-chains.ts'
import type { Db } from '../storage/database.ts'
import { countOf, isSame, linkOf, proofOf } from '../vault/audit-chain.ts'
import { countedActions } from './audit.ts'
import type { ChainKeys } from './audit-chains.ts'
import { HubError } from './errors.ts'

/** How far a verification has come. */
export type VerifiedSoFar = {
  readonly sequence: number
  readonly link: string
  /** Where it ends: records that come while it runs are left for the next one. */
  readonly last: number
  readonly lastLink: string
}

export type Verified = {
  /** Records that are as they were written. */
  readonly verified: number
  /** Records of an earlier version, which were never chained. */
  readonly older: number
  /** The first that is not; null where all are. */
  readonly broken: { readonly sequence: number; readonly why: string } | null
  /** Null once it is done. */
  readonly rest: VerifiedSoFar | null
}

type Proved = NumberedAuditRow & AuditProofs

const nothing = { verified: 0, older: 0, broken: null, rest: null }

export type AuditVerification = ReturnType<typeof auditVerification>

export function auditVerification({ db, chains }: { db: Db; chains: ChainKeys }) {
  return {
    /**
     * Some records of an account's trail, or of the installation's with 0.
     * @param rest how far it has come; from the beginning where there is nothing
     */
    async verify(accountId: number, rest: VerifiedSoFar | undefined, size: number): Promise<Verified> {
      const audit = auditOf(db, accountId)
      const chain = await openChain(accountId)
      if (!chain) {
        const { last } = await audit.ends()
        const records = await audit.readProved(0, 1)
        const isChained = records.some(({ link }) => link !== null)
        if (isChained) return { ...nothing, broken: { sequence: 1, why: 'the record of its chain is gone' } }
        return { ...nothing, older: last }
      }
      const { key, row } = chain
      if (!isSame(proofOf(key, row), row.proof)) {
        return {
          ...nothing,
          broken: { sequence: row.last, why: 'the record of where the chain ends was changed' },
        }
      }
      let older = 0
      let from = rest
      if (!from) {
        from = { sequence: row.first - 1, link: row.first_link, last: row.last, lastLink: row.last_link }
        older = await audit.countBefore(row.first)
        const planted = await audit.firstLinkedBefore(row.first)
        if (planted !== undefined) return broken(planted, 'it was put in front of the chain')
      }
      const result = follow(key, from, await audit.readProved(from.sequence, size), older)
      if (result.rest || result.broken) return result
      // Asked in this order: whatever came in between has moved the chain's end too.
      const { last } = await audit.ends()
      const ended = (await openChain(accountId))?.row.last ?? 0
      if (last <= ended) return result
      return { ...result, broken: { sequence: ended + 1, why: 'it was put behind the chain' } }
    },
  }

  async function openChain(accountId: number): Promise<{ key: KeyObject; row: ChainRow } | undefined> {
    try {
      return await chains.find(db, accountId)
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      throw new HubError(
        error.code,
        `The key of this trail's chain was damaged or exchanged: ${error.message}`,
      )
    }
  }
}

function follow(key: KeyObject, from: VerifiedSoFar, records: readonly Proved[], older: number): Verified {
  let { sequence, link } = from
  let verified = 0
  const at = (number: number, why: string): Verified => ({
    ...nothing,
    verified,
    older,
    broken: { sequence: number, why },
  })
  for (const record of records) {
    if (sequence === from.last) {
      // What has come since is proved by an end that has moved on.
      break
    }
    if (record.sequence !== sequence + 1) return at(sequence + 1, 'it is missing')
    const expected = linkOf(key, link, record)
    if (!isSame(expected, record.link)) return at(record.sequence, 'it was changed, moved or put there')
    if (!isCountRight(key, record)) return at(record.sequence, 'its count was changed')
    sequence = record.sequence
    link = expected
    verified++
  }
  if (sequence < from.last && records.length === 0) return at(sequence + 1, 'it is missing')
  if (sequence === from.last) {
    if (!isSame(link, from.lastLink)) return at(sequence, 'the chain does not end with it')
    return { verified, older, broken: null, rest: null }
  }
  return { verified, older, broken: null, rest: { ...from, sequence, link } }
}

const counted: ReadonlySet<string> = new Set(countedActions)

function isCountRight(key: KeyObject, { sequence, action, times, counted: proof }: Proved): boolean {
  if (!counted.has(action)) return times === 1
  return isSame(countOf(key, sequence, times), proof)
}

function broken(sequence: number, why: string): Verified {
  return { ...nothing, broken: { sequence, why } }
}
