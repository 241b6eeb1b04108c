// One log line per request, with nothing in it that a client sent as a key or in a body.
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'

export function logRequest(
  log: FastifyBaseLogger,
  request: FastifyRequest,
  reply: FastifyReply,
  more: object = {},
): void {
  log.info(
    {
      request_id: request.id,
      account: request.caller?.accountId ?? null,
      key: request.caller?.keyUid ?? null,
      address: request.ip,
      method: request.method,
      route: request.routeOptions?.url ?? null,
      url: request.routeOptions?.config.isRelayed ? withoutQuery(request.url) : withoutKey(request.url),
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 1000) / 1000,
      ...more,
    },
    'request',
  )
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
