// Webhooks in v2: read the wire, call one verb, show the result.
import type { Static } from 'typebox'
import type { ReplacedWebhook, WebhookWithSecret, webhookRoutes } from '../../contract/v2/webhooks.ts'
import type { WebhookChange } from '../../hub/webhook.ts'
import type { MadeWebhook, WebhookOperations } from '../../hub/webhooks.ts'
import type { Handlers } from '../bind.ts'
import { pageView, readPage } from './paging.ts'
import { webhookView } from './webhook-views.ts'

export function webhookHandlers(needs: {
  webhooks: WebhookOperations
  publicUrl: () => string
}): Handlers<typeof webhookRoutes> {
  const { webhooks, publicUrl } = needs
  return {
    async list({ query, path }, caller) {
      const page = await webhooks.page(caller, readPage(query))
      return pageView(page, `${publicUrl()}${path}`, query, webhookView)
    },
    async create({ body }, caller) {
      const { url, secret_key, ...more } = await body()
      const given = { url, ...changeFrom(more), ...(secret_key !== undefined && { secret: secret_key }) }
      return async ({ webhooks }) => madeView(await webhooks.create(caller, given))
    },
    async retrieve({ params }, caller) {
      return webhookView(await webhooks.get(caller, params.id))
    },
    async replace({ params, body }, caller) {
      await webhooks.get(caller, params.id)
      const { url, ...more } = await body()
      return webhookView(await webhooks.replace(caller, params.id, { url, ...changeFrom(more) }))
    },
    async change({ params, body }, caller) {
      await webhooks.get(caller, params.id)
      const given = changeFrom(await body())
      return async ({ webhooks }) => webhookView(await webhooks.change(caller, params.id, given))
    },
    async remove({ params }, caller) {
      await webhooks.remove(caller, params.id)
    },
    async rotate_secret({ params, body }, caller) {
      await webhooks.get(caller, params.id)
      const { secret_key } = await body()
      return async ({ webhooks }) => madeView(await webhooks.rotateSecret(caller, params.id, secret_key))
    },
  }
}

function madeView({ webhook, secret }: MadeWebhook): Static<typeof WebhookWithSecret> {
  return { ...webhookView(webhook), secret_key: secret }
}

/** Only what is given. */
function changeFrom(given: Partial<Static<typeof ReplacedWebhook>>): WebhookChange {
  const { url, events, metadata, disabled_at } = given
  return {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events }),
    ...(metadata !== undefined && { metadata }),
    ...(disabled_at !== undefined && { isDisabled: disabled_at !== null }),
  }
}
