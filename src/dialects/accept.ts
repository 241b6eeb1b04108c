// Whether a client takes JSON at all.
import Negotiator from 'negotiator'
import { HubError } from '../hub/errors.ts'

/** @throws HubError not_acceptable */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return
  const types = accept.split(',').map(withoutParameters).join(',')
  if (new Negotiator({ headers: { accept: types } }).mediaType(['application/json']) !== undefined) return
  throw new HubError('not_acceptable', 'Could not satisfy the request Accept header.')
}

/** A parameter such as `charset=utf-8` or `indent=4` says how, not what: only the quality counts. */
function withoutParameters(range: string): string {
  const [type = '', ...parameters] = range.split(';')
  const quality = parameters.map((parameter) => parameter.trim()).find((parameter) => /^q=/i.test(parameter))
  return quality === undefined ? type : `${type};${quality}`
}
