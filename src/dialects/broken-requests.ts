// Answers what is not quite HTTP: in order after what came before it, and with nothing behind it done.
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { HubError } from '../hub/errors.ts'

type Connection = {
  /** How many requests of it are being answered. */
  open: number
  latest?: IncomingMessage
  /** Set by a request that cannot be trusted: what stands behind it is not run. */
  isBroken: boolean
  /** Called whenever a request was answered. */
  onAnswered?: () => void
}

/** @param headers those of every answer */
export function answerBrokenRequests(app: FastifyInstance, headers: OutgoingHttpHeaders): void {
  const connections = new WeakMap<Socket, Connection>()
  const connectionOf = (socket: Socket): Connection => {
    const known = connections.get(socket)
    if (known) return known
    const connection: Connection = { open: 0, isBroken: false }
    connections.set(socket, connection)
    return connection
  }

  const refused = new WeakSet<IncomingMessage>()
  /** Those whose bodies may take as long as they like, as long as something comes. */
  const patient = new WeakSet<IncomingMessage>()

  // Before the framework hears of them: pipelined requests arrive all at once, and each is judged in its turn.
  app.server.prependListener('request', (request, response) => {
    const connection = connectionOf(request.socket)
    connection.open++
    connection.latest = request
    connection.isBroken ||= !hasOneHost(request)
    if (connection.isBroken) refused.add(request)
    response.on('close', () => {
      connection.open--
      connection.onAnswered?.()
    })
  })

  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.isRelayed) patient.add(request.raw)
    if (!refused.has(request.raw)) return done()
    reply.header('connection', 'close')
    done(new HubError('malformed', 'The request is not well-formed HTTP: it needs one Host header.'))
  })

  app.server.removeAllListeners('clientError')
  app.server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const connection = connectionOf(socket)
    const { latest } = connection
    // The server's limit is for a whole request. One that says nothing at all for some time is let go all the same.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && latest?.complete === false && patient.has(latest)) return
    // Answers to what came before stand first, and must not be taken for this one. A request that broke off
    // in its body is open too, but will never be answered.
    const brokenOff = latest?.complete === false ? 1 : 0
    connection.onAnswered = () => {
      if (connection.open > brokenOff) return
      app.journal.info({ address: socket.remoteAddress, reason: error.code }, 'broken request')
      writeAnswer(socket, error.code, headers)
    }
    connection.onAnswered()
  })

  app.server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify({ detail: 'Expect can be nothing but 100-continue.' })
    response.writeHead(417, { ...headers, 'content-type': 'application/json', connection: 'close' }).end(body)
  })
}

function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === 'host') hosts++
  }
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0')
}

/** There is no request yet, only a socket. */
function writeAnswer(socket: Socket, code: string | undefined, headers: OutgoingHttpHeaders): void {
  if (!socket.writable) return
  const [line, detail] =
    code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers of the request are too large.']
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'The request is not well-formed HTTP.']
  const body = JSON.stringify({ detail })
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${line}\r\n${lines.join('')}\r\n${body}`)
}
