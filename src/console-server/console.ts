// The console on the server: its page, signing in, and the routes of v2 once more, for who is signed in.
import type { FastifyInstance } from 'fastify'
import { auditCheckRoutes } from '../contract/console-audit.ts'
import { callRoutes } from '../contract/console-calls.ts'
import { type ShownSetting, settingsRoutes, vaultRoutes } from '../contract/console-operators.ts'
import { overviewRoutes } from '../contract/console-overview.ts'
import { bindRoutes } from '../dialects/bind.ts'
import { type Dialect, type Door, openDialect } from '../dialects/dialect.ts'
import { bindV2, type V2Needs } from '../dialects/v2/resources.ts'
import type { AccountOperations } from '../hub/accounts.ts'
import type { AuditVerification } from '../hub/audit-verify.ts'
import type { ConnectionOperations } from '../hub/connections.ts'
import type { ConsoleSessions } from '../hub/console-sessions.ts'
import type { DataRotation } from '../hub/data-rotation.ts'
import type { DeliveryLog } from '../hub/delivery-log.ts'
import { notFound } from '../hub/errors.ts'
import type { KeySlots } from '../hub/key-slots.ts'
import type { OverviewOperations } from '../hub/overview.ts'
import type { Proxying } from '../hub/proxying.ts'
import type { RootRotation } from '../hub/root-rotation.ts'
import { auditCheckHandlers } from './audit.ts'
import { callHandlers } from './calls.ts'
import { sessionCookie } from './cookies.ts'
import { bindFiles } from './files.ts'
import { overviewHandlers } from './overview.ts'
import { requireSameOrigin } from './same-origin.ts'
import { bindSessions, tokenOf } from './sessions.ts'
import { settingsHandlers } from './settings.ts'
import { vaultHandlers } from './vault.ts'

const prefix = '/console/api'

export function openConsole(
  app: FastifyInstance,
  needs: {
    hub: {
      consoleSessions: ConsoleSessions
      accounts: AccountOperations
      overview: OverviewOperations
      keySlots: KeySlots
      rootRotation: RootRotation
      dataRotation: DataRotation
      deliveryLog: DeliveryLog
      connections: ConnectionOperations
      proxying: Proxying
      auditVerification: AuditVerification
    }
    version: string
    /** What is in force, without secrets. */
    settings: () => readonly ShownSetting[]
    door: Door
    /** That of v2, which takes keys. */
    dialect: Dialect
    publicUrl: () => string
    isTls: boolean
    /** Where the build is; where it leaves itself, if nothing is said. */
    folder?: string | undefined
    /** What the routes of v2 need. */
    v2: V2Needs
  },
): void {
  const { publicUrl, folder } = needs
  const { consoleSessions: sessions, accounts } = needs.hub
  const cookie = sessionCookie(needs)
  const dialect = { ...needs.dialect, keyBeforeBody: tokenOf.bind(null, cookie) }
  const wire = { dialect, door: { ...needs.door, admission: sessions }, under: prefix }

  app.register(
    (api, _options, done) => {
      api.addHook('onRequest', (request, _reply, done) => {
        requireSameOrigin(request, publicUrl())
        done()
      })
      api.register((own, _options, done) => {
        bindSessions(own, { sessions, accounts, cookie, dialect })
        done()
      })
      api.register(
        (v2, _options, done) => {
          openDialect(v2, dialect, wire.door)
          bindV2(v2, wire, needs.v2)
          bindRoutes(v2, wire, overviewRoutes, overviewHandlers(needs.hub))
          bindRoutes(v2, wire, callRoutes, callHandlers(needs.hub))
          bindRoutes(v2, wire, auditCheckRoutes, auditCheckHandlers(needs.hub))
          bindRoutes(v2, wire, vaultRoutes, vaultHandlers(needs.hub))
          bindRoutes(v2, wire, settingsRoutes, settingsHandlers(needs))
          v2.all('/*', refuse)
          done()
        },
        { prefix: '/v2' },
      )
      api.all('/*', refuse)
      done()
    },
    { prefix },
  )
  bindFiles(app, folder)
}

/** Before the console's page takes it for one of its own. */
function refuse(): never {
  throw notFound()
}
