// Whether a client takes JSON at all.
import Negotiator from 'negotiator'
import { HubError } from '../hub/errors.ts'

/** @throws HubError not_acceptable */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return
  // A parameter such as `charset=utf-8` or `indent=4` says how, not what: JSON is JSON.
  const types = accept.replaceAll(/;\s*(?!\s*q=)[^;,]*/gi, '')
  if (new Negotiator({ headers: { accept: types } }).mediaType(['application/json']) !== undefined) return
  throw new HubError('not_acceptable', 'Could not satisfy the request Accept header.')
}
