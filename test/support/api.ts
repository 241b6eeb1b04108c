// A hub on a real store in a folder of its own, served over real HTTP on a free port.
import type { Server } from 'node:http'
import { Writable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { createApi } from '../../src/api.ts'
import { createHub, type Hub } from '../../src/app.ts'
import type { Catalogue } from '../../src/catalogue/index.ts'
import { readConfig } from '../../src/config.ts'
import { addressOf, listen } from '../../src/dialects/server.ts'
import type { Scope } from '../../src/hub/caller.ts'
import type { Clock } from '../../src/hub/timestamp.ts'
import type { Egress } from '../../src/outbound/guard.ts'
import { shownSettings } from '../../src/shown-settings.ts'
import { type Db, within } from '../../src/storage/database.ts'
import type { KeyRing } from '../../src/vault/key-ring.ts'
import { type MasterKey, newMasterKey } from '../../src/vault/master-key.ts'
import { openKeyRing } from './key-ring.ts'
import { openTestStore, type TestStore } from './store.ts'
import { type Watching, watching } from './watching.ts'

export type TestApi = {
  readonly address: string
  readonly server: Server
  readonly hub: Hub
  readonly db: Db
  readonly store: TestStore
  /** One more hub on the same store, which shares nothing in memory. */
  another(options?: ApiOptions): Promise<Hub>
  /** What is counted, as Prometheus reads it. */
  metrics(): Promise<string>
  /** What was logged so far, one line per record. */
  log(): string
  close(): Promise<void>
}

export type ApiOptions = {
  now?: Clock
  catalogue?: Catalogue
  logLevel?: 'trace' | 'silent'
  publicUrl?: string
  rateLimits?: { key: number; account: number }
  trustedProxies?: readonly string[]
  auditDays?: number
  egress?: Egress
  wait?: (ms: number) => Promise<unknown>
  onDeliveryError?: (error: unknown) => void
  /** Where a build of the console is. */
  consoleFolder?: string
  /** What the settings are read from that are shown. */
  environment?: Record<string, string>
}

export async function startApi(options: ApiOptions = {}): Promise<TestApi> {
  const watched = watching()
  return startNode(await openTestStore(watched.observer), newMasterKey('the test'), options, watched)
}

/** One node on a store, which may have others; closing it closes the store. */
export async function startNode(
  store: TestStore,
  fromEnvironment: MasterKey,
  options: ApiOptions = {},
  watched: Watching = watching(),
): Promise<TestApi> {
  const { observer } = watched
  const { db } = store
  const keyRing = await openKeyRing(db, fromEnvironment)
  await store.settle()
  let listening: FastifyInstance | undefined
  const publicUrl = () => options.publicUrl ?? (listening ? addressOf(listening.server) : '')
  const hubWith = (keyRing: KeyRing, options: ApiOptions) =>
    createHub({
      db,
      keyRing,
      rateLimits: options.rateLimits ?? { key: 0, account: 0 },
      ...(options.auditDays !== undefined && { auditDays: options.auditDays }),
      ...(options.now && { now: options.now }),
      ...(options.catalogue && { catalogue: options.catalogue }),
      ...(options.egress && { egress: options.egress }),
      ...(options.wait && { wait: options.wait }),
      ...(options.onDeliveryError && { onDeliveryError: options.onDeliveryError }),
      publicUrl,
      observer,
    })
  const hub = hubWith(keyRing, options)
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const app = createApi({
    hub,
    log: pino({ level: options.logLevel ?? 'trace', base: null }, sink),
    publicUrl,
    isTls: options.publicUrl?.startsWith('https:') ?? false,
    trustedProxies: options.trustedProxies ?? [],
    readiness: { isStopping: false, look: hub.readiness.look, writesRefused: watched.writesRefused },
    observer,
    writeMetrics: watched.write,
    settings: () => shownSettings(readConfig(options.environment ?? {}, {}).config, publicUrl()),
    ...(options.consoleFolder !== undefined && { consoleFolder: options.consoleFolder }),
  })
  listening = app
  watched.lookUpWith(async () => ({
    ...(await hub.readings()),
    isStopping: false,
    space: undefined,
    writesRefused: watched.writesRefused() !== undefined,
    httpConnections: 0,
  }))
  await listen(app, { host: '127.0.0.1', port: 0 })
  return {
    address: addressOf(app.server),
    server: app.server,
    hub,
    another: async (more = {}) => hubWith(await openKeyRing(db, fromEnvironment), { ...options, ...more }),
    // Tests look at all there is.
    db: within(db, 'all accounts'),
    store,
    metrics: watched.write,
    log: () => lines.join(''),
    async close() {
      await app.close()
      await hub.close()
      await hub.flush()
      await store.close()
    },
  }
}

/** An account with a key of the given scopes; by default all that an account's first key has. */
export async function newAccount(
  { hub }: Pick<TestApi, 'hub'>,
  options: { id?: number; scopes?: readonly Scope[]; integrationId?: string } = {},
): Promise<{ id: number; key: string }> {
  const { id } = await hub.accounts.create({
    name: 'Test product',
    identity: {
      email: 'invoices@example.com',
      addressLine1: 'Street 1',
      zipCode: '11129',
      city: 'Stockholm',
    },
    ...(options.id !== undefined && { id: options.id }),
  })
  return { id, key: await newKey({ hub }, id, options) }
}

export async function newKey(
  { hub }: Pick<TestApi, 'hub'>,
  accountId: number,
  options: { scopes?: readonly Scope[]; integrationId?: string; name?: string } = {},
): Promise<string> {
  const { text } = await hub.apiKeys.create(hub.callerFor(accountId), { name: 'test', ...options })
  return text
}

export type Answer = { status: number; headers: Headers; text: string; body: unknown }

/** A request with a key; `body` is sent as JSON unless it is text, bytes or a form. */
export async function call(
  address: string,
  method: string,
  path: string,
  options: { key?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { key, body, headers = {} } = options
  const isRaw =
    body === undefined ||
    typeof body === 'string' ||
    body instanceof Uint8Array ||
    body instanceof FormData ||
    body instanceof URLSearchParams
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Token ${key}` }),
      ...(!isRaw && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw ? (body as string | FormData) : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text === '' ? undefined : parsed(text, response.headers.get('content-type')),
  }
}

/** JSON Lines as a list; nothing of pages and metrics. */
function parsed(text: string, type: string | null): unknown {
  if (type?.startsWith('text/')) return undefined
  if (type !== 'application/x-ndjson') return JSON.parse(text)
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
}
