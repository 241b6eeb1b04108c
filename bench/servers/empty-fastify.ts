// Fastify with one route that answers at once: what the framework itself costs.
import Fastify from 'fastify'

const app = Fastify()
app.get('/v2/integrations/:id/', (_request, reply) => reply.send({ status: 'ok' }))
process.send?.({ origin: await app.listen({ host: '127.0.0.1', port: 0 }) })
