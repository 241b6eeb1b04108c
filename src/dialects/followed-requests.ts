// Follows requests from when they come to when they are answered, where somebody wants to see where the time goes.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Follow, Followed, Step } from '../hub/observer.ts'
import { pathForLog } from './request-log.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Null where nobody follows it. */
    followed: Followed | null
  }
}

/** What load balancers and the like ask every few seconds is followed by nobody. */
const uninteresting: ReadonlySet<string | undefined> = new Set(['/healthz', '/readyz', '/metrics'])

/** To be called before any other hook is added: what those do belongs to the request too. */
export function followRequests(app: FastifyInstance, follow: Follow): void {
  app.decorateRequest('followed', null)
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route } = request.routeOptions
    if (uninteresting.has(route)) return done()
    const followed = follow(stepOf(request), (name) => {
      const { [name]: value } = request.headers
      return Array.isArray(value) ? value.join(',') : value
    })
    request.followed = followed
    // Also where it is cut off, of which no other hook hears.
    reply.raw.once('close', () => {
      const { statusCode } = reply
      const isWhole = reply.raw.writableFinished
      followed.end({ 'http.response.status_code': statusCode }, statusCode >= 500 || !isWhole)
    })
    followed.run(done)
  })
  // A body comes in events that belong to its socket.
  app.addHook('preHandler', ({ followed }, _reply, done) => {
    if (followed === null) return done()
    followed.run(done)
  })
}

function stepOf(request: FastifyRequest): Step {
  const { url: route } = request.routeOptions
  return {
    name: route === undefined ? request.method : `${request.method} ${route}`,
    facts: {
      'http.request.method': request.method,
      ...(route !== undefined && { 'http.route': route }),
      'url.path': pathForLog(request),
      'mortise.request_id': request.id,
    },
  }
}
