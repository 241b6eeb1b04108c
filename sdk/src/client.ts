// The client: a method for each route of the contract, and the providers' own APIs through the hub.
import { itemsOf, linesOf, type Page } from './answers.ts'
import type { ClientOptions, RequestOptions } from './options.ts'
import { type ProviderFetch, providerFetch } from './provider-fetch.ts'
import { routes } from './routes.ts'
import { type Send, sender } from './send.ts'
import type { Resources, Route } from './types.ts'

export type Mortise = Omit<Resources, 'connections'> & {
  readonly connections: Resources['connections'] & ProviderFetch
  /** The same, acting as an integration. */
  as(integration: string): Mortise
}

/** @param options where the hub is, and the key that it gave */
export function createMortise(options: ClientOptions): Mortise {
  const send = sender(options)
  const resources = Object.entries(routes).map(([name, table]) => [name, resource(table, send)] as const)
  const client = Object.fromEntries(resources) as Resources
  return {
    ...client,
    connections: { ...client.connections, ...providerFetch(options) },
    as: (integration) => createMortise({ ...options, integration }),
  }
}

type Given = RequestOptions & { readonly query?: Readonly<Record<string, unknown>> }

function resource(table: Readonly<Record<string, Route>>, send: Send): object {
  const methods = Object.entries(table).map(([action, route]) => [action, method(route, send)] as const)
  const { list } = table
  return { ...Object.fromEntries(methods), ...(list && { all: all(list, send) }) }
}

function method({ method, path }: Route, send: Send) {
  const idCount = path.split('{').length - 1
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return async (...given: unknown[]): Promise<unknown> => {
    const ids = given.slice(0, idCount)
    const more = given.slice(idCount)
    // A body is always an object of its own, before the options.
    const isBodyGiven = hasBody && (more.length > 1 || !isOptions(more[0]))
    const [body, options] = isBodyGiven ? more : [undefined, more[0]]
    return request(send, method, pathFor(path, ids), body, (options ?? {}) as Given)
  }
}

async function request(
  send: Send,
  method: string,
  path: string,
  body: unknown,
  given: Given,
): Promise<unknown> {
  const { query, ...options } = given
  const isLines = path.endsWith('/export/')
  const response = await send(
    {
      method,
      path: `${path}${queryText(query)}`,
      ...(body !== undefined && { body }),
      ...(isLines && { accept: 'application/x-ndjson' }),
    },
    options,
  )
  if (isLines) return linesOf(response)
  return response.status === 204 ? undefined : response.json()
}

function all({ method, path }: Route, send: Send) {
  const idCount = path.split('{').length - 1
  return (...given: unknown[]) => {
    const { query, ...options } = (given[idCount] ?? {}) as Given
    const first = `${pathFor(path, given.slice(0, idCount))}${queryText(query)}`
    return itemsOf(async (link) => {
      // A link names the hub's public address, which may be another than the one it is asked at.
      const where = link === undefined ? first : pathOf(link)
      const response = await send({ method, path: where }, options)
      return (await response.json()) as Page
    })
  }
}

const optionNames = new Set(['integration', 'idempotencyKey', 'signal', 'query'])

function isOptions(value: unknown): boolean {
  if (value === undefined) return true
  if (typeof value !== 'object' || value === null) return false
  const names = Object.keys(value)
  return names.length > 0 && names.every((name) => optionNames.has(name))
}

function pathFor(path: string, ids: readonly unknown[]): string {
  const rest = [...ids]
  return path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(String(rest.shift())))
}

function pathOf(link: string): string {
  const { pathname, search } = new URL(link)
  // What stands before it there need not stand before it here.
  return `${pathname.slice(pathname.indexOf('/v2/'))}${search}`
}

function queryText(query: Given['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  const text = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString()
  return text === '' ? '' : `?${text}`
}
