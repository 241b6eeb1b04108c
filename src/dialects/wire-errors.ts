// Errors that HTTP itself raises, put into the hub's words.
import type { FastifyRequest } from 'fastify'
import { HubError } from '../hub/errors.ts'
import { bodyTooLarge } from './body.ts'

/** Anything but a HubError and what the framework refuses is `internal`: its message stays in the log. */
export function asHubError(thrown: unknown, request: FastifyRequest): HubError {
  if (thrown instanceof HubError) return thrown
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge(request.routeOptions.bodyLimit)
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return new HubError('malformed', 'The request ended before its body was complete.')
    // A method that demands a body's kind, sent without one.
    case 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE':
      return new HubError('malformed', 'This method needs a Content-Type.')
    default:
      return new HubError(
        'internal',
        'Something unexpected happened. It was logged under the id of this request.',
      )
  }
}
