// What a change makes of a connection, and which changes are refused.
import type { Field, Provider } from '../catalogue/define.ts'
import type { Connection } from './connection.ts'
import type { ReadFields, SecretMasks } from './connection-fields.ts'
import { invalidFields } from './errors.ts'
import type { JsonText } from './json-text.ts'

/** The plain fields after a change, in the order of the declaration; what Mortise writes itself stays. */
export function changedFields(
  provider: Provider,
  before: ReadonlyMap<string, JsonText>,
  given: ReadonlyMap<string, JsonText | null>,
  isWhole: boolean,
): Map<string, JsonText> {
  const after = new Map<string, JsonText>()
  for (const [name, field] of Object.entries(provider.fields)) {
    const kept = isWhole && field.kind !== 'status' ? undefined : before.get(name)
    const value = given.has(name) ? given.get(name) : kept
    if (value) after.set(name, value)
  }
  return after
}

/** The names of what differs, as the wire has them. */
export function changedMembers(before: Connection, after: Connection): string[] {
  const names = new Set([...before.fields.keys(), ...after.fields.keys()])
  return [
    ...(before.title === after.title ? [] : ['title']),
    ...(before.useCloudfront === after.useCloudfront ? [] : ['use_cloudfront']),
    ...(before.metadata.text === after.metadata.text ? [] : ['metadata']),
    ...[...names]
      .filter((name) => before.fields.get(name)?.text !== after.fields.get(name)?.text)
      .map((name) => `fields.${name}`),
  ]
}

/** Secrets go to no other host than they were given for: who moves that has to know them. */
export function refuseNewOrigin(moved: readonly string[], { secrets }: ReadFields, masks: SecretMasks): void {
  const missing = [...masks.keys()].filter((name) => !secrets.has(name))
  if (moved.length === 0 || missing.length === 0) return
  const message = `This changes where the secrets are sent. Send ${missing.join(', ')} again with it.`
  throw invalidFields(new Map(moved.map((name) => [name, [message]])), 'fields')
}

/** The fields by which a change moves where the secrets are sent. */
export function movedOrigins(provider: Provider, before: Connection, after: Connection): string[] {
  const isMoved = ([name, field]: [string, Field]) =>
    field.isOrigin === true && originOf(before.fields.get(name)) !== originOf(after.fields.get(name))
  return Object.entries(provider.fields)
    .filter(isMoved)
    .map(([name]) => name)
}

/** What is no address in full has no origin: it is all of it that may not change. */
function originOf(value: JsonText | undefined): string | undefined {
  const text = value && String(value.parse())
  const url = text === undefined ? null : URL.parse(text)
  return url && /^https?:$/.test(url.protocol) ? url.origin : text
}
