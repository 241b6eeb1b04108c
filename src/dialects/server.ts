// The HTTP server: its limits, and the headers of every answer.
import { randomUUID } from 'node:crypto'
import { METHODS, type Server } from 'node:http'
import type { Socket } from 'node:net'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify'
import { bodyTooLarge } from './body.ts'
import { type Answer, sendAnswer } from './dialect.ts'
import { RequestLog } from './request-log.ts'

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
}): FastifyInstance {
  const app = Fastify({
    loggerInstance: options.log,
    logController: new RequestLog(),
    bodyLimit: bodyBytesMax,
    // A client that is slow with its headers or its body is let go; so is one that reads too slowly.
    requestTimeout: 35_000,
    connectionTimeout: 65_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 },
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    return503OnClosing: false,
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: 1024,
      // Handlers read the query strictly, and only where they need it.
      querystringParser: () => ({}),
    },
    frameworkErrors: (error, request, reply) => {
      request.log.debug({ err: error }, 'unreadable address')
      sendAnswer(reply as unknown as FastifyReply, options.onUnreadableUrl(request.url))
    },
    clientErrorHandler: answerUnreadable,
  })
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: true, overrideExisting: true })
  readBodiesAsTheyAre(app)

  const headers = options.isTls
    ? { ...headersOfAll, 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
    : headersOfAll
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...headers, 'x-request-id': request.id })
  })
  return app
}

/** Without the framework's own line about it: whoever starts the server says it better. */
export async function listen(app: FastifyInstance, address: { host: string; port: number }): Promise<void> {
  const { level } = app.log
  app.log.level = 'silent'
  await app.listen(address)
  app.log.level = level
}

/** Every body arrives as bytes: the dialects judge its kind, after authentication and the 404s. */
function readBodiesAsTheyAre(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // A client that asks first hears "continue" only once it is admitted, and only for what will be read.
  app.server.on('checkContinue', (request, response) => {
    app.server.emit('request', request, response)
  })
  app.addHook('preParsing', async (request, reply) => {
    if (request.headers.expect === undefined) return
    const limit = request.routeOptions.bodyLimit ?? bodyBytesMax
    if (Number(request.headers['content-length'] ?? 0) > limit) throw bodyTooLarge(limit)
    reply.raw.writeContinue()
  })
}

/** What Node itself refuses: there is no request yet, only a socket. */
function answerUnreadable(this: unknown, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [line, detail] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers of the request are too large.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'The request is not well-formed HTTP.']
  const body = JSON.stringify({ detail })
  const headers = Object.entries({
    ...headersOfAll,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  })
  socket.end(
    `HTTP/1.1 ${line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}

/** The address that the server listens on, as people open it. */
export function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server does not listen.')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}`
}
