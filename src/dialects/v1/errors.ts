// How v1 words every error: a code and a message.
import type { ErrorCode, HubError } from '../../hub/errors.ts'
import type { Answer } from '../dialect.ts'

type Words = { readonly status: number; readonly error: string; readonly message?: string }

const unprocessable: Words = { status: 422, error: 'unprocessable' }
const notFound: Words = { status: 404, error: 'not_found', message: 'Integration not found.' }

/** Where there is no message, the hub's own is shown. */
const wordsOf: Readonly<Record<ErrorCode, Words>> = {
  unauthenticated: { status: 401, error: 'unauthorized', message: 'API key is missing or wrong.' },
  forbidden: { status: 403, error: 'forbidden' },
  read_only: { status: 403, error: 'forbidden' },
  not_found: notFound,
  integration_not_found: notFound,
  integration_required: unprocessable,
  invalid_page: notFound,
  invalid: unprocessable,
  malformed: unprocessable,
  invalid_header: unprocessable,
  idempotency_key_invalid: unprocessable,
  idempotency_key_reused: unprocessable,
  idempotency_in_progress: unprocessable,
  id_taken: unprocessable,
  in_use: unprocessable,
  disabled: unprocessable,
  too_many: unprocessable,
  recently_used: unprocessable,
  nothing_to_restore: unprocessable,
  not_embeddable: unprocessable,
  egress_denied: unprocessable,
  not_configured: unprocessable,
  not_available: unprocessable,
  verification_failed: unprocessable,
  provider_refused: { status: 502, error: 'provider_refused' },
  provider_unreachable: { status: 502, error: 'provider_unreachable' },
  provider_timeout: { status: 504, error: 'provider_timeout' },
  method_not_allowed: { status: 405, error: 'method_not_allowed' },
  not_acceptable: { status: 406, error: 'not_acceptable' },
  unsupported_media_type: unprocessable,
  body_too_large: { status: 413, error: 'body_too_large' },
  throttled: { status: 429, error: 'throttled' },
  secret_integrity_error: { status: 500, error: 'secret_integrity_error' },
  storage_busy: { status: 503, error: 'storage_busy' },
  storage_unavailable: { status: 503, error: 'storage_unavailable' },
  storage_full: { status: 503, error: 'storage_full' },
  shutting_down: { status: 503, error: 'shutting_down' },
  internal: { status: 500, error: 'internal' },
}

export function showError(error: HubError): Answer {
  const { status, error: code, message } = wordsOf[error.code]
  return { status, body: { error: code, message: message ?? fieldMessages(error) ?? error.message } }
}

/** Messages per field on one line, as v1 has one message. */
function fieldMessages({ details: { fields } }: HubError): string | undefined {
  if (!fields) return undefined
  return [...fields].map(([field, messages]) => `${field}: ${messages.join(' ')}`).join(' ')
}
