// What a route says about itself; binding, validation, serializers and OpenAPI follow from it.
import { METHODS } from 'node:http'
import type { Readable } from 'node:stream'
import type { Static, TObject, TSchema } from 'typebox'
import type { Scope } from '../hub/caller.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * What `ANY` stands for: whatever can be handed on. TRACE would have the credential shown to the caller, and
 * CONNECT names no path.
 */
export const relayedMethods: readonly string[] = METHODS.filter(
  (method) => method !== 'TRACE' && method !== 'CONNECT',
)

export type Route = {
  readonly method: Method | 'ANY'
  /** With `:name` for a parameter, and `*` at the end for whatever follows; both slash forms answer. */
  readonly path: `/${string}`
  readonly summary: string
  /** Required, so that no route is open because somebody forgot; `any key` is for what each may know of itself. */
  readonly scope: Scope | 'any key' | 'public'
  /** For what makes or removes integrations: a key that is bound to one may not. */
  readonly boundKeys?: 'refused'
  /** Whether the `Integration-ID` header is looked at; where it is required, a bound key may leave it out. */
  readonly integrationHeader?: 'optional' | 'required'
  /** Whether errors carry their code beside the message, as those of our own resources do. */
  readonly codedErrors?: true
  /** Documents the query; it is read by the handler, in its dialect's way. */
  readonly query?: TObject
  /** Takes an Idempotency-Key, scoped to what the id in the path names, or to nothing where it makes something new. */
  readonly idempotent?: 'new' | 'integration' | 'freelancer' | 'connection' | 'api_key' | 'webhook'
  /** Who gets the answer again where an Idempotency-Key is repeated: of one that shows a new key, who asked. */
  readonly replayedTo?: 'the same key'
  readonly body?: TObject
  /** A body for examples; else the members that it demands are shown. */
  readonly example?: object
  /** How large a body may be; a mebibyte where nothing is said. */
  readonly bodyBytesMax?: number
  readonly reply: Reply
}

export type Reply = {
  readonly status: 200 | 201 | 204
  readonly description: string
  /** Absent where the answer is empty, or no JSON value. */
  readonly schema?: TSchema
  /** Of an answer that is no JSON. */
  readonly mediaType?: string
  /** Of an answer that is JSON Lines: what each line is. It is sent as it is made, however long it gets. */
  readonly lines?: TSchema
  /** Of an answer that is somebody else's, which is handed on as it comes, whatever its status. */
  readonly relayed?: true
}

export const linesMediaType = 'application/x-ndjson'

export type Routes = Readonly<Record<string, Route>>

/** `{ id: string }` of `/v2/integrations/:id/`; what `*` stands for is read from the request line. */
export type PathParameters<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name]: string } & PathParameters<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { readonly [Key in Name]: string }
    : unknown

export type BodyOf<R extends Route> = R extends { body: infer Body extends TSchema }
  ? Static<Body>
  : undefined

/** An answer that is no JSON. */
export type Media = {
  readonly mediaType: string
  readonly bytes: Buffer
  /** The same, for those who take it packed. */
  readonly gzipped?: Buffer
  /** Another for other bytes; it is worked out where it is not given. */
  readonly tag?: string
  /** True only at the moment in which it is sent: it is kept by nobody, and its name and tag mean nothing. */
  readonly isMomentary?: true
  /** Of what never changes under its name. */
  readonly name?: string
  readonly filename?: string
  /** What a browser may load beside it; nothing where it is not said. */
  readonly policy?: string
}

/** Lines a few at a time; the next ones are asked for once those before them are on their way. */
export type Lines<Line> = AsyncIterable<readonly Line[]>

/** Headers as they are on the wire, names as often as they come. */
type HeaderPairs = ReadonlyArray<readonly [name: string, value: string]>

/** A request that is handed on to somebody else, as it came. */
export type RelayedRequest = {
  readonly method: string
  /** What stands behind the route's own path, from its first slash on, with the query. */
  readonly path: string
  readonly headers: HeaderPairs
  /** Null where there is none. It may be as long as it likes, and is read as fast as somebody takes it. */
  readonly body: { readonly stream: Readable; readonly bytes: number | undefined } | null
  /** Aborted once nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Work that is done when the answer has left: it holds up nobody. */
  afterwards(work: () => Promise<unknown>): void
}

/** Somebody else's answer, on its way. */
export type Relayed = {
  readonly status: number
  readonly headers: HeaderPairs
  /** All of it at once, where all of it is there. */
  readonly body: Readable & { takeWhole(): Buffer | undefined }
}

export type ReplyOf<R extends Route> = R['reply'] extends { relayed: true }
  ? Relayed
  : R['reply'] extends { mediaType: string }
    ? Media
    : OtherReplyOf<R>

type OtherReplyOf<R extends Route> = R['reply'] extends { lines: infer Line extends TSchema }
  ? Lines<Static<Line>>
  : JsonReplyOf<R>

type JsonReplyOf<R extends Route> = R['reply'] extends { schema: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined

/** Keeps the literal types of a route table while checking its shape. */
export function defineRoutes<const Table extends Routes>(table: Table): Table {
  return table
}
