// Clients that create, change and delete until they are told, whatever dies meanwhile, and keep what they were answered.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from './api.ts'
import { type Fault, faultsIn, type Noun, type Operation, type Verb } from './history.ts'
import { idOf, named } from './idempotency.ts'
import { type Rows, readStored } from './stored.ts'
import { freelancersPath, integrationsPath } from './v2.ts'

export type Asked = {
  /** A request to whichever process serves now; it fails where none does. */
  send(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>
  /** What is stored, seen by a connection of its own. */
  rows: Rows
}

type Request = { method: 'POST' | 'PATCH' | 'DELETE'; path: string; body?: unknown; key?: string }

export type Client = {
  readonly number: number
  readonly history: Operation[]
  /** What may be repeated: requests that were acknowledged under a key. */
  readonly keyed: Array<{ request: Request; operation: Operation }>
  acknowledged: number
}

export type Clients = {
  readonly all: readonly Client[]
  /** How much was acknowledged so far. */
  count(): number
  history(): Operation[]
  /** They end what they are at; all then have ended. */
  stop(): Promise<void>
}

/** @param pauseMs between two requests of a client, where it is not to send as fast as it is answered */
export function startClients(server: Asked, count: number, pauseMs = 0): Clients {
  const state = { isOver: false }
  const all = Array.from(
    { length: count },
    (_, number): Client => ({ number, history: [], keyed: [], acknowledged: 0 }),
  )
  const working = Promise.all(all.map((client) => keepWorking(server, client, state, pauseMs)))
  // Who starts them hears of it when they are stopped.
  working.catch(() => undefined)
  return {
    all,
    count: () => all.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    history: () => all.flatMap(({ history }) => history),
    async stop() {
      state.isOver = true
      await working
    },
  }
}

export async function historyFaults(server: Asked, clients: Clients): Promise<Fault[]> {
  return faultsIn(clients.history(), await readStored(server.rows))
}

/** Repeats the latest requests that had a key: each has to be answered as it was. */
export async function repeatLatest(server: Asked, { all }: Clients, most: number): Promise<void> {
  const each = Math.ceil(most / all.length)
  for (const { keyed } of all) {
    for (const { request, operation } of keyed.slice(-each)) await repeat(server, request, operation)
  }
}

/** Creates, changes and perhaps deletes, again and again; what is sent once alone may be done or not. */
async function keepWorking(
  server: Asked,
  client: Client,
  state: { isOver: boolean },
  pauseMs: number,
): Promise<void> {
  for (let round = 0; !state.isOver; round++) {
    const noun = round % 2 === 0 ? 'integration' : 'freelancer'
    const name = `client-${client.number}-${round}`
    const once = round % 5 === 4
    const work = { server, client, noun, name, pauseMs } as const
    const path = noun === 'integration' ? integrationsPath : freelancersPath
    const body = named(name)
    const key = once ? {} : { key: name }
    const created = await ask(work, 'created', { method: 'POST', path, body, ...key }, body.city)
    if (created?.status !== 201) {
      await wait(5)
      continue
    }
    const one = `${path}${idOf(created)}/`
    for (let change = 0; change < round % 3; change++) {
      const body = { city: `city-${change}` }
      const key = `${name}-${change}`
      await ask(work, 'changed', { method: 'PATCH', path: one, body, key }, body.city)
    }
    if (round % 4 === 3) await ask(work, 'deleted', { method: 'DELETE', path: one })
    const known = client.keyed[Math.floor(Math.random() * client.keyed.length)]
    if (round % 3 === 0 && known) await repeat(server, known.request, known.operation)
  }
}

type Work = { server: Asked; client: Client; noun: Noun; name: string; pauseMs: number }

async function ask(
  { server, client, noun, name, pauseMs }: Work,
  verb: Verb,
  request: Request,
  city?: string,
): Promise<Answer | undefined> {
  const operation: Operation = { noun, verb, name, ...(city !== undefined && { city }), sent: 0, repeats: [] }
  client.history.push(operation)
  if (pauseMs > 0) await wait(pauseMs)
  // A create without a key is not safe to repeat.
  const isOnce = verb === 'created' && request.key === undefined
  const answer = isOnce
    ? await sendOnce(server, request, operation)
    : await insist(server, request, operation)
  if (!answer) return undefined
  operation.answer = { status: answer.status, text: answer.text }
  if (answer.status < 300) {
    client.acknowledged++
    if (request.key !== undefined) client.keyed.push({ request, operation })
  }
  return answer
}

async function sendOnce(
  { send }: Asked,
  { method, path, body }: Request,
  operation: Operation,
): Promise<Answer | undefined> {
  operation.sent++
  return send(method, path, body).catch(() => undefined)
}

async function insist(
  server: Asked,
  { method, path, body, key }: Request,
  operation: Operation,
): Promise<Answer> {
  const met = new Map<string, number>()
  const endsAt = performance.now() + 600_000
  // While nobody serves, and whoever is killed before it answers, is not counted.
  for (let begun = performance.now(); performance.now() < Math.min(begun + 60_000, endsAt); ) {
    let outcome: string
    try {
      operation.sent++
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

/** A server that is not there, or busy, has not answered differently. */
async function repeat(
  { send }: Asked,
  { method, path, body, key }: Request,
  operation: Operation,
): Promise<void> {
  const answer = await send(method, path, body, key).catch(() => undefined)
  if (!answer || answer.status >= 500 || answer.status === 409) return
  assert.ok(operation.answer)
  const isReplay = answer.headers.get('idempotent-replayed') === 'true'
  const isSame = isReplay && answer.status === operation.answer.status
  operation.repeats.push(isSame ? answer.text : `${answer.status}, run again: ${answer.text}`)
}
