// What makes a dialect: where its key stands, how it reads bodies, and how it words errors.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TObject } from 'typebox'
import { type Admission, requireScope } from '../hub/admission.ts'
import type { Caller, Scope } from '../hub/caller.ts'
import type { Denials } from '../hub/denials.ts'
import { HubError } from '../hub/errors.ts'
import type { Idempotency } from '../hub/idempotency.ts'
import type { Limits } from '../hub/limits.ts'
import type { Operations } from '../hub/operations.ts'
import { requireAccepted } from './accept.ts'
import { asHubError } from './wire-errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the request is admitted, and on public routes. */
    caller: Caller | null
    /** What the client calls the kind of its body. */
    contentType: string | null
  }
  interface FastifyContextConfig {
    /** What the route asks of a key; absent where there is nothing behind the route but a refusal. */
    scope?: Scope | 'any key' | 'public'
    codedErrors?: boolean
    /** What it answers with beside JSON. */
    mediaTypes?: readonly string[]
    /** Whether requests are handed on to somebody else, who alone knows what is acceptable and how long it may take. */
    isRelayed?: boolean
  }
}

export type BodyReader = (request: FastifyRequest) => Promise<unknown>

export type Dialect = {
  /**
   * The key as it stands in headers or query.
   * @returns undefined where it may still be in the body
   * @throws HubError unauthenticated
   */
  keyBeforeBody(request: FastifyRequest): string | undefined
  keyInBody?(request: FastifyRequest): Promise<string>
  bodyReader(schema: TObject): BodyReader
  /** The error in this dialect's words. */
  show(error: HubError, wish?: { readonly coded: boolean }): Answer
}

/** What every dialect stands on: who may come in, what is run once, and the verbs. */
export type Door = {
  readonly admission: Pick<Admission, 'admit'>
  readonly limits: Limits
  readonly denials: Denials
  readonly idempotency: Pick<Idempotency, 'once'>
  readonly operations: Operations
}

export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object
}

/** Hooks that stand before every route of a dialect, in the order the contract gives. */
export function openDialect(
  app: FastifyInstance,
  dialect: Dialect,
  { admission, limits, denials }: Door,
): void {
  /** Where the key is remembered and nothing is limited, there is nothing to wait for. */
  function admit(request: FastifyRequest, key: string): Promise<void> | undefined {
    const from = { address: request.ip ?? 'unknown', requestId: request.id }
    const caller = admission.admit(key, from, (refusal) =>
      request.server.journal.debug({ request_id: request.id, ...refusal }, 'key refused'),
    )
    return caller instanceof Promise
      ? caller.then((caller) => enter(request, caller))
      : enter(request, caller)
  }

  function enter(request: FastifyRequest, caller: Caller): Promise<void> | undefined {
    request.caller = caller
    const { scope } = request.routeOptions.config
    if (scope !== undefined && scope !== 'public' && scope !== 'any key') requireScope(caller, scope)
    return limits.request(caller)
  }

  app.addHook('onRequest', (request, _reply, done) => {
    const { mediaTypes, isRelayed } = request.routeOptions.config
    if (isRelayed !== true) requireAccepted(request.headers.accept, mediaTypes)
    const key = dialect.keyBeforeBody(request)
    const entered = key === undefined ? undefined : admit(request, key)
    if (entered === undefined) return done()
    entered.then(() => done(), done)
  })
  const { keyInBody } = dialect
  if (keyInBody) {
    app.addHook('preHandler', async (request) => {
      if (request.caller === null) await admit(request, await keyInBody(request))
    })
  }
  answerErrors(app, dialect, ({ code }, { caller, method, routeOptions, server, id: request_id }) => {
    if (caller === null) return
    // Beside the answer, which stays what it is whatever becomes of this.
    denials.note(caller, { method, route: routeOptions.url ?? '' }, code).catch((err: unknown) => {
      server.journal.error({ request_id, err }, 'a denied request could not be put on record')
    })
  })
}

/** Errors leave in the dialect's words; what nobody foresaw is logged, and shown as nothing but that. */
export function answerErrors(
  app: FastifyInstance,
  dialect: Pick<Dialect, 'show'>,
  onError?: (error: HubError, request: FastifyRequest) => void,
): void {
  app.setErrorHandler(async (thrown, request, reply) => {
    // What came together with the headers is read by then: only now it is known whether more is to come.
    await undefined
    const error = asHubError(thrown, request)
    request.errorCode = error.code
    onError?.(error, request)
    const { id: request_id } = request
    if (error.code === 'internal')
      request.server.journal.error({ request_id, err: thrown }, 'unexpected error')
    if (error.code === 'secret_integrity_error') {
      request.server.journal.error({ request_id, reason: error.message }, error.code)
    }
    if (error.cause !== undefined) request.server.journal.warn({ request_id, err: error.cause }, error.code)
    const coded = request.routeOptions.config.codedErrors === true
    const { retryAfterS, allow } = error.details
    if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS))
    if (allow) reply.header('allow', allow.join(', '))
    // A body that was not read must not be taken for the next request.
    if (!request.raw.complete) reply.header('connection', 'close')
    return sendAnswer(reply, dialect.show(error, { coded }))
  })
}

export function sendAnswer(reply: FastifyReply, { status, headers = {}, body }: Answer): FastifyReply {
  return reply
    .code(status)
    .headers({ ...headers, 'content-type': 'application/json' })
    .send(JSON.stringify(body))
}

export function unauthenticated(message: string): HubError {
  return new HubError('unauthenticated', message)
}
