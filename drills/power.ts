// Power cuts: everything that was not synced is gone, under clients that write; what was acknowledged has to be there.
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Fault } from '../test/support/history.ts'
import { startOnFile } from '../test/support/killable.ts'
import { historyFaults, startClients } from '../test/support/steady-clients.ts'
import { type Disk, makeDisk } from './disk.ts'
import { type Drill, judged, type Line, type Scale, skipped } from './drill.ts'
import { words } from './load.ts'

const full = { cuts: 40, firstStarts: 10, controlCuts: 10 }
const quick = { cuts: 2, firstStarts: 1, controlCuts: 3 }
const clientCount = 6
const answersWithinMs = 30_000

export const power: Drill = {
  about:
    'Data folder and key file on an ext4 of their own, whose unsynced data are dropped by the file system’s shutdown ioctl while clients write; the machine “starts again”, and every acknowledged write has to be there. A control run that syncs less has to lose some: it shows that the drill would find it.',
  async run(scale) {
    const { cuts, firstStarts, controlCuts } = scale.isQuick ? quick : full
    const disk = makeDisk()
    if (typeof disk === 'string') return [skipped('power cuts', disk)]
    disk.remove()
    return [
      await atFirstStarts(firstStarts, scale),
      await underLoad(cuts, scale),
      await control(controlCuts, scale),
    ]
  },
}

/** As soon as the first write is acknowledged: neither the store nor its key may be lost. */
async function atFirstStarts(cuts: number, { say }: Scale): Promise<Line> {
  const faults: Fault[] = []
  let changes = 0
  for (let cut = 0; cut < cuts; cut++) {
    const result = await cutPower({ cuts: 1, isFirst: true })
    faults.push(...result.faults)
    changes += result.changes
  }
  say(`cut ${cuts} first starts`)
  return lineOf('right after the first write to a new store', cuts, changes, faults)
}

async function underLoad(cuts: number, { say }: Scale): Promise<Line> {
  const { faults, changes } = await cutPower({ cuts, say })
  return lineOf('under load', cuts, changes, faults)
}

async function control(cuts: number, { say }: Scale): Promise<Line> {
  const patch = pathToFileURL(join(import.meta.dirname, 'without-syncs.ts')).href
  const { faults, changes } = await cutPower({ cuts, env: { NODE_OPTIONS: `--import ${patch}` }, say })
  const lost = faults.filter(({ kind }) => kind === 'lost').length
  return judged(
    {
      what: 'control: synchronous=NORMAL',
      load: `${words(changes)} changes`,
      faults: `${cuts} cuts`,
      losses: `${lost}, as it should`,
    },
    lost === 0 ? ['nothing was lost: the drill would not have found a loss'] : [],
  )
}

function lineOf(what: string, cuts: number, changes: number, faults: readonly Fault[]): Line {
  const load = `${words(changes)} changes acknowledged`
  return judged(
    { what, load, faults: `${cuts} cuts`, losses: String(faults.length) },
    faults.map(({ kind, what }) => `${kind}: ${what}`),
  )
}

type Wanted = {
  readonly cuts: number
  readonly env?: NodeJS.ProcessEnv
  /** The cut comes with the first acknowledgement. */
  readonly isFirst?: boolean
  readonly say?: (text: string) => void
}

async function cutPower(wanted: Wanted): Promise<{ faults: Fault[]; changes: number }> {
  const disk = makeDisk()
  if (typeof disk === 'string') throw new Error(disk)
  try {
    return await onDisk(disk, wanted)
  } finally {
    disk.remove()
  }
}

async function onDisk(disk: Disk, { cuts, env = {}, isFirst = false, say }: Wanted) {
  const dataDir = join(disk.folder, 'data')
  const server = await startOnFile({
    dataDir,
    env: { XDG_CONFIG_HOME: join(disk.folder, 'config'), ...env },
  })
  const clients = startClients(server, isFirst ? 1 : clientCount)
  const found = new Map<string, Fault>()
  try {
    for (let cut = 0; cut < cuts; cut++) {
      const wanted = clients.count() + 1
      const until = performance.now() + answersWithinMs
      while (clients.count() < wanted && performance.now() < until) await wait(1)
      if (clients.count() < wanted) {
        // Who lost the key that all are asked with can be asked nothing any more.
        found.set('stopped', { kind: 'lost', what: `nothing is acknowledged any more after ${cut} cuts` })
        break
      }
      if (!isFirst) await wait(100 + Math.random() * 700)
      disk.cut()
      // Whatever it answers now, on a disk that is gone, counts as well.
      await wait(Math.random() * 100)
      await server.kill()
      disk.mount()
      for (const fault of await historyFaults(server, clients)) found.set(fault.what, fault)
      await server.restart()
      if (cut % 10 === 9) say?.(`cut ${cut + 1} times, ${clients.count()} changes, ${found.size} faults`)
    }
    await clients.stop()
    for (const fault of await historyFaults(server, clients)) found.set(fault.what, fault)
    return { faults: [...found.values()], changes: clients.count() }
  } finally {
    await clients.stop().catch(() => undefined)
    await server.close()
  }
}
