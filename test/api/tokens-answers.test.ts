// What providers answer to a request for a token: whatever can be used is used, and nothing else costs a token.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { guard } from '../../src/outbound/guard.ts'
import { outbound } from '../../src/outbound/send.ts'
import { grantToken } from '../../src/outbound/token-grant.ts'
import { type Refreshing, startRefreshing } from '../support/refreshing.ts'
import { client } from '../support/token-server.ts'

const minuteMs = 60_000
let all: Refreshing
before(async () => {
  all = await startRefreshing()
})
after(() => all.api.close())

type Body = Record<string, unknown>
const good = (more: Body): Body => ({
  access_token: 'at.x.1',
  refresh_token: 'rt.x.1',
  token_type: 'Bearer',
  expires_in: 3600,
  ...more,
})

describe('an answer that is good but for', () => {
  const oddities: Record<string, Body> = {
    'its type, which is missing': { token_type: undefined },
    'its type, which is unknown': { token_type: 'made-up' },
    'an ID token that is none': { id_token: 'x.y.z' },
    'its scope, which is a list': { scope: ['a', 'b'] },
    'a lifetime that is a text': { expires_in: '3600' },
  }
  for (const [what, more] of Object.entries(oddities)) {
    test(`${what} is taken, and its refresh token kept`, async () => {
      const { id } = await all.google()
      all.server.instead(() => ({ status: 200, body: good(more) }))
      assert.equal(await all.ensure(id), 'at.x.1')
      all.server.instead(undefined)
      assert.deepEqual(await all.stored(id), {
        access: 'at.x.1',
        refresh: 'rt.x.1',
        endsAt: new Date(Date.parse(all.clock.now()) + 3_600_000).toISOString().replace('Z', '000Z'),
      })
    })
  }

  for (const expires_in of [0, -5, 1e30, Number.MAX_SAFE_INTEGER, 'soon', null, undefined, {}, [60]]) {
    test(`its lifetime, ${JSON.stringify(expires_in)}, is taken: the token is used until it is refused`, async () => {
      const { id } = await all.google()
      all.server.instead(() => ({ status: 200, body: good({ expires_in }) }))
      const before = all.server.asked.length
      for (let times = 0; times < 3; times++) assert.equal(await all.ensure(id), 'at.x.1')
      all.server.instead(undefined)
      assert.equal(all.server.asked.length, before + 1)
      assert.deepEqual(await all.stored(id), { access: 'at.x.1', refresh: 'rt.x.1', endsAt: null })
    })
  }

  for (const refresh_token of [undefined, null, '', 5]) {
    test(`its refresh token, ${JSON.stringify(refresh_token)}, leaves the one that is there`, async () => {
      const { id, refresh } = await all.google()
      all.server.instead(() => ({ status: 200, body: good({ refresh_token }) }))
      assert.equal(await all.ensure(id), 'at.x.1')
      all.server.instead(undefined)
      assert.partialDeepStrictEqual(await all.stored(id), { access: 'at.x.1', refresh })
    })
  }
})

describe('an answer that is of no use is no verdict, and costs nothing', () => {
  const useless: Record<string, { status: number; body: unknown; headers?: object }> = {
    'no access token': { status: 200, body: good({ access_token: undefined }) },
    'a blank one': { status: 200, body: good({ access_token: '' }) },
    'a number for one': { status: 200, body: good({ access_token: 5 }) },
    'one with a line break': { status: 200, body: good({ access_token: 'a\r\nx-evil: 1' }) },
    'a page of HTML': { status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } },
    nothing: { status: 204, body: '' },
    'a list': { status: 200, body: [] },
    'a null': { status: 200, body: null },
    'half an object': { status: 200, body: '{"access_token":"at.' },
    'a redirect': { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
    'a sign-in page of a portal': { status: 401, body: '<html>Sign in</html>' },
    'a refusal without a word': { status: 400, body: '<html>Bad gateway</html>' },
    'a refusal by a server that is broken': { status: 500, body: { error: 'invalid_grant' } },
    'a word that nobody knows': { status: 400, body: { error: 'temporarily_unavailable' } },
  }
  for (const [what, told] of Object.entries(useless)) {
    test(what, async () => {
      const { id, access, refresh } = await all.google()
      all.server.instead(() => told)
      await assert.rejects(all.ensure(id), { name: 'OutboundFailure' })
      all.server.instead(undefined)
      assert.partialDeepStrictEqual(await all.stored(id), { access, refresh })
      assert.equal(Object((await all.get(id)).health).status, 'unverified')
      all.clock.move(minuteMs)
      assert.notEqual(await all.ensure(id), access, 'the next one works')
    })
  }

  test('an answer that is cut off', async () => {
    const { id, refresh } = await all.google()
    all.server.instead(() => ({ status: 200, body: '{', headers: { 'content-length': '500' } }))
    const cut = all.ensure(id)
    await assert.rejects(cut, { name: 'OutboundFailure' })
    all.server.instead(undefined)
    assert.partialDeepStrictEqual(await all.stored(id), { refresh })
  })
})

describe('a refusal', () => {
  for (const [error, says] of [
    ['invalid_grant', /Connect the account anew/],
    ['invalid_client', /client id and secret/],
    ['unauthorized_client', /client id and secret/],
  ] as const) {
    test(`by ${error} says what to do, and quotes nobody`, async () => {
      const { id, refresh } = await all.google()
      all.server.instead(() => ({ status: 400, body: { error, error_description: `about ${refresh}` } }))
      const { health } = await all.verify(id)
      all.server.instead(undefined)
      assert.equal(Object(health).status, 'rejected')
      assert.match(Object(health).reason, says)
      assert.ok(!all.api.log().includes(refresh))
      const { text } = await all.send('GET', `/v2/connections/${id}/checks/`)
      assert.ok(!text.includes(refresh))
    })
  }

  test('of the client is mended by giving the right one', async () => {
    const { id } = await all.google({ client_secret: 'wrong' })
    assert.equal(Object((await all.verify(id)).health).status, 'rejected')
    await all.change('PATCH', id, { fields: { client_secret: client.client_secret } })
    await all.ensure(id)
    assert.equal(Object((await all.verify(id)).health).status, 'healthy')
  })
})

test('a process that stood still before it asked does not ask', async () => {
  const door = outbound({ guard: guard({ allow: [] }), standIn: all.server.origin })
  try {
    const grant = {
      kind: 'refresh_token',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      clientId: client.client_id,
      clientSecret: client.client_secret,
      clientAuth: 'basic',
    } as const
    const { refresh_token: refreshToken } = all.server.grant()
    const before = all.server.asked.length
    await assert.rejects(grantToken(door.send, grant, { refreshToken, mayGo: () => false }), {
      name: 'OutboundFailure',
    })
    assert.equal(all.server.asked.length, before)
    const { accessToken } = await grantToken(door.send, grant, { refreshToken, mayGo: () => true })
    assert.match(accessToken, /^at\./)
    assert.equal(all.server.redeemed.get(refreshToken), 1)
  } finally {
    await door.close()
  }
})

const isFull = process.env.TEST_SCALE === 'full'
test('one that takes too long is given ten seconds', { skip: !isFull && 'waits for real time' }, async () => {
  const { id, refresh } = await all.google()
  all.server.meanwhile(() => new Promise(() => undefined))
  const began = performance.now()
  await assert.rejects(all.ensure(id), { name: 'OutboundFailure', kind: 'aborted' })
  all.server.meanwhile(undefined)
  assert.ok(performance.now() - began < 12_000)
  assert.partialDeepStrictEqual(await all.stored(id), { refresh })
})
