// The console's page and files: what browsers may do with them, and what is said where there is no build.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { startApi, type TestApi } from '../support/api.ts'

const folder = mkdtempSync(join(tmpdir(), 'mortise-console-'))
let api: TestApi
before(async () => {
  api = await startApi({ consoleFolder: folder })
})
after(async () => {
  await api.close()
  rmSync(folder, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${api.address}${path}`, { headers })

test('without a build the page says how to make one, and with one it is served without a restart', async () => {
  const missing = await get('/')
  assert.equal(missing.status, 503)
  assert.match(await missing.text(), /npm run build -w console/)

  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<meta name="nonce" content="__MORTISE_NONCE__">')
  writeFileSync(join(folder, 'assets', 'app-1.js'), 'hello()')
  writeFileSync(join(folder, 'assets', 'app-1.js.br'), brotliCompressSync('hello()'))
  writeFileSync(join(folder, 'secret.txt'), 'no')
  for (const path of ['/', '/console/connections/7']) {
    const page = await get(path)
    assert.equal(page.status, 200)
    const policy = page.headers.get('content-security-policy') ?? ''
    const nonce = /content="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    assert.match(nonce, /^[\w+/]{24}$/)
    assert.equal(
      policy,
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    )
    assert.equal(page.headers.get('cache-control'), 'no-store')
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
  }
  const nonces = await Promise.all([get('/'), get('/')].map(async (page) => (await page).text()))
  assert.notEqual(nonces[0], nonces[1], 'a nonce is used once')
})

test('files are of their kind, compressed where that is wanted, and kept for ever under their name', async () => {
  for (const [accepted, encoding] of [
    ['br, gzip', 'br'],
    ['identity', null],
  ] as const) {
    const file = await get('/console/assets/app-1.js', { 'accept-encoding': accepted })
    assert.equal(await file.text(), 'hello()')
    assert.equal(file.headers.get('content-encoding'), encoding)
    assert.equal(file.headers.get('content-type'), 'text/javascript; charset=utf-8')
    assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff')
  }
})

test('nothing else of the folder or of the machine can be had', async () => {
  for (const name of ['..%2Fsecret.txt', '..%2Findex.html', 'app-2.js', 'app-1.js.br', '%2Fetc%2Fpasswd']) {
    assert.equal((await get(`/console/assets/${name}`)).status, 404, name)
  }
  assert.equal((await get('/nothing')).status, 404)
})
