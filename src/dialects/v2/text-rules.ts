// What a text has to be, in the words of the documented API.
import { isEmail } from '../../hub/email.ts'
import { parseTimestamp } from '../../hub/timestamp.ts'

export const messages = {
  once: 'This parameter may be given only once.',
  required: 'This field is required.',
  null: 'This field may not be null.',
  blank: 'This field may not be blank.',
  notString: 'Not a valid string.',
  email: 'Enter a valid email address.',
  id: "Enter a valid id: letters, digits, '.', '_', '~' or '-'.",
  nul: 'Null characters are not allowed.',
  unknown: 'Unknown field.',
  metadataText: 'Value must be valid JSON.',
  notBoolean: 'Must be a valid boolean.',
  notInteger: 'A valid integer is required.',
  notList: 'Expected a list of strings.',
  notObjects: 'Expected a list of objects.',
  notTime: 'Give a time in UTC, such as 2027-01-31T00:00:00.000000Z.',
  noChoice: (text: string, choices: readonly string[]) =>
    `"${text}" is not a valid choice. Choose from: ${choices.join(', ')}.`,
  tooSmall: (min: number) => `Ensure this value is greater than or equal to ${min}.`,
  tooLarge: (max: number) => `Ensure this value is less than or equal to ${max}.`,
  tooMany: (max: number) => `Ensure this field has no more than ${max} elements.`,
  tooLong: (max: number) => `Ensure this field has no more than ${max} characters.`,
  notDictionary: (type: string) => `Expected a dictionary of items but got type "${type}".`,
} as const

export type TextRule = { minLength?: number; maxLength?: number; format?: string; enum?: string[] }

/** @returns every message that applies to a trimmed text, in the documented API's order */
export function judgeText(text: string, rule: TextRule): string[] {
  const { minLength = 0, maxLength, format } = rule
  if (text === '') return minLength > 0 ? [messages.blank] : []
  const errors: string[] = []
  if (maxLength !== undefined && characters(text) > maxLength) errors.push(messages.tooLong(maxLength))
  if (text.includes('\0')) errors.push(messages.nul)
  if (format === 'email' && !isEmail(text)) errors.push(messages.email)
  if (format === 'date-time' && parseTimestamp(text) === undefined) errors.push(messages.notTime)
  if (rule.enum && !rule.enum.includes(text)) errors.push(messages.noChoice(shortened(text), rule.enum))
  return errors
}

/** What was sent may be a secret in the wrong place: no more of it is repeated than names a choice. */
function shortened(text: string): string {
  return /^[\w:.-]{1,40}$/.test(text) ? text : '…'
}

function characters(text: string): number {
  return [...text].length
}
