// What the tests of verification share: connections of Stripe, and a provider that says what a test wants.
import assert from 'node:assert/strict'
import { type Connections, type Member, movableClock, startConnections } from './connections.ts'
import { type Said, type StandIn, startStandIn } from './stand-in.ts'
import { asObject } from './v2.ts'

export type Verifying = Connections & {
  readonly provider: StandIn
  readonly clock: ReturnType<typeof movableClock>
  stripe(secretKey?: string, given?: Member): Promise<number>
  verify(id: number, headers?: Record<string, string>): Promise<{ health: Member; notices: unknown }>
  checks(id: number): Promise<Member[]>
  health(id: number): Promise<Member>
  /** Stripe knows these keys, and whose they are; others it refuses. */
  knows(keys: Readonly<Record<string, string>>): void
  says(said: Said | (() => Said | Promise<Said>)): void
}

export async function startVerifying(
  options: Parameters<typeof startConnections>[0] = {},
): Promise<Verifying> {
  const provider = await startStandIn()
  const clock = movableClock()
  const connections = await startConnections({
    egress: { standIn: provider.origin },
    now: clock.now,
    ...options,
  })
  const { api } = connections
  return {
    ...connections,
    api: {
      ...api,
      async close() {
        await api.close()
        await provider.close()
      },
    },
    provider,
    clock,
    stripe: (secretKey = 'sk_test_good0001', given = {}) =>
      connections.make('stripe', { secret_key: secretKey }, given),
    async verify(id, headers = {}) {
      const { status, body, text } = await connections.send(
        'POST',
        `/v2/connections/${id}/verify/`,
        undefined,
        headers,
      )
      assert.equal(status, 200, text)
      const { health, notices } = asObject(body)
      return { health: asObject(health), notices }
    },
    async checks(id) {
      const { status, body, text } = await connections.send('GET', `/v2/connections/${id}/checks/`)
      assert.equal(status, 200, text)
      const { checks } = asObject(body)
      assert.ok(Array.isArray(checks))
      return checks.map(asObject)
    },
    async health(id) {
      return asObject((await connections.get(id)).health)
    },
    knows(keys) {
      provider.answer(({ headers: { authorization = '' }, path }) => {
        const account = keys[authorization.replace('Bearer ', '')]
        if (account === undefined) return refused
        return path === '/v1/balance'
          ? { status: 200, body: { livemode: false } }
          : {
              status: 200,
              body: { id: account, settings: { dashboard: { display_name: `Shop ${account}` } } },
            }
      })
    },
    says(said) {
      provider.answer(() => (typeof said === 'function' ? said() : said))
    },
  }
}

export const refused: Said = { status: 401, body: { error: { message: 'Invalid API Key provided' } } }
