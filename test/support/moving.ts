// Moves of stores into PostgreSQL as tests make them: in a home of their own, and killed in the middle.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { newHome } from './command-line.ts'
import { makeStoreToMove, masterKey, type StoreToMove } from './moved-store.ts'
import { type Folders, main, run } from './process.ts'

const MORTISE_MASTER_KEY = masterKey.key.export().toString('base64')
const MORTISE_PUBLIC_URL = 'https://hub.example.com'

/** A store in a home of its own, which nobody has open. */
export async function newStore(of: Omit<StoreToMove, 'key'>) {
  const home = newHome()
  const store = await makeStoreToMove(
    { dataDir: home.data, keyDir: join(home.root, 'config', 'mortise') },
    of,
  )
  const env = { ...home.env, MORTISE_MASTER_KEY, MORTISE_PUBLIC_URL, MORTISE_LOG_LEVEL: 'error' }
  const move = (url: string, more: readonly string[] = [], variables: NodeJS.ProcessEnv = {}) =>
    run(['move', '--to', url, '--data', home.data, ...more], { env: { ...env, ...variables } })
  return { home, store, env, move }
}

export async function query(url: string, text: string): Promise<Array<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

type Cut = {
  home: Folders
  env: NodeJS.ProcessEnv
  url: string
  /** A table that is there, and that nothing is written into meanwhile, where the move would be over too soon. */
  holding?: string
}

/** Begins a move, and kills it once something is known to be there. */
export async function killedAt(what: string, cut: Cut): Promise<void> {
  await cutAt(what, cut, async (child) => child.kill('SIGKILL'))
}

/**
 * The same for any other way to end it.
 * @param strike does that, with a session of its own in the database
 * @returns how it ended, and what it said
 */
export async function cutAt(
  what: string,
  { home, env, url, holding }: Cut,
  strike: (child: ChildProcess, client: pg.Client) => Promise<unknown>,
): Promise<{ code: number | null; said: string }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  if (holding !== undefined) {
    await client.query('begin isolation level read committed')
    await client.query(`lock table ${holding} in access exclusive mode`)
  }
  const child = spawn(process.execPath, [main, 'move', '--to', url, '--data', home.data], { env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  try {
    for (;;) {
      assert.equal(child.exitCode, null, `it was done before ${what}: ${said}`)
      const { rows } = await client.query(
        `select case when to_regclass('store') is null then null
          else query_to_xml('select name from store', true, false, '')::text end as noted`,
      )
      if (String(rows[0]?.noted).includes(`>${what}<`)) break
      await wait(2)
    }
    await strike(child, client)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    await client.end()
  }
  return { code: await ended, said }
}
