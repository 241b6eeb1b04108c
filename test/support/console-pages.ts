// The console's pages in the scene of the tests, each by what it shows.

export const consolePages = {
  overview: '/',
  connections: '/console/as/pinestreet/connections',
  connection: '/console/as/pinestreet/connections/1',
  'connection-edit': '/console/as/pinestreet/connections/1?edit=yes',
  catalogue: '/console/as/pinestreet/connections/new',
  'connection-new': '/console/as/pinestreet/connections/new?provider=stripe',
  'connection-new-aws': '/console/as/pinestreet/connections/new?provider=amazon',
  empty: '/console/as/hostile/connections',
  webhooks: '/console/as/1/webhooks',
  'webhook-new': '/console/as/1/webhooks/new',
  events: '/console/events',
  integrations: '/console/integrations',
  'integration-new': '/console/integrations/new',
  integration: '/console/integrations/pinestreet',
  'api-keys': '/console/api-keys',
  audit: '/console/audit',
  vault: '/console/vault',
  settings: '/console/settings',
  nowhere: '/console/nowhere',
} as const
