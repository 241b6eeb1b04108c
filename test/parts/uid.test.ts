// Uids of rows rise with time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { risingUids } from '../../src/hub/uid.ts'

test('uids of rows are UUIDs of version 7, each its own, and a later one sorts behind an earlier one', () => {
  let epochMs = Date.UTC(2026, 0, 1)
  const newUid = risingUids(() => epochMs)
  const uids: string[] = []
  for (; uids.length < 2_000; epochMs++) uids.push(newUid())
  for (const uid of uids) {
    assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
  assert.deepEqual(uids.toSorted(), uids)
  assert.equal(new Set(Array.from({ length: 2_000 }, newUid)).size, 2_000, 'also within a millisecond')
})
