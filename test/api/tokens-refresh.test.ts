// Access tokens are had anew exactly once, whoever asks and on however many nodes, and in time.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CredentialRefused } from '../../src/outbound/credential-refused.ts'
import { type Refreshing, redeemedOnce, startRefreshing } from '../support/refreshing.ts'

const secondMs = 1_000
const minuteMs = 60_000

let all: Refreshing
before(async () => {
  all = await startRefreshing()
})
after(() => all.api.close())

const many = <Result>(count: number, work: (at: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, at) => work(at)))

test('50 callers on each of three nodes have one token, which was asked for once, again and again', async () => {
  const { id, refresh } = await all.google()
  const nodes = [all.api.hub, await all.api.another(), await all.api.another()]
  const seen = new Set<unknown>()
  for (let round = 1; round <= 5; round++) {
    const tokens = await many(150, (at) => all.ensure(id, {}, nodes[at % 3]))
    const [token, ...others] = new Set(tokens)
    assert.deepEqual(others, [], 'all have the same')
    assert.ok(!seen.has(token))
    seen.add(token)
    const { access, refresh: kept } = await all.stored(id)
    assert.equal(access, token)
    assert.equal(kept, all.server.latest(refresh), 'the last refresh token is stored')
    assert.equal(kept, `${refresh.slice(0, -1)}${round}`)
    all.clock.move(3_601 * secondMs)
  }
  redeemedOnce(all.server)
})

test('a token that was refused is had anew once, by whoever has been refused', async () => {
  const { id, access } = await all.google({ expires_at: null })
  const before = all.server.asked.length
  const tokens = await many(20, () => all.ensure(id, { refused: access }))
  assert.equal(new Set(tokens).size, 1)
  assert.notEqual(tokens[0], access)
  assert.equal(all.server.asked.length, before + 1)
  assert.equal(await all.ensure(id, { refused: access }), tokens[0], 'somebody who comes late gets it too')
  redeemedOnce(all.server)
})

test('a token that was had a moment ago and is refused is no reason to have another', async () => {
  const { id } = await all.google()
  const token = await all.ensure(id)
  const before = all.server.asked.length
  for (let times = 0; times < 5; times++) assert.equal(await all.ensure(id, { refused: `${token}` }), token)
  assert.equal(all.server.asked.length, before)
  all.clock.move(31 * secondMs)
  assert.notEqual(await all.ensure(id, { refused: `${token}` }), token)
  assert.equal(all.server.asked.length, before + 1)
})

describe('shortly before its end', () => {
  test('a token is still given at once, and the next one had beside that', async () => {
    const { id } = await all.google()
    const token = await all.ensure(id)
    all.clock.move((3_600 - 140) * secondMs)
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    all.server.meanwhile(async () => {
      await held
      return undefined
    })
    const before = all.server.asked.length
    assert.deepEqual(new Set(await many(20, () => all.ensure(id))), new Set([token]))
    release()
    all.server.meanwhile(undefined)
    for (let tries = 0; tries < 200 && (await all.stored(id)).access === token; tries++);
    assert.notEqual((await all.stored(id)).access, token)
    assert.equal(all.server.asked.length, before + 1)
    redeemedOnce(all.server)
  })

  test('it is given as long as it lives, whatever the refresh comes to', async () => {
    for (const status of [400, 500]) {
      const { id } = await all.google()
      const token = await all.ensure(id)
      all.clock.move((3_600 - 140) * secondMs)
      all.server.instead(() => ({ status, body: { error: 'invalid_grant' } }))
      for (let times = 0; times < 3; times++) assert.equal(await all.ensure(id), token)
      await all.api.hub.accessTokens.settle()
      assert.equal(await all.ensure(id), token)
      all.server.instead(undefined)
    }
  })

  test('connections that were connected together are not refreshed together', async () => {
    const ids: number[] = []
    for (let at = 0; at < 16; at++) ids.push((await all.google()).id)
    for (const id of ids) await all.ensure(id)
    const times: number[] = []
    const before = all.server.asked.length
    all.clock.move((3_600 - 301) * secondMs)
    for (let step = 0; step < 17; step++) {
      for (const id of ids) await all.ensure(id)
      await all.api.hub.accessTokens.settle()
      times.push(all.server.asked.length - before)
      all.clock.move(10 * secondMs)
    }
    assert.equal(times[0], 0, 'none in the first seconds')
    assert.equal(times.at(-1), ids.length, 'all before half of the time is over')
    assert.ok(new Set(times).size >= 5, `spread over the time between: ${times.join(' ')}`)
  })
})

describe('when the token’s address is down', () => {
  test('it is asked once and then left alone for a while, longer each time; nothing is deleted', async () => {
    const { id, refresh, access } = await all.google()
    all.server.instead(() => ({ status: 503, body: 'down' }))
    const before = all.server.asked.length
    const asks = () => all.server.asked.length - before
    await assert.rejects(
      many(10, () => all.ensure(id)),
      { name: 'OutboundFailure' },
    )
    await assert.rejects(all.ensure(id), isUnreachable)
    await assert.rejects(all.ensure(id, {}, await all.api.another()), isUnreachable)
    assert.equal(asks(), 1)
    all.clock.move(7 * secondMs)
    await assert.rejects(all.ensure(id), { name: 'OutboundFailure' })
    all.clock.move(7 * secondMs)
    await assert.rejects(all.ensure(id), isUnreachable)
    assert.equal(asks(), 2)
    for (let failure = 0; failure < 10; failure++) {
      all.clock.move(7 * minuteMs)
      await assert.rejects(all.ensure(id), { name: 'OutboundFailure' })
    }
    assert.equal(asks(), 12, 'the pause has a limit')
    assert.deepEqual(await all.stored(id), { access, refresh, endsAt: '2026-05-01T09:00:00Z' })
    all.server.instead(undefined)
    all.clock.move(7 * minuteMs)
    assert.match(`${await all.ensure(id)}`, /^at\./)
    assert.partialDeepStrictEqual(await all.upkeep(id), { refresh_not_before: null, refresh_failures: 0 })
  })

  test('a verification asks all the same, and says that it is the provider who is away', async () => {
    const { id } = await all.google()
    all.server.instead(() => ({ status: 503, body: 'down' }))
    await assert.rejects(all.ensure(id))
    const before = all.server.asked.length
    const { health } = await all.verify(id)
    assert.equal(all.server.asked.length, before + 1)
    assert.equal(Object(health).status, 'unreachable')
    all.server.instead(undefined)
    assert.equal(Object((await all.verify(id)).health).status, 'healthy')
  })

  test('too many requests are a pause for as long as the provider says, and no verdict', async () => {
    const { id } = await all.google()
    all.server.instead(() => ({ status: 429, body: {}, headers: { 'retry-after': '1000' } }))
    assert.equal(Object((await all.verify(id)).health).status, 'rate_limited')
    all.server.instead(undefined)
    all.clock.move(990 * secondMs)
    await assert.rejects(all.ensure(id), isUnreachable)
    all.clock.move(20 * secondMs)
    await all.ensure(id)
  })
})

describe('when the provider says that the refresh token has ended', () => {
  test('that is told with the reason until another is given, and not asked again for an hour', async () => {
    const { id, refresh, access } = await all.google()
    const before = all.server.asked.length
    all.server.instead(() => ({ status: 400, body: { error: 'invalid_grant', error_description: refresh } }))
    for (let times = 0; times < 3; times++) await assert.rejects(all.ensure(id), isRejected)
    assert.equal(all.server.asked.length, before + 1)
    const { health } = await all.get(id)
    assert.equal(Object(health).status, 'rejected')
    assert.match(`${Object(health).reason}`, /Connect the account anew/)
    assert.partialDeepStrictEqual(await all.stored(id), { access, refresh })
    all.server.instead(undefined)
    await assert.rejects(all.ensure(id), isRejected)
    const anew = all.server.grant()
    await all.change('PATCH', id, { fields: { refresh_token: anew.refresh_token } })
    assert.notEqual(await all.ensure(id), access, 'what came of another grant acts for somebody else')
    assert.equal((await all.stored(id)).refresh, all.server.latest(anew.refresh_token))
    assert.equal(Object((await all.verify(id)).health).status, 'healthy')
  })

  test('whoever has the provider take it again need not wait: a verification tries', async () => {
    const { id } = await all.google()
    all.server.instead(() => ({ status: 400, body: { error: 'invalid_grant' } }))
    assert.equal(Object((await all.verify(id)).health).status, 'rejected')
    assert.equal(Object((await all.verify(id)).health).status, 'rejected', 'and not unreachable')
    all.server.instead(undefined)
    assert.equal(Object((await all.verify(id)).health).status, 'healthy')
  })
})

function isUnreachable(error: unknown): boolean {
  return error instanceof CredentialRefused && error.status === 'unreachable'
}

function isRejected(error: unknown): boolean {
  return error instanceof CredentialRefused && error.status === 'rejected'
}
