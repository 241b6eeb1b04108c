// Binds a route table to its handlers: admit, run, serialize. Every request of every dialect passes here.
import { METHODS } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BodyOf, PathParameters, ReplyOf, Route, Routes } from '../contract/route.ts'
import { type Serializer, serializerOf } from '../contract/serializer.ts'
import type { Caller } from '../hub/caller.ts'
import { HubError, notFound } from '../hub/errors.ts'
import type { BodyReader, Dialect, Door } from './dialect.ts'
import { singleHeader } from './headers.ts'
import { type Query, queryOf } from './url-encoded.ts'

export type Input<Path extends string, Body> = {
  readonly params: PathParameters<Path>
  readonly query: Query
  /** The path, in the form that the contract gives it, without a query. */
  readonly path: string
  /** Reads and judges the body; called when it is the body's turn, after the 404s. */
  body(): Promise<Body>
}

type Admitted<R extends Route> = R['scope'] extends 'public' ? null : Caller

/** A route without a handler does not compile; nor does a handler whose answer is not what the route says. */
export type Handlers<Table extends Routes> = {
  readonly [Name in keyof Table]: (
    input: Input<Table[Name]['path'], BodyOf<Table[Name]>>,
    caller: Admitted<Table[Name]>,
  ) => Promise<ReplyOf<Table[Name]>>
}

/** @param app the dialect's own instance, whose prefix the paths begin with */
export function bindRoutes<Table extends Routes>(
  app: FastifyInstance,
  { dialect, door }: { dialect: Dialect; door: Door },
  routes: Table,
  handlers: Handlers<Table>,
): void {
  for (const [name, route] of Object.entries(routes)) {
    const handler = handlers[name] as unknown as AnyHandler
    const serialize = route.reply.schema && serializerOf(route.reply.schema)
    const readBody = route.body && dialect.bodyReader(route.body)
    app.route({
      method: route.method,
      url: route.path.slice(app.prefix.length),
      config: configOf(route),
      ...(route.bodyBytesMax !== undefined && { bodyLimit: route.bodyBytesMax }),
      handler: (request, reply) => answer(request, reply, { door, route, handler, serialize, readBody }),
    })
  }
  refuseOtherMethods(app, routes)
}

/** Every path of the dialect that no route has. */
export function refuseUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler(() => {
    throw notFound()
  })
}

type AnyHandler = (input: unknown, caller: Caller | null) => Promise<unknown>

type Bound = {
  door: Door
  route: Route
  handler: AnyHandler
  serialize: Serializer | undefined
  readBody: BodyReader | undefined
}

async function answer(request: FastifyRequest, reply: FastifyReply, bound: Bound): Promise<FastifyReply> {
  const { door, route, handler, serialize, readBody } = bound
  const caller = route.integrationHeader ? await actingCaller(request, door) : request.caller
  const input = {
    params: request.params,
    query: queryOf(request.url),
    path: pathOf(route, request),
    body: () => readBody?.(request),
  }
  const result = await handler(input, caller)
  reply.code(route.reply.status)
  if (!serialize) return reply.send()
  return reply.header('content-type', 'application/json').send(serialize(result))
}

/** From the route, not from the request line, which may hold a host. */
function pathOf(route: Route, { params }: FastifyRequest): string {
  const values = params as Readonly<Record<string, string>>
  return route.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function configOf(route: Route | undefined) {
  return { scope: route?.scope ?? 'public', codedErrors: route?.codedErrors === true } as const
}

/** The caller, narrowed to the integration that the request names. */
async function actingCaller(request: FastifyRequest, door: Door): Promise<Caller | null> {
  const id = singleHeader(request, 'integration-id')
  if (id === undefined || request.caller === null) return request.caller
  return door.actAs(request.caller, id)
}

/** Every path knows all methods: those it has no route for are refused by name, after authentication. */
function refuseOtherMethods(app: FastifyInstance, routes: Routes): void {
  for (const [path, known] of Map.groupBy(Object.values(routes), (route) => route.path)) {
    const methods = known.map((route): string => route.method)
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS']
    const { codedErrors } = configOf(known[0])
    app.route({
      method: 'OPTIONS',
      url: path.slice(app.prefix.length),
      config: { codedErrors },
      handler: (_, reply) => reply.code(204).header('allow', allow.join(', ')).send(),
    })
    app.route({
      method: METHODS.filter((method) => !allow.includes(method) && method !== 'CONNECT'),
      url: path.slice(app.prefix.length),
      config: { codedErrors },
      handler: (request) => {
        throw new HubError('method_not_allowed', `Method "${request.method}" not allowed.`, { allow })
      },
    })
  }
}
