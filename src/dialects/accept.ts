// Whether a client takes JSON, or what else a route answers with.
import Negotiator from 'negotiator'
import { HubError } from '../hub/errors.ts'

/**
 * @param others kinds beside JSON that the route answers with; what is refused is told in JSON
 * @throws HubError not_acceptable
 */
export function requireAccepted(accept: string | undefined, others: readonly string[] = []): void {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return
  const types = accept.split(',').map(withoutParameters).join(',')
  const answered = ['application/json', ...others]
  if (new Negotiator({ headers: { accept: types } }).mediaType(answered) !== undefined) return
  throw new HubError('not_acceptable', 'Could not satisfy the request Accept header.')
}

/** A parameter such as `charset=utf-8` or `indent=4` says how, not what: only the quality counts. */
function withoutParameters(range: string): string {
  const [type = '', ...parameters] = range.split(';')
  const quality = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q=/i.test(parameter))
  return quality === undefined ? type : `${type};${quality}`
}
