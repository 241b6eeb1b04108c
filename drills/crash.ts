// kill -9 every two seconds under mixed load, on a file and on one of two nodes: nothing is lost, twice or half.
import { setTimeout as wait } from 'node:timers/promises'
import { type Killable, startOnDatabase, startOnFile } from '../test/support/killable.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { run } from '../test/support/process.ts'
import { type Drill, judged, type Line, percentile, type Scale, seconds } from './drill.ts'
import { type Surroundings, startLoad, surround } from './load.ts'

const everyMs = 2_000
/** However long a start takes, so long it serves. */
const servesMs = 1_000
const full = { forMs: 300_000, clients: 8, holders: 6, pauseMs: 20 }
const quick = { forMs: 6_000, clients: 4, holders: 2, pauseMs: 5 }
/** So soon has a process to serve again that was killed. */
const readyWithinMs = 5_000

export const crash: Drill = {
  about:
    'kill -9 every 2 seconds for 5 minutes, under clients that create, change, delete and repeat, with webhooks and access tokens that end after 2 seconds; then every answer is held against what is stored.',
  async run(scale) {
    return [await onSqlite(scale), await onPostgres(scale)]
  },
}

async function onSqlite(scale: Scale): Promise<Line> {
  return within(async (around) => {
    const server = await startOnFile({ env: around.env })
    try {
      return await keepKilling('SQLite, one process', server, around, scale, async () => {
        const [first] = await server.rows('PRAGMA integrity_check')
        return first?.integrity_check === 'ok' ? [] : [`integrity_check: ${JSON.stringify(first)}`]
      })
    } finally {
      await server.close()
    }
  })
}

async function onPostgres(scale: Scale): Promise<Line> {
  const postgres = await startPostgres()
  try {
    return await within(async (around) => {
      const server = await startOnDatabase(postgres.url('postgres'), { env: around.env })
      try {
        return await keepKilling('PostgreSQL, two nodes', server, around, scale, async () => {
          const hanging = await server.rows(
            `select pid from pg_stat_activity where application_name = 'mortise' and state like 'idle in transaction%'
             and state_change < now() - interval '10 seconds'`,
          )
          return hanging.map(() => 'a session of the dead stands in a transaction')
        })
      } finally {
        await server.close()
      }
    })
  } finally {
    await postgres.remove()
  }
}

async function within<Result>(work: (around: Surroundings) => Promise<Result>): Promise<Result> {
  const around = await surround()
  try {
    return await work(around)
  } finally {
    await around.close()
  }
}

/** @param look what is wrong with the store, after a start */
async function keepKilling(
  what: string,
  server: Killable,
  around: Surroundings,
  { isQuick, say }: Scale,
  look: () => Promise<string[]>,
): Promise<Line> {
  const { forMs, ...options } = isQuick ? quick : full
  const load = await startLoad(server, around, options)
  const readyMs: number[] = []
  const wrong: string[] = []
  let kills = 0
  try {
    for (const endsAt = performance.now() + forMs; performance.now() < endsAt; kills++) {
      const next = performance.now() + everyMs
      // Not always at the same moment of a round.
      await wait(Math.random() * 200)
      const node = kills % server.nodes.length
      load.noteCut()
      await server.kill(node)
      const begun = performance.now()
      await server.restart(node)
      readyMs.push(performance.now() - begun)
      wrong.push(...(await look()))
      if (kills % 25 === 24) say(`${what}: killed ${kills + 1} times, ${load.clients.count()} changes`)
      await wait(Math.max(servesMs, next - performance.now()))
    }
  } catch (error) {
    await load.clients.stop().catch(() => undefined)
    throw error
  }
  const { faults, told, notes } = await load.end()
  const slowest = Math.max(...readyMs)
  if (slowest > readyWithinMs) wrong.push(`a start took ${seconds(slowest)}`)
  wrong.push(...(await verifyTrail(server)))
  return judged(
    {
      what,
      load: told,
      faults: `${kills} kills; ready again after ${seconds(percentile(readyMs, 50))}, at most ${seconds(slowest)}`,
      losses: String(faults.length),
    },
    [...faults.map(({ kind, what }) => `${kind}: ${what}`), ...wrong],
    notes,
  )
}

/** By the product's own doctor: every record in its chain, every sealed value. */
async function verifyTrail({ home, env, dataDir }: Killable): Promise<string[]> {
  const doctor = await run(['doctor', '--deep', '--data', dataDir], { env })
  const bad = doctor.stdout.split('\n').filter((line) => line.startsWith('FAIL'))
  const audit = await run(['audit', 'verify', '--data', dataDir], { env, cwd: home.root })
  if (audit.code !== 0) bad.push(`audit verify: ${audit.stdout}${audit.stderr}`)
  return bad
}
