// Judges what a caller gives for a provider's fields, by the provider's declaration.
import { type Field, type Provider, shownFields } from '../catalogue/define.ts'
import { matches } from '../catalogue/pattern.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretMask } from './connection.ts'
import { invalidFields } from './errors.ts'
import { JsonText, jsonKind } from './json-text.ts'

/** Generous for pasted pages of HTML, far too little to hurt. */
const textCharactersMax = 65_536
/** Of shorter secrets nothing is shown: a few characters would be too much of them. */
const hintedCharactersMin = 16
const hintCharacters = 4
const mask = '****'
/** How many unknown fields are named in one answer. */
const unknownTold = 20

export type SecretMasks = ReadonlyMap<string, SecretMask>

/** Only what was given: null clears a field. */
export type ReadFields = {
  readonly plain: ReadonlyMap<string, JsonText | null>
  readonly secrets: ReadonlyMap<string, Secret | null>
}

/**
 * @param masks how the secrets that are set are shown: a mask that comes back is no secret
 * @throws HubError invalid, naming every field that is wrong; a secret's value is never in a message
 */
export function readConnectionFields(
  provider: Provider,
  given: ReadonlyMap<string, JsonText>,
  masks: SecretMasks = new Map(),
): ReadFields {
  const plain = new Map<string, JsonText | null>()
  const secrets = new Map<string, Secret | null>()
  const errors = new Map<string, readonly string[]>()

  const known = shownFields(provider).map(([name]) => name)
  for (const name of given.keys()) {
    if (known.includes(name)) continue
    errors.set(name, [`${provider.title} has no such field. It has: ${known.join(', ')}.`])
    if (errors.size === unknownTold) break
  }
  for (const [name, field] of Object.entries(provider.fields)) {
    const value = given.get(name)
    // What Mortise writes itself may come back with the rest; it changes nothing.
    if (value === undefined || field.kind === 'status' || field.kind === 'token') continue
    if (value.text === 'null') {
      if (field.isSecret) secrets.set(name, null)
      else plain.set(name, null)
      continue
    }
    const error = judge(field, value, masks.get(name))
    if (error) errors.set(name, [error])
    else if (field.isSecret) secrets.set(name, new Secret(String(value.parse())))
    else plain.set(name, value)
  }
  if (errors.size > 0) throw invalidFields(errors, 'fields')
  return { plain, secrets }
}

/** What a new connection's fields are before anything is given. */
export function initialFields(provider: Provider): Map<string, JsonText> {
  const initial = new Map<string, JsonText>()
  for (const [name, field] of Object.entries(provider.fields)) {
    if (field.initial !== undefined) initial.set(name, new JsonText(JSON.stringify(field.initial)))
  }
  return initial
}

/** The same fields, but what Mortise writes of them itself is as in a new connection: it was true of others. */
export function asUnasked(
  provider: Provider,
  fields: ReadonlyMap<string, JsonText>,
): ReadonlyMap<string, JsonText> {
  const initial = initialFields(provider)
  const after = new Map(fields)
  for (const [name, { kind }] of Object.entries(provider.fields)) {
    const value = initial.get(name)
    if (kind === 'status' && value) after.set(name, value)
  }
  return after
}

/** What may be kept and shown of a secret in clear: asterisks and its last characters. */
export function hintOf(secret: Secret): string {
  const text = secret.reveal()
  return text.length < hintedCharactersMin ? mask : `${mask}${text.slice(-hintCharacters)}`
}

/** What a person may have got wrong, though it is taken: fields that are not set, and values of an unusual shape. */
export function doubtsAbout(provider: Provider, given: ReadonlyMap<string, JsonText>): string[] {
  return Object.entries(provider.fields).flatMap(([name, field]) => {
    if (isGiven(given.get(name))) return oddShape(name, field, given.get(name))
    return field.inV1 && field.kind === 'text' ? [`${name} is not set. ${field.help}`] : []
  })
}

/** The same, about the shape of what is given alone. */
export function oddShapes(provider: Provider, given: ReadonlyMap<string, JsonText>): string[] {
  return Object.entries(provider.fields).flatMap(([name, field]) => oddShape(name, field, given.get(name)))
}

function oddShape(name: string, { likelyPattern, help }: Field, value: JsonText | undefined): string[] {
  if (likelyPattern === undefined || !isGiven(value)) return []
  const isUnusual = !matches(likelyPattern, String(value.parse()))
  return isUnusual ? [`${name} does not look as it usually does. ${help}`] : []
}

function isGiven(value: JsonText | undefined): value is JsonText {
  return value !== undefined && value.text !== 'null'
}

function judge(field: Field, value: JsonText, shown: SecretMask | undefined): string | undefined {
  const kind = jsonKind(value.text)
  if (field.kind === 'object') return kind === 'object' ? undefined : 'Give a JSON object.'
  if (kind !== 'string') return 'Give a string.'
  const text = String(value.parse())
  if (text === '') return 'This field may not be blank. Leave it out, or give null, to leave it unset.'
  if (text.length > textCharactersMax)
    return `Ensure this field has no more than ${textCharactersMax} characters.`
  if (!text.isWellFormed() || text.includes('\0'))
    return 'Null characters and broken surrogates are not allowed.'
  if (field.isSecret && isMask(text, shown)) {
    return 'This is the mask of a secret, not a secret. Leave the field out to keep the secret as it is.'
  }
  if (field.isSecret && /[^\x20-\x7e]/.test(text)) return 'A credential is one line of plain ASCII.'
  if (field.oneOf && !field.oneOf.includes(text)) return `Give one of: ${field.oneOf.join(', ')}.`
  if (field.pattern && !matches(field.pattern, text)) {
    return `This does not look like what ${field.title} is. ${field.help}`
  }
  return undefined
}

/** The mask that was shown, or one as other products write it. */
function isMask(text: string, shown: SecretMask | undefined): boolean {
  return text === shown?.hint || /^[*•●.…\s]+$/u.test(text) || /^[*•●…]{3,}.{0,8}$/u.test(text)
}
