// No token is lost: whatever happens between the moment a provider gives one and the moment it is stored.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Hub } from '../../src/app.ts'
import type { RotationCursor } from '../../src/hub/data-rotation.ts'
import { later } from '../../src/hub/timestamp.ts'
import { CredentialRefused } from '../../src/outbound/credential-refused.ts'
import { until } from '../support/command-line.ts'
import { type Refreshing, redeemedOnce, startRefreshing } from '../support/refreshing.ts'
import { refuseWrites } from '../support/store.ts'

const secondMs = 1_000
const hourMs = 3_600_000

let all: Refreshing
before(async () => {
  all = await startRefreshing()
})
after(() => all.api.close())

/** Somebody asks for a token, and the answer waits until it is released; the provider has done its part. */
async function inMidst(id: number, hub?: Hub) {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const before = all.server.asked.length
  all.server.meanwhile(async () => {
    await held
    return undefined
  })
  const token = all.ensure(id, {}, hub)
  // Whoever waits for it comes later.
  token.catch(() => undefined)
  await until('the provider was asked', () => all.server.asked.length > before)
  all.server.meanwhile(undefined)
  return { token, release }
}

const isStored = async (id: number, refresh: string) =>
  (await all.stored(id)).refresh === all.server.latest(refresh)

describe('a node that stands still after it has asked, for longer than others wait', () => {
  test('stores what it was given when it goes on; nobody has declared the connection dead meanwhile', async () => {
    const { id, refresh } = await all.google()
    const { token, release } = await inMidst(id)
    const other = await all.api.another()
    all.clock.move(13 * secondMs)
    for (let times = 0; times < 2; times++) {
      await assert.rejects(all.ensure(id, {}, other), isUnreachable)
      all.clock.move(13 * secondMs)
    }
    assert.notEqual(Object((await all.get(id)).health).status, 'rejected')
    release()
    const given = await token
    assert.partialDeepStrictEqual(await all.stored(id), { access: given })
    assert.ok(await isStored(id, refresh))
    assert.equal(await all.ensure(id, {}, other), given)
    assert.partialDeepStrictEqual(await all.upkeep(id), { refresh_not_before: null, refresh_begun_at: null })
  })

  test('and is waited for a little more by whoever takes over: then nothing is redeemed twice', async () => {
    const { id, refresh } = await all.google()
    const { token, release } = await inMidst(id)
    const other = await all.api.another()
    all.clock.move(13 * secondMs)
    const others = all.ensure(id, {}, other)
    release()
    assert.equal(await others, await token)
    assert.equal(all.server.redeemed.get(refresh), 1)
  })

  test('is believed to be gone after ten minutes, and still heard when it comes back', async () => {
    const { id } = await all.google()
    const { token, release } = await inMidst(id)
    const other = await all.api.another()
    all.clock.move(11 * 60 * secondMs)
    await assert.rejects(all.ensure(id, {}, other), isRejected)
    assert.equal(Object((await all.get(id)).health).status, 'rejected')
    release()
    const given = await token
    assert.equal(await all.ensure(id, {}, other), given)
    const { status, reason } = Object((await all.get(id)).health)
    assert.deepEqual([status, reason], ['unverified', null])
    assert.equal(Object((await all.verify(id)).health).status, 'healthy')
  })
})

describe('while a token is had', () => {
  test('another refresh token is given: that one counts, and whoever waits gets what comes of it', async () => {
    const { id, refresh } = await all.google()
    const { token, release } = await inMidst(id)
    const theirs = all.server.grant()
    all.clock.move(secondMs)
    await all.change('PATCH', id, { fields: { refresh_token: theirs.refresh_token } })
    release()
    const given = await token
    assert.equal(all.server.redeemed.get(refresh), 1)
    assert.equal(all.server.redeemed.get(theirs.refresh_token), 1)
    assert.ok(await isStored(id, theirs.refresh_token))
    assert.equal((await all.stored(id)).access, given)
  })

  test('a whole other grant is given: that one counts', async () => {
    const { id } = await all.google()
    const { token, release } = await inMidst(id)
    const theirs = all.server.grant()
    await all.change('PATCH', id, { fields: { ...theirs, expires_at: later(all.clock.now(), hourMs) } })
    release()
    assert.equal(await token, theirs.access_token)
    assert.partialDeepStrictEqual(await all.stored(id), {
      access: theirs.access_token,
      refresh: theirs.refresh_token,
    })
  })

  test('anything else is changed: both are stored', async () => {
    const { id, refresh } = await all.google()
    const { token, release } = await inMidst(id)
    await all.change('PATCH', id, { title: 'Renamed', fields: { property_id: '7' } })
    release()
    await token
    assert.ok(await isStored(id, refresh))
    const { title, fields } = await all.get(id)
    assert.deepEqual([title, Object(fields).property_id], ['Renamed', '7'])
  })

  test('the connection is deleted: it is gone', async () => {
    const { id } = await all.google()
    const { token, release } = await inMidst(id)
    assert.equal((await all.send('DELETE', `/v2/connections/${id}/?force=true`)).status, 204)
    release()
    await assert.rejects(token, { code: 'not_found' })
  })

  test('data keys are rotated, and the old one dropped: it is sealed with the new one', async () => {
    const { id, refresh } = await all.google()
    const { token, release } = await inMidst(id)
    const { dataRotation, valueVerification } = await all.api.another()
    let rest: RotationCursor | undefined
    do rest = (await dataRotation.step(all.account.id, rest)).rest ?? undefined
    while (rest)
    all.clock.move(60 * secondMs)
    const [old] = await dataRotation.list(all.account.id)
    assert.ok(old && !old.isCurrent)
    await dataRotation.drop(old.id)
    release()
    await token
    assert.ok(await isStored(id, refresh))
    assert.deepEqual((await valueVerification.verify(all.account.id, undefined)).damaged, [])
  })

  test('the store takes no writes for a while: it is stored as soon as it does', async () => {
    const { id, refresh } = await all.google()
    const { token, release } = await inMidst(id)
    const restore = await refuseWrites(all.api.db, 'connection_secrets', 'update')
    release()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await restore()
    await token
    assert.ok(await isStored(id, refresh))
  })

  test('the server is stopped: it stops once the token is stored', async () => {
    const { id, refresh } = await all.google()
    const node = await all.api.another()
    const { release } = await inMidst(id, node)
    let isClosed = false
    const closing = node.close().then(() => {
      isClosed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.ok(!isClosed)
    release()
    await closing
    assert.ok(await isStored(id, refresh))
  })
})

describe('nodes whose clocks differ by hours', () => {
  test('redeem each token once, and do not take turns in having new ones', async () => {
    const ahead = await all.api.another({ now: () => later(all.clock.now(), 2 * hourMs) })
    const { id, refresh } = await all.google()
    for (let round = 0; round < 3; round++) {
      const both = () => Promise.all([all.ensure(id), all.ensure(id, {}, ahead), all.ensure(id)])
      for (let times = 0; times < 4; times++) await both()
      all.clock.move(3_601 * secondMs)
    }
    const number = Number(all.server.latest(refresh).split('.').at(-1))
    assert.ok(number >= 1 && number <= 6, `${number} refreshes in three hours`)
  })

  test('a refresh token that the one ahead has written does not make the other one ask each time', async () => {
    const steady = await startRefreshing({ rotates: false })
    try {
      const { id } = await steady.google()
      steady.clock.move(-10 * secondMs)
      const tokens = new Set<unknown>()
      for (let times = 0; times < 5; times++) tokens.add(await steady.ensure(id))
      assert.equal(tokens.size, 1)
      assert.equal(steady.server.asked.length, 1)
    } finally {
      await steady.api.close()
    }
  })
})

test('of all that was done here, only what nobody could know of was asked for twice', () => {
  const often = [...all.server.redeemed].filter(([, times]) => times > 1)
  assert.ok(often.length <= 3, JSON.stringify(often))
})

test('a provider that takes back all of a grant when a token is used again never has to', async () => {
  const strict = await startRefreshing({ revokesFamily: true })
  try {
    const { id, refresh } = await strict.google()
    const nodes = [strict.api.hub, await strict.api.another()]
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 40 }, (_, at) => strict.ensure(id, {}, nodes[at % 2])))
      strict.clock.move(3_601 * secondMs)
    }
    assert.ok(!strict.server.isRevoked(refresh))
    redeemedOnce(strict.server)
  } finally {
    await strict.api.close()
  }
})

function isUnreachable(error: unknown): boolean {
  return error instanceof CredentialRefused && error.status === 'unreachable'
}

function isRejected(error: unknown): boolean {
  return error instanceof CredentialRefused && error.status === 'rejected'
}
