// Reads JSON bodies: sound ones, member by member as they were written; all others are refused without an echo.
import { HubError } from '../hub/errors.ts'
import { endOfString, type JsonKind, type JsonText, jsonKind, membersOf } from '../hub/json-text.ts'

/** Far deeper than any of our objects, far shallower than what hurts. */
const levelsMax = 100
/** Far more members than any of our objects has, few enough to name each in an answer. */
export const membersMax = 1_000
/** More strings, brackets and commas than fit into the largest value that is taken, in its shortest spelling. */
const partsMax = 50_000

export type JsonBody =
  | { readonly members: ReadonlyMap<string, JsonText> }
  | { readonly notAnObject: JsonKind }

/** @throws HubError malformed */
export function parseJsonBody(bytes: Buffer): JsonBody {
  const source = decodeUtf8(bytes)
  parseSoundJson(source)
  const kind = jsonKind(source.trimStart())
  return kind === 'object' ? { members: membersOf(source) } : { notAnObject: kind }
}

/**
 * Parses JSON that is the same thing to every reader.
 * @throws HubError malformed
 */
export function parseSoundJson(source: string): unknown {
  expectFewParts(source)
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    throw parseError('the body is not valid JSON.')
  }
  // Half a surrogate pair can only be written as an escape; most bodies need no second look.
  if (/\\u|__proto__|constructor/.test(source)) expectSound(value)
  return value
}

/**
 * Told from the text in one pass, before anything is built from it.
 * @throws HubError malformed, where it is too deep, or of too many parts
 */
function expectFewParts(source: string): void {
  let level = 0
  let parts = 0
  let members = 1
  let isObject = false
  for (let at = 0; at < source.length; at++) {
    switch (source[at]) {
      case '"':
        parts++
        at = endOfString(source, at)
        break
      case '{':
      case '[':
        if (parts++ === 0) isObject = source[at] === '{'
        if (++level > levelsMax) throw parseError('the body is nested too deeply.')
        break
      case '}':
      case ']':
        level--
        break
      case ',':
        parts++
        if (level === 1 && isObject && ++members > membersMax) {
          throw parseError(`the body has more than ${membersMax} members.`)
        }
    }
    if (parts > partsMax) throw parseError('the body has too many values.')
  }
}

/** How deep objects and lists stand in each other: 1 for `{}`, 0 for a plain value. */
export function levelsOf(value: unknown): number {
  let deepest = 0
  visit(value, (_, level) => {
    deepest = level
  })
  return deepest
}

function parseError(reason: string): HubError {
  return new HubError('malformed', `JSON parse error - ${reason}`)
}

/** @throws HubError malformed, where bytes are not UTF-8 */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw parseError('the body is not valid UTF-8.')
  }
}

function expectSound(root: unknown): void {
  visit(root, (value) => {
    if (typeof value === 'string') expectWellFormed(value)
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const name of Object.keys(value)) {
        if (name === '__proto__' || name === 'constructor')
          throw parseError(`a member may not be named ${name}.`)
        expectWellFormed(name)
      }
    }
  })
}

function expectWellFormed(text: string): void {
  if (!text.isWellFormed()) throw parseError('a string holds half of a surrogate pair.')
}

/** Level by level, without recursion. */
function visit(root: unknown, look: (value: unknown, level: number) => void): void {
  let values: unknown[] = [root]
  for (let level = 0; values.length > 0; level++) {
    const below: unknown[] = []
    for (const value of values) {
      const isNested = typeof value === 'object' && value !== null
      look(value, isNested ? level + 1 : level)
      if (!isNested) continue
      for (const inner of Array.isArray(value) ? value : Object.values(value)) below.push(inner)
    }
    values = below
  }
}
