// Clients that create, change and delete until they are told, whatever dies meanwhile; and what must be there then.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from './api.ts'
import { idOf, named } from './idempotency.ts'
import { freelancersPath, integrationsPath } from './v2.ts'

export type Asked = {
  /** A request to whichever process serves now; it fails where none does. */
  send(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>
  /** What is stored, seen by a connection of its own. */
  rows(query: string): Promise<Record<string, unknown>[]>
}

export type Acknowledged = {
  noun: 'integration' | 'freelancer'
  method: 'POST' | 'PATCH'
  path: string
  body: Record<string, unknown>
  key: string
  answer: Answer
  /** The object's id, and whether it was deleted in the end. */
  object: { id: string; name: string; city: string; isDeleted: boolean; changes: number }
}
export type Client = { number: number; acknowledged: Acknowledged[] }

/** Creates, changes and perhaps deletes, again and again; every request is repeated until it is answered. */
export async function keepWorking(server: Asked, client: Client, state: { isOver: boolean }): Promise<void> {
  for (let round = 0; !state.isOver; round++) {
    const noun = round % 2 === 0 ? 'integration' : 'freelancer'
    const path = noun === 'integration' ? integrationsPath : freelancersPath
    const name = `client-${client.number}-${round}`
    const body = named(name)
    const created = await insist(server, 'POST', path, body, name)
    assert.equal(created.status, 201, created.text)
    const object = { id: idOf(created), name, city: body.city as string, isDeleted: false, changes: 0 }
    client.acknowledged.push({ noun, method: 'POST', path, body, key: name, answer: created, object })
    const one = `${path}${object.id}/`
    for (let change = 0; change < round % 3; change++) {
      const body = { city: `city-${change}` }
      const key = `${name}-${change}`
      const answer = await insist(server, 'PATCH', one, body, key)
      assert.equal(answer.status, 200, answer.text)
      object.city = body.city
      object.changes++
      client.acknowledged.push({ noun, method: 'PATCH', path: one, body, key, answer, object })
    }
    if (round % 4 === 3) {
      const removed = await insist(server, 'DELETE', one)
      assert.ok([204, 404].includes(removed.status), removed.text)
      object.isDeleted = true
    }
  }
}

async function insist(
  server: Asked,
  method: string,
  path: string,
  body?: unknown,
  key?: string,
): Promise<Answer> {
  const met = new Map<string, number>()
  const endsAt = performance.now() + 600_000
  // While nobody serves, and whoever is killed before it answers, is not counted.
  for (let begun = performance.now(); performance.now() < Math.min(begun + 60_000, endsAt); ) {
    let outcome: string
    try {
      const answer = await server.send(method, path, body, key)
      if (answer.status < 500 && answer.status !== 409) return answer
      outcome = `${answer.status} ${answer.text}`
    } catch (error) {
      // Nobody listens, or the server was killed before it answered.
      outcome = error instanceof Error ? String(error.cause ?? error) : String(error)
      begun = performance.now()
    }
    met.set(outcome, (met.get(outcome) ?? 0) + 1)
    await wait(5)
  }
  throw new Error(`${method} ${path} was not done: ${JSON.stringify([...met])}`)
}

export async function expectEachOnce(server: Asked, all: readonly Acknowledged[]): Promise<void> {
  const cityOf = Map.groupBy(
    await server.rows('SELECT name, city FROM integrations WHERE type <> 1'),
    (row) => String(row.name),
  )
  const audit = await server.rows('SELECT action, data FROM audit')
  const times = Map.groupBy(audit, ({ action, data }) => `${action} ${Object(JSON.parse(String(data))).id}`)
  const objects = new Map(all.map(({ object, noun }) => [object, noun]))
  for (const [object, noun] of objects) {
    const rows = cityOf.get(object.name) ?? []
    assert.deepEqual(
      rows.map(({ city }) => city),
      object.isDeleted ? [] : [object.city],
      `${object.name} is there once, as it was acknowledged last`,
    )
    const count = (action: string) => times.get(`${noun}.${action} ${object.id}`)?.length ?? 0
    const counts = [count('created'), count('changed'), count('deleted')]
    assert.deepEqual(counts, [1, object.changes, object.isDeleted ? 1 : 0], `${object.name} was done once`)
  }
  assert.equal(
    cityOf.size,
    [...objects.keys()].filter(({ isDeleted }) => !isDeleted).length,
    'nothing else is there',
  )
}
