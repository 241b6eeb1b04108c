// Every resource of v2, bound to its handlers.
import type { FastifyInstance } from 'fastify'
import { contract } from '../../contract/index.ts'
import { bindRoutes, type Wire } from '../bind.ts'
import { accountHandlers } from './accounts.ts'
import { apiKeyHandlers } from './api-keys.ts'
import { auditHandlers } from './audit.ts'
import { connectionActionHandlers } from './connection-actions.ts'
import { connectionHandlers } from './connections.ts'
import { deliveryHandlers } from './deliveries.ts'
import { embedHandlers } from './embeds.ts'
import { eventHandlers } from './events.ts'
import { freelancerHandlers } from './freelancers.ts'
import { integrationHandlers } from './integrations.ts'
import { providerHandlers } from './providers.ts'
import { explainHandlers } from './proxy.ts'
import { webhookHandlers } from './webhooks.ts'

type NeedsOf<Handlers extends (needs: never) => unknown> = Parameters<Handlers>[0]

/** What the handlers need, all together. */
export type V2Needs = NeedsOf<typeof accountHandlers> &
  NeedsOf<typeof apiKeyHandlers> &
  NeedsOf<typeof auditHandlers> &
  NeedsOf<typeof connectionActionHandlers> &
  NeedsOf<typeof connectionHandlers> &
  NeedsOf<typeof deliveryHandlers> &
  NeedsOf<typeof embedHandlers> &
  NeedsOf<typeof eventHandlers> &
  NeedsOf<typeof explainHandlers> &
  NeedsOf<typeof freelancerHandlers> &
  NeedsOf<typeof integrationHandlers> &
  NeedsOf<typeof providerHandlers> &
  NeedsOf<typeof webhookHandlers>

export function bindV2(app: FastifyInstance, wire: Wire, needs: V2Needs): void {
  const { v2 } = contract
  bindRoutes(app, wire, v2.integrations, integrationHandlers(needs))
  bindRoutes(app, wire, v2.freelancers, freelancerHandlers(needs))
  bindRoutes(app, wire, v2.providers, providerHandlers(needs))
  bindRoutes(app, wire, v2.connections, {
    ...connectionHandlers(needs),
    ...connectionActionHandlers(needs),
    ...embedHandlers(needs),
    ...explainHandlers(needs),
  })
  bindRoutes(app, wire, v2.api_keys, apiKeyHandlers(needs))
  bindRoutes(app, wire, v2.accounts, accountHandlers(needs))
  bindRoutes(app, wire, v2.audit, auditHandlers(needs))
  bindRoutes(app, wire, v2.events, eventHandlers(needs))
  bindRoutes(app, wire, v2.webhooks, webhookHandlers(needs))
  bindRoutes(app, wire, v2.deliveries, deliveryHandlers(needs))
}
