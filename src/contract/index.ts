// Every route there is, by the dialect that speaks it.
import { docsRoutes } from './docs.ts'
import { mediaRoutes } from './media.ts'
import { metricsRoutes, operationsRoutes } from './operations.ts'
import { v1Routes } from './v1.ts'
import { accountRoutes } from './v2/accounts.ts'
import { apiKeyRoutes } from './v2/api-keys.ts'
import { auditRoutes } from './v2/audit.ts'
import { connectionActionRoutes } from './v2/connection-actions.ts'
import { connectionRoutes } from './v2/connections.ts'
import { deliveryRoutes } from './v2/deliveries.ts'
import { embedRoutes } from './v2/embeds.ts'
import { eventRoutes } from './v2/events.ts'
import { freelancerRoutes } from './v2/freelancers.ts'
import { integrationRoutes } from './v2/integrations.ts'
import { providerRoutes } from './v2/providers.ts'
import { explainRoutes, proxyRoutes } from './v2/proxy.ts'
import { webhookRoutes } from './v2/webhooks.ts'

export const contract = {
  v1: { integrations: v1Routes },
  v2: {
    integrations: integrationRoutes,
    freelancers: freelancerRoutes,
    providers: providerRoutes,
    connections: { ...connectionRoutes, ...connectionActionRoutes, ...embedRoutes, ...explainRoutes },
    proxy: proxyRoutes,
    api_keys: apiKeyRoutes,
    audit: auditRoutes,
    events: eventRoutes,
    webhooks: webhookRoutes,
    deliveries: deliveryRoutes,
    accounts: accountRoutes,
  },
  operations: { operations: operationsRoutes, metrics: metricsRoutes },
  docs: { docs: docsRoutes },
  media: { logos: mediaRoutes },
} as const
