// The typed client of Mortise, for Node and browsers.
export { createMortise, type Mortise } from './client.ts'
export { MortiseError, MortiseUnreachable } from './errors.ts'
export type { ClientOptions, RequestOptions } from './options.ts'
export type { components } from './schema.ts'
export { verifyWebhook, type WebhookEvent, WebhookVerificationError } from './webhooks.ts'
