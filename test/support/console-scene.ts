// A hub with something to see at the console: integrations, connections that are well and unwell, and a provider.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { JsonText } from '../../src/hub/json-text.ts'
import { newAccount, startApi, type TestApi } from './api.ts'
import { allowing, type Receiver, startReceiver } from './receiver.ts'

/** What the provider in this scene accepts. */
export const goodKey = 'rk_test_PinestreetTechnologyAB26'
const endedKey = 'rk_test_RevokedByItsOwner0000026'

export type Scene = {
  readonly api: TestApi
  readonly account: { readonly id: number; readonly key: string }
  /** Takes what webhooks are sent. */
  readonly receiver: Receiver
  /** The address of the console with a link that signs in. */
  signInLink(): Promise<string>
  close(): Promise<void>
}

/** A name that a page must show as the text it is. */
export const hostile = '<img src=x onerror=alert(1)>'

/** @param names of one integration and one connection: hostile, or such as people give */
export async function startScene({
  names = 'hostile',
}: {
  names?: 'hostile' | 'plain'
} = {}): Promise<Scene> {
  const receiver = await startReceiver()
  const provider = createServer(({ headers, url }, response) => {
    const isGood = headers.authorization === `Bearer ${goodKey}`
    const account = { id: 'acct_26', settings: { dashboard: { display_name: 'Pinestreet Technology AB' } } }
    const answer = url?.startsWith('/v1/account') ? account : { object: 'balance', livemode: false }
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isGood ? answer : { error: { message: 'Invalid API Key provided' } }))
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const { port } = provider.address() as AddressInfo
  const egress = { ...allowing(receiver.address), standIn: `http://127.0.0.1:${port}` }
  const api = await startApi({ egress })
  await api.hub.deliveries.start()
  const account = await newAccount(api)
  const caller = api.hub.callerFor(account.id)
  const identity = {
    email: 'albin@pinestreet.tech',
    recipient: 'Pinestreet Technology AB',
    addressLine1: 'Malmvägen 8',
    zipCode: '14171',
    city: 'Segeltorp',
  }
  await api.hub.integrations.create(caller, { ...identity, id: 'pinestreet', name: 'Pinestreet Tech' })
  await api.hub.integrations.create(caller, {
    ...identity,
    id: 'hostile',
    name: names === 'plain' ? 'Elm Street Books' : hostile,
  })
  const connect = async (provider: string, title: string, fields: Record<string, string>, check: boolean) => {
    const given = new Map(
      Object.entries(fields).map(([name, value]) => [name, new JsonText(JSON.stringify(value))] as const),
    )
    const made = await api.hub.connections.create(caller, {
      integrationId: 'pinestreet',
      provider,
      title,
      fields: given,
    })
    if (check) await api.hub.verification.verify(caller, made.connection.id)
  }
  await connect('stripe', 'Shop payments', { publishable_key: 'pk_test_26', secret_key: endedKey }, true)
  await connect('stripe', names === 'plain' ? 'Gift cards' : hostile, { secret_key: goodKey }, true)
  await connect('mailchimp', 'Newsletter', { api_key: '0123456789abcdef0123456789abcdef-us1' }, false)
  return {
    api,
    account,
    receiver,
    async signInLink() {
      const { text } = await api.hub.consoleSessions.createLink(account.id)
      return `${api.address}/#sign-in=${text}`
    },
    async close() {
      await api.hub.deliveries.stop()
      await api.close()
      await receiver.close()
      await new Promise((resolve) => provider.close(resolve))
    },
  }
}
