// Generators of request bodies, near a schema and far from it, in every kind of body that is taken.
import fc, { type Arbitrary } from 'fast-check'

/** As much of a JSON schema as the generators follow. */
export type JsonSchema = {
  type?: string | readonly string[]
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
  pattern?: string
  format?: string
  readOnly?: boolean
  examples?: readonly unknown[]
  items?: JsonSchema
  enum?: readonly string[]
  minimum?: number
  maximum?: number
}

export type WireBody = { readonly contentType: string; readonly bytes: Buffer }

/** Texts that have broken other people's programs. */
export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udfff\ud800y',
    '\ufeff',
    '\u202e',
    '\r\nX-Injected: 1',
    "' OR 1=1 --",
    '%',
    '{{7*7}}',
    '../../etc/passwd',
    '<script>',
    'e\u0301',
    '\u00e9',
    'ﷺ'.repeat(20),
    'null',
    '9007199254740993',
    '1e999',
    '-0',
    'a'.repeat(256),
    '😀'.repeat(255),
    'a'.repeat(40_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  }),
)

const hostileName = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'polluted',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  'length',
  'id',
  'type',
  'account_id',
  'detail',
  'code',
  'error',
  'non_field_errors',
  '',
  '\0',
  '\ud800',
  'ключ',
)

const deepJson: Arbitrary<string> = fc
  .tuple(fc.constantFrom(1, 31, 32, 33, 100, 101, 1_000, 50_000), fc.boolean())
  .map(([levels, isList]) =>
    isList ? '['.repeat(levels) + ']'.repeat(levels) : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
  )

/** JSON as text, so that numbers beyond doubles and members given twice are among it. */
const hostileJson: Arbitrary<string> = fc.oneof(
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom(
    'null',
    'true',
    'false',
    '0',
    '-0',
    '1.5',
    '1e999',
    '-1E400',
    '12345678901234567890',
    '{}',
    '[]',
  ),
  fc.constantFrom('{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '[[[]]]'),
  fc.integer().map(String),
  fc.double().map((value) => JSON.stringify(value)),
  deepJson,
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.array(fc.tuple(hostileName, fc.json({ maxDepth: 1 })), { maxLength: 4 }).map(objectText),
)

function objectText(members: ReadonlyArray<readonly [string, string]>): string {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

/** A value that the schema takes, as JSON. */
function fitting(schema: JsonSchema): Arbitrary<string> {
  const { type = 'string', pattern, format, examples = [] } = schema
  if (schema.enum) return fc.constantFrom(...schema.enum).map(asJson)
  if (type === 'object' && schema.properties) return members(schema, true).map(objectText)
  if (type === 'object') {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 })
    return fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 5 }).map(asJson)
  }
  if (format === 'image') return fc.constant('null')
  if (pattern !== undefined) return fc.stringMatching(/^[a-z][A-Za-z0-9._~-]{5,30}$/).map(asJson)
  if (format === 'email') return fc.stringMatching(/^[a-z]{1,20}@[a-z]{1,20}\.example$/).map(asJson)
  if (type === 'boolean') return fc.boolean().map(asJson)
  if (type === 'integer')
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 2 ** 31 }).map(asJson)
  if (type.includes('array')) {
    const { enum: choices } = schema.items ?? {}
    if (choices) return fc.subarray([...choices], { minLength: 1 }).map(asJson)
    return fc.constantFrom(...examples, ...(examples.length > 0 ? [] : [[]])).map(asJson)
  }
  if (format === 'date-time') return fc.constantFrom(...examples).map(asJson)
  const texts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => `${text}.`)
  const known = examples.length > 0 ? [fc.constantFrom(...examples)] : []
  const nothing = type.includes('null') ? [fc.constant(null)] : []
  return fc.oneof(texts, ...known, ...nothing).map(asJson)
}

function asJson(value: unknown): string {
  return JSON.stringify(value)
}

/** @param isFitting whether all that is required is given, and all that is given fits */
function members(schema: JsonSchema, isFitting: boolean): Arbitrary<Array<readonly [string, string]>> {
  const required = new Set(schema.required ?? [])
  const lists = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const isGiven = property.readOnly ? fc.constant(false) : fc.boolean()
    const fits = fitting(property)
    const value = isFitting
      ? fits
      : fc.oneof({ weight: 4, arbitrary: fits }, { weight: 1, arbitrary: hostileJson })
    return fc
      .tuple(isFitting && required.has(name) ? fc.constant(true) : isGiven, value)
      .map(([given, json]): Array<readonly [string, string]> => (given ? [[name, json]] : []))
  })
  const others = isFitting ? fc.constant([]) : fc.array(fc.tuple(hostileName, hostileJson), { maxLength: 2 })
  return fc.tuple(fc.tuple(...lists), others).map(([known, unknown]) => [...known.flat(), ...unknown])
}

function jsonBody(text: Arbitrary<string>): Arbitrary<WireBody> {
  return text.map((json) => ({ contentType: 'application/json', bytes: Buffer.from(json) }))
}

/** Members as the fields of a form: strings bare, everything else as its JSON. */
function formBody(given: Arbitrary<Array<readonly [string, string]>>): Arbitrary<WireBody> {
  const bare = (json: string) => (json.startsWith('"') ? String(JSON.parse(json)) : json)
  const fields = given.map((list) => list.map(([name, json]): [string, string] => [name, bare(json)]))
  const encoded = fields.map((list) => ({
    contentType: 'application/x-www-form-urlencoded',
    bytes: Buffer.from(new URLSearchParams(list).toString()),
  }))
  const multipart = fc.tuple(fields, fc.boolean()).map(([list, isFile]) => {
    const parts = list.map(([name, text]) => {
      const file = isFile ? '; filename="a.png"\r\nContent-Type: image/png' : ''
      return `--edge\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${text}\r\n`
    })
    return {
      contentType: 'multipart/form-data; boundary=edge',
      bytes: Buffer.from(`${parts.join('')}--edge--\r\n`),
    }
  })
  return fc.oneof(encoded, multipart)
}

const contentTypes = fc.constantFrom(
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'application/json garbage',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'application/x-www-form-urlencoded; charset=latin1',
  '\xff/\xff',
)

/** Bytes cut, doubled or overwritten, and kinds that do not belong to them. */
function mutated(body: Arbitrary<WireBody>): Arbitrary<WireBody> {
  const place = fc.double({ min: 0, max: 1, noNaN: true })
  const cut = fc
    .tuple(body, place, fc.uint8Array({ maxLength: 4 }))
    .map(([{ contentType, bytes }, at, junk]) => {
      const middle = Math.floor(bytes.length * at)
      return {
        contentType,
        bytes: Buffer.concat([bytes.subarray(0, middle), junk, bytes.subarray(middle + 1)]),
      }
    })
  const relabelled = fc.tuple(body, contentTypes).map(([{ bytes }, contentType]) => ({ contentType, bytes }))
  return fc.oneof(cut, relabelled)
}

const hugeBody = fc.constantFrom(300_000, 1_000_000).map((length) => ({
  contentType: 'application/json',
  bytes: Buffer.from(`{"name":"${'n'.repeat(length)}"}`),
}))

/** A body for a route of this schema; one in three fits it, and a route without a schema gets any. */
export function bodies(schema: JsonSchema | undefined): Arbitrary<WireBody | undefined> {
  const hostile = schema
    ? members(schema, false)
    : fc.array(fc.tuple(hostileName, hostileJson), { maxLength: 3 })
  const odd = fc.oneof(jsonBody(hostile.map(objectText)), formBody(hostile), jsonBody(hostileJson))
  const fit = schema ? jsonBody(members(schema, true).map(objectText)) : fc.constant(undefined)
  return fc.oneof(
    { weight: 10, arbitrary: fit },
    { weight: 10, arbitrary: odd },
    { weight: 8, arbitrary: mutated(odd) },
    { weight: 1, arbitrary: hugeBody },
    { weight: 2, arbitrary: fc.constant(undefined) },
  )
}
