// Requests that are handed on to somebody else, and the answers to them: streamed both ways, nothing held.
import { isAscii } from 'node:buffer'
import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Relayed, RelayedRequest } from '../contract/route.ts'
import { noteAnswered } from './request-log.ts'

/** An instance for routes that hand requests on: bodies are left unread, and every answer says whose it is. */
export function handOn(app: FastifyInstance, bind: (relay: FastifyInstance) => void): void {
  app.register((relay, _options, done) => {
    relay.removeAllContentTypeParsers()
    relay.addContentTypeParser('*', (_request, _body, done) => done(null))
    relay.addHook('onSend', (_request, reply, payload, done) => {
      if (!reply.hasHeader('mortise-origin')) reply.header('mortise-origin', 'mortise')
      done(null, inOneWrite(payload))
    })
    bind(relay)
    done()
  })
}

/** Longer ones are not worth being copied. */
const copiedBytesMax = 16_384

/** Node puts a text behind its headers, and bytes into a write of their own, which costs twice as much. */
function inOneWrite(payload: unknown): unknown {
  const isText = Buffer.isBuffer(payload) && payload.length <= copiedBytesMax && isAscii(payload)
  return isText ? payload.toString('latin1') : payload
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
  for (const [name, value] of headers) {
    const before = reply.getHeader(name)
    reply.header(name, before === undefined ? value : [before, value].flat())
  }
  reply.headers(sandbox).code(status)
  const type = reply.getHeader('content-type')
  // A document that could run scripts is nothing to be looked at here.
  if (/html|xml|svg/i.test(String(type))) reply.header('content-disposition', 'attachment')
  // Answered before all of it was sent: what follows must not be taken for the next request.
  if (!request.raw.complete) reply.header('connection', 'close')
  // All of it is there: nothing is to be waited for, nor can it break off. What has no body or no kind would be
  // given a length or one by the framework.
  const isPlain = type !== undefined && request.method !== 'HEAD' && status !== 204 && status !== 304
  const whole = isPlain ? body.takeWhole() : undefined
  if (whole !== undefined) return reply.send(whole)
  const { journal } = request.server
  body.once('error', (err) => {
    if (!reply.raw.destroyed) journal.warn({ request_id: request.id, err }, 'the provider broke off')
  })
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) noteAnswered(request.server, request, reply, { cut_off: true })
  })
  return reply.send(body)
}

/** As it was written: the route's own part is as many segments, however they are spelt. */
function restOf(path: string, url: string): string {
  const plain = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*/i, '')
  let at = 0
  for (let own = path.split('/').length - 2; own > 0 && plain[at] === '/'; own--) {
    const end = plain.slice(at + 1).search(/[/?#]/)
    at = end < 0 ? plain.length : at + 1 + end
  }
  const rest = plain.slice(at)
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
