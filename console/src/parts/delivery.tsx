// How deliveries and webhooks are, in a word and a colour; and what an attempt came to.
import { Badge } from '@mantine/core'
import type { Delivery, DeliveryWithAttempts, Webhook } from '../hub.ts'
import { texts } from '../texts.ts'

const statusColors: Readonly<Record<Delivery['status'], string>> = {
  pending: 'yellow',
  delivered: 'teal',
  exhausted: 'red',
}

export function DeliveryBadge({ status }: { status: Delivery['status'] }) {
  return <State color={statusColors[status]} word={texts.webhooks.statuses[status]} />
}

const stateColors = { enabled: 'teal', failing: 'red', disabled: 'gray.6' } as const

export function WebhookBadge({ webhook }: { webhook: Pick<Webhook, 'disabled_at' | 'failing_since'> }) {
  const state =
    webhook.disabled_at !== null ? 'disabled' : webhook.failing_since !== null ? 'failing' : 'enabled'
  return <State color={stateColors[state]} word={texts.webhooks.states[state]} />
}

function State({ color, word }: { color: string; word: string }) {
  return (
    <Badge variant="dot" color={color} tt="none" fw={500} style={{ flex: 'none' }}>
      {word}
    </Badge>
  )
}

type Attempt = DeliveryWithAttempts['attempts'][number]

/** Such as “answered 500”, or why there was no answer. */
export function resultOf({ status, error }: Pick<Attempt, 'status' | 'error'>): string {
  if (error !== null) return texts.webhooks.errors[error]
  return status === null ? texts.webhooks.errors.no_answer : texts.webhooks.answered(status)
}
