// What a text has to be, in the words of the documented API.
import { isEmail } from '../../hub/email.ts'

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
