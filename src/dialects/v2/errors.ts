// How v2 words every error: `detail`, or messages per field.
import type { ErrorCode, FieldErrors, HubError } from '../../hub/errors.ts'
import type { Answer } from '../dialect.ts'

const statusOf: Readonly<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  forbidden: 403,
  read_only: 403,
  not_found: 404,
  integration_not_found: 404,
  integration_required: 400,
  invalid_page: 404,
  invalid: 400,
  malformed: 400,
  invalid_header: 400,
  idempotency_key_invalid: 400,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  id_taken: 400,
  in_use: 409,
  disabled: 409,
  too_many: 409,
  recently_used: 409,
  nothing_to_restore: 409,
  not_embeddable: 409,
  egress_denied: 400,
  not_configured: 409,
  not_available: 409,
  verification_failed: 422,
  provider_refused: 502,
  provider_unreachable: 502,
  provider_timeout: 504,
  method_not_allowed: 405,
  not_acceptable: 406,
  unsupported_media_type: 415,
  body_too_large: 413,
  throttled: 429,
  secret_integrity_error: 500,
  storage_busy: 503,
  storage_unavailable: 503,
  storage_full: 503,
  shutting_down: 503,
  internal: 500,
}

/** @param wish.docs where the pages of errors are; in answers that carry codes, one of them is linked */
export function showError(error: HubError, wish: { coded?: boolean; docs?: string } = {}): Answer {
  const { coded = false, docs } = wish
  const { fields, within, reasons } = error.details
  const told = { detail: error.message, ...(reasons && { reasons }) }
  const words = fields ? fieldMessages(fields, within) : told
  return {
    status: statusOf[error.code],
    ...(error.code === 'unauthenticated' && { headers: { 'www-authenticate': 'Token' } }),
    body: coded ? { ...words, code: error.code, ...(docs && { doc_url: `${docs}${error.code}` }) } : words,
  }
}

/** A member that is called `code`, as a part of the answer itself is, is told among what belongs to no field. */
function fieldMessages(fields: FieldErrors, within: string | undefined): object {
  if (within !== undefined) return { [within]: Object.fromEntries(fields) }
  const shown = new Map(fields)
  const ofCode = shown.get('code')
  if (ofCode && shown.delete('code'))
    shown.set(
      'non_field_errors',
      ofCode.map((message) => `code: ${message}`),
    )
  return Object.fromEntries(shown)
}
