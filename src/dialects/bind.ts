// Binds a route table to its handlers: admit, run, serialize. Every request of every dialect passes here.
import { METHODS } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type BodyOf,
  type Lines,
  linesMediaType,
  type Media,
  type PathParameters,
  type Relayed,
  type RelayedRequest,
  type ReplyOf,
  type Route,
  type Routes,
  relayedMethods,
} from '../contract/route.ts'
import { serializerOf } from '../contract/serializer.ts'
import type { Caller } from '../hub/caller.ts'
import { HubError, notFound } from '../hub/errors.ts'
import type { StoredAnswer } from '../hub/idempotency.ts'
import { refuseBound } from '../hub/integrations.ts'
import type { Operations } from '../hub/operations.ts'
import type { BodyReader, Dialect, Door } from './dialect.ts'
import { singleHeader } from './headers.ts'
import { canonicalBody, readIdempotencyKey } from './idempotency-key.ts'
import { sendLines } from './lines.ts'
import { sendMedia } from './media.ts'
import { readRelayed, sendRelayed } from './relay.ts'
import { type Query, queryOf } from './url-encoded.ts'

export type Input<Path extends string, Body> = {
  readonly params: PathParameters<Path>
  readonly query: Query
  /** The path, in the form that the contract gives it, without a query. */
  readonly path: string
  /** Reads and judges the body; called when it is the body's turn, after the 404s. */
  body(): Promise<Body>
  /**
   * For work that calls somebody outside. Where the request has an Idempotency-Key, nobody else with the same
   * one is at it meanwhile.
   */
  callOutside<Result>(work: () => Promise<Result>): Promise<Result>
}

/** What a handler is given where the request is handed on to somebody else. */
type RelayedInput<R extends Route> = R['reply'] extends { relayed: true }
  ? { readonly relayed: RelayedRequest; header(name: string): string | undefined }
  : unknown

type Admitted<R extends Route> = R['scope'] extends 'public' ? null : Caller

/**
 * A handler of a route that takes an Idempotency-Key reads and judges the request, and gives back the work
 * that is left: that runs in the transaction which keeps the answer.
 */
type Handled<R extends Route> = R extends { idempotent: string }
  ? (operations: Operations) => Promise<ReplyOf<R>>
  : ReplyOf<R>

/** A route without a handler does not compile; nor does a handler whose answer is not what the route says. */
export type Handlers<Table extends Routes> = {
  readonly [Name in keyof Table]: (
    input: Input<Table[Name]['path'], BodyOf<Table[Name]>> & RelayedInput<Table[Name]>,
    caller: Admitted<Table[Name]>,
  ) => Promise<Handled<Table[Name]>>
}

export type Wire = {
  dialect: Dialect
  door: Door
  /** What stands before the contract's own paths, where they are served once more. */
  under?: string
}

/** @param app the dialect's own instance, whose prefix the paths begin with */
export function bindRoutes<Table extends Routes>(
  app: FastifyInstance,
  wire: Wire,
  routes: Table,
  handlers: Handlers<Table>,
): void {
  for (const [name, route] of Object.entries(routes)) {
    const bodyLimit = route.reply.relayed ? Number.MAX_SAFE_INTEGER : route.bodyBytesMax
    const handler = answerer(wire, route, handlers[name] as unknown as AnyHandler)
    for (const url of urlsOf(app, wire, route.path)) {
      app.route({
        method: methodsOf(route),
        url,
        config: configOf(route),
        ...(bodyLimit !== undefined && { bodyLimit }),
        handler,
      })
    }
  }
  refuseOtherMethods(app, wire, routes)
}

/** Every path of the dialect that no route has. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw notFound()
  })
}

/** What a handler asks for is read when it asks. */
class RequestInput {
  readonly #route: Route
  readonly #request: FastifyRequest
  readonly #readBody: BodyReader | undefined
  /** Set where the request has an Idempotency-Key. */
  claimOutside: (() => Promise<void>) | undefined

  constructor(route: Route, request: FastifyRequest, readBody: BodyReader | undefined) {
    this.#route = route
    this.#request = request
    this.#readBody = readBody
  }

  get params(): unknown {
    return this.#request.params
  }

  /** Handlers take it apart from the rest, and so they do what follows. */
  get body(): () => Promise<unknown> | undefined {
    return () => this.#readBody?.(this.#request)
  }

  get callOutside() {
    return async <Result>(work: () => Promise<Result>): Promise<Result> => {
      await this.claimOutside?.()
      return work()
    }
  }

  get query(): Query {
    return queryOf(this.#request.url)
  }

  get path(): string {
    return pathOf(this.#route, this.#request)
  }
}

/** No id holds a NUL, and not every engine can be asked for one. What `*` stands for is no id. */
function namesNothing({ params }: FastifyRequest): boolean {
  return Object.entries(params as Record<string, string>).some(
    ([name, id]) => name !== '*' && id.includes('\0'),
  )
}

type AnyHandler = (input: object, caller: Caller | null) => Promise<unknown>
type Work = (operations: Operations) => Promise<unknown>

function answerer({ dialect, door }: Wire, route: Route, handler: AnyHandler) {
  const serialize = route.reply.schema && serializerOf(route.reply.schema)
  const serializeLine = route.reply.lines && serializerOf(route.reply.lines)
  const readBody = route.body && dialect.bodyReader(route.body)
  const { codedErrors: coded } = configOf(route)

  const answerWith = (result: unknown): StoredAnswer => ({
    status: route.reply.status,
    body: serialize ? serialize(result) : '',
  })
  const refusal = (error: HubError): StoredAnswer => {
    const { status, body } = dialect.show(error, { coded })
    return { status, body: JSON.stringify(body) }
  }

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const acting = route.integrationHeader ? actingCaller(route, request, door) : request.caller
    const caller = acting instanceof Promise ? await acting : acting
    if (caller !== null && route.boundKeys === 'refused') refuseBound(caller, route.summary.toLowerCase())
    if (namesNothing(request)) throw notFound()
    const input = new RequestInput(route, request, readBody)
    if (route.reply.relayed) {
      const relayed = readRelayed(route.path, request, reply)
      const header = (name: string) => singleHeader(request, name)
      const { params } = input
      return sendRelayed(request, reply, (await handler({ params, relayed, header }, caller)) as Relayed)
    }
    if (route.reply.mediaType) return sendMedia(request, reply, (await handler(input, caller)) as Media)
    if (serializeLine) {
      return sendLines(request, reply, (await handler(input, caller)) as Lines<unknown>, serializeLine)
    }
    if (!route.idempotent || caller === null) return send(reply, answerWith(await handler(input, caller)))

    const prepare = async () => (await handler(input, caller)) as Work
    const key = readIdempotencyKey(request)
    if (key === undefined) return send(reply, answerWith(await (await prepare())(door.operations)))
    const keyed = {
      key,
      route: `${route.method} ${route.path}`,
      target: route.idempotent === 'new' ? null : { noun: route.idempotent, id: idOf(request) },
      isForAskerAlone: route.replayedTo === 'the same key',
      canonicalBody: await canonicalBody(request),
    }
    const { answer, isReplay } = await door.idempotency.once(caller, keyed, {
      prepare: async (claimOutside) => {
        input.claimOutside = claimOutside
        const work = await prepare()
        return async (operations) => answerWith(await work(operations))
      },
      refusal,
    })
    if (isReplay) reply.header('idempotent-replayed', 'true')
    return send(reply, answer)
  }
}

function send(reply: FastifyReply, { status, body }: StoredAnswer): FastifyReply {
  reply.code(status)
  return body === '' ? reply.send() : reply.header('content-type', 'application/json').send(body)
}

/** The caller, narrowed to the integration that the request names. */
function actingCaller(route: Route, request: FastifyRequest, door: Door): Promise<Caller> | Caller | null {
  const id = singleHeader(request, 'integration-id')
  if (request.caller === null) return null
  if (id === undefined) {
    if (route.integrationHeader === 'required' && request.caller.boundTo === null) {
      throw new HubError('integration_required', 'The Integration-ID header is required.')
    }
    return request.caller
  }
  return door.operations.integrations.actAs(request.caller, id)
}

/** From the route, not from the request line, which may hold a host. */
function pathOf(route: Route, { params }: FastifyRequest): string {
  const values = params as Readonly<Record<string, string>>
  return route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function idOf({ params }: FastifyRequest): string {
  return (params as Readonly<Record<string, string>>).id ?? ''
}

function configOf(route: Route | undefined) {
  return {
    scope: route?.scope ?? 'public',
    codedErrors: route?.codedErrors === true,
    ...(route?.reply.lines && { mediaTypes: [linesMediaType] }),
    ...(route?.reply.mediaType && { mediaTypes: [route.reply.mediaType.replace(/;.*/, '')] }),
    ...(route?.reply.relayed && { isRelayed: true }),
  } as const
}

/** Every path knows all methods: those it has no route for are refused by name, after authentication. */
function refuseOtherMethods(app: FastifyInstance, wire: Wire, routes: Routes): void {
  for (const [path, known] of Map.groupBy(Object.values(routes), (route) => route.path)) {
    const methods = known.flatMap(methodsOf)
    const allow = [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])]
    const { codedErrors } = configOf(known[0])
    for (const url of urlsOf(app, wire, path)) {
      if (!methods.includes('OPTIONS')) {
        app.route({
          method: 'OPTIONS',
          url,
          config: { codedErrors },
          handler: (_, reply) => reply.code(204).header('allow', allow.join(', ')).send(),
        })
      }
      app.route({
        method: METHODS.filter((method) => !allow.includes(method) && method !== 'CONNECT'),
        url,
        config: { codedErrors },
        handler: (request) => {
          throw new HubError('method_not_allowed', `Method "${request.method}" not allowed.`, { allow })
        },
      })
    }
  }
}

function methodsOf({ method }: Route): string[] {
  return method === 'ANY' ? [...relayedMethods] : [method]
}

/** Within the dialect's own instance. `*` also stands for nothing, which the router does not see by itself. */
function urlsOf(app: FastifyInstance, { under = '' }: Wire, path: string): string[] {
  const url = `${under}${path}`.slice(app.prefix.length)
  return url.endsWith('/*') ? [url, url.slice(0, -'/*'.length)] : [url]
}
