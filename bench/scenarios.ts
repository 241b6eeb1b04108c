// What is measured: who is compared with whom, on which requests.
import { type Contender, compare, tableOf } from './compare.ts'
import { sendMany } from './load.ts'
import type { Server } from './servers.ts'
import type { BenchAccount } from './store.ts'

export type Ground = {
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

const options = { rounds: 7, roundMs: 1_000 }
const soakRequests = 1_000_000

/** In the order of the report; each gives its part of it. */
export const scenarios: Record<string, (ground: Ground) => Promise<string>> = {
  async retrieve({ mortise, plain, small, bareFor }) {
    const path = '/v2/integrations/500/'
    const headers = authorizationOf(small)
    return table('Retrieve an integration', [
      { name: 'bare node:http, the same bytes', server: await bareFor(path, headers), path, headers },
      { name: 'plain Fastify + node:sqlite', server: plain, path },
      { name: 'Mortise', server: mortise, path, headers },
    ])
  },

  async v1({ mortise, small, bareFor }) {
    const path = `/api/v1/integrations/${small.connectionId}`
    const headers = authorizationOf(small)
    return table('Retrieve a connection by v1, its secret opened', [
      { name: 'bare node:http, the same bytes', server: await bareFor(path, headers), path, headers },
      { name: 'Mortise', server: mortise, path, headers },
    ])
  },

  async steps({ mortise, silent, silentAccount, emptyFastify, small, bareFor }) {
    const path = '/v2/integrations/500/'
    const headers = authorizationOf(small)
    const silentHeaders = authorizationOf(silentAccount)
    const health = '/healthz'
    return table('Where the time of a retrieve goes: each step has what those above it have', [
      { name: 'bare node:http', server: await bareFor(path, headers), path, headers },
      { name: 'an empty Fastify route', server: emptyFastify, path, headers },
      { name: 'Mortise, `/healthz`, without log', server: silent, path: health, headers: silentHeaders },
      {
        name: 'the key judged (`OPTIONS`), without log',
        server: silent,
        path,
        method: 'OPTIONS',
        status: 204,
        headers: silentHeaders,
      },
      { name: 'the integration read, without log', server: silent, path, headers: silentHeaders },
      { name: 'with log', server: mortise, path, headers },
    ])
  },

  list({ mortise, plain, small }) {
    const path = '/v2/integrations/?page=2'
    return table(`List 25 of ${small.integrations}`, [
      { name: 'plain Fastify + node:sqlite, with count(*)', server: plain, path },
      { name: 'Mortise', server: mortise, path, headers: authorizationOf(small) },
    ])
  },

  create({ mortise, plain, written }) {
    const request = { path: '/v2/integrations/', method: 'POST', status: 201, body: newIntegration } as const
    const headers = { 'content-type': 'application/json' }
    return table('Create an integration, on disk before the answer', [
      { ...request, name: 'plain Fastify + node:sqlite, one sync for each', server: plain, headers },
      { ...request, name: 'Mortise', server: mortise, headers: { ...headers, ...authorizationOf(written) } },
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
        server: mortise,
        path: `/v2/integrations/${pathOf(account.integrations)}`,
        headers: authorizationOf(account),
      })
      tables.push(await table(`Growth: ${name}`, [on(small), on(large)]))
    }
    return tables.join('\n')
  },

  async memory({ mortise, small }) {
    const target = { origin: mortise.origin, path: '/v2/integrations/500/', headers: authorizationOf(small) }
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

const newIntegration = JSON.stringify({
  name: 'Pinestreet Tech',
  email: 'albin@pinestreet.tech',
  recipient: 'Pinestreet Technology AB',
  address_line_1: 'Malmvägen 8',
  zip_code: '14171',
  city: 'Segeltorp',
})

async function table(title: string, contenders: readonly Contender[]): Promise<string> {
  return tableOf(title, await compare(contenders, options))
}

function authorizationOf({ key }: BenchAccount): Record<string, string> {
  return { authorization: `Token ${key}` }
}
