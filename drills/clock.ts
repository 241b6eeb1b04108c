// The clock jumps by an hour and by a day, forward and back, under a real process: libfaketime reads the offset from a file.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { call } from '../test/support/api.ts'
import { type Killable, startOnFile } from '../test/support/killable.ts'
import { newFolders } from '../test/support/process.ts'
import { historyFaults, repeatLatest, startClients } from '../test/support/steady-clients.ts'
import { asObject } from '../test/support/v2.ts'
import { type Drill, judged, type Line, type Scale, skipped } from './drill.ts'
import { startLoad, surround } from './load.ts'

const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (name) => `/usr/lib/${name}/faketime/libfaketime.so.1`,
)

const jumps: ReadonlyArray<readonly [what: string, offset: string]> = [
  ['an hour forward', '+3600'],
  ['back again', '+0'],
  ['an hour back', '-3600'],
  ['forward again', '+0'],
  ['a day forward', '+86400'],
  ['a day back from there', '+0'],
]

export const clock: Drill = {
  about:
    'The clock of a real process jumps by an hour and by a day, forward and back, under mixed load with webhooks and access tokens: nothing fails, is lost or is done twice; what has ended by then has ended, and nothing else.',
  async run(scale) {
    const library = libraries.find((file) => existsSync(file))
    if (library === undefined) return [skipped('jumps of the clock', 'libfaketime is not installed')]
    return [await underLoad(library, scale), await whatEnds(library)]
  },
}

type Jumping = { readonly env: NodeJS.ProcessEnv; set(offset: string): void; remove(): void }

function jumping(library: string): Jumping {
  const { root, remove } = newFolders()
  const file = join(root, 'offset')
  const set = (offset: string) => writeFileSync(file, `${offset}\n`)
  set('+0')
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Timers go on as they do when a machine's clock is set.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove,
  }
}

async function underLoad(library: string, { isQuick, say }: Scale): Promise<Line> {
  const around = await surround()
  const time = jumping(library)
  const server = await startOnFile({ env: { ...around.env, ...time.env } })
  try {
    const load = await startLoad(server, around, { clients: 4, holders: 2, pauseMs: 20 })
    const wrong: string[] = []
    for (const [what, offset] of jumps) {
      time.set(offset)
      load.noteCut()
      say(what)
      const before = load.clients.count()
      await wait(isQuick ? 1_500 : 15_000)
      if (load.clients.count() === before) wrong.push(`nothing was done after ${what}`)
      wrong.push(...(await offBy(server, Number(offset))))
    }
    const { faults, told, notes } = await load.end()
    return judged(
      {
        what: 'under mixed load',
        load: told,
        faults: `${jumps.length} jumps`,
        losses: String(faults.length),
      },
      [...wrong, ...faults.map(({ kind, what }) => `${kind}: ${what}`)],
      notes,
    )
  } finally {
    await server.close()
    await around.close()
    time.remove()
  }
}

/** The process has to live by the clock that jumps, or nothing was tried. */
async function offBy(server: Killable, offsetS: number): Promise<string[]> {
  const [row] = await server.rows('select max(sequence) as last from audit')
  const rows = await server.rows(`select at from audit where sequence = ${Number(row?.last)}`)
  const differenceS = (Date.parse(String(rows[0]?.at)) - Date.now()) / 1_000
  return Math.abs(differenceS - offsetS) < 30 ? [] : [`its clock is off by ${differenceS}, not ${offsetS} s`]
}

/** A key that ends in half an hour, and answers that are kept for a day. */
async function whatEnds(library: string): Promise<Line> {
  const time = jumping(library)
  const server = await startOnFile({ env: time.env })
  const wrong: string[] = []
  try {
    const ends = new Date(Date.now() + 1_800_000).toISOString()
    const made = await call(server.address(), 'POST', '/v2/api_keys/', {
      key: server.key,
      body: { name: 'ends soon', expires_at: ends, scopes: ['integrations:read'] },
    })
    const key = String(asObject(made.body).key)
    const statusOf = async () => (await call(server.address(), 'GET', '/v2/integrations/', { key })).status
    const expect = async (status: number, when: string) => {
      const found = await statusOf()
      if (found !== status) wrong.push(`${when}, a key for half an hour is answered ${found}, not ${status}`)
    }
    await expect(200, 'now')
    time.set('-86400')
    await expect(200, 'a day ago')
    time.set('+3600')
    await expect(401, 'in an hour')
    time.set('+0')
    await expect(200, 'now again')
    const clients = startClients(server, 2)
    await wait(500)
    await clients.stop()
    time.set('+82800')
    await repeatLatest(server, clients, 20)
    const faults = await historyFaults(server, clients)
    wrong.push(...faults.map(({ kind, what }) => `${kind}: ${what}`))
    return judged(
      {
        what: 'what ends, and what does not',
        load: '2 clients',
        faults: '4 jumps',
        losses: String(wrong.length),
      },
      wrong,
      ['answers under idempotency keys are given again 23 hours later'],
    )
  } finally {
    await server.close()
    time.remove()
  }
}
