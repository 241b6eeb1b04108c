// What a provider's declaration says; field names, schemas, what is sealed and what is shown follow from it.

import type { Api } from './api.ts'
import type { AnySnippetMaker, SnippetMaker } from './snippet.ts'

/** The kinds of things that providers do, as v1 names them; `other` for what operators declare. */
export const integrationTypes = [
  'analytics',
  'chat',
  'comments',
  'csn',
  'email',
  'html',
  'membership',
  'payment',
  'other',
] as const

export type IntegrationType = (typeof integrationTypes)[number]

/** How a provider is shown its credentials; where it takes several kinds, the one that v1's fields are for. */
export const authKinds = [
  'header',
  'bearer',
  'basic',
  'query',
  'oauth1',
  'oauth2_refresh',
  'oauth2_client_credentials',
  'aws_sigv4',
  'hmac',
  'handshake',
  'none',
] as const

export type AuthKind = (typeof authKinds)[number]

export const lifecycleStates = ['current', 'renamed', 'deprecated', 'discontinued'] as const

export type Lifecycle = {
  readonly state: (typeof lifecycleStates)[number]
  /** What a person should know about it; needed unless the provider is simply current. */
  readonly note?: string
}

/** What Mortise does with a connection beyond keeping it. */
export type Capability = 'verify' | 'proxy' | 'embed'

type FieldWords = {
  readonly title: string
  /** Where a person finds the value at the provider, or what it is for. */
  readonly help: string
  readonly examples?: readonly string[]
}

export type Field = FieldWords & {
  /**
   * `text` from the user, `object` from the user (any JSON object), `status` written by Mortise alone, `token`
   * had by Mortise from the provider and shown to nobody.
   */
  readonly kind: 'text' | 'object' | 'status' | 'token'
  /** Sealed in the store, never shown but to those who may read secrets. */
  readonly isSecret: boolean
  /** Whether v1's document has it; the others are today's needs, and shown by v2 alone. */
  readonly inV1: boolean
  /** A fact of the provider: a value that does not match is refused. */
  readonly pattern?: string
  /** A guess about the provider: a value that does not match gets a warning and is kept. */
  readonly likelyPattern?: string
  /** The only values there are. */
  readonly oneOf?: readonly string[]
  /** Holds the address that the secrets are sent to: changing its origin asks for the secrets again. */
  readonly isOrigin?: true
  /** What a new connection starts with. */
  readonly initial?: string
}

export type Provider = {
  /** Where its API is and how it is called; absent where there is none. */
  readonly api?: Api
  readonly name: string
  /** v1's `type`. */
  readonly type: `Integration${string}`
  readonly integrationType: IntegrationType
  readonly title: string
  readonly lifecycle: Lifecycle
  readonly auth: AuthKind
  /** Makes what a page needs of it. */
  readonly snippet?: AnySnippetMaker
  /** What can never be done with it, each with the reason in a sentence. */
  readonly never?: Readonly<Partial<Record<'verify' | 'proxy', string>>>
  /** In the order of v1's document, then what v2 adds. */
  readonly fields: Readonly<Record<string, Field>>
}

type TextOptions = FieldWords & Pick<Field, 'pattern' | 'likelyPattern' | 'oneOf' | 'initial' | 'isOrigin'>

/** The names of the secrets that people give, in the order of the declaration. */
export function secretNames({ fields }: Pick<Provider, 'fields'>): string[] {
  return Object.entries(fields)
    .filter(([, { isSecret, kind }]) => isSecret && kind !== 'token')
    .map(([name]) => name)
}

/** Those that people know of, in the order of the declaration. */
export function shownFields({ fields }: Pick<Provider, 'fields'>): Array<[name: string, field: Field]> {
  return Object.entries(fields).filter(([, { kind }]) => kind !== 'token')
}

/** Stands for a provider whose declaration was taken away: what was stored of a connection can still be shown. */
export function undeclared(
  name: string,
  names: { plain: Iterable<string>; secrets: Iterable<string> },
): Provider {
  const words = { title: name, help: 'This provider is declared no more.' }
  return {
    name,
    type: 'Integration',
    integrationType: 'other',
    title: name,
    lifecycle: { state: 'discontinued', note: words.help },
    auth: 'none',
    fields: Object.fromEntries([
      ...[...names.plain].map((field) => [field, text(words)]),
      ...[...names.secrets].map((field) => [field, secret(words)]),
    ]),
  }
}

/** A field that may be shown. */
export function text(options: TextOptions): Field & { kind: 'text'; isSecret: false } {
  return { kind: 'text', isSecret: false, inV1: true, ...options }
}

/** A field that is sealed. */
export function secret(options: TextOptions): Field & { kind: 'text'; isSecret: true } {
  return { kind: 'text', isSecret: true, inV1: true, ...options }
}

/** A field that holds any JSON object. */
export function object(options: FieldWords): Field & { kind: 'object'; isSecret: false } {
  return { kind: 'object', isSecret: false, inV1: true, ...options }
}

/** A field that Mortise writes. */
export function status(
  options: FieldWords & Pick<Field, 'oneOf' | 'initial'>,
): Field & { kind: 'status'; isSecret: false } {
  return { kind: 'status', isSecret: false, inV1: true, ...options }
}

/** A token that Mortise has from the provider: sealed, and never shown to anybody. */
export function token(words: FieldWords): Field {
  return { kind: 'token', isSecret: true, inV1: false, ...words }
}

/** A field that v1's document does not have. */
export function added<F extends Field>(field: F): F {
  return { ...field, inV1: false }
}

/** Keeps the literal types of a declaration while checking its shape. */
export function defineProvider<
  const Declared extends Omit<Provider, 'snippet' | 'fields'>,
  const Fields extends Provider['fields'],
  const Needed extends string = never,
>(
  declared: Declared & { readonly fields: Fields; readonly snippet?: SnippetMaker<Fields, Needed> },
): Declared & { readonly fields: Fields } {
  return declared
}
