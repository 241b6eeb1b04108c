// What a stand-in for a provider is: which requests are for it, what decides how it answers, and which credentials show that.

/** How a stand-in answers, as the ending of a credential says. */
export const modes = ['valid', 'rejected', 'forbidden', 'ratelimited', 'slow', 'down', 'html'] as const

export type Mode = (typeof modes)[number]

/** A request as it arrived, its address as the provider would have seen it. */
export type Asked = {
  readonly method: string
  /** As in `Host`, in lower case. */
  readonly host: string
  /** From the first slash on, the query included, as it was sent. */
  readonly target: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  header(name: string): string | undefined
  readonly body: Buffer
  /** Empty where the body is no form. */
  readonly form: URLSearchParams
  /** Undefined where the body is no JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined
}

export type Reply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown
}

/** What a request showed: nothing, or a credential whose ending decides. */
export type Shown = {
  readonly mode: 'absent' | 'valid' | 'rejected' | 'forbidden' | 'ratelimited'
  /** The credential without its ending: whoever shows the same is the same account. */
  readonly stem: string
}

/** Fields of a connection that show a mode, or why there are none. */
export type Sample =
  | { readonly fields: Readonly<Record<string, string>>; readonly note?: string }
  | { readonly none: string }

export type StandIn = {
  /** As the catalogue names it. */
  readonly provider: string
  isFor(asked: Asked): boolean
  /** What of a request decides; undefined where it shows no credential. */
  credential(asked: Asked): string | undefined
  /** Slow answers, cut connections and pages of HTML are not its business. */
  answer(asked: Asked, shown: Shown): Reply
  /** Beside the endings: texts that are valid as they stand. */
  readonly alsoValid?: readonly string[]
  readonly samples: Readonly<Record<Mode, Sample>>
  /** Of the other kinds of credentials that the provider takes, by what they are. */
  readonly variants?: Readonly<Record<string, Readonly<Record<Mode, Sample>>>>
}

/** What stand-ins need of the world. */
export type Tools = {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Like no other: hexadecimal digits. */
  newId(): string
  /** How long access tokens live that are had from the sandbox. */
  readonly accessTokenS: number
}
