// What a change makes of a connection, and which changes are refused.
import { type Field, type Provider, secretNames } from '../catalogue/define.ts'
import { EgressDenied } from '../outbound/guard.ts'
import type { Connection, ConnectionChange } from './connection.ts'
import { type ReadFields, readConnectionFields, type SecretMasks } from './connection-fields.ts'
import { HubError, invalidField, invalidFields } from './errors.ts'
import type { JsonText } from './json-text.ts'

export type JudgedChange = {
  /** As it would be; its health and times are those of before. */
  readonly after: Connection
  readonly read: ReadFields
  /** The fields by which it moves where the secrets are sent. */
  readonly moved: readonly string[]
}

/** Says whether Mortise may call an address, as far as that can be said now. */
export type JudgesAddress = (url: URL) => void

/**
 * Nothing is written.
 * @param given what changes; where `isWhole`, plain fields that are left out are cleared, secrets stay
 * @param masks how the secrets that are set are shown
 * @throws HubError invalid, egress_denied
 */
export function judgeChange(
  provider: Provider,
  before: Connection,
  masks: SecretMasks,
  given: ConnectionChange,
  { isWhole, judgeAddress }: { isWhole: boolean; judgeAddress: JudgesAddress },
): JudgedChange {
  if (given.provider !== undefined && given.provider !== before.provider) {
    throw invalidField(
      'provider',
      `A connection stays with its provider, ${before.provider}. Make another connection instead.`,
    )
  }
  const read = readConnectionFields(provider, given.fields ?? new Map<string, JsonText>(), masks)
  const after: Connection = {
    ...before,
    title: given.title ?? before.title,
    useCloudfront: given.useCloudfront ?? before.useCloudfront,
    metadata: given.metadata ?? before.metadata,
    fields: changedFields(provider, before.fields, read.plain, isWhole),
  }
  const moved = movedOrigins(provider, before, after)
  if (moved.length > 0) refuseNewOrigin(provider, moved, read, masks)
  refuseAddresses(provider, read, judgeAddress)
  return { after, read, moved }
}

/** @throws HubError egress_denied, also for what is no whole address */
export function refuseAddresses(
  provider: Provider,
  { plain }: ReadFields,
  judgeAddress: JudgesAddress,
): void {
  const denied = Object.entries(provider.fields).flatMap(([name, { isOrigin }]) => {
    const value = isOrigin ? plain.get(name) : undefined
    return value && isDeniedAddress(String(value.parse()), judgeAddress) ? [name] : []
  })
  if (denied.length === 0) return
  throw new HubError('egress_denied', deniedWords, {
    fields: new Map(denied.map((name) => [name, [deniedWords]])),
    within: 'fields',
  })
}

/** The same whatever the reason: who may write addresses learns nothing of the network behind. */
export const deniedWords =
  'This address is not called: it has to be a whole one, such as https://example.com, on the public internet, or be named in MORTISE_EGRESS_ALLOW.'

/** Whether a text is no address that may be called, as far as that can be said now. */
export function isDeniedAddress(text: string, judgeAddress: JudgesAddress): boolean {
  try {
    const url = URL.parse(text)
    // Parsers turn backslashes round and drop blanks: to people's eyes it would be another address.
    if (url === null || /[\\\s\p{Cc}]/u.test(text)) return true
    judgeAddress(url)
    return url.hash !== ''
  } catch (error) {
    if (error instanceof EgressDenied) return true
    throw error
  }
}

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
function refuseNewOrigin(
  provider: Provider,
  moved: readonly string[],
  { secrets }: ReadFields,
  masks: SecretMasks,
): void {
  const missing = secretNames(provider).filter((name) => masks.has(name) && !secrets.has(name))
  if (missing.length === 0) return
  const message = `This changes where the secrets are sent. Send ${missing.join(', ')} again with it.`
  throw invalidFields(new Map(moved.map((name) => [name, [message]])), 'fields')
}

/** The fields by which a change moves where the secrets are sent. */
function movedOrigins(provider: Provider, before: Connection, after: Connection): string[] {
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
