// How far long work has come, as text that the console gives back to have it gone on with.
import type { Static, TSchema } from 'typebox'
import { invalidField } from '../hub/errors.ts'

/** @throws HubError invalid, for what no part before gave */
export async function readRest<Schema extends TSchema>(
  schema: Schema,
  text: string,
): Promise<Static<Schema>> {
  // Loaded here, since a server may never need it and should be ready at once.
  const { Value } = await import('typebox/value')
  const given = parsed(text)
  if (!Value.Check(schema, given)) throw invalidField('rest', 'This is not where an earlier part has ended.')
  return given
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
