// Addresses of a provider's API that stand in a connection's field, since each customer has one of their own.
import { UnusableField, type Values } from './api.ts'

/**
 * @returns the address without a slash at its end
 * @throws MissingField or UnusableField
 */
export function siteOf(values: Values, field: string): string {
  const url = URL.parse(values.get(field))
  const isPlain = url && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (!isPlain) throw new UnusableField(field, 'Give a whole address, such as https://example.com.')
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}
