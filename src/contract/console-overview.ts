// What the console asks beside the routes of v2: how everything in an account is, and where events were sent. No part of the API.
import { type Static, type TSchema, type TUnsafe, Type } from 'typebox'
import { healthStatuses } from '../hub/connection.ts'
import { type DeliveryStatus, deliveryStatuses } from '../hub/webhook.ts'
import { defineRoutes } from './route.ts'
import { MaybeTime, Time } from './types.ts'
import { Event } from './v2/events.ts'

const NullableText = Type.Unsafe<string | null>({ type: ['string', 'null'] })
const NullableNumber = Type.Unsafe<number | null>({ type: ['integer', 'null'] })

const Attention = Type.Object({
  id: Type.Integer(),
  integration: Type.String(),
  integration_name: Type.String(),
  provider: Type.String(),
  title: Type.String(),
  status: Type.Unsafe<(typeof healthStatuses)[number]>({ type: 'string', enum: [...healthStatuses] }),
  reason: NullableText,
  checked_at: MaybeTime(),
})

const FailingWebhook = Type.Object({
  id: Type.String(),
  integration: Type.String(),
  title: Type.String(),
  failing_since: MaybeTime(),
  disabled_at: MaybeTime(),
  disabled_reason: NullableText,
  /** Of the last attempt. */
  last_status: NullableNumber,
  last_error: NullableText,
  /** How many deliveries wait, and how many were given up; each counted up to a thousand. */
  waiting: Type.Integer(),
  exhausted: Type.Integer(),
})

const EndingKey = Type.Object({ id: Type.String(), name: Type.String(), expires_at: MaybeTime() })

const Counts = Type.Array(Type.Integer())

/** By the hour: a number for each. */
const Activity = Type.Object({
  hours: Type.Array(Time()),
  events: Counts,
  checks: Type.Object({ accepted: Counts, refused: Counts }),
  deliveries: Type.Object({ taken: Counts, failed: Counts }),
})

/** What is null may not be seen by who asks. */
const Overview = Type.Object({
  /** How many connections are how. */
  connections: Type.Record(Type.String(), Type.Integer()),
  attention: Type.Array(Attention),
  webhooks: OrNull(Type.Object({ count: Type.Integer(), failing: Type.Array(FailingWebhook) })),
  events: OrNull(Type.Array(Event)),
  ending_keys: OrNull(Type.Array(EndingKey)),
  activity: OrNull(Activity),
  vault: Type.Object({
    key_since: MaybeTime(),
    opens_with: OrNull(Type.Array(Type.String())),
  }),
})

const SentTo = Type.Object({
  webhook: Type.String(),
  integration: Type.String(),
  /** What people call the webhook, or else its address. */
  title: Type.String(),
  status: Type.Unsafe<DeliveryStatus>({ type: 'string', enum: [...deliveryStatuses] }),
})

export const overviewRoutes = defineRoutes({
  overview: {
    method: 'GET',
    path: '/v2/overview/',
    summary: 'How everything is, and what needs attention first',
    scope: 'connections:read',
    codedErrors: true,
    reply: { status: 200, description: 'As it is now.', schema: Overview },
  },
  event_deliveries: {
    method: 'GET',
    path: '/v2/events/:id/deliveries/',
    summary: 'Where an event was sent',
    scope: 'webhooks:read',
    codedErrors: true,
    reply: {
      status: 200,
      description: 'Its delivery to each webhook.',
      schema: Type.Object({ deliveries: Type.Array(SentTo) }),
    },
  },
})

/** The serializers write null wherever there is none. */
function OrNull<Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema> | null> {
  return Type.Unsafe(schema)
}
