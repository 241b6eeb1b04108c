// A store that processes serve which may be killed at any moment: one on a file, or two on one database.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { call } from './api.ts'
import { keyIn, newHome } from './command-line.ts'
import { keyOf } from './idempotency.ts'
import { type Folders, type Served, start } from './process.ts'
import type { Asked } from './steady-clients.ts'

export type Killable = Asked & {
  readonly key: string
  readonly home: Folders
  /** What processes were started with, for commands beside them. */
  readonly env: NodeJS.ProcessEnv
  readonly dataDir: string
  /** Those that serve, or served last. */
  readonly nodes: readonly Served[]
  /** Whose turn it is. */
  address(): string
  kill(node?: number): Promise<void>
  restart(node?: number): Promise<void>
  close(): Promise<void>
}

type Options = {
  readonly env?: NodeJS.ProcessEnv
  /** Where its data are, if not in its home. */
  readonly dataDir?: string
}

export async function startOnFile(options: Options = {}): Promise<Killable & { readonly file: string }> {
  const home = newHome()
  const dataDir = options.dataDir ?? home.data
  const file = join(dataDir, 'mortise.db')
  const killable = await startNodes(home, dataDir, { ...home.env, ...options.env }, 1)
  return {
    ...killable,
    file,
    async rows(query) {
      const db = new DatabaseSync(file, { readOnly: true })
      try {
        return db
          .prepare(query)
          .all()
          .map((row) => ({ ...row }))
      } finally {
        db.close()
      }
    },
  }
}

export async function startOnDatabase(
  url: string,
  options: Options = {},
): Promise<Killable & { readonly session: pg.Client }> {
  const home = newHome()
  const session = new pg.Client({ connectionString: url })
  await session.connect()
  const env = { ...home.env, DATABASE_URL: url, ...options.env }
  const killable = await startNodes(home, home.data, env, 2)
  return {
    ...killable,
    session,
    rows: async (query) => (await session.query(query)).rows,
    async close() {
      await session.end()
      await killable.close()
    },
  }
}

async function startNodes(
  home: Folders,
  dataDir: string,
  given: NodeJS.ProcessEnv,
  count: number,
): Promise<Omit<Killable, 'rows'>> {
  const env = { MORTISE_LOG_LEVEL: 'error', ...given }
  const begin = () => start('serve', ['--data', dataDir], env)
  const nodes = [await begin()]
  while (nodes.length < count) nodes.push(await begin())
  const key = keyIn(nodes[0]?.output().stdout ?? '')
  let turn = 0
  const address = () => nodes[turn++ % nodes.length]?.address ?? ''
  return {
    key,
    home,
    env,
    dataDir,
    nodes,
    address,
    send: (method, path, body, idempotencyKey) =>
      call(address(), method, path, {
        key,
        body,
        headers: idempotencyKey === undefined ? {} : keyOf(idempotencyKey),
      }),
    async kill(node = 0) {
      await nodes[node]?.stop('SIGKILL')
    },
    async restart(node = 0) {
      nodes[node] = await begin()
    },
    async close() {
      for (const node of nodes) await node.stop('SIGKILL')
      home.remove()
    },
  }
}
