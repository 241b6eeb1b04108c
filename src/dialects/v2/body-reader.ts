// Reads v2 bodies by their schema: coerces, trims and words its errors as the documented API does.
import type { FastifyRequest } from 'fastify'
import type { TObject } from 'typebox'
import { metadataBytesMax, metadataLevelsMax } from '../../contract/types.ts'
import { invalidFields } from '../../hub/errors.ts'
import { compactJson, type JsonKind, JsonText, jsonKind } from '../../hub/json-text.ts'
import { decodeBody, type Member, type Members } from '../body.ts'
import type { BodyReader } from '../dialect.ts'
import { levelsOf, parseSoundJson } from '../json-body.ts'
import { readLogo } from './logo-reader.ts'
import { judgeText, messages, type TextRule } from './text-rules.ts'

type FieldSchema = TextRule & {
  type: string | string[]
  pattern?: string
  readOnly?: boolean
  default?: unknown
  enum?: string[]
  minimum?: number
  maximum?: number
  items?: FieldSchema
  /** Of an object among a list's items: lists of texts. */
  properties?: Record<string, FieldSchema>
  maxItems?: number
  /** Of an object, as compact JSON. */
  maxBytes?: number
}

/** A body of our own resources takes no unknown members and turns no number into a string. */
type Manner = 'documented' | 'strict'

/** What reading one member gives: a value, or messages. */
type Reading = { value: unknown } | { errors: string[] }

/** How the documented API's framework calls the kinds of JSON. */
const pythonNames: Readonly<Record<Exclude<JsonKind, 'null'>, string>> = {
  object: 'dict',
  list: 'list',
  string: 'str',
  integer: 'int',
  float: 'float',
  boolean: 'bool',
}

/** All mistakes of a body are told at once, in the order of the object's members. */
export function bodyReaderOf(schema: TObject): BodyReader {
  const fields = Object.entries(schema.properties as unknown as Record<string, FieldSchema>)
  const required = new Set<string>(schema.required ?? [])
  const isClosed = 'additionalProperties' in schema && schema.additionalProperties === false
  const manner: Manner = isClosed ? 'strict' : 'documented'

  return async (request: FastifyRequest) => {
    const members = await membersOfBody(request)
    const values: Record<string, unknown> = {}
    const errors = new Map<string, string[]>()
    for (const [name, field] of fields) {
      if (field.readOnly) continue
      const member = members.get(name)
      if (member === undefined) {
        if (required.has(name)) errors.set(name, [messages.required])
        continue
      }
      const reading = await readMember(field, member, manner)
      if ('errors' in reading) errors.set(name, reading.errors)
      else values[name] = reading.value
    }
    if (manner === 'strict') {
      const known = new Set(fields.map(([name]) => name))
      for (const name of members.keys()) if (!known.has(name)) errors.set(name, [messages.unknown])
    }
    if (errors.size > 0) throw invalidFields(errors)
    return values
  }
}

async function membersOfBody(request: FastifyRequest): Promise<Members> {
  const body = await decodeBody(request)
  if ('members' in body) return body.members
  const { notAnObject: kind } = body
  const message =
    kind === 'null'
      ? 'No data provided'
      : `Invalid data. Expected a dictionary, but got ${pythonNames[kind]}.`
  throw invalidFields(new Map([['non_field_errors', [message]]]))
}

function readMember(field: FieldSchema, member: Member, manner: Manner): Reading | Promise<Reading> {
  if (field.type === 'object') return readObject(member, field.maxBytes)
  if (field.format === 'image') return readLogo(member)
  if (field.pattern !== undefined) return readId(field.pattern, member)
  if (member.kind === 'json' && member.json.text === 'null') {
    return field.type.includes('null') ? { value: null } : { errors: [messages.null] }
  }
  if (isOf(field, 'boolean')) return readBoolean(member)
  if (isOf(field, 'integer')) return readInteger(field, member)
  if (isOf(field, 'array')) return readList(field, member)
  const text = textOf(member, manner)
  if (text === undefined) return { errors: [field.format === 'email' ? messages.email : messages.notString] }
  const trimmed = text.trim()
  const errors = judgeText(trimmed, field)
  return errors.length > 0 ? { errors } : { value: trimmed }
}

function isOf({ type }: FieldSchema, kind: string): boolean {
  return type === kind || (Array.isArray(type) && type.includes(kind))
}

function readBoolean(member: Member): Reading {
  const text = member.kind === 'json' ? member.json.text : member.kind === 'text' ? member.text : ''
  if (text !== 'true' && text !== 'false') return { errors: [messages.notBoolean] }
  return { value: text === 'true' }
}

function readInteger({ minimum, maximum }: FieldSchema, member: Member): Reading {
  const text = member.kind === 'json' ? member.json.text : member.kind === 'text' ? member.text : ''
  if (!/^-?(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(Number(text))) {
    return { errors: [messages.notInteger] }
  }
  const value = Number(text)
  if (minimum !== undefined && value < minimum) return { errors: [messages.tooSmall(minimum)] }
  if (maximum !== undefined && value > maximum) return { errors: [messages.tooLarge(maximum)] }
  return { value }
}

/**
 * A list, each of its items judged by their schema; in a form, texts with spaces between, or the JSON of objects.
 */
function readList(field: FieldSchema, member: Member): Reading {
  if (member.kind === 'file') return { errors: [messages.notList] }
  const inForm = (text: string): unknown =>
    field.items?.properties ? soundText(text)?.parse() : text.split(/\s+/).filter(Boolean)
  const given = member.kind === 'text' ? inForm(member.text) : member.json.parse()
  const errors = new Set(judgeList(field, given))
  return errors.size > 0 ? { errors: [...errors] } : { value: given }
}

function judgeList({ items = { type: 'string' }, maxItems }: FieldSchema, given: unknown): string[] {
  const { properties } = items
  if (!Array.isArray(given)) return [properties ? messages.notObjects : messages.notList]
  if (maxItems !== undefined && given.length > maxItems) return [messages.tooMany(maxItems)]
  return given.flatMap((item: unknown) => {
    if (properties) return judgeLists(properties, item)
    return typeof item === 'string' ? judgeText(item, items) : [messages.notString]
  })
}

/** An object all of whose members are lists, and have to be there. */
function judgeLists(properties: Record<string, FieldSchema>, item: unknown): string[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return [messages.notObjects]
  const unknown = Object.keys(item).filter((name) => !Object.hasOwn(properties, name))
  if (unknown.length > 0) return [messages.unknown]
  const members = new Map<string, unknown>(Object.entries(item))
  return Object.entries(properties).flatMap(([name, field]) =>
    members.has(name)
      ? judgeList(field, members.get(name)).map((error) => `${name}: ${error}`)
      : [`${name}: ${messages.required}`],
  )
}

function readId(pattern: string, member: Member): Reading {
  const isSafe =
    member.kind !== 'json' || jsonKind(member.json.text) === 'string' || isSafeInteger(member.json)
  const text = isSafe ? textOf(member, 'documented')?.trim() : undefined
  if (text === undefined || !new RegExp(pattern).test(text)) return { errors: [messages.id] }
  return { value: text }
}

function isSafeInteger({ text }: JsonText): boolean {
  return jsonKind(text) === 'integer' && Number.isSafeInteger(Number(text))
}

/** The text of a string or, in the documented manner, of a number; undefined for every other kind. */
function textOf(member: Member, manner: Manner): string | undefined {
  if (member.kind === 'text') return member.text
  if (member.kind === 'file') return undefined
  const { json } = member
  switch (jsonKind(json.text)) {
    case 'string':
      return String(json.parse())
    case 'integer':
      return manner === 'documented' ? json.text.replace(/^-0$/, '0') : undefined
    case 'float':
      return manner === 'documented' ? floatText(Number(json.text)) : undefined
    default:
      return undefined
  }
}

/** A float as the documented API's framework writes it, which is as Python does: 14171.0 keeps its point. */
function floatText(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  if (Number(exponent) < -4 || Number(exponent) >= 16) {
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`
  }
  const sign = Object.is(value, -0) ? '-' : ''
  return Number.isInteger(value) ? `${sign}${value.toFixed(1)}` : String(value)
}

function readObject(member: Member, bytesMax = metadataBytesMax): Reading {
  if (member.kind === 'file') return { errors: [messages.metadataText] }
  const given = member.kind === 'json' ? member.json : soundText(member.text)
  if (given === undefined) return { errors: [messages.metadataText] }
  const kind = jsonKind(given.text)
  if (kind === 'null') return { errors: [messages.null] }
  if (kind !== 'object') return { errors: [messages.notDictionary(pythonNames[kind])] }
  // Far more than any white space that is meant: it need not even be looked into.
  const tooMuch = { errors: [`Ensure this field has no more than ${bytesMax} bytes of JSON.`] }
  if (given.text.length > 16 * bytesMax) return tooMuch
  const json = compactJson(given.text)
  if (Buffer.byteLength(json.text) > bytesMax) return tooMuch
  if (levelsOf(json.parse()) > metadataLevelsMax) {
    return { errors: [`Ensure this field has no more than ${metadataLevelsMax} levels.`] }
  }
  return json.text.includes('\\u0000') && holdsNul(json) ? { errors: [messages.nul] } : { value: json }
}

/** JSON inside a form's field, under the same rules as a JSON body. */
function soundText(text: string): JsonText | undefined {
  try {
    parseSoundJson(text)
    return new JsonText(text.trim())
  } catch {
    return undefined
  }
}

function holdsNul(json: JsonText): boolean {
  let found = false
  JSON.parse(json.text, (name, value) => {
    if (name.includes('\0') || (typeof value === 'string' && value.includes('\0'))) found = true
    return value
  })
  return found
}
