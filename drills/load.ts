// The mixed load of the drills: changes of every kind, deliveries of each, and access tokens that end all the time.
import { setTimeout as wait } from 'node:timers/promises'
import { sampleRows } from '../src/sandbox/index.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/server.ts'
import { type Answer, call } from '../test/support/api.ts'
import { deliveryFaults, type Fault, faultsIn } from '../test/support/history.ts'
import type { Killable } from '../test/support/killable.ts'
import { type Receiver, startReceiver, verified } from '../test/support/receiver.ts'
import { type Clients, repeatLatest, startClients } from '../test/support/steady-clients.ts'
import { readStored } from '../test/support/stored.ts'
import { asObject, textOf } from '../test/support/v2.ts'
import { startFront } from './front.ts'

/** What stands around a hub: a sandbox for all providers, and a receiver of webhooks. */
export type Surroundings = {
  readonly sandbox: Sandbox
  readonly receiver: Receiver
  /** What a hub is started with. */
  readonly env: NodeJS.ProcessEnv
  close(): Promise<void>
}

export type Load = {
  readonly clients: Clients
  /** Whatever was killed or cut. */
  noteCut(): void
  /** Stops, waits until all is delivered, and holds what was answered against what is stored. */
  end(): Promise<Result>
}

export type Result = {
  readonly faults: readonly Fault[]
  readonly told: string
  readonly notes: readonly string[]
}

/** Short, so that tokens are had anew all the time. */
const accessTokenS = 2

export async function surround(): Promise<Surroundings> {
  const sandbox = await startSandbox({ port: 0, accessTokenS, keptRequests: 200_000 })
  const receiver = await startReceiver()
  const front = await startFront(sandbox.address, [receiver.address])
  return {
    sandbox,
    receiver,
    env: { MORTISE_SANDBOX_URL: front.address, MORTISE_EGRESS_ALLOW: new URL(receiver.address).host },
    async close() {
      await front.close()
      await receiver.close()
      await sandbox.close()
    },
  }
}

type LoadOptions = { readonly clients: number; readonly holders: number; readonly pauseMs: number }

export async function startLoad(
  server: Killable,
  { sandbox, receiver }: Surroundings,
  { clients: count, holders, pauseMs }: LoadOptions,
): Promise<Load> {
  const secret = await hook(server, `${receiver.address}/hook`)
  const forged: Fault[] = []
  receiver.answer = (one, response) => {
    try {
      verified(secret, one)
    } catch (error) {
      forged.push({ kind: 'refused', what: `a delivery was not genuine: ${error}` })
    }
    response.writeHead(204).end()
  }
  const begun = performance.now()
  const clients = startClients(server, count, pauseMs)
  const cuts: number[] = []
  const tokens = startHolders(server, holders, cuts)
  return {
    clients,
    noteCut: () => void cuts.push(performance.now()),
    async end() {
      const tookS = (performance.now() - begun) / 1_000
      await clients.stop()
      const held = await tokens.stop()
      await repeatLatest(server, clients, 200)
      const late = await waiting(server)
      const stored = await readStored(server.rows)
      const { received } = receiver
      const faults = [
        ...faultsIn(clients.history(), stored),
        ...deliveryFaults(stored.events, received),
        ...forged,
        ...late,
        ...held.faults,
      ]
      const refreshes = sandbox.requests().filter(({ path }) => path === '/token').length
      const rate = Math.round(clients.count() / tookS)
      return {
        faults,
        told: `${words(clients.count())} changes (${rate} a second), ${words(received.length)} deliveries, ${words(refreshes)} token refreshes`,
        notes:
          held.lost > 0
            ? [
                `${held.lost} refreshes were cut off after the provider had given its token: told as such, connected anew`,
              ]
            : [],
      }
    },
  }
}

export function words(count: number): string {
  return count.toLocaleString('en')
}

async function hook(server: Killable, url: string): Promise<string> {
  const body = { url, events: ['integration.*', 'freelancer.*'] }
  return textOf((await asked(server, 'POST', '/v2/webhooks/', body)).secret_key)
}

/** Waits until all is delivered. @returns what still waits after two minutes */
async function waiting({ rows }: Killable): Promise<Fault[]> {
  const until = performance.now() + 120_000
  for (;;) {
    const left = await rows(`select due_at, tries from deliveries where status = 'pending' order by due_at`)
    const [first] = left
    if (!first) return []
    if (performance.now() > until) {
      const what = `${left.length} deliveries still wait, the first until ${first.due_at} after ${first.tries} tries`
      return [{ kind: 'lost', what }]
    }
    await wait(100)
  }
}

type Holders = { stop(): Promise<{ faults: Fault[]; lost: number }> }

/** Connections whose access tokens end every two seconds, and who use them. */
function startHolders(server: Killable, count: number, cuts: readonly number[]): Holders {
  const state = { isOver: false, lost: 0 }
  const faults: Fault[] = []
  async function hold(number: number): Promise<void> {
    const credentials = (attempt: number) => ({
      ...refreshable(),
      refresh_token: `drill-${number}-${attempt}-valid`,
    })
    const { id } = await asked(server, 'POST', '/v2/connections/', {
      provider: 'google_analytics',
      title: `holder ${number}`,
      fields: credentials(0),
    })
    let wasWellAt = performance.now()
    for (let attempt = 1; !state.isOver; ) {
      await wait(300)
      const status = await healthOf(server, Number(id))
      if (status === 'healthy') wasWellAt = performance.now()
      else if (status !== undefined) {
        if (!cuts.some((at) => at > wasWellAt - 1_000))
          faults.push({ kind: 'lost', what: `connection ${id} became ${status}, and nothing was cut` })
        state.lost++
        await asked(server, 'PATCH', `/v2/connections/${id}/`, { fields: credentials(attempt++) })
        wasWellAt = performance.now()
      }
    }
    if ((await insistOnHealth(server, Number(id))) !== 'healthy')
      faults.push({ kind: 'lost', what: `connection ${id} is not healthy in the end` })
  }
  const holding = Promise.all(Array.from({ length: count }, (_, number) => hold(number)))
  holding.catch(() => undefined)
  return {
    async stop() {
      state.isOver = true
      await holding
      return { faults, lost: state.lost }
    },
  }
}

/** Fields of a client that the sandbox knows; every refresh token that ends with `valid` is good for one use. */
function refreshable(): Readonly<Record<string, string>> {
  const row = sampleRows().find(
    ({ provider, variant, mode }) =>
      provider === 'google_analytics' && variant === 'refreshed' && mode === 'valid',
  )
  if (!row?.fields) throw new Error('The sandbox has no refresh tokens.')
  return row.fields
}

/** @returns undefined where nobody answered */
async function healthOf(server: Killable, id: number): Promise<unknown> {
  const answer = await send(server, 'POST', `/v2/connections/${id}/verify/`).catch(() => undefined)
  if (answer?.status !== 200) return undefined
  return asObject(asObject(answer.body).health).status
}

async function insistOnHealth(server: Killable, id: number): Promise<unknown> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const status = await healthOf(server, id)
    if (status !== undefined) return status
    await wait(200)
  }
  return undefined
}

/** Asks until it is done: whoever is killed meanwhile starts again. */
async function asked(
  server: Killable,
  method: string,
  path: string,
  body: unknown,
): Promise<Record<string, unknown>> {
  const headers = { 'idempotency-key': `${method} ${path} ${performance.now()}`.replaceAll(' ', '-') }
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await send(server, method, path, body, headers).catch(() => undefined)
    if (answer && answer.status < 300) return asObject(answer.body)
    if (answer && answer.status < 500 && answer.status !== 409)
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    await wait(50)
  }
  throw new Error(`${method} ${path} was not done`)
}

function send(server: Killable, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
  const { key } = server
  return call(server.address(), method, path, { key, body, headers: { 'integration-id': '1', ...headers } })
}
