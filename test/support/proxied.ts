// Calls through the proxy, byte for byte, to a provider of the test's own.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { Readable } from 'node:stream'
import { parseAllowed } from '../../src/outbound/allowed.ts'
import { newKey } from './api.ts'
import { type Connections, startConnections } from './connections.ts'
import { startUpstream, type Upstream } from './upstream.ts'
import { asObject, withoutLink } from './v2.ts'

export type ProxiedAnswer = {
  readonly status: number
  /** By lower-case name; a list where it came more than once. */
  header(name: string): string | undefined
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  /** Without the link that the hub's own errors have. */
  json(): Record<string, unknown>
}

export type CallOptions = {
  readonly key?: string
  readonly headers?: ReadonlyArray<readonly [string, string]>
  readonly body?: string | Buffer | Readable
  /** What stands before the path; the connection's proxy where nothing is said. */
  readonly target?: string
}

export type Proxied = {
  readonly v2: Connections
  readonly upstream: Upstream
  /** A connection to Stripe, for which the upstream stands in, as for all others. */
  readonly id: number
  /** Has `proxy:call` and no other scope. */
  readonly key: string
  ask(method: string, path: string, options?: CallOptions): Promise<ProxiedAnswer>
  close(): Promise<void>
}

export const secretKey = 'sk_test_CANARY7f3a9d0c1b'

export async function startProxied(options: Parameters<typeof startConnections>[0] = {}): Promise<Proxied> {
  const upstream = await startUpstream()
  const v2 = await startConnections({ egress: { standIn: upstream.origin }, ...options })
  const id = await v2.make('stripe', { secret_key: secretKey })
  const key = await newKey(v2.api, v2.account.id, { scopes: ['proxy:call'] })
  return {
    v2,
    upstream,
    id,
    key,
    ask: (method, path, given = {}) =>
      askThrough(v2.api.address, proxyPath(id), method, path, { key, ...given }),
    async close() {
      await v2.api.close()
      await upstream.close()
    },
  }
}

export const proxyPath = (id: number | string) => `/v2/connections/${id}/proxy`

/** The address of a local server, allowed to be called. */
export const allowing = (...origins: readonly string[]) =>
  origins.map((origin) => {
    const entry = parseAllowed(new URL(origin).host)
    assert.ok(entry)
    return entry
  })

/** Sends exactly these headers, beside the key, `Host` and what frames the body. */
export function askThrough(
  address: string,
  before: string,
  method: string,
  path: string,
  { key, headers = [], body, target = before }: CallOptions,
): Promise<ProxiedAnswer> {
  const { hostname, port, host } = new URL(address)
  const isNamed = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted)
  const all = [
    ...(isNamed('host') ? [] : [['Host', host] as const]),
    ...(key === undefined ? [] : [['Authorization', `Token ${key}`] as const]),
    ...(isNamed('integration-id') ? [] : [['Integration-ID', '1'] as const]),
    ...headers,
  ]
  const isWhole = typeof body === 'string' || Buffer.isBuffer(body)
  if (isWhole) all.push(['Content-Length', String(Buffer.byteLength(body))])
  else if (body && !isNamed('content-length')) all.push(['Transfer-Encoding', 'chunked'])
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path: `${target}${path}`, headers: all.flat(), agent: false },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const whole = Buffer.concat(parts)
          resolve({
            status: response.statusCode ?? 0,
            header: (name) => String(response.headers[name] ?? '') || undefined,
            rawHeaders: response.rawHeaders,
            body: whole,
            json: () => said(JSON.parse(whole.toString()), response.headers['mortise-origin']),
          })
        })
      },
    )
    sent.on('error', reject)
    if (isWhole || !body) sent.end(body)
    else body.pipe(sent)
  })
}

/** What the hub itself says links to the page of its code; a provider's answer is left as it is. */
function said(body: unknown, origin: unknown): Record<string, unknown> {
  const { code } = asObject(body)
  return asObject(origin === 'mortise' && typeof code === 'string' ? withoutLink(body, code) : body)
}
