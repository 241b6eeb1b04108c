// How v2 shows webhooks.
import type { Static } from 'typebox'
import type { Webhook as WebhookSchema } from '../../contract/v2/webhooks.ts'
import type { NamedWebhook } from '../../hub/webhook.ts'

export function webhookView(webhook: NamedWebhook): Static<typeof WebhookSchema> {
  return {
    id: webhook.uid,
    integration: webhook.integrationId,
    url: webhook.url,
    events: [...webhook.events],
    metadata: webhook.metadata,
    disabled_at: webhook.disabledAt,
    disabled_reason: webhook.disabledReason,
    failing_since: webhook.failingSince,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
  }
}
