// Parameters of a query that come once, and those that are one of a few words.
import { invalidField } from '../../hub/errors.ts'
import type { Query } from '../url-encoded.ts'
import { messages } from './text-rules.ts'

/**
 * Blank is as good as not given.
 * @throws HubError invalid, where it came more than once
 */
export function readSingle(query: Query, name: string): string | undefined {
  const [value, ...more] = query.all(name)
  if (more.length > 0) throw invalidField(name, messages.once)
  return value === '' ? undefined : value
}

/** @throws HubError invalid, naming the choices; what was sent is not repeated, it may be a secret in the wrong place */
export function readChoice<Choice extends string>(
  query: Query,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const text = readSingle(query, name)
  const choice = choices.find((known) => known === text)
  if (text === undefined || choice !== undefined) return choice
  throw invalidField(name, `Select a valid choice. Choose from: ${choices.join(', ')}.`)
}
