// One key on several nodes: done once, whatever dies or is cut on the way.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, call } from '../support/api.ts'
import { keyOf, named } from '../support/idempotency.ts'
import { type Nodes, startNodes } from '../support/nodes.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { integrationsPath } from '../support/v2.ts'

const cuts = process.env.TEST_SCALE === 'full' ? 100 : 10

let database: TestDatabase
let proxy: TcpProxy
let cluster: Nodes
before(async () => {
  database = await newDatabase('migrated')
  proxy = await startProxy(database.url)
  cluster = await startNodes([database.url, proxy.through(database.url)])
})
after(async () => {
  await cluster.close()
  await proxy.close()
  await database.remove()
})

const post = (node: number, key: string, body: unknown) =>
  call(cluster.node(node).address, 'POST', integrationsPath, {
    key: cluster.account.key,
    body,
    headers: keyOf(key),
  })

const isReplay = (answer: Answer) => answer.headers.get('idempotent-replayed') === 'true'

async function countOf(name: string): Promise<number> {
  const rows = await cluster
    .node(0)
    .db.selectFrom('integrations')
    .select('uid')
    .where('name', '=', name)
    .execute()
  return rows.length
}

/** Lists say what there is: the tallies were written with the rows. */
async function expectSound(): Promise<void> {
  const { address, db } = cluster.node(0)
  const { body } = await call(address, 'GET', integrationsPath, { key: cluster.account.key })
  const rows = await db
    .selectFrom('integrations')
    .select('uid')
    .where('account_id', '=', cluster.account.id)
    .execute()
  assert.equal(Object(body).count, rows.length)
}

describe('50 requests at once over two nodes', () => {
  for (const round of [1, 2, 3]) {
    test(`with one key make one thing, and all hear of it (${round})`, async () => {
      const name = `once ${round}`
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => post(at, `once-${round}`, named(name))),
      )
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
      assert.equal(answers.filter((answer) => !isReplay(answer)).length, 1, 'one execution')
      assert.equal(await countOf(name), 1)
    })
  }

  test('with one key and two bodies: one body wins, and the other is refused', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => post(at, 'two', named(`two ${at % 4 < 2 ? 'a' : 'b'}`))),
    )
    assert.equal(answers.filter((answer) => answer.status === 201 && !isReplay(answer)).length, 1)
    for (const { status } of answers) assert.ok([201, 422].includes(status))
    assert.equal((await countOf('two a')) + (await countOf('two b')), 1)
  })

  test('with 50 keys for one id make one, and 49 are told that it is taken', async () => {
    const body = named('wanted', { id: 'wanted' })
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => post(at, `wanted-${at}`, body)))
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [201, ...Array.from({ length: 49 }, () => 400)])
    await expectSound()
  })
})

describe('a connection that is cut at the commit', () => {
  for (const when of ['before it arrives', 'before its answer'] as const) {
    test(`${when}: the client is told 503, and its repeated request ends with one thing (${cuts} times)`, async () => {
      for (let at = 0; at < cuts; at++) {
        const name = `cut ${when} ${at}`
        proxy.cutAt('commit\0', when)
        const lost = await post(1, name.replaceAll(' ', '-'), named(name))
        assert.equal(lost.status, 503, lost.text)
        assert.ok(Number(lost.headers.get('retry-after')) >= 1)
        const again = await post(at, name.replaceAll(' ', '-'), named(name))
        assert.equal(again.status, 201, again.text)
        assert.equal(isReplay(again), when === 'before its answer', 'whether it had been done')
        assert.equal(await countOf(name), 1)
      }
      await expectSound()
    })
  }
})
