// Many requests with one Idempotency-Key at once, failures on the way, and clients that hang up: it runs once.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { timestampAt } from '../../src/hub/timestamp.ts'
import type { Answer } from '../support/api.ts'
import { countNamed, idOf, keyOf, named, ran, replayed, timesDone } from '../support/idempotency.ts'
import { openRaw, requestText } from '../support/raw-http.ts'
import { engine, refuseWrites } from '../support/store.ts'
import { freelancersPath, integrationsPath, startV2, type V2 } from '../support/v2.ts'

let v2: V2
let nowMs = Date.parse('2026-03-01T12:00:00Z')
before(async () => {
  v2 = await startV2({ now: () => timestampAt(nowMs) })
})
after(() => v2.api.close())

const post = (key: string, body: unknown, path = integrationsPath) => v2.send('POST', path, body, keyOf(key))
const many = <Result>(count: number, work: (at: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)))
const isReplay = ({ headers }: Answer) => headers.get('idempotent-replayed') === 'true'

/** One of them ran; the others got its answer, or were told to wait for it. */
function oneRan(answers: readonly Answer[], status: number): Answer {
  const others = answers.filter((answer) => isReplay(answer) || answer.status === 409)
  const [first, ...more] = answers.filter((answer) => !others.includes(answer))
  assert.ok(first)
  assert.deepEqual(more, [], 'exactly one ran')
  ran(first, status)
  for (const answer of others) {
    if (answer.status === 409) assert.equal(answer.headers.get('retry-after'), '1')
    else replayed(answer, first)
  }
  return first
}

describe('50 requests at once with the same key', () => {
  for (const [path, action] of [
    [integrationsPath, 'integration'],
    [freelancersPath, 'freelancer'],
  ] as const) {
    test(`and the same body make one ${action}`, async () => {
      const body = named(`raced ${action}`)
      const first = oneRan(await many(50, () => post('race', body, path)), 201)
      assert.equal(await countNamed(v2, `raced ${action}`), 1)
      replayed(await post('race', body, path), first)
    })

    test(`and the same change of one ${action} change it once`, async () => {
      const one = `${path}${await v2.create(path)}/`
      const before = await timesDone(v2.api, `${action}.changed`)
      const patch = () => v2.send('PATCH', one, { city: 'Raced' }, keyOf('race-change'))
      oneRan(await many(50, patch), 200)
      assert.equal(await timesDone(v2.api, `${action}.changed`), before + 1)
    })

    test(`and the same rename of one ${action} all hear of it, none of a 404`, async () => {
      const id = await v2.create(path)
      const rename = () => v2.send('PATCH', `${path}${id}/`, { id: `raced-${id}` }, keyOf('race-rename'))
      oneRan(await many(50, rename), 200)
    })
  }

  test('and two bodies: one wins, its like get its answer, the others 409 or 422', async () => {
    for (let round = 0; round < 3; round++) {
      const names = [`odd ${round}`, `even ${round}`]
      const answers = await many(50, (at) => post(`two-${round}`, named(names[at % 2] ?? '')))
      const winners = answers.filter((answer) => answer.status === 201)
      const winner = Number(Object(winners[0]?.body).name === names[1])
      oneRan(
        answers.filter((_, at) => at % 2 === winner),
        201,
      )
      for (const loser of answers.filter((_, at) => at % 2 !== winner)) {
        assert.ok([409, 422].includes(loser.status), loser.text)
      }
      const counts = await Promise.all(names.map((name) => countNamed(v2, name)))
      assert.deepEqual(counts, winner === 0 ? [1, 0] : [0, 1])
      replayed(await post(`two-${round}`, named(names[winner] ?? '')), oneRan(winners, 201))
    }
  })

  test('and an id that is wanted with 50 keys is given once; the others are refused and stored nowhere', async () => {
    const body = named('wanted by all', { id: 'wanted' })
    const answers = await many(50, (at) => post(`wanted-${at}`, body))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [
      201,
      ...Array.from({ length: 49 }, () => 400),
    ])
    assert.ok(answers.every((answer) => !isReplay(answer)))
  })

  test('that has expired make one', async () => {
    const body = named('raced again')
    ran(await post('expired-race', body), 201)
    nowMs += 86_400_001
    oneRan(await many(50, () => post('expired-race', body)), 201)
    assert.equal(await countNamed(v2, 'raced again'), 2)
  })
})

describe('a failure on the way', () => {
  for (const table of ['stored_answers', 'integrations', 'audit'] as const) {
    test(`into ${table} is a 500 that leaves nothing, and the repeated request runs once`, async () => {
      const body = named(`failed into ${table}`)
      const key = `failed-${table}`
      const accept = await refuseWrites(v2.api.db, table)
      try {
        for (const answer of await many(5, () => post(key, body))) ran(answer, 500)
        assert.equal(await countNamed(v2, body.name), 0)
      } finally {
        await accept()
      }
      const first = oneRan(await many(10, () => post(key, body)), 201)
      assert.equal(await countNamed(v2, body.name), 1)
      replayed(await post(key, body), first)
    })
  }

  test('as 503, while somebody else holds the store, is not stored either', async () => {
    const other = await v2.api.store.session()
    try {
      await other.query(engine === 'sqlite' ? 'begin immediate' : 'begin')
      await other.query('update accounts set name = name')
      ran(await post('busy', named('busy')), 503)
    } finally {
      await other.close()
    }
    ran(await post('busy', named('busy')), 201)
    assert.equal(await countNamed(v2, 'busy'), 1)
  })
})

describe('a client that hangs up before the answer', () => {
  test('repeats its request and gets the one result, whenever it hung up', async () => {
    const text = (at: number) =>
      JSON.stringify({
        id: `hung-up-${at}`,
        name: 'n',
        email: 'a@example.com',
        recipient: 'r',
        address_line_1: 'a',
        zip_code: 'z',
        city: 'c',
      })
    const type = 'Content-Type: application/json'
    await many(40, async (at) => {
      const connection = await openRaw(v2.api.address)
      const headers = [type, `Idempotency-Key: hung-up-${at}`]
      const whole = requestText('POST', integrationsPath, { key: v2.account.key, headers, body: text(at) })
      connection.send(at % 4 === 0 ? whole.slice(0, -10) : whole)
      for (let turns = 0; turns < at; turns++) await new Promise(setImmediate)
      connection.socket.destroy()
      await connection.until(connection.isClosed)
    })
    await many(40, async (at) => {
      const send = () =>
        v2.send(
          'POST',
          integrationsPath,
          text(at),
          keyOf(`hung-up-${at}`, { 'content-type': 'application/json' }),
        )
      const first = await send()
      assert.equal(first.status, 201, first.text)
      assert.equal(idOf(first), `hung-up-${at}`)
      replayed(await send(), first)
    })
    assert.equal(await countNamed(v2, 'n'), 40)
  })
})
