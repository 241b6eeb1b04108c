// Providers' official SDKs over the hub: with `connections.fetchOf` as their fetch, they work as they are, without a key of their own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { IntercomClient, IntercomError } from 'intercom-client'
import Stripe from 'stripe'
import { createMortise, type Mortise } from '../../sdk/src/index.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { type Folders, type Served, start } from '../support/process.ts'

let home: Folders
let sandbox: Awaited<ReturnType<typeof startSandbox>>
let served: Served
let mortise: Mortise
before(async () => {
  home = newHome()
  sandbox = await startSandbox({ port: 0 })
  const env = { ...home.env, MORTISE_SANDBOX_URL: sandbox.address }
  served = await start('serve', ['--data', home.data], env)
  const apiKey = keyIn(served.output().stdout)
  mortise = createMortise({ url: served.address, apiKey, integration: '1' })
})
after(async () => {
  await served.stop()
  await sandbox.close()
  home.remove()
})

const notUsed = 'not used: the hub has the key'

async function stripeOf(secret_key: string): Promise<Stripe> {
  const { id } = await mortise.connections.create({ provider: 'stripe', title: 'x', fields: { secret_key } })
  const httpClient = Stripe.createFetchHttpClient(mortise.connections.fetchOf(id))
  return new Stripe(notUsed, { httpClient, maxNetworkRetries: 0 })
}

async function intercomOf(access_token: string): Promise<IntercomClient> {
  const fields = { access_token }
  const { id } = await mortise.connections.create({ provider: 'intercom', title: 'x', fields })
  return new IntercomClient({ token: notUsed, fetch: mortise.connections.fetchOf(id), maxRetries: 0 })
}

test('Stripe’s makes, retrieves and lists, page after page', async () => {
  const stripe = await stripeOf('sk_test_sandboxvalid')
  assert.equal((await stripe.balance.retrieve()).object, 'balance')
  const made = await stripe.customers.create({
    email: 'ada@example.com',
    metadata: { of: 'Pinestreet & co' },
  })
  assert.match(made.id, /^cus_/)
  const retrieved = await stripe.customers.retrieve(made.id)
  assert.equal('email' in retrieved && retrieved.email, 'ada@example.com')
  const listed: string[] = []
  for await (const { id } of stripe.customers.list({ limit: 10 })) listed.push(id)
  assert.deepEqual(listed, [made.id])
})

test('Stripe’s tells Stripe’s own errors', async () => {
  const refused = await stripeOf('sk_test_sandboxrejected')
  await assert.rejects(refused.balance.retrieve(), Stripe.errors.StripeAuthenticationError)
  const limited = await stripeOf('sk_test_sandboxratelimited')
  await assert.rejects(limited.balance.retrieve(), Stripe.errors.StripeRateLimitError)
  const good = await stripeOf('sk_test_sandboxvalid')
  await assert.rejects(good.customers.retrieve('cus_nobody'), Stripe.errors.StripeInvalidRequestError)
})

test('Intercom’s makes, finds and changes, and tells Intercom’s own errors', async () => {
  const intercom = await intercomOf('sandbox-token-valid')
  assert.equal((await intercom.admins.identify())?.email, 'owner@sandbox.example')
  const made = await intercom.contacts.create({ email: 'ada@example.com' })
  const id = String(made.id)
  await intercom.contacts.update({ contact_id: id, name: 'Ada' })
  assert.equal((await intercom.contacts.find({ contact_id: id })).name, 'Ada')
  const query = { field: 'email', operator: '=' as const, value: 'ada@example.com' }
  const found: unknown[] = []
  for await (const contact of await intercom.contacts.search({ query })) found.push(contact.id)
  assert.deepEqual(found, [id])
  const refused = await intercomOf('sandbox-token-rejected')
  await assert.rejects(
    refused.admins.identify(),
    (error) => error instanceof IntercomError && error.statusCode === 401,
  )
})
