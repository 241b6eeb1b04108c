// What a page needs of a provider: the shape of a declaration's snippet, and of what comes of it.
import type { JsonText } from '../hub/json-text.ts'
import type { Field } from './define.ts'

/** What a caller may say of the page that the snippet is for. */
export type EmbeddingPage = {
  readonly url?: string
  readonly identifier?: string
  readonly title?: string
}

export type Snippet = {
  readonly html: string
  /** The origins that its markup loads from or sends to. */
  readonly hosts: readonly string[]
  /** What works less than it seems to, each in a sentence. */
  readonly warnings: readonly string[]
}

/** What has to change before there can be a snippet, by field. */
export type Refusal = { readonly refused: ReadonlyMap<string, readonly string[]> }

type Fields = Readonly<Record<string, Field>>

/** The fields that a page may see: a snippet cannot even name a secret. */
type PlainName<Of extends Fields> = {
  [Name in keyof Of]: Of[Name] extends { readonly isSecret: false } ? Name : never
}[keyof Of]

type ValueOf<F> = F extends { readonly kind: 'object' } ? JsonText : string

type PlainValues<Of extends Fields, Needed> = {
  readonly [Name in PlainName<Of>]: ValueOf<Of[Name]> | (Name extends Needed ? never : undefined)
}

type Made = Snippet | Refusal

export type SnippetMaker<Of extends Fields, Needed> = {
  /** Without these there is no snippet. */
  readonly needs: ReadonlyArray<Needed & PlainName<Of>>
  make(values: PlainValues<Of, Needed>, page: EmbeddingPage): Made | Promise<Made>
}

/** The same for whoever holds providers of all kinds. */
export type AnySnippetMaker = {
  readonly needs: readonly string[]
  make(values: object, page: EmbeddingPage): Made | Promise<Made>
}
