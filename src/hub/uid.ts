// Ids that the hub gives: those of rows rise with time, those that callers see say nothing.
import { randomUUID } from 'node:crypto'

/**
 * Uids of rows: UUIDs of version 7, which begin with the time. In every index a new row stands beside the last
 * one; by chance it would stand anywhere, and each would cost a page of its own.
 * @param epochMs the clock, in milliseconds since 1970-01-01T00:00:00Z
 */
export function risingUids(epochMs: () => number): () => string {
  return () => {
    const time = epochMs().toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
  }
}

/** The id of what was given none: a UUID of version 4. */
export function newPublicId(): string {
  return randomUUID()
}
