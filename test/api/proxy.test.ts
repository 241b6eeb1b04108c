// Calls through a connection: what the provider is asked, what its answer becomes, and what is put on record.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, beforeEach, describe, test } from 'node:test'
import { newAccount, newKey } from '../support/api.ts'
import { type Proxied, proxyPath, secretKey, startProxied } from '../support/proxied.ts'
import { json, whenAsked } from '../support/upstream.ts'
import { asObject, resultsOf } from '../support/v2.ts'

let proxied: Proxied
before(async () => {
  proxied = await startProxied()
})
beforeEach(() => {
  proxied.upstream.asked.length = 0
  proxied.upstream.answer(whenAsked)
})
after(() => proxied.close())

const last = () => {
  const asked = proxied.upstream.asked.at(-1)
  assert.ok(asked, 'the provider was asked')
  return asked
}

describe('what the provider is asked', () => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY']) {
    test(`${method} is handed on, with the credential and without the caller’s key`, async () => {
      const { status } = await proxied.ask(method, '/v1/balance?expand[]=x')
      assert.equal(status, 200)
      const { headers, url, method: sent } = last()
      assert.deepEqual([sent, url], [method, '/v1/balance?expand[]=x'])
      assert.equal(headers.authorization, `Bearer ${secretKey}`)
      assert.equal(headers.host, 'api.stripe.com')
      assert.ok(!last().rawHeaders.join(' ').includes(proxied.key))
    })
  }

  for (const path of [
    '/v1/%41?q=%41+b&&=&x',
    '/v1/a%2Fb/',
    '/v1/caf%C3%A9?%E2%82%AC',
    '/v1//double///',
    '/v1/:a/@b;c=1,$&!*()\'"<>',
    '/v1/%00',
    '/?/wlmapi/2.0/json/levels',
    '/v1/x??a=/../b',
  ]) {
    test(`${path} is asked for exactly as it was written`, async () => {
      assert.equal((await proxied.ask('GET', path)).status, 200)
      assert.equal(last().url, path)
    })
  }

  test('nothing behind the proxy’s own path is the root', async () => {
    for (const [path, url] of [
      ['', '/'],
      ['/', '/'],
      ['?a=1', '/?a=1'],
      ['/?a=1', '/?a=1'],
    ] as const) {
      assert.equal((await proxied.ask('GET', path)).status, 200)
      assert.equal(last().url, url)
    }
  })

  test('a body is handed on byte for byte, with its length where that was told', async () => {
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, at) => at % 256))
    await proxied.ask('POST', '/v1/files', { body, headers: [['Content-Type', 'image/x; weird']] })
    assert.deepEqual(await last().body(), body)
    assert.equal(last().headers['content-length'], '70000')
    assert.equal(last().headers['content-type'], 'image/x; weird')
    await proxied.ask('PUT', '/v1/files', { body: Readable.from([body, body]) })
    assert.equal((await last().body()).length, 140_000)
    assert.equal(last().headers['transfer-encoding'], 'chunked')
    assert.equal(last().headers['content-length'], undefined)
  })

  test('a body larger than any other route takes is handed on', async () => {
    const body = Buffer.alloc(8_388_608, 'x')
    assert.equal((await proxied.ask('POST', '/v1/files', { body })).status, 200)
    assert.equal((await last().body()).length, body.length)
  })

  test('broken JSON, an unknown kind and a coded body are the provider’s to judge', async () => {
    for (const type of ['application/json', 'text/plain', 'no type at all']) {
      const headers = [
        ['Content-Type', type],
        ['Content-Encoding', 'br'],
      ] as const
      assert.equal((await proxied.ask('POST', '/v1/x', { body: '{"broken', headers })).status, 200)
      assert.equal(String(await last().body()), '{"broken')
    }
  })

  test('an Idempotency-Key goes to the provider untouched; nothing of it is stored, and nothing replayed', async () => {
    const headers = [['Idempotency-Key', '"as it came"']] as const
    for (const count of [1, 2]) {
      assert.equal((await proxied.ask('POST', '/v1/charges', { body: 'a=1', headers })).status, 200)
      assert.equal(proxied.upstream.asked.length, count)
      assert.equal(last().headers['idempotency-key'], '"as it came"')
    }
    const kept = await proxied.v2.api.db.selectFrom('stored_answers').selectAll().execute()
    assert.ok(!JSON.stringify(kept).includes('proxy'))
  })
})

describe('what the answer becomes', () => {
  for (const status of [
    200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 429, 500, 503,
  ]) {
    test(`${status} is handed back as it is, and no redirect is followed`, async () => {
      proxied.upstream.answer((_request, response) => {
        const isEmpty = status === 204 || status === 304
        response.writeHead(status, { location: 'http://169.254.169.254/latest/', 'retry-after': '7200' })
        response.end(isEmpty ? undefined : 'the provider’s own words')
      })
      const begun = performance.now()
      const answer = await proxied.ask('GET', '/v1/x')
      assert.ok(performance.now() - begun < 5_000)
      assert.equal(answer.status, status)
      assert.equal(answer.header('mortise-origin'), 'upstream')
      assert.equal(answer.header('location'), 'http://169.254.169.254/latest/')
      assert.equal(answer.header('retry-after'), '7200')
      assert.equal(answer.body.toString(), status === 204 || status === 304 ? '' : 'the provider’s own words')
      assert.equal(proxied.upstream.asked.length, 1)
    })
  }

  test('HEAD has the headers of GET and no body, and the connection can be used again', async () => {
    proxied.upstream.answer((_request, response) => response.writeHead(200, { 'content-length': '7' }).end())
    const answer = await proxied.ask('HEAD', '/v1/x')
    assert.deepEqual([answer.status, answer.header('content-length'), answer.body.length], [200, '7', 0])
  })

  test('what Mortise refuses itself says so', async () => {
    const refusals = await Promise.all([
      proxied.ask('GET', '/v1/x', { key: 'wrong' }),
      proxied.ask('GET', '/v1/x', {
        key: await newKey(proxied.v2.api, proxied.v2.account.id, { scopes: ['secrets:read'] }),
      }),
      proxied.ask('GET', '/x', { target: proxyPath(999_999) }),
      proxied.ask('GET', '/%2e%2e/x'),
      proxied.ask('TRACE', '/v1/x'),
      proxied.ask('GET', '/v1/x', { headers: [['Mortise-Service', 'none']] }),
    ])
    assert.deepEqual(
      refusals.map(({ status }) => status),
      [401, 403, 404, 400, 405, 400],
    )
    for (const { rawHeaders, header } of refusals) {
      assert.equal(header('mortise-origin'), 'mortise', rawHeaders.join('|'))
      assert.equal(header('content-type'), 'application/json; charset=utf-8')
    }
    assert.equal(proxied.upstream.asked.length, 0)
  })
})

describe('whom it is asked of', () => {
  test('the first service is meant, and any other by its name; an unknown one is told which there are', async () => {
    const id = await proxied.v2.make('amazon', {
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      secret_access_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'eu-north-1',
    })
    const target = proxyPath(id)
    for (const [headers, host] of [
      [[], 's3.eu-north-1.amazonaws.com'],
      [[['Mortise-Service', 's3']], 's3.eu-north-1.amazonaws.com'],
      [[['mortise-service', 'sts']], 'sts.amazonaws.com'],
    ] as const) {
      assert.equal((await proxied.ask('GET', '/', { target, headers })).status, 200)
      assert.equal(last().headers.host, host)
      assert.equal(last().headers['mortise-service'], undefined)
    }
    for (const name of ['', 'S3', 'none', 'constructor', 's3, sts']) {
      const answer = await proxied.ask('GET', '/', { target, headers: [['Mortise-Service', name]] })
      assert.equal(answer.status, 400)
      assert.equal(answer.json().code, 'invalid_header')
      assert.match(String(answer.json().detail), /There are: s3, sts, cloudfront\.$/)
    }
  })

  test('a provider without an API, and a connection without its credential, say what is missing', async () => {
    const page = await proxied.v2.make('html', { html: '<p>' })
    const bare = await proxied.v2.make('stripe', {})
    const answers = await Promise.all(
      [page, bare].map((id) => proxied.ask('GET', '/x', { target: proxyPath(id) })),
    )
    assert.deepEqual(
      answers.map((answer) => [answer.status, answer.json().code]),
      [
        [409, 'not_available'],
        [409, 'not_configured'],
      ],
    )
    assert.equal(proxied.upstream.asked.length, 0)
  })

  test('another account’s connection, and one of another integration, are plain 404s, however they are named', async () => {
    const other = await newAccount(proxied.v2.api)
    const integration = await proxied.v2.create('/v2/integrations/')
    const expected = await proxied.ask('GET', '/x', { target: proxyPath(999_999) })
    assert.deepEqual(expected.json(), { detail: 'Not found.', code: 'not_found' })
    const id = String(proxied.id)
    const cases = [
      [other.key, '1', {}],
      [proxied.key, integration, {}],
      [
        other.key,
        '1',
        {
          headers: [
            ['X-Connection-ID', id],
            ['Connection-Id', id],
            ['Mortise-Connection', id],
          ],
        },
      ],
      [other.key, '1', { body: JSON.stringify({ id, connection: { id }, nested: [{ connection_id: id }] }) }],
    ] as const
    for (const [key, acting, more] of cases) {
      const headers = [['Integration-ID', acting], ...('headers' in more ? more.headers : [])] as const
      const body = 'body' in more ? more.body : undefined
      const answer = await proxied.ask('POST', `/x?id=${id}&connection=${id}`, {
        key,
        headers,
        ...(body !== undefined && { body }),
      })
      assert.deepEqual([answer.status, answer.body.toString()], [404, expected.body.toString()])
    }
    // Named anywhere but in the path it means nothing.
    const absent = await proxied.ask('POST', `/x?id=${id}`, {
      key: other.key,
      target: proxyPath(7_777),
      headers: [['Connection-Id', id]],
      body: JSON.stringify({ id }),
    })
    assert.deepEqual([absent.status, absent.body.toString()], [404, expected.body.toString()])
    assert.equal(proxied.upstream.asked.length, 0)
  })
})

describe('what is put on record', () => {
  const uses = async () => {
    await proxied.v2.api.hub.flush()
    const answer = await proxied.v2.send('GET', '/v2/audit/?action=connection.used&page_size=100')
    return resultsOf(answer).map(({ data, times }) => ({ data: asObject(data), times: Number(times) }))
  }

  test('is connection, method, service and status, counted by the minute, and nothing that was sent', async () => {
    const id = await proxied.v2.make('stripe', { secret_key: secretKey })
    proxied.upstream.answer((_request, response) => json(response, 402, { canary: 'CANARYanswer' }))
    for (let at = 0; at < 3; at++) {
      await proxied.ask('POST', '/v1/CANARYpath?CANARYquery=1', {
        target: proxyPath(id),
        body: 'CANARYbody',
        headers: [['X-Custom', 'CANARYheader']],
      })
    }
    const recorded = (await uses()).filter(({ data }) => data.id === id)
    assert.equal(
      recorded.reduce((sum, { times }) => sum + times, 0),
      3,
    )
    for (const { data } of recorded) {
      assert.deepEqual(data, { id, method: 'POST', service: 'api', status: 402 })
    }
    const rows = JSON.stringify(await proxied.v2.api.db.selectFrom('audit').selectAll().execute())
    for (const text of [rows, proxied.v2.api.log()]) {
      for (const canary of ['CANARYquery', 'CANARYbody', 'CANARYheader', 'CANARYanswer', secretKey]) {
        assert.ok(!text.includes(canary), canary)
      }
    }
  })

  test('counts as a use: who deletes the connection within a day is told by whom it was used', async () => {
    const id = await proxied.v2.make('stripe', { secret_key: secretKey })
    await proxied.ask('GET', '/v1/x', { target: proxyPath(id) })
    await proxied.v2.api.hub.flush()
    const usage = await proxied.v2.send('GET', `/v2/connections/${id}/usage/`)
    assert.match(usage.text, /"times":1/)
    assert.equal((await proxied.v2.send('DELETE', `/v2/connections/${id}/`)).status, 409)
  })
})
