// JSON Lines: answers of any length, made while they are sent and never held as a whole.
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Lines, linesMediaType } from '../contract/route.ts'
import type { Serializer } from '../contract/serializer.ts'
import { noteAnswered } from './request-log.ts'

/** The first lines are there before anything is sent, so that a refusal is an answer of its own. */
export async function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  lines: Lines<unknown>,
  serialize: Serializer,
): Promise<FastifyReply> {
  // Nothing is begun for a client that wants the headers alone.
  if (request.method === 'HEAD') return reply.header('content-type', linesMediaType).send(Readable.from([]))
  const source = lines[Symbol.asyncIterator]()
  const first = await source.next()
  const text = Readable.from(textOf(source, first, serialize), { objectMode: false })
  logBreakingOff(request, reply, text)
  return reply.header('content-type', linesMediaType).send(text)
}

/** What fails under way can be told to nobody but the log; a client that goes away is told of there too. */
function logBreakingOff(request: FastifyRequest, reply: FastifyReply, text: Readable): void {
  const { journal } = request.server
  text.once('error', (err) => journal.error({ request_id: request.id, err }, 'unexpected error'))
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) noteAnswered(request.server, request, reply, { cut_off: true })
  })
}

/** Asked for more only when there is room for it: a slow reader is waited for. */
async function* textOf(
  source: AsyncIterator<readonly unknown[]>,
  first: IteratorResult<readonly unknown[]>,
  serialize: Serializer,
): AsyncGenerator<string> {
  try {
    for (let next = first; !next.done; next = await source.next()) {
      const text = next.value.map((line) => `${serialize(line)}\n`).join('')
      if (text !== '') yield text
    }
  } finally {
    await source.return?.()
  }
}
