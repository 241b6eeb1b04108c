// Tells deliveries of the hub from those of anybody else: Standard Webhooks 1.0.
import { Webhook, WebhookVerificationError } from 'standardwebhooks'

/** It was not the hub that sent this, or not now. */
export { WebhookVerificationError }

export type WebhookEvent = {
  /** The same however often it is delivered. */
  readonly id: string
  readonly type: string
  /** Rises within the account: an event with a lower one happened earlier. */
  readonly sequence: number
  readonly integration: string | null
  readonly created_at: string
  /** The object as the API shows it. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * @param given.secret of the webhook, as it was shown once: `whsec_…`
 * @param given.headers of the delivery, by name in whatever case
 * @param given.body as it arrived, to the byte: not what a parser made of it
 * @throws WebhookVerificationError
 */
export function verifyWebhook(given: {
  secret: string
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>
  body: string | Uint8Array
}): WebhookEvent {
  const { secret, headers, body } = given
  const pairs = headers instanceof Headers ? [...headers] : Object.entries(headers)
  const known = Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), String(value ?? '')]))
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  return new Webhook(secret).verify(text, known) as WebhookEvent
}
