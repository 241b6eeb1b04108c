// Requests that are handed on to somebody else, and the answers to them: streamed both ways, nothing held.
import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Relayed, RelayedRequest } from '../contract/route.ts'
import { logRequest } from './request-log.ts'

/** An instance for routes that hand requests on: bodies are left unread, and every answer says whose it is. */
export function handOn(app: FastifyInstance, bind: (relay: FastifyInstance) => void): void {
  app.register((relay, _options, done) => {
    relay.removeAllContentTypeParsers()
    relay.addContentTypeParser('*', (_request, _body, done) => done(null))
    relay.addHook('onSend', (_request, reply, _payload, done) => {
      if (!reply.hasHeader('mortise-origin')) reply.header('mortise-origin', 'mortise')
      done()
    })
    bind(relay)
    done()
  })
}

/** @param path the route's, which ends with what is handed on */
export function readRelayed(path: string, request: FastifyRequest, reply: FastifyReply): RelayedRequest {
  const { raw } = request
  const abort = new AbortController()
  const later: Array<() => Promise<unknown>> = []
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort()
    for (const work of later) {
      work().catch((err: unknown) => {
        const { journal } = request.server
        journal.error({ request_id: request.id, err }, 'a call to a provider could not be put on record')
      })
    }
  })
  return {
    method: request.method,
    path: restOf(path, raw.url ?? ''),
    headers: pairsOf(raw.rawHeaders),
    body: bodyOf(request),
    signal: abort.signal,
    afterwards: (work) => later.push(work),
  }
}

/**
 * What a browser would make of an answer is its caller's business alone: it is given no rights on this origin, and
 * kept by nobody, as others might be shown it who have no key.
 */
const sandbox = { 'content-security-policy': "sandbox; default-src 'none'", 'mortise-origin': 'upstream' }

export function sendRelayed(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, headers, body }: Relayed,
): FastifyReply {
  for (const [name, values] of Map.groupBy(headers, ([name]) => name.toLowerCase())) {
    const texts = values.map(([, value]) => value)
    reply.header(name, texts.length > 1 ? texts : texts[0])
  }
  reply.headers(sandbox)
  const type = reply.getHeader('content-type')
  // A document that could run scripts is nothing to be looked at here.
  if (typeof type === 'string' && /html|xml|svg/i.test(type))
    reply.header('content-disposition', 'attachment')
  // Answered before all of it was sent: what follows must not be taken for the next request.
  if (!request.raw.complete) reply.header('connection', 'close')
  const { journal } = request.server
  body.once('error', (err) => {
    if (!reply.raw.destroyed) journal.warn({ request_id: request.id, err }, 'the provider broke off')
  })
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) logRequest(journal, request, reply, { cut_off: true })
  })
  return reply.code(status).send(body)
}

/** As it was written: the route's own part is as many segments, however they are spelt. */
function restOf(path: string, url: string): string {
  const own = path.split('/').length - 2
  const plain = url.replace(/^https?:\/\/[^/?#]*/i, '')
  const rest = plain.replace(new RegExp(`^(?:/[^/?#]*){${own}}`), '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

function pairsOf(raw: readonly string[]): Array<[string, string]> {
  const pairs: Array<[string, string]> = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return pairs
}

/**
 * Not the request itself: whoever is done with it early would end the connection, and with it the answer. What
 * nobody wants any more is read and dropped, so that a client which sends before it reads comes to its answer.
 */
function bodyOf({ raw }: FastifyRequest): RelayedRequest['body'] {
  const length = raw.headers['content-length']
  const bytes = length === undefined ? undefined : Number(length)
  if (bytes === 0 || (bytes === undefined && raw.headers['transfer-encoding'] === undefined)) return null
  const stream = new PassThrough()
  raw.pipe(stream)
  raw.once('error', (error) => stream.destroy(error))
  stream.once('close', () => {
    raw.unpipe(stream)
    raw.resume()
  })
  // Who takes it hears of it; where nobody does, there is nobody to hear.
  stream.on('error', () => undefined)
  return { stream, bytes }
}
