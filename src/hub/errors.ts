// The closed list of what can go wrong, in the hub's words; each dialect answers every code in its own.

/** Every error code, with what it means and what to do; `docs/errors.md` and the dialects follow this list. */
export const errorCodes = {
  unauthenticated: 'No valid API key came with the request. Send one that is neither expired nor revoked.',
  forbidden:
    'The key is valid but may not do this. Use a key with the scope that the route names, and without limits that keep it from this.',
  read_only:
    'This object is kept by another one, must stay, or has ended. The answer says what to do instead.',
  not_found: 'There is no such thing in this account. Check the id, and whose key it is.',
  integration_not_found: 'Integration-ID names no integration of this account. Check the header.',
  integration_required:
    'Integration-ID is missing: it says whom the request acts as. Send it, or use a key bound to one integration.',
  invalid_page: 'There is no such page. Follow `next` and `previous`, or ask for `page=last`.',
  invalid: 'One or more values are not acceptable. The answer names each and says why.',
  malformed: 'The request could not be read at all. Send well-formed UTF-8, JSON or a form.',
  invalid_header:
    'A header was given twice, cannot be read, or names what is not there. The answer says which.',
  idempotency_key_invalid:
    'The Idempotency-Key cannot be read. Send 1 to 255 visible ASCII characters, once.',
  idempotency_key_reused: 'The Idempotency-Key was used with a different request. Use a new key.',
  idempotency_in_progress:
    'The first request with this Idempotency-Key still runs. Repeat it after `Retry-After`.',
  id_taken: 'Another object of this account has that id. Choose another id.',
  in_use: 'Other objects hang on this one. Remove those first.',
  disabled: 'This webhook is disabled, so that nothing is sent to it. Enable it first.',
  too_many: 'There are as many of these as an account may have. Delete one first.',
  recently_used:
    'This connection was used within a day. The answer says by whom; `?force=true` deletes it all the same.',
  nothing_to_restore: 'No earlier secret is kept any more: they are kept for seven days after a change.',
  not_embeddable:
    'No snippet for pages can be made of this connection as it is. The answer names what to change, or says why there is none.',
  egress_denied:
    'Mortise does not call this address. It has to be https and on the public internet, or named in MORTISE_EGRESS_ALLOW.',
  not_configured:
    'The connection lacks a field that this needs, or holds one that is of no use. Set the field that the answer names.',
  not_available: 'This cannot be done with connections of this provider. The answer says why.',
  verification_failed:
    'The provider was asked, and nothing was changed. Give credentials that it accepts, or leave `verify` out.',
  provider_refused:
    'The provider does not accept the credential, so that nothing could be asked with it. Verify the connection.',
  provider_unreachable: 'The provider could not be reached, or broke off. Repeat the request later.',
  provider_timeout: 'The provider took too long to answer. Repeat the request later.',
  method_not_allowed: 'This path does not know that method. `Allow` lists those it does.',
  not_acceptable: 'The client accepts no JSON. Send `Accept: application/json`, or none.',
  unsupported_media_type: 'The body is of a kind that is not read here. Send JSON or a form.',
  body_too_large: 'The body is larger than this route takes. The answer names the limit.',
  throttled: 'Too many requests. Wait as long as `Retry-After` says.',
  secret_integrity_error:
    'A sealed value could not be opened: it was damaged or moved. Restore it or set it anew.',
  storage_busy: 'The store is held by somebody else for too long. Repeat the request.',
  storage_full: 'The store has no room to write; reading goes on. Free space on its disk.',
  storage_unavailable:
    'The database cannot be reached, its disk fails, or it went away before it answered. Repeat the request, with its Idempotency-Key if it had one.',
  shutting_down: 'This server is stopping and takes nothing new. Repeat the request.',
  internal: 'Something unexpected happened; it is in the log under the request id.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** Messages per field, in the order of the object's members. A map, since a client may name a field anything. */
export type FieldErrors = ReadonlyMap<string, readonly string[]>

export type ErrorDetails = {
  readonly fields?: FieldErrors
  /** The member of the object whose members `fields` are, where they are not the object's own. */
  readonly within?: string
  readonly retryAfterS?: number
  readonly allow?: readonly string[]
  /** What is not as it should be, where somebody has asked for just that. */
  readonly reasons?: readonly Reason[]
}

/** Something that is not as it should be: shown to everybody, so it names nothing of this installation. */
export type Reason = {
  readonly check: 'starting' | 'stopping' | 'database' | 'schema' | 'vault' | 'writes'
  readonly detail: string
}

/** The one error that reaches a caller. Its message is shown: it never holds a secret or a request's body. */
export class HubError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  /** @param options the cause, which is for the log alone */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HubError'
    this.code = code
    this.details = details
  }
}

/** A value of one field that cannot be accepted. */
export function invalidField(field: string, message: string): HubError {
  return new HubError('invalid', message, { fields: new Map([[field, [message]]]) })
}

/** Values of several fields that cannot be accepted. */
export function invalidFields(fields: FieldErrors, within?: string): HubError {
  return new HubError('invalid', 'Some values are not acceptable.', {
    fields,
    ...(within !== undefined && { within }),
  })
}

/** The answer for everything that is not there, or that is somebody else's. */
export function notFound(): HubError {
  return new HubError('not_found', 'Not found.')
}
