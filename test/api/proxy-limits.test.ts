// Keys that may ask providers for some methods on some paths alone, however a path is spelt.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { keysPath } from '../support/api-keys.ts'
import { type Proxied, startProxied } from '../support/proxied.ts'
import { answerTo, requestText } from '../support/raw-http.ts'
import { asObject, textOf } from '../support/v2.ts'

type Rules = ReadonlyArray<{ methods: readonly string[]; paths: readonly string[] }>

let proxied: Proxied
before(async () => {
  proxied = await startProxied()
})
beforeEach(() => {
  proxied.upstream.asked.length = 0
})
after(() => proxied.close())

const make = (proxy: unknown, more: object = {}, key = proxied.v2.account.key) =>
  proxied.v2.send('POST', keysPath, { name: 'limited', proxy, ...more }, { authorization: `Token ${key}` })

async function limitedTo(proxy: Rules, scopes: readonly string[] = ['proxy:call', 'keys:write']) {
  const { status, body, text } = await make(proxy, { scopes })
  assert.equal(status, 201, text)
  const { id, key } = asObject(body)
  return { id: textOf(id), key: textOf(key) }
}

/** Asked byte for byte: clients tidy paths up. */
async function statusOf(key: string, method: string, path: string, headers: readonly string[] = []) {
  const request = requestText(method, `/v2/connections/${proxied.id}/proxy${path}`, {
    key,
    headers: ['Integration-ID: 1', ...headers],
  })
  const options = method === 'HEAD' ? { head: true as const } : {}
  return (await answerTo(proxied.v2.api.address, request, options)).status
}

describe('a key with limits', () => {
  const rules: Rules = [
    { methods: ['GET'], paths: ['/v1/charges', '/v1/customers/*', '/v1/files/**'] },
    { methods: ['POST', 'PATCH'], paths: ['/v1/customers/*/notes'] },
    { methods: ['*'], paths: ['/v1/own_*/x'] },
  ]
  let key: string
  before(async () => {
    key = (await limitedTo(rules)).key
  })

  for (const [method, path] of [
    ['GET', '/v1/charges'],
    ['HEAD', '/v1/charges'],
    ['GET', '/v1/charges?limit=1&a=/v1/x'],
    ['GET', '/v1/%63harges'],
    ['GET', '/v1/customers/cus_1'],
    ['GET', '/v1/customers/a%20b'],
    ['GET', '/v1/files/'],
    ['GET', '/v1/files/a/b/c'],
    ['GET', '/v1/files/a%2Fb'],
    ['POST', '/v1/customers/cus_1/notes'],
    ['PATCH', '/v1/customers/cus_1/notes'],
    ['PROPFIND', '/v1/own_1/x'],
    ['DELETE', '/v1/own_1/x'],
  ] as const) {
    test(`may ask for ${method} ${path}`, async () => {
      assert.equal(await statusOf(key, method, path), 200)
      assert.equal(proxied.upstream.asked.at(-1)?.url, path)
    })
  }

  for (const [method, path] of [
    ['POST', '/v1/charges'],
    ['OPTIONS', '/v1/charges'],
    ['GET', '/v1/charges/'],
    ['GET', '/v1/charges/ch_1'],
    ['GET', '/v1/Charges'],
    ['GET', '/v1/charges;a=1'],
    ['GET', '/v1/charges%3Fa=1'],
    ['GET', '/v1//charges'],
    ['GET', '//v1/charges'],
    ['GET', '/'],
    ['GET', ''],
    ['GET', '/v1/customers/'],
    ['GET', '/v1/customers/cus_1/sources'],
    ['GET', '/v1/customers/cus_1%2Fsources'],
    ['GET', '/v1/customers/cus_1%252Fsources'],
    ['GET', '/v1/customers/cus_1%25252Fsources'],
    ['GET', '/v1/customers/cus_1%5Csources'],
    ['GET', '/v1/customers/cus_1\\sources'],
    ['POST', '/v1/customers/a%2Fnotes'],
    ['POST', '/v1/customers/a/b/notes'],
    ['POST', '/v1/customers/a%2Fb/notes'],
    ['GET', '/v1/files/../secrets'],
    ['GET', '/v1/files/%2e%2e/secrets'],
    ['GET', '/v1/files/..%2fsecrets'],
    ['GET', '/v1/files/%252e%252e%252fsecrets'],
    ['GET', '/v1/files/..;/secrets'],
    ['GET', '/v1/customers/%2e%2e'],
    ['GET', '/v1/files/%EE%80%80'],
    ['GET', '/v1/files/%0a'],
    ['GET', '/v1/customers/%00'],
    ['DELETE', '/v1/own_/x'],
    ['DELETE', '/v1/own_1/y'],
  ] as const) {
    test(`may not ask for ${method} ${path}`, async () => {
      assert.ok([400, 403].includes(await statusOf(key, method, path)))
      assert.equal(proxied.upstream.asked.length, 0)
    })
  }

  test('hears why: 403, with nothing of the path, also where the connection does not exist', async () => {
    for (const target of [`/v2/connections/${proxied.id}/proxy`, '/v2/connections/999999/proxy']) {
      const answer = await proxied.ask('DELETE', '/v1/charges', { key, target })
      assert.deepEqual(
        [answer.status, answer.json()],
        [
          403,
          { detail: 'The limits of this key do not let it ask for DELETE on this path.', code: 'forbidden' },
        ],
      )
    }
    await proxied.v2.api.hub.flush()
    const { text } = await proxied.v2.send('GET', '/v2/audit/?action=request.denied')
    assert.match(text, /DELETE \/v2\/connections\/:id\/proxy\/\*/)
  })

  test('cannot ask for another method or path by a header', async () => {
    for (const header of [
      'X-HTTP-Method-Override: DELETE',
      'x-http-method: DELETE',
      'X-Method-Override: DELETE',
      'X-Original-URL: /v1/secrets',
      'X-Rewrite-URL: /v1/secrets',
    ]) {
      assert.equal(await statusOf(key, 'GET', '/v1/charges', [header]), 403, header)
    }
    assert.equal(proxied.upstream.asked.length, 0)
  })

  test('has nothing explained that it may not ask for', async () => {
    const explain = (path: string) =>
      proxied.v2.send(
        'POST',
        `/v2/connections/${proxied.id}/explain/`,
        { method: 'GET', path },
        { authorization: `Token ${key}` },
      )
    assert.equal((await explain('/v1/charges')).status, 200)
    assert.equal((await explain('/v1/other')).status, 403)
  })

  test('is judged in a time that does not grow beyond all bounds, whatever its patterns and the path', async () => {
    const stars = Array.from({ length: 40 }, (_, at) => `/**a**b*c**/${at}`)
    const { key: starred } = await limitedTo([{ methods: ['GET'], paths: stars }])
    const begun = performance.now()
    assert.equal(await statusOf(starred, 'GET', `/${'abc/'.repeat(2_000)}`), 403)
    assert.ok(performance.now() - begun < 2_000, `${performance.now() - begun} ms`)
  })

  test('asked of without end: nothing limits a key that has no limits', async () => {
    assert.equal(await statusOf(proxied.key, 'DELETE', '/v1/anything'), 200)
  })
})

describe('limits', () => {
  const rules: Rules = [{ methods: ['GET', 'POST'], paths: ['/v1/a', '/v1/b/*'] }]

  test('are shown as they were given, by every way to the key', async () => {
    const { id } = await limitedTo(rules)
    const one = asObject((await proxied.v2.send('GET', `${keysPath}${id}/`)).body)
    assert.deepEqual(one.proxy, rules)
    const list = asObject((await proxied.v2.send('GET', `${keysPath}?page_size=100`)).body)
    assert.ok(JSON.stringify(list.results).includes(JSON.stringify(rules)))
  })

  test('can be changed, from the next request on, and taken away', async () => {
    const { id, key } = await limitedTo(rules)
    assert.equal(await statusOf(key, 'GET', '/v1/a'), 200)
    const change = async (proxy: unknown) => {
      const answer = await proxied.v2.send('PATCH', `${keysPath}${id}/`, { proxy })
      assert.equal(answer.status, 200, answer.text)
      return asObject(answer.body).proxy
    }
    assert.deepEqual(await change([{ methods: ['GET'], paths: ['/v1/c'] }]), [
      { methods: ['GET'], paths: ['/v1/c'] },
    ])
    assert.deepEqual([await statusOf(key, 'GET', '/v1/a'), await statusOf(key, 'GET', '/v1/c')], [403, 200])
    assert.equal(await change(null), null)
    assert.equal(await statusOf(key, 'DELETE', '/v1/z'), 200)
    const records = await proxied.v2.send('GET', '/v2/audit/?action=api_key.changed')
    assert.match(records.text, /"GET \/v1\/c"/)
  })

  test('go along when a key is rolled', async () => {
    const { id } = await limitedTo(rules)
    const rolled = asObject((await proxied.v2.send('POST', `${keysPath}${id}/roll/`, {})).body)
    assert.deepEqual(rolled.proxy, rules)
    assert.equal(await statusOf(textOf(rolled.key), 'GET', '/v1/z'), 403)
  })

  for (const [what, proxy] of [
    ['an empty list', []],
    ['a rule without methods', [{ methods: [], paths: ['/'] }]],
    ['a rule without paths', [{ methods: ['GET'], paths: [] }]],
    ['a rule that lacks a member', [{ methods: ['GET'] }]],
    ['a rule with another member', [{ methods: ['GET'], paths: ['/'], service: 'api' }]],
    ['a rule that is text', ['GET /']],
    ['an object', { methods: ['GET'], paths: ['/'] }],
    ['a method that there is not', [{ methods: ['GETT'], paths: ['/'] }]],
    ['a method in small letters', [{ methods: ['get'], paths: ['/'] }]],
    ['a path without a slash', [{ methods: ['GET'], paths: ['v1'] }]],
    ['a path with a query', [{ methods: ['GET'], paths: ['/v1?a=1'] }]],
    ['an encoded path', [{ methods: ['GET'], paths: ['/v1/%41'] }]],
    ['a path with dots', [{ methods: ['GET'], paths: ['/v1/../x'] }]],
    ['a path of numbers', [{ methods: ['GET'], paths: [1] }]],
    ['three asterisks', [{ methods: ['GET'], paths: ['/***'] }]],
    ['too long a path', [{ methods: ['GET'], paths: [`/${'a'.repeat(255)}`] }]],
    ['too many rules', Array.from({ length: 21 }, () => ({ methods: ['GET'], paths: ['/'] }))],
    ['too many paths', [{ methods: ['GET'], paths: Array.from({ length: 51 }, () => '/') }]],
  ] as const) {
    test(`cannot be ${what}: 400 on the member`, async () => {
      const answer = await make(proxy)
      assert.equal(answer.status, 400, answer.text)
      assert.deepEqual(Object.keys(asObject(answer.body)), ['proxy', 'code', 'doc_url'])
    })
  }
})

describe('a key hands on no more than it may ask for itself', () => {
  const own: Rules = [
    { methods: ['GET'], paths: ['/v1/customers/*', '/v1/files/**'] },
    { methods: ['*'], paths: ['/v1/own/*'] },
  ]
  let key: string
  before(async () => {
    key = (await limitedTo(own)).key
  })

  for (const asked of [
    own,
    [{ methods: ['GET'], paths: ['/v1/customers/cus_1', '/v1/customers/cus_*'] }],
    [{ methods: ['HEAD'], paths: ['/v1/files/**', '/v1/files/*/x', '/v1/files/a**'] }],
    [{ methods: ['*', 'DELETE'], paths: ['/v1/own/1'] }],
  ]) {
    test(`${JSON.stringify(asked)} lies within`, async () => {
      const { status, text } = await make(asked, {}, key)
      assert.equal(status, 201, text)
    })
  }

  for (const asked of [
    null,
    [{ methods: ['POST'], paths: ['/v1/customers/*'] }],
    [{ methods: ['*'], paths: ['/v1/customers/*'] }],
    [{ methods: ['GET'], paths: ['/v1/customers/**'] }],
    [{ methods: ['GET'], paths: ['/v1/customers/'] }],
    [{ methods: ['GET'], paths: ['/v1/*/x'] }],
    [{ methods: ['GET'], paths: ['/**'] }],
    [{ methods: ['GET'], paths: ['/v1/own/**'] }],
    [{ methods: ['GET'], paths: ['/v1/customers/a', '/v1/other'] }],
  ]) {
    test(`${JSON.stringify(asked)} lies beyond: 400, naming what does`, async () => {
      const answer = await make(asked, {}, key)
      assert.equal(answer.status, 400, answer.text)
      assert.match(answer.text, /^\{"proxy":\["The key of this request may not ask providers for /)
    })
  }

  test('left out they are the maker’s own', async () => {
    const { body } = await make(undefined, {}, key)
    assert.deepEqual(asObject(body).proxy, own)
  })

  test('a change that adds anything is judged alike, and one that takes away is not', async () => {
    const { id } = await limitedTo([{ methods: ['GET'], paths: ['/v1/**'] }])
    const change = (proxy: unknown) =>
      proxied.v2.send('PATCH', `${keysPath}${id}/`, { proxy }, { authorization: `Token ${key}` })
    assert.equal((await change(null)).status, 400)
    assert.equal((await change([{ methods: ['GET'], paths: ['/v1/a'] }])).status, 200)
    assert.equal((await change([{ methods: ['GET'], paths: ['/v1/b'] }])).status, 400)
    assert.equal((await change([{ methods: ['GET'], paths: ['/v1/files/x'] }])).status, 200)
  })

  test('a wider key is not rolled by a narrower one', async () => {
    const { id } = await limitedTo([{ methods: ['GET'], paths: ['/v1/**'] }])
    const answer = await proxied.v2.send(
      'POST',
      `${keysPath}${id}/roll/`,
      {},
      { authorization: `Token ${key}` },
    )
    assert.equal(answer.status, 403)
  })
})
