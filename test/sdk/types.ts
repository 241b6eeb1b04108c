// What does not compile with the client, and what it knows of answers: checked by `npm run check`, never run.
import { createMortise } from '../../sdk/src/index.ts'

export async function calls(): Promise<void> {
  const mortise = createMortise({ url: 'http://127.0.0.1:3500', apiKey: 'mrt_…' })
  const connection = await mortise.as('846291712').connections.retrieve(1)
  const title: string = connection.title
  const status:
    | 'healthy'
    | 'degraded'
    | 'rejected'
    | 'unreachable'
    | 'rate_limited'
    | 'unverifiable'
    | 'unverified' = connection.health.status
  // @ts-expect-error there is no such member
  connection.secret
  // @ts-expect-error an id is needed
  await mortise.connections.retrieve()
  // @ts-expect-error a body is needed
  await mortise.integrations.create()
  // @ts-expect-error of which these members are required
  await mortise.integrations.create({ name: 'Pinestreet Tech' })
  // @ts-expect-error which are of one kind
  await mortise.connections.change(1, { title: 7 })
  // @ts-expect-error filters that there are not
  await mortise.connections.list({ query: { colour: 'red' } })
  // @ts-expect-error the Web App integration is never created
  await mortise.providers.create({})
  await mortise.connections.restore(1)
  await mortise.connections.restore(1, { fields: ['api_key'] }, { idempotencyKey: 'once' })
  for await (const { id } of mortise.integrations.all({ query: { type: '3' } })) id satisfies string
  for await (const { id } of mortise.deliveries.all('w', { query: { status: 'failed' } })) id satisfies string
  // @ts-expect-error whose deliveries has to be said
  mortise.deliveries.all()
  await mortise.webhooks.rotateSecret('w')
  // @ts-expect-error the providers' own APIs are called by `fetch`
  mortise.proxy
  for await (const record of await mortise.audit.export()) record.id satisfies number
  const gone: undefined = await mortise.connections.remove(1, { query: { force: 'true' } })
  void [title, status, gone]
}
