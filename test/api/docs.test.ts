// The documentation, the reference and the pages of errors: whole, from the hub alone, and where answers say they are.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { guides } from '../../src/dialects/docs/guides.ts'
import { showError as showInV1 } from '../../src/dialects/v1/errors.ts'
import { showError as showInV2 } from '../../src/dialects/v2/errors.ts'
import { type ErrorCode, errorCodes, HubError } from '../../src/hub/errors.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { asObject } from '../support/v2.ts'

const docs = new URL('../../docs/', import.meta.url)

let api: TestApi
let key: string
before(async () => {
  api = await startApi()
  key = (await newAccount(api)).key
})
after(() => api.close())

/** With its text, so that nothing waits to be read when the server stops. */
async function read(url: string) {
  const answer = await fetch(url)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
const get = (path: string) => read(`${api.address}${path}`)

const linksIn = (html: string) =>
  [...html.matchAll(/(?:href|src|data-openapi)="([^"]+)"/g)].map(([, to = '']) => to)

describe('the pages', () => {
  const written = Object.values(guides).flatMap((pages) => pages.map(({ name }) => `/docs/${name}`))
  const others = ['/docs', '/docs/', '/docs/reference/', '/docs/errors/', '/docs/errors/throttled']
  for (const path of [...others, ...written]) {
    test(`${path} loads nothing from elsewhere, runs nothing that stands in it, and leads nowhere wrong`, async () => {
      const page = await get(path)
      assert.equal(page.status, 200)
      assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
      const policy = page.headers.get('content-security-policy') ?? ''
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /)
      assert.doesNotMatch(policy, /unsafe|http|\*/)
      const html = page.text
      assert.doesNotMatch(html, /<script(?! src=)|<style|\son\w+=|\sstyle=/)
      const links = new Set(linksIn(html))
      assert.ok(links.size > 4)
      for (const link of links) {
        // To elsewhere a person may be led, by a link that says so.
        if (link.startsWith('https://')) continue
        const [to = '', fragment] = link.split('#')
        assert.match(link, /^(#|\/(docs|openapi\.json))/)
        const target = to === '' ? page : await get(to)
        assert.equal(target.status, 200, link)
        if (fragment) assert.ok(target.text.includes(`id="${fragment}"`), `${link}: no such heading`)
      }
      for (const [, loaded = ''] of html.matchAll(/<(?:img|script|link)[^>]* (?:src|href)="([^"]+)"/g))
        assert.match(loaded, /^\/docs\/assets\//)
    })
  }

  test('every page in docs/ is served, as Markdown too, and is on the list for programs that read', async () => {
    const files = readdirSync(docs).filter((file) => file.endsWith('.md'))
    const list = (await get('/llms.txt')).text
    const names = Object.values(guides).flatMap((pages) => pages.map(({ name }) => `${name}.md`))
    assert.deepEqual(names.toSorted(), files.toSorted())
    for (const file of files) {
      assert.ok(list.includes(`(${api.address}/docs/${file})`), file)
      const { status, headers, text } = await get(`/docs/${file}`)
      assert.deepEqual([status, headers.get('content-type')], [200, 'text/markdown; charset=utf-8'])
      assert.equal(text, readFileSync(new URL(file, docs), 'utf8'))
    }
    for (const name of ['nonsense', '..%2fpackage.json', 'decisions', 'openapi.json', 'constructor'])
      assert.equal((await get(`/docs/${name}`)).status, 404, name)
  })

  test('below a path of the public address, they lead below it', async () => {
    const below = await startApi({ publicUrl: 'https://example.com/hub' })
    for (const path of ['/docs', '/docs/errors/not_found', '/docs/reference/', '/docs/concepts']) {
      const html = (await read(`${below.address}${path}`)).text
      for (const link of linksIn(html)) assert.match(link, /^(#|\/hub\/(docs\/|openapi\.json$))/)
    }
    const refused = await read(`${below.address}/v2/audit/`)
    const { doc_url } = asObject(JSON.parse(refused.text))
    assert.equal(doc_url, 'https://example.com/hub/docs/errors/unauthenticated')
    await below.close()
  })

  test('files are sent packed to those who take it so, and not again to those who have them', async () => {
    const { hostname, port } = new URL(api.address)
    const { request } = await import('node:http')
    const ask = (headers: Record<string, string>) =>
      new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
        const path = '/docs/assets/swagger-ui-bundle.js'
        request({ hostname, port, path, headers }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              bytes: Buffer.concat(chunks),
            }),
          )
        })
          .once('error', reject)
          .end()
      })
    const packed = await ask({ 'accept-encoding': 'gzip, br' })
    const plain = await ask({})
    assert.equal(packed.headers['content-encoding'], 'gzip')
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.ok(gunzipSync(packed.bytes).equals(plain.bytes))
    assert.ok(packed.bytes.length < 600_000, `${packed.bytes.length} bytes`)
    const etag = String(plain.headers.etag)
    const again = await ask({ 'if-none-match': etag })
    assert.deepEqual([again.status, again.bytes.length], [304, 0])
  })

  test('nothing but the listed files is served', async () => {
    for (const name of ['index.html', 'package.json', '..%2fpages.ts', 'swagger-ui.js.map'])
      assert.equal((await get(`/docs/assets/${name}`)).status, 404, name)
  })
})

describe('an error code', () => {
  test('has a page each, with its meaning and both statuses, and all of them are on the list', async () => {
    const list = (await get('/docs/errors/')).text
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      assert.ok(list.includes(`href="/docs/errors/${code}"`), code)
      const answer = await get(`/docs/errors/${code}`)
      assert.equal(answer.status, 200, code)
      const text = answer.text.replaceAll(/<[^>]+>/g, ' ')
      const wordsOf = (words: string) => words.match(/\w+/g)?.join(' ') ?? ''
      const [meaning = '', ...advice] = errorCodes[code].split(/(?<=\.) (?=[A-Z])/)
      for (const words of [meaning, ...advice]) assert.ok(wordsOf(text).includes(wordsOf(words)), words)
      const error = new HubError(code, '…')
      for (const { status } of [showInV1(error), showInV2(error)])
        assert.ok(text.includes(` ${status} `), `${status} of ${code}`)
    }
    assert.equal((await get('/docs/errors/nonsense')).status, 404)
    assert.equal((await get('/docs/errors/constructor')).status, 404)
  })

  test('is explained where the answer says', async () => {
    for (const [path, code] of [
      ['/v2/connections/', 'integration_required'],
      ['/v2/freelancers/none/', 'not_found'],
      ['/v2/audit/?cursor=x', 'invalid_page'],
      ['/v2/accounts/', 'forbidden'],
    ] as const) {
      const refused = asObject((await call(api.address, 'GET', path, { key })).body)
      assert.equal(refused.code, code)
      const page = await read(String(refused.doc_url))
      assert.equal(page.status, 200)
      assert.ok(page.text.includes(`<h1><code>${code}</code></h1>`))
    }
  })

  test('is not told by the documented APIs, which answer as their documents say', async () => {
    for (const path of ['/v2/integrations/none/', '/v2/integrations/?page=9', '/api/v1/integrations/9']) {
      const { text } = await call(api.address, 'GET', path, { key })
      assert.doesNotMatch(text, /doc_url|"code"/)
    }
  })
})
