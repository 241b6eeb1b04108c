// Turns answers into JSON by their schema: declared members alone, in the schema's order.
import type { TSchema } from 'typebox'
import { JsonText } from '../hub/json-text.ts'

export type Serializer = (value: unknown) => string

type Schema = {
  type?: string | string[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
  const?: unknown
}

/** @throws TypeError where the schema has a shape that no answer of ours has */
export function serializerOf(schema: TSchema): Serializer {
  return compile(schema as Schema)
}

function compile(schema: Schema): Serializer {
  if (schema.anyOf) return compileByType(schema.anyOf)
  if (schema.properties) return compileObject(schema.properties)
  const [ofAll] = Object.values(schema.patternProperties ?? {})
  if (ofAll) return compileRecord(ofAll)
  if (schema.items) return compileArray(schema.items)
  if (schema.type !== undefined || schema.const !== undefined) return serializeValue
  throw new TypeError(`No serializer for ${JSON.stringify(schema)}`)
}

/** What cannot stand in a JSON string as it is: quotes, backslashes, control characters, halves of a pair. */
const needsEscape = /["\\\p{Cc}\p{Cs}]/u

function serializeValue(value: unknown): string {
  if (typeof value === 'string') return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`
  if (value instanceof JsonText) return value.text
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  throw new TypeError('An answer holds an object that its schema does not describe.')
}

function compileObject(properties: Record<string, Schema>): Serializer {
  const members = Object.entries(properties).map(([name, schema]) => ({
    name,
    key: `${JSON.stringify(name)}:`,
    serialize: compile(schema),
  }))
  return (value) => {
    if (value === null) return 'null'
    if (value instanceof JsonText) return value.text
    const object = value as Record<string, unknown>
    let text = ''
    for (const { name, key, serialize } of members) {
      const member = object[name]
      if (member === undefined) continue
      text += `${text === '' ? '' : ','}${key}${serialize(member)}`
    }
    return `{${text}}`
  }
}

/** Members of any name, all of one shape. */
function compileRecord(member: Schema): Serializer {
  const serialize = compile(member)
  return (value) => {
    const members = Object.entries(value as Record<string, unknown>)
    return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${serialize(inner)}`).join(',')}}`
  }
}

function compileArray(items: Schema): Serializer {
  const serialize = compile(items)
  return (value) => (value === null ? 'null' : `[${(value as unknown[]).map(serialize).join(',')}]`)
}

/** One of several objects, told apart by the constant that each has for `type`. */
function compileByType(schemas: Schema[]): Serializer {
  const serializers = new Map(schemas.map((schema) => [schema.properties?.type?.const, compile(schema)]))
  return (value) => {
    const serialize = serializers.get((value as { type: string }).type)
    if (!serialize) throw new TypeError('An answer has a type that its schema does not describe.')
    return serialize(value)
  }
}
