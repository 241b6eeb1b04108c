// What the tests of access tokens share: connections whose tokens are had from a server that counts.
import assert from 'node:assert/strict'
import { setTimeout as pass } from 'node:timers/promises'
import type { Hub } from '../../src/app.ts'
import type { Wanted } from '../../src/hub/access-tokens.ts'
import { type Connections, type Member, movableClock, startConnections } from './connections.ts'
import { client, startTokenServer, type TokenServer, type TokenServerOptions } from './token-server.ts'

export type Refreshing = Connections & {
  readonly server: TokenServer
  readonly clock: ReturnType<typeof movableClock>
  /** A connection of Google Analytics with a new grant; its access token has ended unless the fields say otherwise. */
  google(fields?: Member): Promise<{ readonly id: number; readonly refresh: string; readonly access: string }>
  /** The access token that a caller of a connection gets, as the proxy asks for it. */
  ensure(id: number, wanted?: Wanted, hub?: Hub): Promise<string | undefined>
  /** What is stored of a connection's tokens. */
  stored(id: number): Promise<{ access: unknown; refresh: unknown; endsAt: unknown }>
  verify(id: number): Promise<Member>
  upkeep(id: number): Promise<Member>
}

/** Waiting goes by so much quicker than it says. */
const haste = 20

export async function startRefreshing(
  options: TokenServerOptions & { apiOptions?: Parameters<typeof startConnections>[0] } = {},
): Promise<Refreshing> {
  const server = await startTokenServer(options)
  const clock = movableClock()
  const connections = await startConnections({
    egress: { standIn: server.origin },
    now: clock.now,
    wait: (ms) => pass(ms / haste),
    ...options.apiOptions,
  })
  const { api, account } = connections
  return {
    ...connections,
    api: {
      ...api,
      async close() {
        await api.close()
        await server.close()
      },
    },
    server,
    clock,
    async google(fields = {}) {
      const { access_token: access, refresh_token: refresh } = server.grant()
      const id = await connections.make('google_analytics', {
        access_token: access,
        refresh_token: refresh,
        ...client,
        expires_at: '2026-05-01T09:00:00Z',
        ...fields,
      })
      return { id, refresh, access }
    },
    async ensure(id, wanted = {}, hub = api.hub) {
      const caller = hub.callerFor(account.id)
      const opened = await hub.accessTokens.ensure(caller, await hub.opener.open(caller, id), wanted)
      const { api: known } = opened.provider
      return opened.values.find(known?.tokens?.fields.accessToken ?? '')
    },
    async stored(id) {
      const { access_token: access, refresh_token: refresh } = await connections.reveal(id)
      const { fields } = await connections.get(id)
      return { access, refresh, endsAt: Object(fields).expires_at }
    },
    async verify(id) {
      const { status, body, text } = await connections.send('POST', `/v2/connections/${id}/verify/`)
      assert.equal(status, 200, text)
      return Object(body)
    },
    async upkeep(id) {
      const [row] = await api.db
        .selectFrom('connection_upkeep')
        .innerJoin('connections', 'connections.uid', 'connection_upkeep.connection_uid')
        .selectAll('connection_upkeep')
        .where('connections.id', '=', id)
        .where('connections.account_id', '=', account.id)
        .execute()
      assert.ok(row)
      return row
    },
  }
}

/** Every refresh token was redeemed once, but those that were not yet. */
export function redeemedOnce({ redeemed }: TokenServer): void {
  const often = [...redeemed].filter(([, times]) => times !== 1)
  assert.deepEqual(often, [], 'redeemed more than once')
}
