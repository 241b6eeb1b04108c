// The hub over HTTP: the dialects, the console and what operators ask, bound to one server.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Hub } from './app.ts'
import { openConsole } from './console-server/console.ts'
import type { ShownSetting } from './contract/console-operators.ts'
import { contract } from './contract/index.ts'
import { openApiDocument } from './contract/openapi.ts'
import { bindRoutes, refuseUnknownPaths } from './dialects/bind.ts'
import { answerErrors, type Door, openDialect } from './dialects/dialect.ts'
import { docsHandlers } from './dialects/docs/handlers.ts'
import { mediaHandlers } from './dialects/media.ts'
import { metricsHandlers, operationsHandlers, type Readiness } from './dialects/operations.ts'
import { handOn } from './dialects/relay.ts'
import { createServer } from './dialects/server.ts'
import { v1Dialect } from './dialects/v1/dialect.ts'
import { v1Handlers } from './dialects/v1/integrations.ts'
import { createV2Dialect } from './dialects/v2/dialect.ts'
import { proxyHandlers } from './dialects/v2/proxy.ts'
import { bindV2 } from './dialects/v2/resources.ts'
import { HubError, notFound } from './hub/errors.ts'
import { JsonText } from './hub/json-text.ts'
import type { Observer } from './hub/observer.ts'
import { readVersion } from './version.ts'

/** The hub over HTTP, ready to listen. */
export function createApi(needs: {
  hub: Hub
  log: FastifyBaseLogger
  /** The absolute address that links begin with; known once the server listens. */
  publicUrl: () => string
  isTls: boolean
  trustedProxies: readonly string[]
  readiness: Readiness
  /** What is in force, for operators to read. */
  settings?: () => readonly ShownSetting[]
  observer?: Observer
  /** What is counted, as text; absent where nothing is. */
  writeMetrics?: () => Promise<string>
  /** Where the console's build is. */
  consoleFolder?: string
}): FastifyInstance {
  const { hub, log, publicUrl, isTls, trustedProxies, readiness, writeMetrics, settings = () => [] } = needs
  const on = { ...hub, publicUrl }
  const door: Door = {
    admission: hub.admission,
    limits: hub.limits,
    denials: hub.denials,
    idempotency: hub.idempotency,
    operations: hub,
  }
  const v2Dialect = createV2Dialect({ publicUrl })
  const openapi = new JsonText(JSON.stringify(openApiDocument(readVersion())))

  const app = createServer({
    log,
    trustedProxies,
    isTls,
    ...(needs.observer && { observer: needs.observer }),
    onUnreadableUrl: (url) =>
      url.startsWith('/api/v1')
        ? v1Dialect.show(notFound())
        : v2Dialect.show(new HubError('malformed', 'The address is not well-formed.')),
  })

  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A connection that goes on would hold up the stop.
    if (readiness.isStopping) reply.header('connection', 'close')
    done()
  })
  app.register(
    (v1, _options, done) => {
      openDialect(v1, v1Dialect, door)
      bindRoutes(v1, { dialect: v1Dialect, door }, contract.v1.integrations, v1Handlers(on))
      refuseUnknownPaths(v1)
      done()
    },
    { prefix: '/api/v1' },
  )
  app.register(
    (v2, _options, done) => {
      openDialect(v2, v2Dialect, door)
      const wire = { dialect: v2Dialect, door }
      bindV2(v2, wire, on)
      refuseUnknownPaths(v2)
      handOn(v2, (relay) => bindRoutes(relay, wire, contract.v2.proxy, proxyHandlers(hub)))
      done()
    },
    { prefix: '/v2' },
  )
  openConsole(app, {
    hub,
    door,
    dialect: v2Dialect,
    publicUrl,
    isTls,
    version: readVersion(),
    settings,
    folder: needs.consoleFolder,
    v2: on,
  })
  app.register((operations, _options, done) => {
    const handlers = operationsHandlers({ readiness, openapi })
    bindRoutes(operations, { dialect: v2Dialect, door }, contract.operations.operations, handlers)
    bindRoutes(operations, { dialect: v2Dialect, door }, contract.media.logos, mediaHandlers(hub))
    bindRoutes(operations, { dialect: v2Dialect, door }, contract.docs.docs, docsHandlers({ publicUrl }))
    done()
  })
  if (writeMetrics) {
    app.register((metrics, _options, done) => {
      openDialect(metrics, v2Dialect, door)
      const handlers = metricsHandlers({ write: writeMetrics })
      bindRoutes(metrics, { dialect: v2Dialect, door }, contract.operations.metrics, handlers)
      done()
    })
  }
  answerErrors(app, v2Dialect)
  refuseUnknownPaths(app)
  return app
}
