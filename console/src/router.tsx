// Which page stands at which address: everything has one of its own.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { Overview } from './pages/overview.tsx'
import { Nowhere, Shell } from './shell/shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere })
const under = { getParentRoute: () => root } as const

type PageSearch = { page?: number }
const pageOf = ({ page }: Record<string, unknown>): PageSearch => {
  const number = Number(page)
  return Number.isInteger(number) && number > 1 ? { page: number } : {}
}
const textOf = <Name extends string>(search: Record<string, unknown>, ...names: Name[]) => {
  const given = names.filter((name) => typeof search[name] === 'string' || typeof search[name] === 'number')
  return Object.fromEntries(given.map((name) => [name, String(search[name])])) as { [K in Name]?: string }
}

export const routes = {
  overview: createRoute({ ...under, path: '/', component: Overview }),
  connections: createRoute({
    ...under,
    path: '/console/as/$integration/connections',
    validateSearch: (search: Record<string, unknown>) => ({
      ...pageOf(search),
      ...textOf(search, 'q', 'health', 'provider'),
    }),
    component: lazyRouteComponent(() => import('./pages/connections.tsx'), 'Connections'),
  }),
  newConnection: createRoute({
    ...under,
    path: '/console/as/$integration/connections/new',
    validateSearch: (search: Record<string, unknown>) => textOf(search, 'provider'),
    component: lazyRouteComponent(() => import('./pages/new-connection.tsx'), 'NewConnection'),
  }),
  connection: createRoute({
    ...under,
    path: '/console/as/$integration/connections/$id',
    validateSearch: (search: Record<string, unknown>) => textOf(search, 'edit'),
    component: lazyRouteComponent(() => import('./pages/connection.tsx'), 'Connection'),
  }),
  webhooks: createRoute({
    ...under,
    path: '/console/as/$integration/webhooks',
    validateSearch: pageOf,
    component: lazyRouteComponent(() => import('./pages/webhooks.tsx'), 'Webhooks'),
  }),
  newWebhook: createRoute({
    ...under,
    path: '/console/as/$integration/webhooks/new',
    component: lazyRouteComponent(() => import('./pages/new-webhook.tsx'), 'NewWebhook'),
  }),
  webhook: createRoute({
    ...under,
    path: '/console/as/$integration/webhooks/$id',
    validateSearch: (search: Record<string, unknown>) => textOf(search, 'edit', 'status'),
    component: lazyRouteComponent(() => import('./pages/webhook.tsx'), 'Webhook'),
  }),
  delivery: createRoute({
    ...under,
    path: '/console/as/$integration/webhooks/$id/deliveries/$delivery',
    component: lazyRouteComponent(() => import('./pages/delivery.tsx'), 'Delivery'),
  }),
  events: createRoute({
    ...under,
    path: '/console/events',
    validateSearch: (search: Record<string, unknown>) => textOf(search, 'type', 'integration'),
    component: lazyRouteComponent(() => import('./pages/events.tsx'), 'Events'),
  }),
  event: createRoute({
    ...under,
    path: '/console/events/$id',
    component: lazyRouteComponent(() => import('./pages/event.tsx'), 'Event'),
  }),
  integrations: createRoute({
    ...under,
    path: '/console/integrations',
    validateSearch: pageOf,
    component: lazyRouteComponent(() => import('./pages/integrations.tsx'), 'Integrations'),
  }),
  newIntegration: createRoute({
    ...under,
    path: '/console/integrations/new',
    component: lazyRouteComponent(() => import('./pages/integration.tsx'), 'NewIntegration'),
  }),
  integration: createRoute({
    ...under,
    path: '/console/integrations/$id',
    component: lazyRouteComponent(() => import('./pages/integration.tsx'), 'Integration'),
  }),
  apiKeys: createRoute({
    ...under,
    path: '/console/api-keys',
    validateSearch: pageOf,
    component: lazyRouteComponent(() => import('./pages/api-keys.tsx'), 'ApiKeys'),
  }),
  audit: createRoute({
    ...under,
    path: '/console/audit',
    validateSearch: (search: Record<string, unknown>) => textOf(search, 'action', 'subject'),
    component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'Audit'),
  }),
  vault: createRoute({
    ...under,
    path: '/console/vault',
    component: lazyRouteComponent(() => import('./pages/vault/vault.tsx'), 'Vault'),
  }),
  settings: createRoute({
    ...under,
    path: '/console/settings',
    component: lazyRouteComponent(() => import('./pages/settings.tsx'), 'Settings'),
  }),
} as const

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
