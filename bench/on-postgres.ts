// What is measured on PostgreSQL: Mortise and a plain server on the same one, then two nodes of Mortise.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../test/support/postgres.ts'
import { accountsGrow } from './accounts.ts'
import type { Contender } from './compare.ts'
import { connections } from './load.ts'
import { authorizationOf, type Begun, newIntegration, type Place, table } from './requests.ts'
import { cpuOf, type Server, startMortise, startPlain } from './servers.ts'
import { type BenchAccount, makeStore } from './store.ts'

type Ground = {
  databaseUrl: string
  database: { cpuS(): number }
  mortise: Server
  second: Server
  plain: Server
  small: BenchAccount
  large: BenchAccount
  /** Grow as they are written to: as many as there are connections. */
  written: readonly BenchAccount[]
}

const sizes = { small: 1_000, large: 1_000_000 }

export async function beginOnPostgres({ folder, started }: Place): Promise<Begun> {
  const server = await startPostgres(['-c', 'shared_buffers=512MB'])
  const place = { dataDir: join(folder, 'data'), databaseUrl: server.url('mortise') }
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  for (const name of ['mortise', 'plain']) await client.query(`create database ${name}`)
  await client.end()
  const writtenNames = Array.from({ length: connections }, (_, at) => [`written${at}`, 1] as const)
  const accounts = await makeStore(folder, place, { ...sizes, ...Object.fromEntries(writtenNames) })
  const { small, large, ...written } = accounts
  if (!small || !large) throw new Error('no accounts')
  const ground: Ground = {
    databaseUrl: place.databaseUrl,
    database: { cpuS: () => cpuOfServer(server) },
    mortise: await started(startMortise(folder, place)),
    second: await started(startMortise(folder, place)),
    plain: await started(startPlain('plain-postgres.ts', [server.url('plain'), String(sizes.small)])),
    small,
    large,
    written: Object.values(written),
  }
  const bound = Object.entries(scenarios).map(([name, run]) => [name, () => run(ground)] as const)
  return { scenarios: Object.fromEntries(bound), processes: [{ stop: () => server.remove() }] }
}

const scenarios: Record<string, (ground: Ground) => Promise<string>> = {
  retrieve({ mortise, plain, small, database }) {
    const path = '/v2/integrations/500/'
    return table('Retrieve an integration', [
      { name: 'plain Fastify + pg', servers: [plain], path, database },
      { name: 'Mortise', servers: [mortise], path, headers: authorizationOf(small), database },
    ])
  },

  list({ mortise, plain, small, database }) {
    const path = '/v2/integrations/?page=2'
    return table(`List 25 of ${small.integrations}`, [
      { name: 'plain Fastify + pg, with count(*)', servers: [plain], path, database },
      { name: 'Mortise', servers: [mortise], path, headers: authorizationOf(small), database },
    ])
  },

  create({ mortise, plain, written, database }) {
    const request = {
      path: '/v2/integrations/',
      method: 'POST',
      status: 201,
      body: newIntegration,
      database,
    } as const
    const json = { 'content-type': 'application/json' }
    const headersOf = (connection: number) => ({ ...json, ...authorizationOf(at(written, connection)) })
    return table('Create an integration, on disk before the answer', [
      { ...request, name: 'plain Fastify + pg', servers: [plain], headers: json },
      {
        ...request,
        name: 'Mortise, each connection its own account',
        servers: [mortise],
        headers: headersOf,
      },
      { ...request, name: 'Mortise, all in one account', servers: [mortise], headers: headersOf(0) },
    ])
  },

  async nodes({ mortise, second, small, written, database }) {
    const create = {
      path: '/v2/integrations/',
      method: 'POST',
      status: 201,
      body: newIntegration,
      headers: (connection: number) => ({
        'content-type': 'application/json',
        ...authorizationOf(at(written, connection)),
      }),
      database,
    } as const
    const retrieve = { path: '/v2/integrations/500/', headers: authorizationOf(small), database }
    return [
      await table('Nodes: retrieve', [
        { ...retrieve, name: 'one node', servers: [mortise] },
        { ...retrieve, name: 'two nodes', servers: [mortise, second] },
      ]),
      await table('Nodes: create, each connection its own account', [
        { ...create, name: 'one node', servers: [mortise] },
        { ...create, name: 'two nodes', servers: [mortise, second] },
      ]),
    ].join('\n')
  },

  async growth({ mortise, small, large, database, databaseUrl }) {
    const paths: Record<string, (integrations: number) => string> = {
      retrieve: (integrations) => `${integrations / 2}/`,
      'middle page': (integrations) => `?page=${integrations / 50}`,
      'last page': () => '?page=last',
    }
    const tables: string[] = []
    for (const [name, pathOf] of Object.entries(paths)) {
      const on = (account: BenchAccount): Contender => ({
        name: `an account with ${account.integrations.toLocaleString('en')} integrations`,
        servers: [mortise],
        path: `/v2/integrations/${pathOf(account.integrations)}`,
        headers: authorizationOf(account),
        database,
      })
      tables.push(await table(`Growth: ${name}`, [on(small), on(large)]))
    }
    tables.push(await onDisk(databaseUrl, 'integrations', 'tallies'))
    const create = (account: BenchAccount): Contender => ({
      name: `an account with ${account.integrations.toLocaleString('en')} integrations`,
      servers: [mortise],
      path: '/v2/integrations/',
      method: 'POST',
      status: 201,
      body: newIntegration,
      headers: { 'content-type': 'application/json', ...authorizationOf(account) },
      database,
    })
    tables.push(await table('Growth: create', [create(small), create(large)]))
    return tables.join('\n')
  },

  accounts({ mortise, databaseUrl, database }) {
    return accountsGrow({ mortise, databaseUrl, database })
  },
}

async function onDisk(databaseUrl: string, ...tables: string[]): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const lines: string[] = []
  for (const table of tables) {
    const { rows } = await client.query(
      `select count(*) as rows, pg_relation_size('${table}') as bytes, pg_indexes_size('${table}') as indexes from ${table}`,
    )
    const { rows: count, bytes, indexes } = rows[0]
    lines.push(
      `| ${table} | ${Number(count).toLocaleString('en')} | ${Math.round(bytes / count)} | ${Math.round(indexes / count)} |`,
    )
  }
  await client.end()
  return [
    '## Growth: on disk\n',
    '| table | rows | bytes/row | bytes of indexes/row |',
    '| --- | ---: | ---: | ---: |',
    ...lines,
    '',
  ].join('\n')
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('an empty list')
  return item
}

/** Of all processes of a server; those of ended sessions are counted by the first of them. */
export function cpuOfServer({ dataDir }: PostgresServer): number {
  const first = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce(
      (sum, pid) => sum + (Number(pid) === first || parentOf(pid) === first ? cpuOf(Number(pid)) : 0),
      0,
    )
}

function parentOf(pid: string): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
    return Number(fields.split(' ')[1])
  } catch {
    // It has ended in the meantime.
    return 0
  }
}
