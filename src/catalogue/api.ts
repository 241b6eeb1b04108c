// What a declaration says of a provider's API: where it is, how credentials go onto a request, whom to ask whether they work.
import type { Verdict } from './verdict.ts'

/** A connection's fields in clear, by name; they exist for one call. */
export type Values = {
  /** @returns undefined where the field is not set */
  find(field: string): string | undefined
  /** @throws MissingField */
  get(field: string): string
}

/** A field has to be set before anything can be asked. */
export class MissingField extends Error {
  override readonly name = 'MissingField'
  readonly field: string

  constructor(field: string) {
    super(`${field} is not set.`)
    this.field = field
  }
}

/** A field holds what no address or credential can be made of; the message is shown, and repeats nothing of it. */
export class UnusableField extends Error {
  override readonly name = 'UnusableField'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** One of the places that a provider's API is at. */
export type Service = {
  /**
   * An origin, and the folder within it that all paths are in, such as `https://example.com/members`. It is
   * worked out from stored fields alone: nothing that a caller sends has a say in it.
   * @throws MissingField or UnusableField
   */
  base(values: Values): string
}

/** How a request shows whose it is, with everything that needs. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'query'; readonly parameters: Readonly<Record<string, string>> }
  | {
      readonly kind: 'oauth1'
      readonly consumerKey: string
      readonly consumerSecret: string
      readonly token: string
      readonly tokenSecret: string
    }
  | {
      readonly kind: 'aws_sigv4'
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly region: string
      /** As it is signed for, such as `s3`. */
      readonly service: string
    }
  /** MailWizz: a keyed hash of method, address, parameters and time. */
  | { readonly kind: 'mailwizz'; readonly publicKey: string; readonly privateKey: string }
  /** WishList Member: a challenge is answered, and cookies are had for it. */
  | { readonly kind: 'wishlist'; readonly apiKey: string }

/** Whom to ask for an access token, and as whom. */
export type Grant = {
  readonly kind: 'refresh_token' | 'client_credentials'
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** How the token's address is shown the client. */
  readonly clientAuth: 'basic' | 'form'
}

/** The fields that access tokens are kept in. */
export type TokenFields =
  | { readonly accessToken: string; readonly refreshToken: string; readonly expiresAt: string }
  /** A token that Mortise keeps for itself holds its end too. */
  | { readonly accessToken: string }

/** A request as a caller words it: no address, no credential. */
export type Draft = {
  /** The provider's first service where none is named. */
  readonly service?: string
  readonly method?: 'GET' | 'HEAD' | 'POST'
  /** Within the service's base, beginning with a slash, its query included. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
}

/** The beginning of an answer's body, and what judging needs of the rest. */
export type Answer = {
  readonly status: number
  header(name: string): string | undefined
  /** At most 64 KiB. */
  readonly text: string
  /** Undefined where the body is no JSON. */
  readonly json: unknown
}

/** Asks the provider with the connection's credential. A provider that cannot be reached ends the verification. */
export type Ask = (draft: Draft) => Promise<Answer>

export type Api = {
  /** By name; the first is meant where none is named. */
  readonly services: Readonly<Record<string, Service>>
  /** @param service what the request is for: some sign for each service in another way */
  credential(values: Values, service: string): Credential
  /** How access tokens that end are had anew. */
  readonly tokens?: {
    readonly fields: TokenFields
    /** Undefined where this connection's credentials need none. */
    grant(values: Values): Grant | undefined
  }
  /** What each request carries beside the credential, unless the caller sends another value. */
  readonly headers?: Readonly<Record<string, string>>
  /** Only reads. Absent where there is nobody to ask, which `never.verify` then explains. */
  verify?(ask: Ask, values: Values): Promise<Verdict>
}
