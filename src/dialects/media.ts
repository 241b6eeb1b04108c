// Logos: served to anybody who knows the name, for ever, and as nothing but pictures.
import type { FastifyReply, FastifyRequest } from 'fastify'
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
  const etag = `"${media.name}"`
  reply.headers({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    etag,
  })
  if (names(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return reply
    .headers({
      'content-type': media.mediaType,
      'content-disposition': `inline; filename="${media.filename}"`,
    })
    .send(media.bytes)
}

/** Whether a list of entity tags, weak ones among them, holds this one. */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}
