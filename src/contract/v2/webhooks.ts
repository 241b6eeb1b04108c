// Webhooks: addresses that are told of events, within an integration. Ours, so bodies are strict.
import { Type } from 'typebox'
import { eventPatterns, everyEvent } from '../../hub/event.ts'
import { type DisabledReason, disabledReasons } from '../../hub/webhook.ts'
import { defineRoutes } from '../route.ts'
import { JsonObject, MaybeTime, Time } from '../types.ts'
import { PageOf, pageQuery } from './page.ts'

const url = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description: 'Where events are sent: https, on the public internet, without a fragment.',
  examples: ['https://example.com/hooks'],
})
const events = Type.Unsafe<string[]>({
  type: 'array',
  items: { type: 'string', enum: [...eventPatterns] },
  maxItems: eventPatterns.length,
  default: [everyEvent],
  description: 'Which types it is told of: names, all of a noun such as `connection.*`, or `*`.',
})
const secret_key = Type.String({
  writeOnly: true,
  minLength: 1,
  maxLength: 255,
  description: '`whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
})
const metadata = JsonObject({ description: 'Any JSON object, given back as it came.', default: {} })
const disabled_at = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'date-time',
  minLength: 1,
  description: 'null enables it; any time disables it, now.',
  examples: ['2027-01-31T12:00:00.000000Z', null],
})

const members = {
  id: Type.String({ description: 'Stays as long as the webhook does.' }),
  integration: Type.String({ description: 'The id of the integration it hangs on.' }),
  url: Type.String(),
  events: Type.Unsafe<string[]>({ type: 'array', items: { type: 'string' } }),
  metadata: JsonObject(),
  disabled_at: MaybeTime({ description: 'Since when nothing is sent; null where it is enabled.' }),
  disabled_reason: Type.Unsafe<DisabledReason | null>({
    type: ['string', 'null'],
    enum: [...disabledReasons, null],
    description:
      '`by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.',
  }),
  failing_since: MaybeTime({
    description: 'Since when every attempt has failed; null after one that did not.',
  }),
  created_at: Time(),
  updated_at: Time(),
}

export const Webhook = Type.Object(members)

export const WebhookWithSecret = Type.Object({
  ...members,
  secret_key: Type.String({ description: 'What deliveries are signed with. It is shown this once.' }),
})

/** What is shown alone; accepted and ignored where it comes back. */
const readOnly = Object.fromEntries(
  (['id', 'integration', 'disabled_reason', 'failing_since', 'created_at', 'updated_at'] as const).map(
    (member) => [member, Type.Optional(Type.Unsafe<unknown>({ readOnly: true }))],
  ),
)

const changeable = {
  events: Type.Optional(events),
  metadata: Type.Optional(metadata),
  disabled_at: Type.Optional(disabled_at),
}

export const NewWebhook = Type.Object(
  { url, ...changeable, secret_key: Type.Optional(secret_key), ...readOnly },
  { additionalProperties: false },
)

export const ReplacedWebhook = Type.Object(
  { url, ...changeable, ...readOnly },
  { additionalProperties: false },
)

export const WebhookChange = Type.Partial(ReplacedWebhook, { additionalProperties: false })

const Rotation = Type.Object({ secret_key: Type.Optional(secret_key) }, { additionalProperties: false })

const within = { integrationHeader: 'required', codedErrors: true } as const

export const webhookRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/webhooks/',
    summary: "List an integration's webhooks",
    scope: 'webhooks:read',
    ...within,
    query: Type.Object(pageQuery),
    reply: { status: 200, description: 'One page, oldest first.', schema: PageOf(Webhook) },
  },
  create: {
    method: 'POST',
    path: '/v2/webhooks/',
    summary: 'Create a webhook; its secret is in this answer alone',
    scope: 'webhooks:write',
    ...within,
    idempotent: 'new',
    replayedTo: 'the same key',
    body: NewWebhook,
    reply: { status: 201, description: 'The new webhook.', schema: WebhookWithSecret },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/webhooks/:id/',
    summary: 'Retrieve a webhook',
    scope: 'webhooks:read',
    ...within,
    reply: { status: 200, description: 'The webhook.', schema: Webhook },
  },
  replace: {
    method: 'PUT',
    path: '/v2/webhooks/:id/',
    summary: 'Replace a webhook; its secret stays',
    scope: 'webhooks:write',
    ...within,
    body: ReplacedWebhook,
    reply: { status: 200, description: 'The webhook as it is now.', schema: Webhook },
  },
  change: {
    method: 'PATCH',
    path: '/v2/webhooks/:id/',
    summary: 'Update a webhook, disable it or enable it again',
    scope: 'webhooks:write',
    ...within,
    idempotent: 'webhook',
    body: WebhookChange,
    reply: { status: 200, description: 'The webhook as it is now.', schema: Webhook },
  },
  remove: {
    method: 'DELETE',
    path: '/v2/webhooks/:id/',
    summary: 'Delete a webhook: nothing is sent from then on',
    scope: 'webhooks:write',
    ...within,
    reply: { status: 204, description: 'It is gone.' },
  },
  rotate_secret: {
    method: 'POST',
    path: '/v2/webhooks/:id/rotate_secret/',
    summary: 'Give a webhook another secret; for 24 hours deliveries are signed with both',
    scope: 'webhooks:write',
    ...within,
    idempotent: 'webhook',
    replayedTo: 'the same key',
    body: Rotation,
    reply: { status: 200, description: 'The webhook, with its new secret.', schema: WebhookWithSecret },
  },
})
