// Sends requests to the hub: with the key, safe to repeat, and repeated where that may help.
import { MortiseError, MortiseUnreachable } from './errors.ts'
import type { ClientOptions, RequestOptions } from './options.ts'

export type Request = {
  readonly method: string
  /** Within the hub, its query included. */
  readonly path: string
  readonly body?: unknown
  readonly accept?: string
}

export type Send = (request: Request, options: RequestOptions) => Promise<Response>

const defaultRetries = 3
const firstPauseMs = 200
const pauseMsMax = 30_000

/** Not those of PUT and DELETE: they do the same however often they are sent. */
const needKeys = new Set(['POST', 'PATCH'])

/**
 * @returns sends, and gives back answers that say yes
 * @throws MortiseError, MortiseUnreachable
 */
export function sender(client: ClientOptions): Send {
  const { retries = defaultRetries, fetch = globalThis.fetch } = client
  const base = client.url.replace(/\/+$/, '')

  return async ({ method, path, body, accept = 'application/json' }, options) => {
    const integration = options.integration ?? client.integration
    const headers = new Headers({ accept })
    if (client.apiKey !== undefined) headers.set('authorization', `Token ${client.apiKey}`)
    if (integration !== undefined) headers.set('integration-id', integration)
    if (body !== undefined) headers.set('content-type', 'application/json')
    if (needKeys.has(method)) headers.set('idempotency-key', options.idempotencyKey ?? crypto.randomUUID())
    const init: RequestInit = {
      method,
      headers,
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(options.signal && { signal: options.signal }),
    }
    for (let attempt = 0; ; attempt++) {
      const failure = await fetch(`${base}${path}`, init).then(answerOrError, (error: unknown) => {
        if (options.signal?.aborted) throw error
        return new MortiseUnreachable(`${base} does not answer.`, { cause: error })
      })
      if (failure instanceof Response) return failure
      if (attempt >= retries || !mayPass(failure)) throw failure
      await pause(pauseMsFor(failure, attempt), options.signal)
    }
  }
}

async function answerOrError(response: Response): Promise<Response | MortiseError> {
  if (response.ok) return response
  const text = await response.text()
  return new MortiseError(response, parsed(text))
}

/** The hub says of each of these that the request was not done, or is kept from being done twice. */
function mayPass(failure: MortiseError | MortiseUnreachable): boolean {
  if (failure instanceof MortiseUnreachable) return true
  return failure.status === 429 || failure.status === 503 || failure.code === 'idempotency_in_progress'
}

function pauseMsFor(failure: MortiseError | MortiseUnreachable, attempt: number): number {
  const asked = failure instanceof MortiseError ? (failure.retryAfterS ?? 0) * 1_000 : 0
  const planned = firstPauseMs * 2 ** attempt * (0.5 + Math.random())
  return Math.min(Math.max(asked, planned), pauseMsMax)
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
