// What is noted of each request that was answered: one log line, with nothing in it that a client sent as a key or in a body, and a count.
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode } from '../hub/errors.ts'
import type { Observer } from '../hub/observer.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the server writes what happens, one line of JSON each. */
    journal: FastifyBaseLogger
    observer: Pick<Observer, 'tell'>
  }
  interface FastifyRequest {
    /** Of the error that it was answered with. */
    errorCode: ErrorCode | null
  }
}

export function noteAnswered(
  { journal, observer }: { journal: FastifyBaseLogger; observer: Pick<Observer, 'tell'> },
  request: FastifyRequest,
  reply: FastifyReply,
  more: object = {},
): void {
  const durationMs = Math.round(reply.elapsedTime * 1000) / 1000
  const { method, errorCode: code = null } = request
  const route = request.routeOptions?.url ?? null
  const status = reply.statusCode
  observer.tell({ what: 'answered', method, route, status, code, durationMs })
  journal.info(
    {
      request_id: request.id,
      account: request.caller?.accountId ?? null,
      key: request.caller?.keyUid ?? null,
      address: request.ip,
      method,
      route,
      url: request.routeOptions?.config.isRelayed ? withoutQuery(request.url) : withoutKey(request.url),
      status,
      duration_ms: durationMs,
      ...more,
    },
    'request',
  )
}

/** The path alone; of what is asked of a provider, as the route has it. */
export function pathForLog({ url, routeOptions }: FastifyRequest): string {
  if (routeOptions.config.isRelayed) return routeOptions.url ?? ''
  return withoutKey(url.replace(/[?#].*$/s, ''))
}

/** What is asked of a provider is nothing for the log: its queries hold what people are called, and tokens. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '?[cut]')
}

/** An address for the log: from an `api_key` on, however it is spelt and wherever it stands, nothing is kept. */
export function withoutKey(url: string): string {
  if (!/%|api_key/i.test(url)) return url
  const readable = decodeAscii(decodeAscii(url))
  const at = readable.search(/api_key/i)
  return at < 0 ? readable : `${readable.slice(0, at)}api_key=[cut]`
}

/** Undoes percent-encoding of what can be printed; nothing else, so that it cannot fail. */
function decodeAscii(text: string): string {
  return text.replaceAll(/%([2-6][0-9a-f]|7[0-9a-e])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
