// Keys that may be used from some addresses alone: which ranges hold what, and how the others are refused.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, startApi } from '../support/api.ts'
import { type Keys, keysPath, refusesMembers, startKeys } from '../support/api-keys.ts'
import { comparable } from '../support/json-shapes.ts'
import { timestamp } from '../support/sample-connections.ts'
import { asObject } from '../support/v2.ts'

let keys: Keys
before(async () => {
  keys = await startKeys({ trustedProxies: ['127.0.0.1'] })
})
after(() => keys.api.close())

const from = (address: string, key: string, path = '/v2/nothing/') =>
  keys.send('GET', path, undefined, { key, headers: { 'x-forwarded-for': address } })

describe('a key with addresses', () => {
  const ranges: ReadonlyArray<readonly [string, readonly string[], readonly string[]]> = [
    [
      '203.0.113.7',
      ['203.0.113.7', '::ffff:203.0.113.7', '::FFFF:cb00:7107'],
      ['203.0.113.8', '::203.0.113.7'],
    ],
    ['203.0.113.64/26', ['203.0.113.64', '203.0.113.127'], ['203.0.113.63', '203.0.113.128', '::1']],
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['9.255.255.255', '11.0.0.0']],
    ['10.9.8.7/8', ['10.255.255.255'], ['11.0.0.0']],
    ['::ffff:10.0.0.0/104', ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.0']],
    ['0.0.0.0/0', ['1.2.3.4', '::ffff:1.2.3.4'], ['2001:db8::1']],
    ['::/0', ['2001:db8::1'], ['1.2.3.4', '::ffff:1.2.3.4']],
    ['2001:DB8:0:0::/33', ['2001:db8::1', '2001:db8:7fff:ffff::'], ['2001:db8:8000::']],
    ['2001:db8::1/128', ['2001:db8:0:0:0:0:0:1'], ['2001:db8::2', 'unknown', '2001:db8::1x']],
    ['fe80::/10', ['fe80::1%eth0', 'febf::1'], ['fec0::1']],
  ]
  for (const [range, inside, outside] of ranges) {
    test(`${range} holds ${inside.join(', ')} and not ${outside.join(', ')}`, async () => {
      const { key } = await keys.make({ addresses: [range] })
      const other = await keys.make({ addresses: ['192.0.2.1', range] })
      for (const text of [key, other.key]) {
        for (const address of inside) assert.equal((await from(address, text)).status, 404, address)
        for (const address of outside) assert.equal((await from(address, text)).status, 401, address)
      }
    })
  }

  test('is judged by the address that the trusted proxy names, on every request and on v1 too', async () => {
    const { key } = await keys.make({ addresses: ['198.51.100.0/24'] })
    for (const path of ['/v2/nothing/', '/api/v1/nothing']) {
      assert.equal((await from('198.51.100.1', key, path)).status, 404)
      assert.equal((await from('198.51.101.1', key, path)).status, 401)
      assert.equal((await from('198.51.100.1, 198.51.101.1', key, path)).status, 401, 'what a client adds')
      assert.equal((await keys.send('GET', path, undefined, { key })).status, 401, 'the proxy itself')
      assert.equal((await from('198.51.100.1', key, path)).status, 404)
    }
  })

  test('counts its wrong addresses as failed authentications of those', async () => {
    const { key } = await keys.make({ addresses: ['198.51.100.0/24'] })
    for (let time = 1; time <= 20; time++) assert.equal((await from('192.0.2.77', key)).status, 401)
    assert.equal((await from('192.0.2.77', key)).status, 429)
    assert.equal((await from('192.0.2.78', key)).status, 401)
    assert.equal((await from('198.51.100.1', key)).status, 404)
  })

  test('follows a change of its addresses from the next request on', async () => {
    const { id, key } = await keys.make({ addresses: ['198.51.100.1'] })
    const change = (addresses: string[] | null) => keys.send('PATCH', `${keysPath}${id}/`, { addresses })
    assert.equal((await from('198.51.100.1', key)).status, 404)
    assert.equal((await change(['198.51.100.2'])).status, 200)
    assert.equal((await from('198.51.100.1', key)).status, 401)
    assert.equal((await from('198.51.100.2', key)).status, 404)
    assert.equal((await change(null)).status, 200)
    assert.equal((await from('198.51.100.1', key)).status, 404)
  })

  test('takes them in one spelling, each once', async () => {
    const given = ['10.0.0.1', ' 10.0.0.1/32', '2001:DB8::0:1', '::ffff:10.0.0.1', '10.0.0.0/8']
    const { shown } = await keys.make({ addresses: given })
    assert.deepEqual(shown.addresses, ['10.0.0.1', '2001:db8::1', '10.0.0.0/8'])
  })

  test('takes nothing that is no address, and at most fifty', async () => {
    for (const odd of [
      'localhost',
      '10.0.0',
      '010.0.0.1',
      '10.0.0.256',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
      '10.0.0.0/',
      '10.0.0.0/255.0.0.0',
      '10.0.0.1:80',
      '[::1]',
      '::1/129',
      '::ffff:10.0.0.0/95',
      'fe80::1%eth0',
      '*',
      '',
    ]) {
      const members = refusesMembers(
        await keys.send('POST', keysPath, { name: 'x', addresses: ['10.0.0.1', odd] }),
        'addresses',
      )
      assert.match(String(members.addresses), /^Item 2 is neither /, odd)
    }
    const many = Array.from({ length: 51 }, (_, n) => `10.0.0.${n}`)
    refusesMembers(await keys.send('POST', keysPath, { name: 'x', addresses: many }), 'addresses')
    assert.equal((await keys.make({ addresses: many.slice(1) })).shown.state, 'active')
  })
})

describe('a key that is refused', () => {
  test('is answered with the same bytes, be it unknown, damaged, revoked, expired or from elsewhere', async () => {
    const elsewhere = await keys.make({ addresses: ['198.51.100.1'] })
    const revoked = await keys.make()
    await keys.send('DELETE', `${keysPath}${revoked.id}/`)
    const rolled = await keys.make()
    await keys.send('POST', `${keysPath}${rolled.id}/roll/`, { grace_seconds: 0 })
    const expired = await keys.make({ expires_at: '2026-03-01T12:00:01Z' })
    keys.time = timestamp('2026-03-01T12:00:01Z')
    const stranger = await startApi()
    const { key: unknown } = await newAccount(stranger)
    await stranger.close()
    const damaged = `${unknown.slice(0, -1)}${unknown.endsWith('0') ? '1' : '0'}`
    const texts = [elsewhere.key, revoked.key, rolled.key, expired.key, unknown, damaged, 'an-older-key']
    for (const path of [keysPath, '/v2/integrations/', '/v2/nothing/', '/api/v1/integrations']) {
      const answers = await Promise.all(texts.map((text, n) => from(`192.0.2.${n + 1}`, text, path)))
      const [first] = answers
      assert.equal(first?.status, 401)
      for (const answer of answers) assert.deepEqual(comparable(answer), first && comparable(first))
    }
    const byQuery = texts.map((text) => `/api/v1/integrations?api_key=${text}`)
    const answers = await Promise.all(byQuery.map((path) => call(keys.api.address, 'GET', path)))
    for (const answer of answers) assert.deepEqual(comparable(answer), answers[0] && comparable(answers[0]))
  })

  test('is in the log at debug level with the reason and its id, but without its text', async () => {
    const { id, key } = await keys.make({ addresses: ['198.51.100.1'] })
    await from('192.0.2.99', key)
    await from('192.0.2.98', 'no-such-key-anywhere')
    await keys.send('DELETE', `${keysPath}${id}/`)
    await from('198.51.100.1', key)
    const lines = keys.api
      .log()
      .split('\n')
      .filter((line) => line.includes('key refused'))
      .map((line) => asObject(JSON.parse(line)))
    const last = lines.slice(-3).map(({ level, reason, key }) => ({ level, reason, key }))
    assert.deepEqual(last, [
      { level: 20, reason: 'address', key: id },
      { level: 20, reason: 'unknown', key: null },
      { level: 20, reason: 'revoked', key: id },
    ])
    for (const text of [key, 'no-such-key']) assert.ok(!keys.api.log().includes(text))
  })
})
