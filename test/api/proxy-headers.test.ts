// Headers on their way through the proxy: one credential, which is the connection's; nothing of the caller's that would lie; nothing of the provider's that would harm.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Proxied, proxyPath, secretKey, startProxied } from '../support/proxied.ts'
import { answerTo, requestText } from '../support/raw-http.ts'
import { whenAsked } from '../support/upstream.ts'

let proxied: Proxied
before(async () => {
  proxied = await startProxied()
})
beforeEach(() => {
  proxied.upstream.asked.length = 0
  proxied.upstream.answer(whenAsked)
})
after(() => proxied.close())

/** Every value that came under a name, whatever its case. */
function sent(name: string): string[] {
  const asked = proxied.upstream.asked.at(-1)
  assert.ok(asked, 'the provider was asked')
  return asked.rawHeaders.filter((_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === name)
}

describe('what the caller sends', () => {
  const mine = (name: string, value: string) =>
    requestText('POST', `${proxyPath(proxied.id)}/v1/x`, {
      key: proxied.key,
      headers: ['Integration-ID: 1', `${name}: ${value}`],
      body: 'a=1',
    })

  for (const name of [
    'Cookie',
    'Cookie2',
    'Proxy-Authorization',
    'Proxy-Connection',
    'Proxy-Anything',
    'X-Forwarded-For',
    'X-FORWARDED-HOST',
    'X-Forwarded-Proto',
    'X-Real-IP',
    'Forwarded',
    'Via',
    'TE',
    'Trailer',
    'Keep-Alive',
    'Mortise-Service-Else',
    'mortise-origin',
  ]) {
    test(`${name} ends here`, async () => {
      const answer = await answerTo(proxied.v2.api.address, mine(name, 'THEIRS'))
      assert.equal(answer.status, 200, answer.text)
      assert.ok(!proxied.upstream.asked.at(-1)?.rawHeaders.join('|').includes('THEIRS'))
    })
  }

  test('as the provider’s own key header is replaced by the connection’s, in whatever case', async () => {
    const id = await proxied.v2.make('active_campaign', {
      api_endpoint: 'https://one.api-us1.com',
      api_key: 'CANARYours',
    })
    for (const name of ['Api-Token', 'api-token', 'API-TOKEN', 'aPi-tOkEn']) {
      const headers = [
        [name, 'CANARYtheirs'],
        [name, 'CANARYagain'],
      ] as const
      assert.equal((await proxied.ask('GET', '/api/3/x', { target: proxyPath(id), headers })).status, 200)
      assert.deepEqual(sent('api-token'), ['CANARYours'])
      assert.deepEqual(sent('authorization'), [])
    }
  })

  test('as the provider’s own query parameter is replaced, however it is encoded', async () => {
    const id = await proxied.v2.make('convertkit', { api_key: 'public', secret_key: 'CANARYours' })
    const [first] = await Promise.all([proxied.ask('GET', '/v3/account', { target: proxyPath(id) })])
    assert.equal(first?.status, 200)
    const url = new URL(`http://x${proxied.upstream.asked[0]?.url}`)
    const name = [...url.searchParams].find(([, value]) => value === 'CANARYours')?.[0]
    assert.ok(name, url.href)
    const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`
    for (const spelt of [name, encoded]) {
      await proxied.ask('GET', `/v3/account?${spelt}=theirs&a=%41&${spelt}`, { target: proxyPath(id) })
      const asked = proxied.upstream.asked.at(-1)?.url ?? ''
      assert.deepEqual(new URL(`http://x${asked}`).searchParams.getAll(name), ['CANARYours'])
      assert.ok(asked.includes('a=%41'), 'the rest stays as it was written')
    }
  })

  test('is what Connection lists between neighbours alone', async () => {
    const headers = [
      'Integration-ID: 1',
      'Connection: close, X-Hop, Authorization, content-type',
      'X-Hop: CANARY',
      'Content-Type: text/plain',
      'X-Kept: kept',
    ]
    const text = requestText('POST', `${proxyPath(proxied.id)}/v1/x`, {
      key: proxied.key,
      headers,
      body: 'x',
    })
    assert.equal((await answerTo(proxied.v2.api.address, text)).status, 200)
    assert.deepEqual(sent('x-hop'), [])
    assert.deepEqual(sent('content-type'), [])
    assert.deepEqual(sent('x-kept'), ['kept'])
    assert.deepEqual(sent('authorization'), [`Bearer ${secretKey}`])
  })

  test('is framed anew: one length or one coding, whatever came', async () => {
    const lines = (extra: string[], body: string) =>
      requestText('POST', `${proxyPath(proxied.id)}/v1/x`, {
        key: proxied.key,
        headers: ['Integration-ID: 1', ...extra],
        body,
      })
    for (const refused of [
      lines(['Content-Length: 3', 'content-length: 3'], 'a=1'),
      lines(['Content-Length: 3', 'content-length: 4'], 'a=1'),
      lines(['Content-Length: +3'], 'a=1'),
      lines(['Content-Length: 3', 'Transfer-Encoding: chunked'], '3\r\na=1\r\n0\r\n\r\n'),
      lines(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '3\r\na=1\r\n0\r\n\r\n'),
      lines(['Transfer-Encoding: xchunked'], 'a=1'),
    ]) {
      assert.equal((await answerTo(proxied.v2.api.address, refused)).status, 400)
    }
    assert.equal(proxied.upstream.asked.length, 0)
    const chunked = lines(['Transfer-Encoding: chunked'], '3\r\na=1\r\n0\r\nX-Trailer: CANARY\r\n\r\n')
    assert.equal((await answerTo(proxied.v2.api.address, chunked)).status, 200)
    assert.equal([...sent('content-length'), ...sent('transfer-encoding')].length, 1)
    assert.deepEqual(sent('x-trailer'), [])
  })

  test('may hold any byte that a header can, and none that would end it', async () => {
    assert.equal((await answerTo(proxied.v2.api.address, mine('X-Any', 'caf\xe9\t\xff'))).status, 200)
    assert.deepEqual(sent('x-any'), ['caf\xe9\t\xff'])
    for (const value of ['a\0b', 'a\rb', 'a\nX-Smuggled: 1', 'a\x01b', 'a\x7fb']) {
      const { status } = await answerTo(proxied.v2.api.address, mine('X-Any', value))
      if (status === 200) assert.deepEqual(sent('x-smuggled'), [], JSON.stringify(value))
      else assert.equal(status, 400, JSON.stringify(value))
    }
  })

  test('may ask first whether to send its body: it hears yes, and the provider is not asked for that', async () => {
    const answer = await answerTo(proxied.v2.api.address, mine('Expect', '100-continue'))
    assert.ok([100, 200].includes(answer.status))
    assert.deepEqual(sent('expect'), [])
  })
})

describe('a stored credential that a header cannot hold', () => {
  for (const [what, secret] of [
    ['a line break', 'sk_test_1\r\nX-Smuggled: 1'],
    ['a NUL', 'sk_test_1\0'],
    ['letters beyond Latin-1', 'sk_test_\u4e2d'],
  ] as const) {
    test(`such as one with ${what} is refused when it is given`, async () => {
      const body = { provider: 'stripe', title: 'x', fields: { secret_key: secret } }
      const { status, text } = await proxied.v2.send('POST', '/v2/connections/', body)
      assert.equal(status, 400, text)
      assert.ok(!text.includes('sk_test_'))
    })
  }

  test('or another field that goes into one, never splits it: the call is refused', async () => {
    const id = await proxied.v2.make('ontraport', { app_id: 'a\r\nX-Smuggled: 1', api_key: 'k' })
    const answer = await proxied.ask('GET', '/1/Contacts', { target: proxyPath(id) })
    assert.deepEqual([answer.status, answer.json().code], [409, 'not_configured'])
    assert.equal(proxied.upstream.asked.length, 0)
  })
})

describe('what the provider answers', () => {
  function answered(headers: readonly string[], body = 'x') {
    proxied.upstream.answer((request, response) => {
      // Handed over byte for byte: a server of Node's would set headers of its own.
      const lines = ['HTTP/1.1 200 OK', ...headers, `Content-Length: ${body.length}`]
      request.socket.end(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'))
      response.detachSocket(request.socket)
    })
    return proxied.ask('GET', '/v1/x')
  }

  test('sets no cookie and no rule for this origin, and claims nothing in our name', async () => {
    const dropped = [
      'Set-Cookie: a=CANARY',
      'set-cookie: b=CANARY; Path=/',
      'Set-Cookie2: CANARY',
      'Strict-Transport-Security: CANARY',
      'Content-Security-Policy-Report-Only: CANARY',
      'Public-Key-Pins: CANARY',
      'Clear-Site-Data: "CANARY"',
      'Access-Control-Allow-Origin: CANARY',
      'Access-Control-Allow-Credentials: CANARY',
      'Alt-Svc: CANARY',
      'Service-Worker-Allowed: CANARY',
      'Refresh: 0; url=CANARY',
      'Proxy-Authenticate: CANARY',
      'Keep-Alive: CANARY',
      'Trailer: CANARY',
      'Upgrade: CANARY',
      'X-Hop: CANARY',
      'Connection: X-Hop',
      'Mortise-Origin: mortise',
      'Mortise-Anything: CANARY',
      'Content-Security-Policy: CANARY',
      'X-Content-Type-Options: CANARY',
      'Cache-Control: public, max-age=CANARY',
    ]
    const answer = await answered([...dropped, 'X-Kept: kept', 'X-Request-Id: theirs', 'ETag: "e"'])
    assert.ok(!answer.rawHeaders.join('|').includes('CANARY'), answer.rawHeaders.join('|'))
    assert.deepEqual(
      [
        'mortise-origin',
        'content-security-policy',
        'x-content-type-options',
        'cache-control',
        'x-kept',
        'etag',
      ].map(answer.header),
      ['upstream', "sandbox; default-src 'none'", 'nosniff', 'no-store', 'kept', '"e"'],
    )
    assert.equal(answer.header('mortise-upstream-request-id'), 'theirs')
    assert.notEqual(answer.header('x-request-id'), 'theirs')
  })

  for (const [type, isAttachment] of [
    ['text/html', true],
    ['TEXT/HTML; charset=utf-8', true],
    ['application/xhtml+xml', true],
    ['image/svg+xml', true],
    ['text/xml', true],
    ['application/atom+xml', true],
    ['application/json', false],
    ['image/png', false],
    ['text/plain', false],
  ] as const) {
    test(`of the kind ${type} is ${isAttachment ? 'nothing to be opened in place' : 'handed back as it is'}`, async () => {
      const answer = await answered(
        [`Content-Type: ${type}`, 'Content-Disposition: inline'],
        '<script>1</script>',
      )
      assert.equal(answer.header('content-disposition'), isAttachment ? 'attachment' : 'inline')
      assert.equal(answer.header('content-security-policy'), "sandbox; default-src 'none'")
      assert.equal(answer.body.toString(), '<script>1</script>')
    })
  }

  test('of two kinds, one of which could run scripts, is nothing to be opened in place', async () => {
    const answer = await answered(['Content-Type: text/plain', 'Content-Type: text/html'], 'x')
    assert.equal(answer.header('content-disposition'), 'attachment')
  })

  test('keeps headers that come twice, and bytes beyond ASCII', async () => {
    const answer = await answered(['Link: <a>', 'Link: <b>', 'X-Name: caf\xe9'])
    const links = answer.rawHeaders.filter(
      (_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === 'link',
    )
    assert.deepEqual(links, ['<a>', '<b>'])
    assert.equal(answer.header('x-name'), 'caf\xe9')
  })

  test('is as it was sent: what is coded is not decoded, however often and however large it would become', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(50_000_000))
    const stacked = Array.from({ length: 10 }).reduce<Buffer>((inner) => gzipSync(inner), bomb)
    for (const [coding, body] of [
      ['br', bomb],
      ['gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, br', stacked],
    ] as const) {
      proxied.upstream.answer((_request, response) =>
        response.writeHead(200, { 'content-encoding': coding }).end(body),
      )
      const before = process.memoryUsage().rss
      const answer = await proxied.ask('GET', '/v1/x', { headers: [['Accept-Encoding', 'br']] })
      assert.deepEqual(sent('accept-encoding'), ['br'])
      assert.equal(answer.header('content-encoding'), coding)
      assert.ok(answer.body.equals(body))
      assert.ok(process.memoryUsage().rss - before < 40_000_000)
    }
  })
})
