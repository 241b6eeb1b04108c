// What a client is made with, and what a single request may say otherwise.

/** A key; or, in a page that the hub itself serves, the session of whoever is signed in there. */
type Credential =
  | { readonly apiKey: string; readonly auth?: undefined }
  | { readonly auth: 'session'; readonly apiKey?: undefined }

export type ClientOptions = Credential & {
  /** Where the hub is, such as `https://hub.example.com`. */
  readonly url: string
  /** The id of the integration that everything is done as; also by `as('…')`. */
  readonly integration?: string
  /** How often a request that can safely be sent again is, after it failed for a reason that may pass. */
  readonly retries?: number
  /** In place of the runtime's own. */
  readonly fetch?: typeof fetch
}

export type RequestOptions = {
  /** Another integration than the client's. */
  readonly integration?: string
  /** In place of one that is made up; POST and PATCH alone have one. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}
