// What one would take for a proxy: Fastify with `@fastify/reply-from`, a credential put on, and no check at all.
import replyFrom from '@fastify/reply-from'
import Fastify from 'fastify'

const [base = ''] = process.argv.slice(2)

const app = Fastify({ bodyLimit: Number.MAX_SAFE_INTEGER })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, body, done) => done(null, body))
app.register(replyFrom, { base, undici: { connections: 128 } })
app.all('/proxy/*', (request, reply) =>
  reply.from(request.url.slice('/proxy'.length), {
    rewriteRequestHeaders: (_request, headers) => ({ ...headers, 'api-token': 'a1'.repeat(36) }),
  }),
)

const origin = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ origin })
