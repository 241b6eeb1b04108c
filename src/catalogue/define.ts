// What a provider's declaration says; field names, schemas, what is sealed and what is shown follow from it.

/** The kind of thing a provider does, as v1 names it. */
export type IntegrationType =
  | 'analytics'
  | 'chat'
  | 'comments'
  | 'csn'
  | 'email'
  | 'html'
  | 'membership'
  | 'payment'

export type Lifecycle = {
  readonly state: 'current' | 'renamed' | 'deprecated' | 'discontinued'
  /** What a person should know about it; needed unless the provider is simply current. */
  readonly note?: string
}

type FieldWords = {
  readonly title: string
  /** Where a person finds the value at the provider, or what it is for. */
  readonly help: string
  readonly examples?: readonly string[]
}

export type Field = FieldWords & {
  /** `text` from the user, `object` from the user (any JSON object), `status` written by Mortise alone. */
  readonly kind: 'text' | 'object' | 'status'
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
  /** What a new connection starts with. */
  readonly initial?: string
}

export type Provider = {
  readonly name: string
  /** v1's `type`. */
  readonly type: `Integration${string}`
  readonly integrationType: IntegrationType
  readonly title: string
  readonly lifecycle: Lifecycle
  /** In the order of v1's document, then what v2 adds. */
  readonly fields: Readonly<Record<string, Field>>
}

type TextOptions = FieldWords & Pick<Field, 'pattern' | 'likelyPattern' | 'oneOf' | 'initial'>

/** A field that may be shown. */
export function text(options: TextOptions): Field {
  return { kind: 'text', isSecret: false, inV1: true, ...options }
}

/** A field that is sealed. */
export function secret(options: TextOptions): Field {
  return { kind: 'text', isSecret: true, inV1: true, ...options }
}

/** A field that holds any JSON object. */
export function object(options: FieldWords): Field {
  return { kind: 'object', isSecret: false, inV1: true, ...options }
}

/** A field that Mortise writes. */
export function status(options: FieldWords & Pick<Field, 'oneOf' | 'initial'>): Field {
  return { kind: 'status', isSecret: false, inV1: true, ...options }
}

/** A field that v1's document does not have. */
export function added(field: Field): Field {
  return { ...field, inV1: false }
}

/** Keeps the literal types of a declaration while checking its shape. */
export function defineProvider<const Declared extends Provider>(declared: Declared): Declared {
  return declared
}
