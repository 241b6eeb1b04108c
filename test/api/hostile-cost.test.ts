// Small requests that could cost much: none holds up the others, with or without a key.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startApi, type TestApi } from '../support/api.ts'

let api: TestApi
before(async () => {
  api = await startApi()
})
after(() => api.close())

/** Generous, for a machine that does other things: what this guards against took seconds and minutes. */
const msMax = 500

async function msOf(request: () => Promise<Response>): Promise<{ ms: number; status: number }> {
  const begin = performance.now()
  const { status } = await request()
  return { ms: performance.now() - begin, status }
}

const post = (path: string, body: string) =>
  fetch(`${api.address}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

for (const [what, body] of [
  ['an unfinished string of escaped quotes', `"${'\\"'.repeat(8_000)}`],
  ['an unfinished string of backslashes', `"${'\\'.repeat(16_001)}`],
  ['many quotes', '"'.repeat(16_001)],
  ['many opening brackets', '['.repeat(16_000)],
] as const) {
  test(`${what} in a body of v1 costs a stranger’s request no time`, async () => {
    const { ms, status } = await msOf(() => post('/api/v1/integrations', body))
    assert.equal(status, 401)
    assert.ok(ms < msMax, `${ms} ms`)
  })
}

test('white space in Accept costs no time', async () => {
  const accept = `a/b;${' '.repeat(15_000)}q=1`
  const { ms, status } = await msOf(() => fetch(`${api.address}/v2/integrations/`, { headers: { accept } }))
  assert.equal(status, 406)
  assert.ok(ms < msMax, `${ms} ms`)
})

test('v1 reads no more of a stranger’s body than a key needs', async () => {
  const { status } = await post('/api/v1/integrations', `{"api_key": "${'a'.repeat(20_000)}"}`)
  assert.equal(status, 413)
})
