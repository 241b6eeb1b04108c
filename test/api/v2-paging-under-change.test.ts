// Walking through a list while others add and remove: nobody who was there throughout is doubled or missed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asObject, idsOf, integrationsPath as path, startV2, type V2 } from '../support/v2.ts'

const clients = 20
const lasting = 24

/** Creates and deletes until told to stop; answers how often. */
async function churn(v2: V2, state: { isWalking: boolean }): Promise<number> {
  let rounds = 0
  do {
    const id = await v2.create(path)
    const { status } = await v2.send('DELETE', `${path}${id}/`)
    assert.equal(status, 204)
    rounds++
  } while (state.isWalking)
  return rounds
}

async function walk(v2: V2): Promise<unknown[]> {
  const seen: unknown[] = []
  for (let page = 1; ; page++) {
    const answer = await v2.send('GET', `${path}?page=${page}&page_size=8`)
    // The list may have become shorter since the link to this page was written.
    if (answer.status === 404) return seen
    seen.push(...idsOf(answer))
    if (asObject(answer.body).next === null) return seen
  }
}

test(`walking while ${clients} clients insert and delete shows every older row once, in order`, async () => {
  const v2 = await startV2()
  try {
    await Promise.all(Array.from({ length: lasting }, () => v2.create(path)))
    const existing = idsOf(await v2.send('GET', `${path}?page_size=100`))
    assert.equal(existing.length, lasting + 1)
    const state = { isWalking: true }
    const churning = Promise.all(Array.from({ length: clients }, () => churn(v2, state)))
    const walks: unknown[][] = []
    try {
      for (let n = 0; n < 2; n++) walks.push(await walk(v2))
    } finally {
      state.isWalking = false
    }
    const rounds = await churning
    assert.ok(rounds.every((count) => count > 0))
    for (const seen of walks) {
      assert.deepEqual(
        seen.filter((id) => existing.includes(id)),
        existing,
      )
    }
  } finally {
    await v2.api.close()
  }
})
