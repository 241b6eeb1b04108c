// Runs in a network namespace of its own, where private and metadata addresses exist: what of them a hub can be made to call.
import { connect, createServer } from 'node:net'
import { startConnections } from './connections.ts'
import { askThrough, proxyPath } from './proxied.ts'
import { asObject } from './v2.ts'

export type RigResult = {
  /** Addresses that anybody in here reaches, but the hub. */
  readonly reached: readonly string[]
  /** What was said, by the door: one text where it says the same of all. */
  readonly said: Readonly<Record<string, readonly string[]>>
  /** Who was connected to by the hub. */
  readonly trapped: readonly string[]
}

const ports = [443, 80]

const addresses = process.argv.slice(2)
const trapped: string[] = []
const pots = await Promise.all(
  ports.map(
    (port) =>
      new Promise<ReturnType<typeof createServer>>((resolve) => {
        const pot = createServer((socket) => {
          trapped.push(`${socket.localAddress}:${port}`)
          socket.on('error', () => undefined).destroy()
        })
        pot.listen(port, () => resolve(pot))
      }),
  ),
)

/** The pots are real: whoever is not kept from it comes to them. */
const reached: string[] = []
for (const address of addresses) if (await isReached(address)) reached.push(address)
trapped.length = 0

/** Public names, which lead to these addresses by the time they are called. */
const nameOf = (at: number) => `name-${at}.example.com`
let tokenAddress = ''
const v2 = await startConnections({
  egress: {
    async resolve(name) {
      const at = /^name-(\d+)\./.exec(name)?.[1]
      const address = (at === undefined ? tokenAddress : reached[Number(at)]) ?? ''
      return [{ address, family: address.includes(':') ? 6 : 4 }]
    },
  },
})
await v2.api.hub.deliveries.start()

const said = new Map<string, Set<string>>()
const tell = (door: string, words: unknown) => {
  const known = said.get(door) ?? new Set()
  said.set(door, known.add(JSON.stringify(words)))
}

for (const [at, address] of reached.entries()) {
  const literal = `https://${address.includes(':') ? `[${address}]` : address}/`
  const named = await v2.make('active_campaign', { api_endpoint: `https://${nameOf(at)}`, api_key: 'k' })
  const stored = await v2.make('active_campaign', { api_endpoint: 'https://one.example.com', api_key: 'k' })
  // As an earlier setting, or a hand in the database, may have left it.
  await v2.api.db
    .updateTable('connections')
    .set({ fields: JSON.stringify({ api_endpoint: literal }) })
    .where('id', '=', stored)
    .execute()
  tokenAddress = address
  const granted = await v2.make('paypal', { client_id: `client ${at}`, client_secret: 'secret' })
  for (const [what, id] of Object.entries({ named, stored, granted })) {
    await call(`proxy, ${what}`, id)
    await verify(`verification, ${what}`, id)
  }
  await give('a connection', '/v2/connections/', {
    provider: 'active_campaign',
    title: 'x',
    fields: { api_endpoint: literal, api_key: 'k' },
  })
  await give('a webhook', '/v2/webhooks/', { url: literal })
  const { body } = await v2.send('POST', '/v2/webhooks/', { url: `https://${nameOf(at)}/` })
  const tested = await v2.send('POST', `/v2/webhooks/${asObject(body).id}/test/`)
  const [attempt] = asObject(tested.body).attempts as Array<Record<string, unknown>>
  tell('delivery', [attempt?.status, attempt?.error, attempt?.answer])
}
await v2.api.hub.deliveries.stop()
await v2.api.close()
for (const pot of pots) pot.close()
const result: RigResult = {
  reached,
  said: Object.fromEntries([...said].map(([door, words]) => [door, [...words]])),
  trapped,
}
process.stdout.write(`\n${JSON.stringify(result)}\n`)

async function call(door: string, id: number): Promise<void> {
  const { key } = v2.account
  const answer = await askThrough(v2.api.address, proxyPath(id), 'GET', '/api/3/x', { key })
  tell(door, [answer.status, answer.json()])
}

async function verify(door: string, id: number): Promise<void> {
  const { body } = await v2.send('POST', `/v2/connections/${id}/verify/`)
  const { status, reason } = asObject(asObject(body).health)
  tell(door, [status, reason])
}

async function give(what: string, path: string, body: object): Promise<void> {
  const answer = await v2.send('POST', path, body)
  tell(`given to ${what}`, [
    answer.status,
    asObject(answer.body).code,
    answer.text.replace(/"doc_url".*/, ''),
  ])
}

function isReached(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, timeout: 2_000 })
    const end = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
    socket.on('timeout', () => end(false))
  })
}
