// Verifies a delivery of Mortise: Standard Webhooks 1.0, in TypeScript or JavaScript, with Node alone.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Deliveries that are older or newer than this are refused: somebody may be repeating them. */
const toleranceSeconds = 300

/**
 * @param secret as it was shown once: `whsec_…`
 * @param headers of the request, their names in lower case
 * @param body as it came, before anything has parsed it
 * @returns the event; throws where the delivery is not genuine
 */
export function verifyWebhook(
  secret: string,
  headers: Record<string, string | string[] | undefined>,
  body: string,
): unknown {
  const id = String(headers['webhook-id'] ?? '')
  const timestamp = String(headers['webhook-timestamp'] ?? '')
  const age = Math.abs(Date.now() / 1000 - Number(timestamp))
  if (!/^\d+$/.test(timestamp) || age > toleranceSeconds) throw new Error('The timestamp is not of now.')
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  const signatures = String(headers['webhook-signature'] ?? '').split(' ')
  const isGenuine = signatures.some((signature) => {
    const [version, encoded = ''] = signature.split(',')
    const given = Buffer.from(encoded, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
  if (!isGenuine) throw new Error('No signature fits.')
  return JSON.parse(body)
}
