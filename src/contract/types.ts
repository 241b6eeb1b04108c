// Schemas that several resources share. A nullable type is written as a type list.
import { type TSchema, type TUnsafe, Type } from 'typebox'
import type { JsonText } from '../hub/json-text.ts'

/** The longest a short text may be, in characters. */
export const textCharactersMax = 255
/** The longest an address may be that mail can reach. */
export const emailCharactersMax = 254
export const metadataBytesMax = 16_384
export const metadataLevelsMax = 32

type Words = { description?: string; examples?: unknown[]; readOnly?: true; default?: unknown }

/** Trimmed, not blank. */
export function Text(words: Words = {}) {
  return Type.String({ minLength: 1, maxLength: textCharactersMax, ...words })
}

/** Text that may be blank, or null. */
export function OptionalText(words: Words = {}): TUnsafe<string | null> {
  return Type.Unsafe({ type: ['string', 'null'], maxLength: textCharactersMax, ...words })
}

export function Email(words: Words = {}) {
  return Type.String({ format: 'email', minLength: 1, maxLength: emailCharactersMax, ...words })
}

/** A wish in a query. */
export function TrueOrFalse(words: Words = {}): TUnsafe<'true' | 'false'> {
  return Type.Unsafe({ type: 'string', enum: ['true', 'false'], ...words })
}

/** A point in time as answers show it. */
export function Time(words: Words = {}) {
  return Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000000Z'], ...words })
}

/** A point in time, or none. */
export function MaybeTime(words: Words = {}): TUnsafe<string | null> {
  return Type.Unsafe({ type: ['string', 'null'], format: 'date-time', ...words })
}

/** An id that the caller may choose; the pattern is the whole rule. */
export function PublicId(words: Words = {}) {
  return Type.String({ pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,255}$', ...words })
}

/** Any JSON object, kept and given back as it came. */
export function JsonObject(words: Words = {}): TUnsafe<JsonText> {
  return Type.Unsafe({ type: 'object', additionalProperties: true, ...words })
}

/** A schema as answers show it, without the rules for what may be given: old data may be blank. */
export function shown<Schema extends TSchema>(schema: Schema): Schema {
  const {
    minLength: _minLength,
    format: _format,
    pattern: _pattern,
    default: _default,
    ...rest
  } = schema as Schema & Record<string, unknown>
  return rest as unknown as Schema
}
