// Judges what a caller gives for a provider's fields, by the provider's declaration.
import type { Field, Provider } from '../catalogue/define.ts'
import { Secret } from '../vault/secret.ts'
import { invalidFields } from './errors.ts'
import { JsonText, jsonKind } from './json-text.ts'

/** Generous for pasted pages of HTML, far too little to hurt. */
const textCharactersMax = 65_536

/** @throws HubError invalid, naming every field that is wrong; a secret's value is never in a message */
export function readConnectionFields(
  provider: Provider,
  given: ReadonlyMap<string, JsonText>,
): { plain: Map<string, JsonText>; secrets: Map<string, Secret> } {
  const plain = new Map<string, JsonText>()
  const secrets = new Map<string, Secret>()
  const errors = new Map<string, readonly string[]>()

  const known = Object.keys(provider.fields)
  for (const name of given.keys()) {
    if (!known.includes(name)) {
      errors.set(name, [`${provider.title} has no such field. It has: ${known.join(', ')}.`])
    }
  }
  for (const [name, field] of Object.entries(provider.fields)) {
    if (field.initial !== undefined) plain.set(name, new JsonText(JSON.stringify(field.initial)))
    const value = given.get(name)
    if (value === undefined || value.text === 'null') continue
    const error = judge(field, value)
    if (error) errors.set(name, [error])
    else if (field.isSecret) secrets.set(name, new Secret(String(value.parse())))
    else plain.set(name, value)
  }
  if (errors.size > 0) throw invalidFields(errors)
  return { plain, secrets }
}

/** What a person may have got wrong, though it is taken: fields that are not set, and values of an unusual shape. */
export function doubtsAbout(provider: Provider, given: ReadonlyMap<string, JsonText>): string[] {
  return Object.entries(provider.fields).flatMap(([name, field]) => {
    const value = given.get(name)
    if (value === undefined || value.text === 'null') {
      return field.inV1 && field.kind === 'text' ? [`${name} is not set. ${field.help}`] : []
    }
    const isUnusual =
      field.likelyPattern !== undefined && !new RegExp(field.likelyPattern, 'u').test(String(value.parse()))
    return isUnusual ? [`${name} does not look as it usually does. ${field.help}`] : []
  })
}

function judge(field: Field, value: JsonText): string | undefined {
  const kind = jsonKind(value.text)
  if (field.kind === 'status') return 'This field is written by Mortise alone.'
  if (field.kind === 'object') return kind === 'object' ? undefined : 'Give a JSON object.'
  if (kind !== 'string') return 'Give a string.'
  const text = String(value.parse())
  if (text === '') return 'This field may not be blank. Leave it out, or give null, to leave it unset.'
  if (text.length > textCharactersMax)
    return `Ensure this field has no more than ${textCharactersMax} characters.`
  if (!text.isWellFormed() || text.includes('\0'))
    return 'Null characters and broken surrogates are not allowed.'
  if (field.isSecret && /[^\x20-\x7e]/.test(text)) return 'A credential is one line of plain ASCII.'
  if (field.oneOf && !field.oneOf.includes(text)) return `Give one of: ${field.oneOf.join(', ')}.`
  if (field.pattern && !new RegExp(field.pattern, 'u').test(text)) {
    return `This does not look like what ${field.title} is. ${field.help}`
  }
  return undefined
}
