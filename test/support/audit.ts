// What the tests of the audit trail share: reading it over HTTP, walking it, and filling it quickly.
import assert from 'node:assert/strict'
import type { AuditEntry } from '../../src/hub/audit.ts'
import { transact } from '../../src/storage/database.ts'
import { call, type TestApi } from './api.ts'
import { timestamp } from './sample-connections.ts'
import { asObject, resultsOf, textOf } from './v2.ts'

export const auditPath = '/v2/audit/'
export const exportPath = '/v2/audit/export/'

export type Shown = Readonly<Record<string, unknown>>

/** The records on one page, newest first. */
export async function page({ address }: TestApi, key: string, query = ''): Promise<Shown[]> {
  const answer = await call(address, 'GET', `${auditPath}${query}`, { key })
  assert.equal(answer.status, 200, answer.text)
  return resultsOf(answer)
}

export function idsOf(records: readonly Shown[]): number[] {
  return records.map(({ id }) => Number(id))
}

/** Follows a link to its end; the links stand on the public URL, which need not be where the server listens. */
export async function walk(
  { address }: TestApi,
  key: string,
  start: string,
  options: { link?: 'next' | 'previous'; between?: () => Promise<unknown> } = {},
): Promise<{ records: Shown[]; pages: number; last: string }> {
  const { link = 'next', between } = options
  const records: Shown[] = []
  let path: string | null = start
  let last = start
  let pages = 0
  while (path !== null) {
    const answer = await call(address, 'GET', path, { key })
    assert.equal(answer.status, 200, answer.text)
    records.push(...resultsOf(answer))
    last = path
    pages++
    const to: unknown = asObject(answer.body)[link]
    path = to === null ? null : pathOf(textOf(to))
    await between?.()
  }
  return { records, pages, last }
}

export function pathOf(link: string): string {
  const { pathname, search } = new URL(link)
  return `${pathname}${search}`
}

/** Adds records with a number in their data, as many as wished, in one transaction. */
export async function fill({ db, hub }: TestApi, accountId: number, count: number): Promise<void> {
  const entries = Array.from(
    { length: count },
    (_, n): AuditEntry => ({
      action: 'integration.changed',
      subject: `integration/filled-${n % 7}`,
      data: { id: `filled-${n % 7}`, changed: ['name'], n },
      events: [],
    }),
  )
  const at = timestamp('2026-03-01T12:00:00Z')
  await transact(db, accountId, async (db) => {
    await hub.auditLog.record(db, hub.callerFor(accountId), at, ...entries)
  })
}
