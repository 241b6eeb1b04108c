// What the tests of webhooks share: an account whose changes are delivered to a receiver on loopback.
import assert from 'node:assert/strict'
import type { Answer, ApiOptions } from './api.ts'
import { type Connections, startConnections } from './connections.ts'
import { allowing, type Receiver, startReceiver } from './receiver.ts'
import { asObject, resultsOf, textOf } from './v2.ts'

export const webhooksPath = '/v2/webhooks/'

export type Made = { readonly id: string; readonly secret: string; readonly shown: Record<string, unknown> }

export type Webhooks = Connections & {
  readonly receiver: Receiver
  /** Makes a webhook to the receiver, of the integration acted as. */
  hook(given?: object, headers?: Record<string, string>): Promise<Made>
  got(status: number, answer: Promise<Answer>): Promise<Record<string, unknown>>
  /** Lets everything that is due be tried, until nothing is. */
  deliver(): Promise<void>
  /** No webhook is there any more, and the receiver takes everything and has had nothing. */
  clear(): Promise<void>
}

export async function startWebhooks(options: ApiOptions = {}): Promise<Webhooks> {
  const receiver = await startReceiver()
  const v2 = await startConnections({ egress: allowing(receiver.address), ...options })
  await v2.api.hub.deliveries.start()
  const got: Webhooks['got'] = async (status, answer) => {
    const { body, text, ...more } = await answer
    assert.equal(more.status, status, text)
    return asObject(body)
  }
  return {
    ...v2,
    receiver,
    got,
    api: {
      ...v2.api,
      async close() {
        await v2.api.hub.deliveries.stop()
        await v2.api.close()
        await receiver.close()
      },
    },
    async hook(given = {}, headers = {}) {
      const body = { url: `${receiver.address}/hook`, ...given }
      const shown = await got(201, v2.send('POST', webhooksPath, body, headers))
      return { id: textOf(shown.id), secret: textOf(shown.secret_key), shown }
    },
    async deliver() {
      const { deliveries } = v2.api.hub
      await deliveries.look()
      await deliveries.settled()
    },
    async clear() {
      for (const { id } of resultsOf(await v2.send('GET', `${webhooksPath}?page_size=100`))) {
        await v2.send('DELETE', `${webhooksPath}${id}/`)
      }
      await v2.api.hub.deliveries.settled()
      receiver.answer = (_request, response) => response.writeHead(204).end()
      receiver.received.length = 0
    },
  }
}
