// The HTTP server: its limits, the headers of every answer, and the refusal of what is not quite HTTP.
import { randomUUID } from 'node:crypto'
import { METHODS, type Server } from 'node:http'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { type Observer, unobserved } from '../hub/observer.ts'
import { bodyTooLarge } from './body.ts'
import { answerBrokenRequests } from './broken-requests.ts'
import { type Answer, sendAnswer } from './dialect.ts'
import { followRequests } from './followed-requests.ts'
import { noteAnswered } from './request-log.ts'

/** The largest body that any route takes, unless it says otherwise. */
const bodyBytesMax = 1_048_576

const headersOfAll = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
} as const

export function createServer(options: {
  log: FastifyBaseLogger
  trustedProxies: readonly string[]
  isTls: boolean
  /** Answers what the router itself cannot read, in the words of the dialect that was meant. */
  onUnreadableUrl(url: string): Answer
  observer?: Observer
}): FastifyInstance {
  const { log: journal, observer = unobserved } = options
  const notes = { journal, observer }
  const headers = options.isTls
    ? { ...headersOfAll, 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
    : headersOfAll
  const app = Fastify({
    // The framework's own logging costs each request more than the one line that is wanted of it.
    logger: false,
    bodyLimit: bodyBytesMax,
    // A client that is slow with its headers is let go within 15 s, with its body within 35 s; one that
    // reads nothing, or asks for nothing more, within 65 s. Node looks every two seconds, and so up to that late.
    requestTimeout: 32_500,
    // Node waits twice as long where it had begun to answer.
    connectionTimeout: 32_000,
    keepAliveTimeout: 62_500,
    http: {
      headersTimeout: 12_500,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16_384,
      // Refused by ourselves, with the headers of every answer.
      requireHostHeader: false,
    },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    return503OnClosing: false,
    routerOptions: {
      ignoreTrailingSlash: true,
      // As long as a request line can be: too long an id is one that does not exist.
      maxParamLength: 16_384,
      // Handlers read the query strictly, and only where they need it.
      querystringParser: () => ({}),
    },
    frameworkErrors: (_error, request, plainReply) => {
      const reply = plainReply as unknown as FastifyReply
      reply.headers({ ...headers, 'x-request-id': request.id })
      sendAnswer(reply, options.onUnreadableUrl(request.url))
      noteAnswered(notes, request as unknown as FastifyRequest, reply)
    },
  })
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: true, overrideExisting: true })
  app.decorate('journal', journal)
  app.decorate('observer', observer)
  app.decorateRequest('caller', null)
  app.decorateRequest('errorCode', null)
  if (observer.follow) followRequests(app, observer.follow)
  app.addHook('onResponse', (request, reply, done) => {
    noteAnswered(notes, request, reply)
    done()
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id)
    done()
  })
  // Read once while it is there: of a client that has hung up, it could no longer be told.
  app.server.on('connection', (socket) => void socket.remoteAddress)
  answerBrokenRequests(app, headers)
  readBodiesAsTheyAre(app)
  return app
}

export async function listen(app: FastifyInstance, address: { host: string; port: number }): Promise<void> {
  await app.listen(address)
}

/** Every body arrives as bytes: the dialects judge its kind, after authentication and the 404s. */
function readBodiesAsTheyAre(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // A client that asks first hears "continue" only once it is admitted, and only for what will be read.
  app.server.on('checkContinue', (request, response) => {
    app.server.emit('request', request, response)
  })
  app.decorateRequest('contentType', null)
  app.addHook('preParsing', (request, reply, _payload, done) => {
    const { headers } = request
    // The framework would refuse some types itself, before it is known whether there is what they are meant for.
    request.contentType = headers['content-type'] ?? null
    if (request.contentType !== null || request.method === 'QUERY') {
      headers['content-type'] = 'application/octet-stream'
    }
    if (headers.expect === undefined) return done()
    const limit = request.routeOptions.bodyLimit ?? bodyBytesMax
    if (Number(headers['content-length'] ?? 0) > limit) return done(bodyTooLarge(limit))
    reply.raw.writeContinue()
    done()
  })
}

/** The address that the server listens on, as people open it. */
export function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
