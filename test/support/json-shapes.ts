// Looks at parsed bodies: a value is asserted to be what the test goes on to read.
import assert from 'node:assert/strict'

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), 'this is no JSON object')
  return value as Record<string, unknown>
}

export function listOf(value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> {
  assert.ok(Array.isArray(value), 'this is no JSON array')
  return value.map(objectOf)
}

/** What an answer is to a client, without what differs from answer to answer. */
export function comparable(answer: {
  status: number
  headers: Headers | Readonly<Record<string, string>>
  text: string
}): object {
  const { status, headers, text } = answer
  const all = headers instanceof Headers ? [...headers] : Object.entries(headers)
  const kept = all.filter(([name]) => !['date', 'x-request-id'].includes(name))
  return { status, headers: Object.fromEntries(kept), text }
}
