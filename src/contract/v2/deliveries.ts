// Deliveries of a webhook: what became of each, and having them made again. Ours.
import { Type } from 'typebox'
import { type DeliveryStatus, deliveryStatuses, type Attempt as KeptAttempt } from '../../hub/webhook.ts'
import { defineRoutes } from '../route.ts'
import { MaybeTime, Time } from '../types.ts'
import { CursorPageOf, cursorQuery } from './page.ts'

const nullableText = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description })
const nullableNumber = (description: string) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], description })

const Attempt = Type.Object({
  at: Time(),
  status: nullableNumber('What the receiver answered; null where it did not.'),
  error: Type.Unsafe<KeptAttempt['error']>({
    type: ['string', 'null'],
    enum: ['no_answer', 'timed_out', 'answer_too_large', null],
  }),
  duration_ms: Type.Integer(),
  answer: nullableText('The first 4 KiB of the answer; what looks like a key in it is masked.'),
})

const members = {
  id: Type.String({ description: 'Of the event, and the `webhook-id` of every attempt.' }),
  type: Type.String({ examples: ['connection.updated'] }),
  sequence: Type.Integer(),
  status: Type.Unsafe<DeliveryStatus>({ type: 'string', enum: [...deliveryStatuses] }),
  created_at: Time(),
  next_attempt_at: MaybeTime({ description: 'When it is tried next; null where it is not.' }),
  attempts_made: Type.Integer({ description: 'How many are told of: the latest twenty.' }),
  last_status: nullableNumber('What the receiver answered last.'),
}

export const Delivery = Type.Object(members)

export const DeliveryWithAttempts = Type.Object({
  ...members,
  attempts: Type.Array(Attempt, { description: 'Oldest first.' }),
})

const time = {
  type: 'string',
  format: 'date-time',
  minLength: 1,
  examples: ['2026-01-31T12:00:00.000000Z'],
} as const

const Range = Type.Object(
  {
    since: Type.Optional(Type.Unsafe<string>({ ...time, description: 'Events from this time on.' })),
    until: Type.Optional(Type.Unsafe<string>({ ...time, description: 'Events before this time.' })),
    after: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Events after this number: where an earlier part has ended.' }),
    ),
    which: Type.Optional(
      Type.Unsafe<'undelivered' | 'all'>({
        type: 'string',
        enum: ['undelivered', 'all'],
        default: 'undelivered',
        description: '`undelivered`: what is exhausted or was never sent; `all`: what was delivered too.',
      }),
    ),
  },
  { additionalProperties: false },
)

const Replayed = Type.Object({
  replayed: Type.Integer({ description: 'How many deliveries begin anew.' }),
  after: nullableNumber('Where to go on; null where the range has ended.'),
})

const within = { integrationHeader: 'required', codedErrors: true } as const

export const deliveryRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/webhooks/:id/deliveries/',
    summary: "List a webhook's deliveries",
    scope: 'webhooks:read',
    ...within,
    query: Type.Object({
      ...cursorQuery,
      status: Type.Optional(Type.String({ description: `Only: ${deliveryStatuses.join(', ')}.` })),
    }),
    reply: { status: 200, description: 'Some deliveries, newest first.', schema: CursorPageOf(Delivery) },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/webhooks/:id/deliveries/:delivery/',
    summary: 'Retrieve a delivery with its attempts',
    scope: 'webhooks:read',
    ...within,
    reply: { status: 200, description: 'The delivery.', schema: DeliveryWithAttempts },
  },
  replay: {
    method: 'POST',
    path: '/v2/webhooks/:id/deliveries/:delivery/replay/',
    summary: 'Deliver once more, under the same id',
    scope: 'webhooks:write',
    ...within,
    reply: { status: 200, description: 'The delivery, begun anew.', schema: DeliveryWithAttempts },
  },
  replay_range: {
    method: 'POST',
    path: '/v2/webhooks/:id/replay/',
    summary: 'Deliver the events of a range once more, each under its id',
    scope: 'webhooks:write',
    ...within,
    body: Range,
    reply: { status: 200, description: 'What begins anew; at most 500 events a request.', schema: Replayed },
  },
  test: {
    method: 'POST',
    path: '/v2/webhooks/:id/test/',
    summary: 'Send a test now, and say how it went',
    scope: 'webhooks:write',
    ...within,
    reply: { status: 200, description: 'The delivery, tried once.', schema: DeliveryWithAttempts },
  },
})
