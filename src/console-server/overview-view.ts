// How the console's first page shows what there is.
import type { Static } from 'typebox'
import type { overviewRoutes } from '../contract/console-overview.ts'
import { JsonText } from '../hub/json-text.ts'
import type { FailingWebhook, Overview } from '../hub/overview.ts'
import type { NamedWebhook } from '../hub/webhook.ts'

type View = Static<(typeof overviewRoutes)['overview']['reply']['schema']>

export function overviewView(overview: Overview): View {
  const { connections, attention, webhooks, events, endingKeys, activity, vault } = overview
  return {
    connections: { ...connections },
    attention: attention.map((one) => ({
      id: one.id,
      integration: one.integrationId,
      integration_name: one.integrationName,
      provider: one.provider,
      title: one.title,
      status: one.status,
      reason: one.reason,
      checked_at: one.checkedAt,
    })),
    webhooks: webhooks && { count: webhooks.count, failing: webhooks.failing.map(failingView) },
    events: events?.map(({ body }) => new JsonText(body)) ?? null,
    ending_keys:
      endingKeys?.map(({ uid, name, expiresAt }) => ({ id: uid, name, expires_at: expiresAt })) ?? null,
    activity: activity && {
      hours: [...activity.hours],
      events: [...activity.events],
      checks: { accepted: [...activity.checks.accepted], refused: [...activity.checks.refused] },
      deliveries: { taken: [...activity.deliveries.taken], failed: [...activity.deliveries.failed] },
    },
    vault: { key_since: vault.keySince, opens_with: vault.opensWith && [...vault.opensWith] },
  }
}

function failingView({ webhook, lastAttempt, waiting, exhausted }: FailingWebhook) {
  return {
    id: webhook.uid,
    integration: webhook.integrationId,
    title: webhookTitle(webhook),
    failing_since: webhook.failingSince,
    disabled_at: webhook.disabledAt,
    disabled_reason: webhook.disabledReason,
    last_status: lastAttempt?.status ?? null,
    last_error: lastAttempt?.error ?? null,
    waiting,
    exhausted,
  }
}

/** What people call it, where somebody has. */
export function webhookTitle({ metadata, url }: Pick<NamedWebhook, 'metadata' | 'url'>): string {
  const { title } = metadata.parse() as Record<string, unknown>
  return typeof title === 'string' && title.trim() !== '' ? title : url
}
