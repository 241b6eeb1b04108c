// Keeps other sites' pages from asking for anything with a person's session.
import type { FastifyRequest } from 'fastify'
import { HubError } from '../hub/errors.ts'

const readOnly = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Browsers say where a request comes from, and no page can make them say otherwise. What changes something has
 * to come from the console's own page, as JSON, which no form can send.
 * @throws HubError forbidden
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  const { method, headers } = request
  const site = headers['sec-fetch-site']
  if (readOnly.has(method)) {
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign()
    return
  }
  if (site === undefined ? !isOwn(headers.origin, headers.host, publicUrl) : site !== 'same-origin')
    throw foreign()
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  const kind = headers['content-type']
  if (kind === undefined ? hasBody : !/^application\/json\s*(;|$)/i.test(kind)) {
    throw new HubError('forbidden', 'The console takes JSON alone.')
  }
}

/** For browsers too old to say it outright. */
function isOwn(origin: string | undefined, host: string | undefined, publicUrl: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === host || origin === new URL(publicUrl).origin
}

function foreign(): HubError {
  return new HubError('forbidden', "This request does not come from the console's own page.")
}
