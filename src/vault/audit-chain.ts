// The keyed hashes of an audit trail: each record's link holds the link before it.
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'

/** All of a record that never changes. */
export type LinkedFacts = {
  readonly sequence: number
  readonly at: string
  readonly action: string
  readonly subject: string
  readonly key_uid: string | null
  readonly address: string | null
  readonly request_id: string | null
  readonly data: string
}

/** Where a chain begins and ends. */
export type ChainEnds = {
  /** The number of the first record, and the link before it. */
  readonly first: number
  readonly first_link: string
  /** The number of the last record, and its link; one less than `first`, and its link, where there is none. */
  readonly last: number
  readonly last_link: string
}

export function linkOf(key: KeyObject, before: string, facts: LinkedFacts): string {
  const { sequence, at, action, subject, key_uid, address, request_id, data } = facts
  return hash(key, ['link', before, sequence, at, action, subject, key_uid, address, request_id, data])
}

/** How often a record that is counted up has happened. */
export function countOf(key: KeyObject, sequence: number, times: number): string {
  return hash(key, ['count', sequence, times])
}

/** Without it, whoever takes the last records away could say that the chain ends before them. */
export function proofOf(key: KeyObject, { first, first_link, last, last_link }: ChainEnds): string {
  return hash(key, ['ends', first, first_link, last, last_link])
}

export function isSame(expected: string, given: string | null): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given ?? '')]
  return one.length === other.length && timingSafeEqual(one, other)
}

function hash(key: KeyObject, parts: ReadonlyArray<string | number | null>): string {
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')
}
