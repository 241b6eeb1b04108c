// What a text has to be, in the words of the documented API.
import { domainToASCII } from 'node:url'

export const messages = {
  required: 'This field is required.',
  null: 'This field may not be null.',
  blank: 'This field may not be blank.',
  notString: 'Not a valid string.',
  email: 'Enter a valid email address.',
  id: "Enter a valid id: letters, digits, '.', '_', '~' or '-'.",
  nul: 'Null characters are not allowed.',
  unknown: 'Unknown field.',
  metadataText: 'Value must be valid JSON.',
  tooLong: (max: number) => `Ensure this field has no more than ${max} characters.`,
  notDictionary: (type: string) => `Expected a dictionary of items but got type "${type}".`,
} as const

export type TextRule = { minLength?: number; maxLength?: number; format?: string }

/** @returns every message that applies to a trimmed text, in the documented API's order */
export function judgeText(text: string, { minLength = 0, maxLength, format }: TextRule): string[] {
  if (text === '') return minLength > 0 ? [messages.blank] : []
  const errors: string[] = []
  if (maxLength !== undefined && characters(text) > maxLength) errors.push(messages.tooLong(maxLength))
  if (text.includes('\0')) errors.push(messages.nul)
  if (format === 'email' && !isEmail(text)) errors.push(messages.email)
  return errors
}

function characters(text: string): number {
  return [...text].length
}

const local = /^[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*$/i
const quotedLocal = /^"([ !#-[\]-~]|\\[ -~])*"$/
const domain = /^((?!-)[A-Z0-9-]{1,63}(?<!-)\.)+(?!-)(?:[A-Z0-9-]{2,63})(?<!-)$/i

/** An address as the documented API's framework takes it: a dotted domain, in any script. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@')
  const user = text.slice(0, at)
  const host = text.slice(at + 1)
  if (at < 1 || !(local.test(user) || quotedLocal.test(user))) return false
  return domain.test(host) || /^localhost$/i.test(host) || domain.test(domainToASCII(host))
}
