// The one door to the internet: sends a request through the guard, streaming both ways; redirects are answers like others.
import type { Readable } from 'node:stream'
import type { buildConnector, Dispatcher } from 'undici'
import { type Observer, type Step, unobserved } from '../hub/observer.ts'
import { Answering } from './answering.ts'
import { EgressDenied, type Guard } from './guard.ts'

export type HeaderPairs = ReadonlyArray<readonly [name: string, value: string]>

/** A request as it is sent, its credentials on it. */
export type Outgoing = {
  readonly method: string
  /** Such as `https://api.example.com`. */
  readonly origin: string
  /** From the first slash on, its query included; sent as it stands. */
  readonly path: string
  readonly headers: HeaderPairs
  readonly body: Buffer | Readable | null
}

export type Incoming = {
  readonly status: number
  readonly headers: HeaderPairs
  /**
   * As it was sent, compressed where it was; whoever does not read it must destroy it. All of it can be taken
   * at once, where all of it is there.
   */
  readonly body: Readable & { takeWhole(): Buffer | undefined }
}

/** Why there is no answer. Callers are told no more of it than whether it took too long. */
export type FailureKind = 'denied' | 'unreachable' | 'timed_out' | 'aborted'

export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure'
  readonly kind: FailureKind

  /** @param cause for the log: it may name addresses, never a header or a body */
  constructor(kind: FailureKind, cause: unknown) {
    super('The provider could not be reached.', { cause })
    this.kind = kind
  }
}

export type SendOptions = {
  /** How long the other side may take to answer with its headers. */
  readonly headersTimeoutMs?: number
  /** How long it may be silent within its answer. */
  readonly idleTimeoutMs?: number
  readonly signal?: AbortSignal
}

export type Outbound = {
  /** Judged now, as far as that can be without asking anybody. @throws EgressDenied */
  judge(url: URL): void
  /** @throws OutboundFailure */
  send(request: Outgoing, options?: SendOptions): Promise<Incoming>
  close(): Promise<void>
}

const connectTimeoutMs = 5_000
const defaultHeadersTimeoutMs = 15_000
const idleTimeoutMs = 30_000
const connectionsPerOriginMax = 128
const addressesMax = 1_000

/**
 * @param standIn the origin of a sandbox that is called in place of all providers, with their names as `Host`
 */
export function outbound({
  guard,
  standIn,
  headersTimeoutMs = defaultHeadersTimeoutMs,
  observer = unobserved,
}: {
  guard: Guard
  standIn?: string | undefined
  headersTimeoutMs?: number | undefined
  observer?: Pick<Observer, 'within'>
}): Outbound {
  let opened: Promise<Dispatcher> | undefined
  const dispatcher = () => {
    opened ??= openDispatcher(standIn === undefined ? guard : undefined)
    return opened
  }

  /** Taken apart once: a provider is called many times. */
  const addresses = new Map<string, URL>()
  const addressOf = (origin: string): URL => {
    const known = addresses.get(origin)
    if (known) return known
    const url = new URL(origin)
    if (addresses.size >= addressesMax) addresses.clear()
    addresses.set(origin, url)
    return url
  }

  async function sendNow(
    { method, origin, path, headers, body }: Outgoing,
    { headersTimeoutMs: limitMs, ...options }: SendOptions = {},
  ): Promise<Incoming> {
    const { signal, idleTimeoutMs: bodyTimeout = idleTimeoutMs } = options
    const headersTimeout = limitMs ?? headersTimeoutMs
    try {
      const url = addressOf(origin)
      guard.judge(url)
      const client = await dispatcher()
      signal?.throwIfAborted()
      const host = standIn === undefined ? [] : ['host', url.host]
      return await new Promise((resolve, reject) => {
        client.dispatch(
          {
            origin: standIn ?? url.origin,
            method: method as Dispatcher.HttpMethod,
            path,
            headers: [...host, ...headers.flat()],
            body,
            headersTimeout,
            bodyTimeout,
          },
          new Answering({ body, signal, limitMs: headersTimeout, resolve, reject }),
        )
      })
    } catch (error) {
      throw new OutboundFailure(kindOf(error, signal), error)
    }
  }

  /** Followed where somebody follows requests. */
  const { within } = observer
  const send: Outbound['send'] =
    within === undefined
      ? sendNow
      : (request, options) =>
          within(stepOf(request), async (note) => {
            const answer = await sendNow(request, options)
            note({ 'http.response.status_code': answer.status })
            return answer
          })

  return {
    judge: guard.judge,

    send,

    async close() {
      await (await opened)?.destroy()
    },
  }
}

/** By its host alone: paths and queries of providers hold tokens, and what people are called. */
function stepOf({ method, origin }: Outgoing): Step {
  const host = URL.parse(origin)?.hostname ?? ''
  return { name: method, isOutgoing: true, facts: { 'http.request.method': method, 'server.address': host } }
}

/** What stopped an answer half-way is told like what stopped it at the beginning. */
export function asFailure(error: unknown): OutboundFailure {
  return error instanceof OutboundFailure ? error : new OutboundFailure(kindOf(error, undefined), error)
}

/** Loaded with the first request: a server that calls nobody is ready sooner. */
async function openDispatcher(guard: Guard | undefined): Promise<Dispatcher> {
  const { Agent, buildConnector } = await import('undici')
  const connectors = new Map<number, buildConnector.connector>()
  const connectorFor = (port: number): buildConnector.connector => {
    const known = connectors.get(port)
    if (known) return known
    const connector = buildConnector({
      timeout: connectTimeoutMs,
      allowH2: false,
      ...(guard && { lookup: guard.lookup(port) }),
    })
    connectors.set(port, connector)
    return connector
  }
  return new Agent({
    connections: connectionsPerOriginMax,
    allowH2: false,
    connect: (options, done) => {
      const port = Number(options.port) || (options.protocol === 'http:' ? 80 : 443)
      connectorFor(port)(options, done)
    },
  })
}

function kindOf(error: unknown, signal: AbortSignal | undefined): FailureKind {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof EgressDenied) return 'denied'
    const code = 'code' in cause ? String(cause.code) : ''
    if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$|^ETIMEDOUT$/.test(code)) return 'timed_out'
  }
  return signal?.aborted ? 'aborted' : 'unreachable'
}
