// What calls through a connection cost: beside a proxy that does the same without a check, and in memory for long bodies.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Pool } from 'undici'
import { median } from './compare.ts'
import { authorizationOf, type Begun, type Place, table } from './requests.ts'
import { type Server, startMortise, startProvider, startReplyFrom } from './servers.ts'
import { makeStore } from './store.ts'

type Ground = {
  mortise: Server
  replyFrom: Server
  path: string
  headers: Record<string, string>
}

export async function beginOnProxy({ folder, started }: Place): Promise<Begun> {
  const place = { dataDir: join(folder, 'data') }
  const { account } = await makeStore(folder, place, { account: 1 })
  const provider = await started(startProvider())
  const { host } = new URL(provider.origin)
  const mortise = await started(startMortise(folder, place, { MORTISE_EGRESS_ALLOW: host }))
  const headers = { ...authorizationOf(account), 'integration-id': '1' }
  const response = await fetch(`${mortise.origin}/v2/connections/`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      provider: 'active_campaign',
      title: 'Bench',
      fields: { api_endpoint: provider.origin, api_key: 'a1'.repeat(36) },
    }),
  })
  const { id } = (await response.json()) as { id: number }
  const ground = {
    mortise,
    replyFrom: await started(startReplyFrom(provider.origin)),
    path: `/v2/connections/${id}/proxy`,
    headers,
  }
  const bound = Object.entries(scenarios).map(([name, run]) => [name, () => run(ground)] as const)
  return { scenarios: Object.fromEntries(bound), processes: [] }
}

const scenarios: Record<string, (ground: Ground) => Promise<string>> = {
  rate: ({ mortise, replyFrom, path, headers }) =>
    table(
      'Requests a second',
      [
        { name: '@fastify/reply-from', servers: [replyFrom], path: '/proxy/api/3/x' },
        { name: 'Mortise', servers: [mortise], path: `${path}/api/3/x`, headers },
      ],
      // The more code a request walks through, the longer it takes until all of it is compiled for speed.
      { warmUpMs: 10_000 },
    ),

  async time({ mortise, replyFrom, path, headers }) {
    const times: Record<'theirs' | 'ours', number[]> = { theirs: [], ours: [] }
    const rounds = 9
    for (let round = -1; round < rounds; round++) {
      const theirs = await medianMs(replyFrom.origin, '/proxy/api/3/x', {})
      const ours = await medianMs(mortise.origin, `${path}/api/3/x`, headers)
      if (round < 0) continue
      times.theirs.push(theirs)
      times.ours.push(ours)
    }
    const more = median(times.ours.map((ours, round) => ours - (times.theirs[round] ?? Number.NaN)))
    const row = (name: string, values: number[]) => `| ${name} | ${median(values).toFixed(2)} |`
    return [
      '## Time of a request, one after the other',
      '',
      '| | median ms |',
      '| --- | ---: |',
      row('@fastify/reply-from', times.theirs),
      row('Mortise', times.ours),
      `| more, the median of ${rounds} rounds | ${more.toFixed(2)} |`,
      '',
    ].join('\n')
  },

  async bodies({ mortise, path, headers }) {
    const gigabyte = 1_000_000_000
    const part = randomBytes(65_536)
    function* parts() {
      for (let left = gigabyte; left > 0; left -= part.length)
        yield left < part.length ? part.subarray(0, left) : part
    }
    // What a process loads and compiles with its first calls is no matter of how long bodies are.
    await medianMs(mortise.origin, `${path}/api/3/x`, headers)
    const up = await sampled(mortise, async () => {
      const body = Readable.from(parts(), { objectMode: false })
      await once(mortise.origin, { path: `${path}/api/3/x`, method: 'POST', headers, body })
    })
    const down = await sampled(mortise, () =>
      once(mortise.origin, { path: `${path}/bytes/${gigabyte}`, method: 'GET', headers }),
    )
    const row = (name: string, { moreMb, ms }: Sampled) =>
      `| ${name} | ${moreMb.toFixed(0)} | ${(gigabyte / 1_000 / ms).toFixed(0)} |`
    return [
      '## A gigabyte through Mortise',
      '',
      '| | more resident MB at most | MB/s |',
      '| --- | ---: | ---: |',
      row('sent', up),
      row('received', down),
      '',
    ].join('\n')
  },
}

const requestsInRound = 500

async function medianMs(origin: string, path: string, headers: Record<string, string>): Promise<number> {
  const pool = new Pool(origin, { connections: 1 })
  const times: number[] = []
  for (let at = 0; at < requestsInRound; at++) {
    const begun = performance.now()
    const { body, statusCode } = await pool.request({ path, method: 'GET', headers })
    await body.dump()
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode}`)
    times.push(performance.now() - begun)
  }
  await pool.destroy()
  return median(times)
}

type Sampled = { moreMb: number; ms: number }

/** The most that a server holds while something is done, beyond what it held before. */
async function sampled(server: Server, work: () => Promise<void>): Promise<Sampled> {
  const before = server.residentMb()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, server.residentMb())
  }, 20)
  const begun = performance.now()
  await work()
  const ms = performance.now() - begun
  clearInterval(timer)
  return { moreMb: Math.max(most, server.residentMb()) - before, ms }
}

async function once(
  origin: string,
  request: { path: string; method: 'GET' | 'POST'; headers: Record<string, string>; body?: Readable },
): Promise<void> {
  const pool = new Pool(origin, { connections: 1, bodyTimeout: 120_000, headersTimeout: 120_000 })
  const { body, statusCode } = await pool.request({ ...request, body: request.body ?? null })
  for await (const _ of body) {
    // Taken, and let go.
  }
  if (statusCode !== 200) throw new Error(`${request.path}: ${statusCode}`)
  await pool.destroy()
}
