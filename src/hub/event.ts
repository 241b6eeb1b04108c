// What an event is: its types, and how a filter names them.
import type { Timestamp } from './timestamp.ts'

/** Everything that is told; `docs/webhooks.md` says of each what it means. */
export const eventTypes = [
  'api_key.created',
  'api_key.revoked',
  'api_key.rolled',
  'api_key.updated',
  'connection.created',
  'connection.credential_changed',
  'connection.deleted',
  'connection.health_changed',
  'connection.refresh_failed',
  'connection.updated',
  'endpoint.disabled',
  'freelancer.created',
  'freelancer.deleted',
  'freelancer.updated',
  'integration.created',
  'integration.deleted',
  'integration.updated',
  'webhook.created',
  'webhook.deleted',
  'webhook.test',
  'webhook.updated',
] as const

export type EventType = (typeof eventTypes)[number]

/** An event as it is kept: the body is what is shown of it and sent, byte for byte. */
export type StoredEvent = {
  readonly sequence: number
  readonly id: string
  readonly type: string
  readonly at: Timestamp
  readonly body: string
}

export const everyEvent = '*'

/** Each type, all with the same beginning, or all that there are. */
export const eventPatterns: readonly string[] = [
  everyEvent,
  ...new Set(eventTypes.map((type) => `${nounOf(type)}.*`)),
  ...eventTypes,
]

/** The patterns that a type fits. */
export function patternsOf(type: string): readonly string[] {
  return [everyEvent, `${nounOf(type)}.*`, type]
}

/** The types that a pattern means; none for what is no pattern. */
export function typesOf(pattern: string): readonly EventType[] {
  return eventTypes.filter((type) => patternsOf(type).includes(pattern))
}

/** How long events are kept. */
export const eventDays = 30

function nounOf(type: string): string {
  return type.slice(0, type.indexOf('.'))
}
