// One local server that stands in for all providers: each request goes to the stand-in that its `Host` names.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { createStandIns, sampleRows } from './index.ts'
import { modeOf } from './modes.ts'
import { json, text } from './replies.ts'
import type { Asked, Reply, StandIn } from './stand-in.ts'

export type SandboxOptions = {
  readonly port: number
  readonly host?: string
  /** Milliseconds since 1970. */
  nowMs?(): number
  /** How long slow answers take; more than Mortise waits for. */
  readonly slowMs?: number
  /** How long access tokens live. */
  readonly accessTokenS?: number
  /** How many of the latest requests are kept to be looked at; they hold credentials. */
  readonly keptRequests?: number
}

export type Sandbox = {
  /** Such as `http://127.0.0.1:3600`. */
  readonly address: string
  /** The latest requests, the oldest first. */
  requests(): readonly Asked[]
  forgetRequests(): void
  close(): Promise<void>
}

const bodyBytesMax = 8 * 1_048_576

/** Resolves once it listens. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = '127.0.0.1', nowMs = Date.now, slowMs = 20_000 } = options
  const { accessTokenS = 120, keptRequests = 0 } = options
  const standIns = createStandIns({ nowMs, newId: () => randomBytes(16).toString('hex'), accessTokenS })
  const kept: Asked[] = []
  const closing = new AbortController()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    if (!body) return send(request, response, text(413, 'The sandbox takes no more than 8 MiB.'))
    const asked = askedBy(request, body)
    if (keptRequests > 0) {
      kept.push(asked)
      if (kept.length > keptRequests) kept.shift()
    }
    const standIn = standIns.find((one) => one.isFor(asked))
    if (!standIn) return send(request, response, answerWithoutStandIn(asked))
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const reply = await answerOf(standIn, asked, gone.signal)
    if (reply) send(request, response, reply)
    else request.socket.destroy()
  }

  /** @returns undefined for a provider that is down */
  async function answerOf(standIn: StandIn, asked: Asked, gone: AbortSignal): Promise<Reply | undefined> {
    const credential = standIn.credential(asked)
    if (credential === undefined) return standIn.answer(asked, { mode: 'absent', stem: '' })
    const { mode, stem } = modeOf(credential, standIn.alsoValid)
    if (mode === 'down') return undefined
    if (mode === 'html') return maintenancePage
    if (mode !== 'slow') return standIn.answer(asked, { mode, stem })
    await wait(slowMs, undefined, { signal: AbortSignal.any([closing.signal, gone]) })
    return standIn.answer(asked, { mode: 'valid', stem })
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const listening = typeof address === 'object' && address !== null ? address.port : port
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    requests: () => kept,
    forgetRequests: () => void kept.splice(0),
    async close() {
      closing.abort()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

const maintenancePage = text(
  200,
  '<!doctype html><title>Back soon</title><p>We are down for maintenance.',
  'text/html',
)

/** Who comes under the sandbox's own name wants to know what it is. */
function answerWithoutStandIn({ host, method, path }: Asked): Reply {
  const isItself = /^(localhost|[\d.]+|\[[\d:a-f]+\])(:\d+)?$/.test(host)
  if (isItself && method === 'GET' && path === '/') return json(200, { credentials: sampleRows() })
  return json(421, { error: `The sandbox has no stand-in for ${host}.` })
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    const bytes = Buffer.from(part)
    size += bytes.length
    if (size <= bodyBytesMax) parts.push(bytes)
  }
  return size <= bodyBytesMax ? Buffer.concat(parts) : undefined
}

function askedBy(request: IncomingMessage, body: Buffer): Asked {
  const { method = 'GET', url: target = '/', rawHeaders } = request
  const headers: Array<readonly [string, string]> = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  const header = (name: string) => headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1]
  const at = target.indexOf('?')
  const type = header('content-type') ?? ''
  const isForm = type.startsWith('application/x-www-form-urlencoded')
  return {
    method,
    host: (header('host') ?? '').toLowerCase(),
    target,
    path: at < 0 ? target : target.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)),
    headers,
    header,
    body,
    form: new URLSearchParams(isForm ? body.toString() : ''),
    json: type.includes('json') ? objectIn(body.toString()) : undefined,
  }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers = {}, body }: Reply,
): void {
  const bytes =
    body === undefined
      ? Buffer.alloc(0)
      : Buffer.isBuffer(body)
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  response.statusCode = status
  for (const [name, value] of Object.entries(headers))
    response.setHeader(name, typeof value === 'string' ? value : [...value])
  if (request.method !== 'HEAD' && status !== 204) response.setHeader('content-length', bytes.length)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}
