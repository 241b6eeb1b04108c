// Providers that an operator declares with their API: called as the declaration says, and refused where it makes no sense.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { capabilitiesOf } from '../../src/catalogue/capabilities.ts'
import { readDeclarations } from '../../src/catalogue/declared.ts'
import { createCatalogue } from '../../src/catalogue/index.ts'
import { type Connections, numberOf, startConnections } from '../support/connections.ts'
import { declaration, example, exampleSecret, field } from '../support/declarations.ts'
import { asObject } from '../support/v2.ts'

const fields = [
  field({ name: 'token', secret: true }),
  field({ name: 'user' }),
  field({ name: 'address', origin: true }),
]
const fixed = 'https://api.acme.example/folder'
const verify = { path: '/me?full=1', account: '/who/0/na~1me', identity: '/who/0/id' }
const kinds = {
  bearer: { kind: 'bearer', token: '{token}' },
  basic: { kind: 'basic', user: '{user}', password: '{token}' },
  header: { kind: 'headers', headers: { 'X-Key': 'key {user}:{token}' } },
  query: { kind: 'query', parameters: { key: '{token}' } },
}
const withApi = (auth: keyof typeof kinds, more: object = {}) =>
  declaration({
    name: `acme_${auth}`,
    auth,
    fields,
    api: { base: fixed, credential: kinds[auth], headers: { 'Acme-Version': '2' }, verify, ...more },
  })
const read = (...declarations: unknown[]) =>
  readDeclarations(declarations.map((given, at) => ({ file: `${at}.json`, text: JSON.stringify(given) })))

describe('a declared provider with an API', () => {
  let hub: Connections
  let asked: { line: string; headers: NodeJS.Dict<string | string[]> }[]
  let answer: { status: number; body: string }
  const server = createServer(({ method, url, headers }, response) => {
    asked.push({ line: `${method} ${headers.host}${url}`, headers })
    response.writeHead(answer.status, { 'retry-after': '3' }).end(answer.body)
  })
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const at = server.address()
    assert.ok(at !== null && typeof at === 'object')
    const names = Object.keys(kinds).filter((name): name is keyof typeof kinds => name in kinds)
    const { providers, mistakes } = read(
      ...names.map((auth) => withApi(auth)),
      { ...withApi('bearer', { base: '{address}' }), name: 'acme_address' },
      JSON.parse(example),
    )
    assert.deepEqual(mistakes, [])
    hub = await startConnections({
      catalogue: createCatalogue(providers),
      egress: { standIn: `http://127.0.0.1:${at.port}` },
    })
  })
  after(async () => {
    await hub.api.close()
    server.close()
  })

  async function verified(provider: string, given: object, told: typeof answer = good) {
    asked = []
    answer = told
    const id = await hub.make(provider, { ...given })
    const { status, body, text } = await hub.send('POST', `/v2/connections/${id}/verify/`)
    assert.equal(status, 200, text)
    assert.equal(numberOf(asObject(body).id), id)
    return asObject(asObject(body).health)
  }
  const good = { status: 200, body: JSON.stringify({ who: [{ 'na/me': 'Ada', id: 7 }] }) }
  const given = { token: 's3cret{user}', user: 'ada' }

  const expected: Readonly<
    Record<string, readonly [header: string, value: string | undefined, query?: string]>
  > = {
    bearer: ['authorization', 'Bearer s3cret{user}'],
    basic: ['authorization', `Basic ${Buffer.from('ada:s3cret{user}').toString('base64')}`],
    header: ['x-key', 'key ada:s3cret{user}'],
    query: ['authorization', undefined, '&key=s3cret%7Buser%7D'],
  }
  for (const [kind, [name, value, query = '']] of Object.entries(expected)) {
    test(`is asked with its credential as ${kind}, filled in once, and its account is read from the answer`, async () => {
      const health = await verified(`acme_${kind}`, given)
      assert.partialDeepStrictEqual(health, { status: 'healthy', reason: null, account: 'Ada' })
      assert.equal(asked.length, 1)
      assert.equal(asked[0]?.line, `GET api.acme.example/folder/me?full=1${query}`)
      assert.equal(asked[0]?.headers[name], value)
      assert.equal(asked[0]?.headers['acme-version'], '2')
    })
  }

  test('is asked where the connection’s own address says, within its folder', async () => {
    await verified('acme_address', { ...given, address: 'https://own.example/a/b/' })
    assert.equal(asked[0]?.line, 'GET own.example/a/b/me?full=1')
  })

  test('is not asked where a field is missing that its credential or address needs', async () => {
    const noToken = await verified('acme_bearer', { user: 'ada' })
    assert.equal(noToken.status, 'unverifiable')
    assert.match(String(noToken.reason), /fields\.token has to be set/)
    const noAddress = await verified('acme_address', given)
    assert.match(String(noAddress.reason), /fields\.address has to be set/)
    assert.deepEqual(asked, [])
  })

  test('says no, not enough, not now or nothing, and each of these is told', async () => {
    const statusFor = async (status: number, body = '{}') =>
      (await verified('acme_bearer', given, { status, body })).status
    assert.deepEqual(
      [await statusFor(401), await statusFor(403), await statusFor(429), await statusFor(500)],
      ['rejected', 'degraded', 'rate_limited', 'unreachable'],
    )
    assert.equal(await statusFor(200, '<html>'), 'unreachable')
    assert.equal(await statusFor(200, '{"who": []}'), 'healthy', 'though it does not tell whose it is')
  })

  test('is called as the documentation shows', async () => {
    const body = JSON.stringify({ user: { email: 'ada@acme.example', id: 'u1' } })
    const health = await verified(
      'acme_crm',
      { api_url: 'https://pinestreet.acme.example', api_key: exampleSecret },
      { status: 200, body },
    )
    assert.partialDeepStrictEqual(health, { status: 'healthy', account: 'ada@acme.example' })
    assert.equal(asked[0]?.line, 'GET pinestreet.acme.example/v1/me')
    assert.equal(asked[0]?.headers['x-acme-key'], exampleSecret)
  })
})

test('without an API, or without whom to ask, it is told that this is why', () => {
  const { providers, mistakes } = read(declaration({ fields }), {
    ...withApi('basic'),
    api: { base: fixed, credential: kinds.basic },
  })
  assert.deepEqual(mistakes, [])
  const [none, some] = providers.map(capabilitiesOf)
  assert.match(String(none?.proxy.reason), /where its API is/)
  assert.match(String(none?.verify.reason), /whom to ask/)
  assert.deepEqual(some?.proxy, { available: true, reason: null })
  assert.match(String(some?.verify.reason), /whom to ask/)
})

describe('an API that makes no sense is refused, naming the place and what to do:', () => {
  const api = (more: object) => withApi('bearer', more)
  const credential = (more: object) => api({ credential: { ...kinds.bearer, ...more } })
  const refused: ReadonlyArray<readonly [what: string, given: unknown, place: string, words: RegExp]> = [
    ['no object', { ...withApi('bearer'), api: 'https://x.example' }, 'api', /base and credential/],
    ['an unknown member', api({ url: 'x' }), 'api.url', /Known: base, credential, headers, verify/],
    ['no base', api({ base: undefined }), 'api.base', /missing/],
    ['a base that is no address', api({ base: 'api.example.com' }), 'api.base', /Give the address/],
    ['a base with a query', api({ base: 'https://a.example/?x=1' }), 'api.base', /Give the address/],
    ['a base with a user', api({ base: 'https://u:p@a.example' }), 'api.base', /Give the address/],
    ['a base that cannot be read', api({ base: 'https://[x' }), 'api.base', /no address/],
    ['a base that is half a field', api({ base: 'https://{user}.example' }), 'api.base', /Give the address/],
    ['a base from a field that is no address', api({ base: '{user}' }), 'api.base', /"origin": true/],
    ['a base from a field that is not there', api({ base: '{other}' }), 'api.base', /"origin": true/],
    ['a kind that there is not', credential({ kind: 'oauth1' }), 'api.credential.kind', /bearer, basic/],
    [
      'a kind that is not that of auth',
      api({ credential: kinds.basic }),
      'api.credential.kind',
      /"auth" says bearer/,
    ],
    [
      'what the kind needs not there',
      api({ credential: { kind: 'bearer' } }),
      'api.credential.token',
      /missing/,
    ],
    ['what another kind needs', credential({ user: '{user}' }), 'api.credential.user', /Leave it out/],
    [
      'a template with a field that is not there',
      credential({ token: '{tokn}' }),
      'api.credential.token',
      /There are: token, user, address/,
    ],
    [
      'no header',
      { ...withApi('header'), api: { base: fixed, credential: { kind: 'headers', headers: {} } } },
      'api.credential.headers',
      /at least one/,
    ],
    [
      'a header that says where',
      {
        ...withApi('header'),
        api: { base: fixed, credential: { kind: 'headers', headers: { Host: '{user}' } } },
      },
      'api.credential.headers.Host',
      /Leave it out/,
    ],
    ['a header that is no name', api({ headers: { 'a b': 'x' } }), 'api.headers', /1 to 10 headers/],
    ['a header with a line break', api({ headers: { a: 'x\r\ny: z' } }), 'api.headers', /1 to 10 headers/],
    ['a fixed header with a field in it', api({ headers: { a: '{user}' } }), 'api.headers.a', /same for all/],
    [
      'a fixed credential',
      api({ headers: { Authorization: 'Bearer x' } }),
      'api.headers.Authorization',
      /not for here/,
    ],
    ['a path without a slash', api({ verify: { path: 'me' } }), 'api.verify.path', /slash/],
    ['a path that climbs', api({ verify: { path: '/a/../b' } }), 'api.verify.path', /"\.\."/],
    [
      'a pointer that is none',
      api({ verify: { path: '/me', account: 'user.email' } }),
      'api.verify.account',
      /JSON pointer/,
    ],
  ]
  for (const [what, given, place, words] of refused) {
    test(what, () => {
      const { providers, mistakes } = read(given)
      assert.deepEqual(providers, [])
      const told = mistakes.find((mistake) => mistake.startsWith(`0.json, ${place}: `))
      assert.ok(told, `${place} is in ${mistakes.join('\n')}`)
      assert.match(told, words)
    })
  }
})
