// Forms as they are sent: some signatures cover their fields.
import type { HeaderPairs } from './send.ts'

export const formType = 'application/x-www-form-urlencoded'

export function isForm(headers: HeaderPairs): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'content-type' && value.toLowerCase().startsWith(formType),
  )
}
