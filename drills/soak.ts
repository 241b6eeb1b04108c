// Half an hour of steady mixed load: memory, handles, the log and swept tables have to be as flat in the end as before.
import { readdirSync, statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type Killable, startOnFile } from '../test/support/killable.ts'
import { type Drill, judged, type Line, type Scale } from './drill.ts'
import { residentMib } from './hostile.ts'
import { startLoad, surround } from './load.ts'

const full = { forMs: 1_800_000, everyMs: 10_000 }
const quick = { forMs: 12_000, everyMs: 500 }
/** The last third may be so much above the one before. */
const grownMax = 1.1

export const soak: Drill = {
  about:
    'Steady mixed load for 30 minutes on one process. Of memory, open handles and the write-ahead log, the means of the second and the last third are compared: no more than 10 % may have been added.',
  run: async (scale) => [await keepAsking(scale)],
}

type Sample = Readonly<Record<'MiB resident' | 'handles' | 'MiB of log' | 'leases', number>>

async function keepAsking({ isQuick, say }: Scale): Promise<Line> {
  const { forMs, everyMs } = isQuick ? quick : full
  const around = await surround()
  const server = await startOnFile({ env: around.env })
  try {
    const load = await startLoad(server, around, { clients: 8, holders: 4, pauseMs: 100 })
    const samples: Sample[] = []
    for (const endsAt = performance.now() + forMs; performance.now() < endsAt; ) {
      await wait(everyMs)
      samples.push(await sampleOf(server))
      if (samples.length % 30 === 0) say(`${load.clients.count()} changes, ${JSON.stringify(samples.at(-1))}`)
    }
    const { faults, told, notes } = await load.end()
    const third = Math.floor(samples.length / 3)
    const flat: string[] = []
    const grown: string[] = []
    for (const name of ['MiB resident', 'handles', 'MiB of log', 'leases'] as const) {
      const before = meanOf(samples.slice(third, 2 * third), name)
      const after = meanOf(samples.slice(2 * third), name)
      flat.push(`${name} ${before.toFixed(1)} → ${after.toFixed(1)}`)
      // Of a few, one more is no trend.
      if (after > before * grownMax + 1)
        grown.push(`${name} grew from ${before.toFixed(1)} to ${after.toFixed(1)}`)
    }
    return judged(
      { what: 'steady load', load: told, faults: flat.join(', '), losses: String(faults.length) },
      [...(isQuick ? [] : grown), ...faults.map(({ kind, what }) => `${kind}: ${what}`)],
      notes,
    )
  } finally {
    await server.close()
    await around.close()
  }
}

async function sampleOf({ nodes, file, rows }: Killable & { file: string }): Promise<Sample> {
  const [{ child } = {}] = nodes
  const [leases] = await rows('select count(*) as n from leases')
  return {
    'MiB resident': residentMib(child),
    handles: readdirSync(`/proc/${child?.pid}/fd`).length,
    'MiB of log': statSync(`${file}-wal`).size / 1_048_576,
    leases: Number(leases?.n),
  }
}

function meanOf(samples: readonly Sample[], name: keyof Sample): number {
  return samples.reduce((sum, sample) => sum + sample[name], 0) / Math.max(1, samples.length)
}
