// What is measured on the embedded engine: who is compared with whom, on which requests.
import { join } from 'node:path'
import type { Contender } from './compare.ts'
import { sendMany } from './load.ts'
import { authorizationOf, type Begun, newIntegration, type Place, table } from './requests.ts'
import { type Server, startBare, startEmptyFastify, startMortise, startPlain } from './servers.ts'
import { type BenchAccount, makeStore } from './store.ts'
import { vaultRates } from './vault-rates.ts'
import { webhookRates } from './webhooks.ts'

type Ground = {
  mortise: Server
  plain: Server
  /** Mortise that logs nothing, on a store of its own. */
  silent: Server
  silentAccount: BenchAccount
  /** Fastify with one route that has nothing to do. */
  emptyFastify: Server
  /** A bare server that gives the answer that Mortise gives to a GET of the path. */
  bareFor(path: string, headers: Record<string, string>): Promise<Server>
  small: BenchAccount
  large: BenchAccount
  /** Grows as it is written to. */
  written: BenchAccount
}

export async function beginOnSqlite({ folder, started }: Place): Promise<Begun> {
  const sizes = { small: 1_000, written: 1, large: 1_000_000 }
  const place = { dataDir: join(folder, 'data') }
  const { small, written, large } = await makeStore(folder, place, sizes)
  const mortise = await started(startMortise(folder, place))
  const silentPlace = { dataDir: join(folder, 'silent') }
  const { silentAccount } = await makeStore(folder, silentPlace, { silentAccount: sizes.small })
  const ground: Ground = {
    mortise,
    silent: await started(startMortise(folder, silentPlace, { MORTISE_LOG_LEVEL: 'silent' })),
    silentAccount,
    emptyFastify: await started(startEmptyFastify()),
    plain: await started(startPlain('plain.ts', [folder, String(sizes.small)])),
    async bareFor(path, headers) {
      const response = await fetch(`${mortise.origin}${path}`, { headers })
      return started(startBare({ headers: response.headers, body: await response.text() }))
    },
    small,
    written,
    large,
  }
  const bound = Object.entries(scenarios).map(([name, run]) => [name, () => run(ground)] as const)
  return { scenarios: Object.fromEntries(bound), processes: [] }
}

const soakRequests = 1_000_000

/** In the order of the report; each gives its part of it. */
const scenarios: Record<string, (ground: Ground) => Promise<string>> = {
  async retrieve({ mortise, plain, small, bareFor }) {
    const path = '/v2/integrations/500/'
    const headers = authorizationOf(small)
    return table('Retrieve an integration', [
      { name: 'bare node:http, the same bytes', servers: [await bareFor(path, headers)], path, headers },
      { name: 'plain Fastify + node:sqlite', servers: [plain], path },
      { name: 'Mortise', servers: [mortise], path, headers },
    ])
  },

  async v1({ mortise, small, bareFor }) {
    const path = `/api/v1/integrations/${small.connectionId}`
    const headers = authorizationOf(small)
    return table('Retrieve a connection by v1, its secret opened', [
      { name: 'bare node:http, the same bytes', servers: [await bareFor(path, headers)], path, headers },
      { name: 'Mortise', servers: [mortise], path, headers },
    ])
  },

  async vault({ mortise, small }) {
    const path = `/api/v1/integrations/${small.connectionId}`
    const plain = { authorization: `Token ${small.plainKey}` }
    const opened = await table('Retrieve a connection by v1: what opening its secret costs', [
      { name: 'by a key that may not read secrets', servers: [mortise], path, headers: plain },
      { name: 'with its secret opened', servers: [mortise], path, headers: authorizationOf(small) },
    ])
    return `${opened}\n${await vaultRates()}`
  },

  async steps({ mortise, silent, silentAccount, emptyFastify, small, bareFor }) {
    const path = '/v2/integrations/500/'
    const headers = authorizationOf(small)
    const silentHeaders = authorizationOf(silentAccount)
    const health = '/healthz'
    return table('Where the time of a retrieve goes: each step has what those above it have', [
      { name: 'bare node:http', servers: [await bareFor(path, headers)], path, headers },
      { name: 'an empty Fastify route', servers: [emptyFastify], path, headers },
      { name: 'Mortise, `/healthz`, without log', servers: [silent], path: health, headers: silentHeaders },
      {
        name: 'the key judged (`OPTIONS`), without log',
        servers: [silent],
        path,
        method: 'OPTIONS',
        status: 204,
        headers: silentHeaders,
      },
      { name: 'the integration read, without log', servers: [silent], path, headers: silentHeaders },
      { name: 'with log', servers: [mortise], path, headers },
    ])
  },

  list({ mortise, plain, small }) {
    const path = '/v2/integrations/?page=2'
    return table(`List 25 of ${small.integrations}`, [
      { name: 'plain Fastify + node:sqlite, with count(*)', servers: [plain], path },
      { name: 'Mortise', servers: [mortise], path, headers: authorizationOf(small) },
    ])
  },

  create({ mortise, plain, written }) {
    const request = { path: '/v2/integrations/', method: 'POST', status: 201, body: newIntegration } as const
    const headers = { 'content-type': 'application/json' }
    return table('Create an integration, on disk before the answer', [
      { ...request, name: 'plain Fastify + node:sqlite, one sync for each', servers: [plain], headers },
      {
        ...request,
        name: 'Mortise',
        servers: [mortise],
        headers: { ...headers, ...authorizationOf(written) },
      },
    ])
  },

  async growth({ mortise, small, large }) {
    const paths: Record<string, (integrations: number) => string> = {
      retrieve: (integrations) => `${integrations / 2}/`,
      'first page': () => '?page=1',
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
      })
      tables.push(await table(`Growth: ${name}`, [on(small), on(large)]))
    }
    return tables.join('\n')
  },

  webhooks: webhookRates,

  async memory({ mortise, small }) {
    const target = {
      origins: [mortise.origin],
      path: '/v2/integrations/500/',
      headers: authorizationOf(small),
    }
    const rows = [`| at the beginning | ${mortise.residentMb().toFixed(0)} |`]
    for (let sent = soakRequests / 10; sent <= soakRequests; sent += soakRequests / 10) {
      await sendMany(target, soakRequests / 10)
      rows.push(`| ${sent.toLocaleString('en')} | ${mortise.residentMb().toFixed(0)} |`)
    }
    return [
      '## Memory, after all of the above',
      '',
      '| requests | resident MB |',
      '| ---: | ---: |',
      ...rows,
      '',
    ].join('\n')
  },
}
