// One log line per request, with nothing in it that a client sent as a key or in a body.
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { queryOf } from './url-encoded.ts'

export class RequestLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' })
  }

  override incomingRequest(): void {}
  override defaultErrorLog(): void {}
  override routeNotFound(): void {}

  /** The request's id is on every line of its logger. */
  override requestCompleted(
    _error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    request.log.info(
      {
        account: request.caller?.accountId ?? null,
        key: request.caller?.keyUid ?? null,
        address: request.ip,
        method: request.method,
        route: request.routeOptions.url ?? null,
        url: withoutKey(request.url),
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      },
      'request',
    )
  }
}

/** An address for the log, with `api_key` cut out however it is spelt. */
export function withoutKey(url: string): string {
  const mark = url.indexOf('?')
  if (mark < 0) return url
  try {
    const kept = queryOf(url).entries.map(([name, value]): [string, string] =>
      name === 'api_key' ? [name, '[cut]'] : [name, value],
    )
    return kept.length === 0 ? url.slice(0, mark) : `${url.slice(0, mark)}?${new URLSearchParams(kept)}`
  } catch {
    return `${url.slice(0, mark)}?[unreadable]`
  }
}
