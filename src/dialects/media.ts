// Answers that are no JSON; and logos: served to anybody who knows the name, for ever, and as nothing but pictures.
import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import type { mediaRoutes } from '../contract/media.ts'
import type { Media } from '../contract/route.ts'
import type { LogoOperations } from '../hub/logos.ts'
import type { Handlers } from './bind.ts'

export function mediaHandlers({ logos }: { logos: LogoOperations }): Handlers<typeof mediaRoutes> {
  return {
    async logo({ params: { name } }) {
      const { format, bytes } = await logos.get(name)
      return { mediaType: `image/${format}`, bytes, name, filename: `logo.${format}` }
    },
  }
}

export function sendMedia(request: FastifyRequest, reply: FastifyReply, media: Media): FastifyReply {
  const { name, filename, policy = "default-src 'none'; sandbox" } = media
  // With the headers of every answer: nothing runs, and nobody keeps it.
  if (media.isMomentary) return reply.header('content-type', media.mediaType).send(media.bytes)
  const tag = `"${name ?? media.tag ?? digestOf(media.bytes)}"`
  reply.headers({
    'cache-control': name === undefined ? 'no-cache' : 'public, max-age=31536000, immutable',
    'content-security-policy': policy,
    'cross-origin-resource-policy': name === undefined ? 'same-origin' : 'cross-origin',
    ...(media.gzipped ? { etag: `W/${tag}`, vary: 'accept-encoding' } : { etag: tag }),
  })
  if (names(request.headers['if-none-match'], tag)) return reply.code(304).send()
  reply.headers({
    'content-type': media.mediaType,
    ...(filename !== undefined && { 'content-disposition': `inline; filename="${filename}"` }),
  })
  const encodings = new Negotiator({ headers: request.headers }).encodings(['gzip', 'identity'])
  if (media.gzipped && encodings[0] === 'gzip')
    return reply.header('content-encoding', 'gzip').send(media.gzipped)
  return reply.send(media.bytes)
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url')
}

/** Whether a list of entity tags, weak ones among them, holds this one. */
function names(ifNoneMatch: string | undefined, tag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(tag) || tags.includes('*')
}
