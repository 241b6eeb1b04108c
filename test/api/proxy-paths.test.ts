// Whatever path is asked for, it is asked of the connection's own provider or of nobody.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { generated } from '../support/generated.ts'
import { allowing, type Proxied, proxyPath, startProxied } from '../support/proxied.ts'
import { answerTo, requestText } from '../support/raw-http.ts'
import { startHoneypot, startUpstream, type Upstream } from '../support/upstream.ts'

let upstream: Upstream
let honeypot: Awaited<ReturnType<typeof startHoneypot>>
let proxied: Proxied
let target: string
before(async () => {
  upstream = await startUpstream()
  honeypot = await startHoneypot('127.0.0.1')
  // Both may be called: what keeps a request from the honeypot is that it is not the provider's.
  const allow = allowing(upstream.origin, `http://127.0.0.1:${honeypot.port}`)
  proxied = await startProxied({ egress: { allow } })
  const fields = { api_endpoint: `${upstream.origin}/folder`, api_key: 'CANARYours' }
  target = proxyPath(await proxied.v2.make('active_campaign', fields))
})
beforeEach(() => {
  upstream.asked.length = 0
})
after(async () => {
  await proxied.close()
  await honeypot.close()
  await upstream.close()
})

const send = (line: string) =>
  answerTo(
    proxied.v2.api.address,
    requestText('GET', line, { key: proxied.key, headers: ['Integration-ID: 1'] }),
  )

function expectOwnOrNobody(path: string): void {
  for (const { headers, url } of upstream.asked) {
    assert.equal(headers.host, new URL(upstream.origin).host, path)
    assert.ok(url.startsWith('/folder/'), `${path} was asked for as ${url}`)
    const { pathname } = new URL(url, upstream.origin)
    assert.ok(pathname.startsWith('/folder/'), `${path} leaves the folder as ${pathname}`)
  }
  assert.equal(honeypot.connections(), 0, path)
}

describe('a path that looks like another place', () => {
  const there = () => `127.0.0.1:${honeypot.port}`
  const paths: Record<string, () => string> = {
    '//evil/x': () => `//${there()}/x`,
    '///evil/x': () => `///${there()}/x`,
    '/\\evil': () => `/\\${there()}`,
    '\\\\evil': () => `\\\\${there()}`,
    '/@evil': () => `/@${there()}`,
    '@evil': () => `@${there()}`,
    ':80@evil': () => `:80@${there()}`,
    '.evil': () => `.${there()}`,
    'http://evil': () => `/http://${there()}/`,
    '/..%2f..%2f': () => '/..%2f..%2fx',
    '/%2e%2e/': () => '/%2e%2e/x',
    '/%252e%252e/': () => '/%252e%252e/x',
    '/.%2e/': () => '/.%2e/x',
    '/../': () => '/../x',
    '/..': () => '/..',
    '/..;/': () => '/..;/x',
    '/%5c..%5c': () => '/%5c..%5cx',
    '?': () => `?@${there()}/`,
    '#': () => `#@${there()}/`,
    '/x#@evil': () => `/x#@${there()}/`,
    '/x?#': () => '/x?a=1#frag',
    '%2f%2fevil': () => `/%2f%2f${there()}`,
    'a fragment that is encoded': () => `/%23@${there()}`,
    'a query with an address': () => `/x?url=http://${there()}/&@${there()}`,
  }
  for (const [name, path] of Object.entries(paths)) {
    test(`${name} is asked of the provider, or refused`, async () => {
      const { status } = await send(`${target}${path()}`)
      assert.ok([200, 400, 404].includes(status), String(status))
      if (status === 200) assert.equal(upstream.asked.length, 1)
      else assert.equal(upstream.asked.length, 0)
      expectOwnOrNobody(path())
    })
  }

  test('in a request line that holds a host is asked of the provider, or refused', async () => {
    const { host } = new URL(proxied.v2.api.address)
    for (const line of [
      `http://${host}${target}/api/3/x?a=1`,
      `http://${there()}${target}/api/3/x`,
      `HTTPS://u:p@${there()}${target}/api/3/x`,
      `http://${there()}/x`,
      `http://${there()}?${target}/x`,
      `http://${there()}#${target}/x`,
      `ftp://${there()}${target}/x`,
    ]) {
      upstream.asked.length = 0
      const { status, headers } = await send(line)
      assert.ok([200, 400, 401, 404].includes(status), `${line} ${status}`)
      // At an address without a path there is the console.
      if (headers.get('mortise-origin') === 'upstream')
        assert.match(upstream.asked[0]?.url ?? '', /^\/folder\/api\/3\/x(\?a=1)?$/)
      expectOwnOrNobody(line)
    }
  })

  test('and generated ones never leave the provider’s folder', { timeout: 60_000 }, async () => {
    const piece = fc.constantFrom(
      ...[
        '/',
        '//',
        '\\',
        '.',
        '..',
        '%2e',
        '%2E',
        '%2f',
        '%5c',
        '%25',
        '%252e',
        '%00',
        '@',
        ':',
        '?',
        '#',
        ';',
      ],
      ...['a', 'api', '3', 'http:', 'evil.test', '&', '=', '%', '%zz', '%c0%ae', '\u00e9'],
    )
    const runs = generated(300, 5_000)
    const property = fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      upstream.asked.length = 0
      const path = pieces.join('')
      const { status } = await send(`${target}${path}`)
      assert.ok([200, 400, 404].includes(status), `${path} ${status}`)
      expectOwnOrNobody(path)
    })
    await fc.assert(property, runs)
  })
})
