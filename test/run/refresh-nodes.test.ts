// Several processes on one database, all calling with tokens that end all the time: each refresh token is redeemed once.
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { call } from '../support/api.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { newDatabase } from '../support/postgres.ts'
import { type Served, start } from '../support/process.ts'
import { redeemedOnce } from '../support/refreshing.ts'
import type { CallsMade, CallsWanted } from '../support/token-caller.ts'
import { client, startTokenServer, type TokenServer } from '../support/token-server.ts'

const tokenCaller = fileURLToPath(new URL('../support/token-caller.ts', import.meta.url))

const isFull = process.env.TEST_SCALE === 'full'
const processes = 3
const callers = isFull ? 50 : 10
const expiries = isFull ? 200 : 4
const livesS = isFull ? 2 : 1

type Cluster = {
  readonly nodes: readonly Served[]
  readonly server: TokenServer
  /** @returns its id, and its first refresh token; the access token beside it is good no more */
  connect(expiresAt?: string): Promise<{ readonly id: number; readonly refresh: string }>
  /** Calls the provider through a node. @returns the status of its answer */
  ask(id: number, node: number): Promise<number>
  /** What a node says of a connection. */
  verify(id: number, node: number): Promise<{ status: string; reason: string | null }>
  stored(id: number, node: number): Promise<{ access: unknown; refresh: unknown }>
  /** One more process, which uses tokens when it is told to. */
  fork(): Promise<{ call(wanted: CallsWanted): Promise<CallsMade> }>
  close(): Promise<void>
}

async function startCluster(options: { livesS: number; served: number }): Promise<Cluster> {
  const server = await startTokenServer({ revokesFamily: true, ...options })
  const home = newHome()
  const database = await newDatabase()
  const env = {
    ...home.env,
    DATABASE_URL: database.url,
    MORTISE_SANDBOX_URL: server.origin,
    MORTISE_LOG_LEVEL: 'error',
  }
  const begin = () => start('serve', ['--data', home.data], env)
  const nodes = [await begin()]
  while (nodes.length < options.served) nodes.push(await begin())
  const forked: ChildProcess[] = []
  const key = keyIn(nodes[0]?.output().stdout ?? '')
  const send = async (node: number, method: string, path: string, body?: unknown) => {
    const { address = '' } = nodes[node % nodes.length] ?? {}
    const answer = await call(address, method, path, { key, body, headers: { 'integration-id': '1' } })
    assert.ok(answer.status < 300, answer.text)
    return Object(answer.body)
  }
  return {
    nodes,
    server,
    async connect(expiresAt = '2020-01-01T00:00:00Z') {
      const { access_token, refresh_token } = server.grant()
      server.end(access_token)
      const { id } = await send(options.served - 1, 'POST', '/v2/connections/', {
        provider: 'google_analytics',
        title: 'Visits',
        fields: { access_token, refresh_token, ...client, expires_at: expiresAt },
      })
      return { id, refresh: refresh_token }
    },
    async ask(id, node) {
      const { address = '' } = nodes[node % nodes.length] ?? {}
      const path = `/v2/connections/${id}/proxy/v1beta/accountSummaries`
      return (await call(address, 'GET', path, { key, headers: { 'integration-id': '1' } })).status
    },
    verify: async (id, node) => (await send(node, 'POST', `/v2/connections/${id}/verify/`)).health,
    async stored(id, node) {
      const { secrets } = await send(node, 'POST', `/v2/connections/${id}/reveal/`)
      return { access: secrets.access_token, refresh: secrets.refresh_token }
    },
    async fork() {
      const child = fork(tokenCaller, [home.data], { env })
      forked.push(child)
      const answer = () =>
        new Promise<CallsMade>((resolve, reject) => {
          const onExit = (code: number | null) => reject(new Error(`ended with ${code}`))
          child.once('exit', onExit)
          child.once('message', (made) => {
            child.off('exit', onExit)
            resolve(made as CallsMade)
          })
        })
      await answer()
      return {
        call(wanted) {
          child.send(wanted)
          return answer()
        },
      }
    },
    async close() {
      for (const child of forked) child.kill('SIGKILL')
      for (const node of nodes) await node.stop('SIGKILL')
      await server.close()
      await database.remove()
      home.remove()
    },
  }
}

describe(`${processes} processes, ${callers} callers each`, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({ livesS, served: 1 })
  })
  after(() => cluster.close())

  test(`and ${expiries} ends of a token: each is redeemed once, no call fails, none is lost`, async () => {
    const { id, refresh } = await cluster.connect()
    const { server } = cluster
    const others = await Promise.all(Array.from({ length: processes }, () => cluster.fork()))
    for (let round = 0; round < expiries; round++) {
      const wanted = { account: 1, connection: id, callers }
      const made = await Promise.all(others.map((other) => other.call(wanted)))
      assert.deepEqual(
        made.flatMap(({ failures }) => failures),
        [],
        `in round ${round}`,
      )
      await wait(livesS * 1_000 + 20)
    }
    redeemedOnce(server)
    assert.ok(!server.isRevoked(refresh))
    assert.ok(server.redeemed.size >= expiries, `${server.redeemed.size} were redeemed`)
    assert.equal((await cluster.stored(id, 0)).refresh, server.latest(refresh))
  })
})

const herdNodes = isFull ? 3 : 2
const herdOfNode = isFull ? 50 : 15
const herds = isFull ? 60 : 2

describe(`${herdNodes} nodes, ${herdOfNode} calls through each of them at once`, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({ livesS: 3_600, served: herdNodes })
  })
  after(() => cluster.close())

  for (const [what, expiresAt] of [
    ['that has ended', '2020-01-01T00:00:00Z'],
    ['that the provider refuses before its time', '2100-01-01T00:00:00Z'],
  ] as const) {
    test(`with a token ${what}: it is had anew once, and every call is answered by the provider`, async () => {
      const { server } = cluster
      for (let herd = 0; herd < herds; herd++) {
        const { id, refresh } = await cluster.connect(expiresAt)
        const before = server.asked.length
        const statuses = await Promise.all(
          Array.from({ length: herdNodes * herdOfNode }, (_, at) => cluster.ask(id, at)),
        )
        assert.deepEqual(new Set(statuses), new Set([200]), `herd ${herd}`)
        assert.equal(server.redeemed.get(refresh), 1)
        assert.equal(server.asked.length - before, 1, 'nothing else was asked for a token')
        assert.ok(!server.isRevoked(refresh))
        assert.equal((await cluster.stored(id, herd)).refresh, server.latest(refresh))
      }
      redeemedOnce(server)
    })
  }
})

describe('a process that is stopped in the middle of a refresh', {
  skip: !isFull && 'waits for real time',
}, () => {
  let cluster: Cluster
  before(async () => {
    cluster = await startCluster({ livesS: 3_600, served: 3 })
  })
  after(() => cluster.close())

  /** The provider has been asked by a node, and says nothing until it is let. */
  async function inMidst(id: number, node: number, act: 'before it redeems' | 'after it has redeemed') {
    const { server } = cluster
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const before = server.asked.length
    if (act === 'before it redeems') server.instead(() => ({ status: 503, body: '' }))
    server.meanwhile(async () => {
      await held
      return undefined
    })
    const answer = cluster.verify(id, node)
    answer.catch(() => undefined)
    await until('the provider was asked', () => server.asked.length > before)
    server.meanwhile(undefined)
    server.instead(undefined)
    return { answer, release }
  }

  test('SIGSTOP for longer than others wait: what it was given is stored when it goes on', async () => {
    const { id, refresh } = await cluster.connect()
    const { answer, release } = await inMidst(id, 0, 'after it has redeemed')
    const [first] = cluster.nodes
    first?.child.kill('SIGSTOP')
    const others = cluster.verify(id, 1)
    await wait(14_000)
    release()
    first?.child.kill('SIGCONT')
    assert.equal((await answer).status, 'healthy')
    assert.equal((await others).status, 'healthy', 'it waits for what the other one stores')
    assert.equal((await cluster.stored(id, 2)).refresh, cluster.server.latest(refresh))
    assert.equal(cluster.server.redeemed.get(refresh), 1)
  })

  test('kill -9 before the provider has redeemed: the next one does, and no call fails', async () => {
    const { id, refresh } = await cluster.connect()
    const { release } = await inMidst(id, 0, 'before it redeems')
    cluster.nodes[0]?.child.kill('SIGKILL')
    const began = performance.now()
    assert.equal((await cluster.verify(id, 1)).status, 'healthy')
    assert.ok(performance.now() - began < 20_000)
    release()
    assert.equal(cluster.server.redeemed.get(refresh), 1)
    assert.equal((await cluster.stored(id, 2)).refresh, cluster.server.latest(refresh))
  })

  test('kill -9 after the provider has redeemed: the token is lost with it, and that is told', async () => {
    const { id } = await cluster.connect()
    const { release } = await inMidst(id, 1, 'after it has redeemed')
    cluster.nodes[1]?.child.kill('SIGKILL')
    const { status, reason } = await cluster.verify(id, 2)
    release()
    assert.equal(status, 'unreachable')
    assert.match(`${reason}`, /has not been heard of since/)
  })
})
