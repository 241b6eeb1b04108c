// What a webhook is: an address that is told of events, and how it is doing.
import type { JsonText } from './json-text.ts'
import type { Timestamp } from './timestamp.ts'

/** By a request; the receiver said that it is gone; everything failed for days; what signs does not open any more. */
export const disabledReasons = ['by_request', 'gone', 'failing', 'secret_damaged'] as const
export type DisabledReason = (typeof disabledReasons)[number]

export type Webhook = {
  /** Public, and stays. */
  readonly uid: string
  readonly integrationUid: string
  /** What it hears: that of the Web App Integration the whole account, every other its own integration. */
  readonly reach: 'account' | 'integration'
  readonly url: string
  /** Types of events, or patterns for some. */
  readonly events: readonly string[]
  readonly metadata: JsonText
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
  readonly disabledAt: Timestamp | null
  readonly disabledReason: DisabledReason | null
  /** Since when every attempt has failed, and how many; null and 0 after one that did not. */
  readonly failingSince: Timestamp | null
  readonly failures: number
}

/** With today's public id of its integration. */
export type NamedWebhook = Webhook & { readonly integrationId: string }

export type NewWebhook = {
  readonly url: string
  readonly events?: readonly string[]
  readonly metadata?: JsonText
  readonly secret?: string
  readonly isDisabled?: boolean
}

export type WebhookChange = Partial<Omit<NewWebhook, 'secret'>>

export const webhooksMax = 50
/** How long the secret before still signs, beside the new one. */
export const secretOverlapMs = 86_400_000

export const deliveryStatuses = ['pending', 'delivered', 'exhausted'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** One try at delivering, as it is kept; snake_case, since it is kept as it is shown. */
export type Attempt = {
  readonly at: Timestamp
  readonly status: number | null
  readonly error: 'no_answer' | 'timed_out' | 'answer_too_large' | null
  readonly duration_ms: number
  /** The beginning of what was answered. */
  readonly answer: string | null
}

export type Delivery = {
  readonly sequence: number
  /** Of the event. */
  readonly id: string
  readonly type: string
  readonly status: DeliveryStatus
  readonly createdAt: Timestamp
  /** When it is tried next; null where it is not. */
  readonly dueAt: Timestamp | null
  readonly attempts: readonly Attempt[]
}
