// The SDK as people get it: packed, installed in an empty folder, and its README's example run against a hub.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { Webhook } from 'standardwebhooks'
import {
  createMortise,
  type Mortise,
  MortiseError,
  MortiseUnreachable,
  verifyWebhook,
  WebhookVerificationError,
} from '../../sdk/src/index.ts'
import { keyIn, newHome, repository } from '../support/command-line.ts'
import { type Folders, type Served, start } from '../support/process.ts'

const execute = promisify(execFile)

let home: Folders
let served: Served
let mortise: Mortise
before(async () => {
  home = newHome()
  served = await start('serve', ['--data', home.data], { ...home.env, MORTISE_VERIFY: 'off' })
  mortise = createMortise({ url: served.address, apiKey: keyIn(served.output().stdout) })
})
after(async () => {
  await served.stop()
  home.remove()
})

const pinestreet = {
  name: 'Pinestreet Tech',
  email: 'albin@pinestreet.tech',
  recipient: 'Pinestreet Technology AB',
  address_line_1: 'Malmvägen 8',
  zip_code: '14171',
  city: 'Segeltorp',
}

test('makes, changes, lists and removes, each typed by the contract', async () => {
  const { id } = await mortise.integrations.create(pinestreet)
  assert.equal((await mortise.integrations.change(id, { city: 'Stockholm' })).city, 'Stockholm')
  const acting = mortise.as(id)
  const made = await acting.connections.create({
    provider: 'disqus',
    title: 'Comments',
    fields: { forum_shortname: 'a' },
  })
  assert.equal(made.integration, id)
  assert.deepEqual(
    (await acting.connections.list({ query: { provider: 'disqus' } })).results.map(({ title }) => title),
    ['Comments'],
  )
  assert.equal(await acting.connections.remove(made.id), undefined)
  await mortise.integrations.remove(id)
  await assert.rejects(
    mortise.integrations.retrieve(id),
    (error) => error instanceof MortiseError && error.status === 404,
  )
})

test('walks a list page after page, and lines as they come', async () => {
  for (let at = 0; at < 5; at++) await mortise.integrations.create({ ...pinestreet, name: `Many ${at}` })
  const names: string[] = []
  for await (const { name } of mortise.integrations.all({ query: { page_size: '2', type: '3' } }))
    names.push(name)
  assert.deepEqual(
    names,
    [0, 1, 2, 3, 4].map((at) => `Many ${at}`),
  )
  const actions: string[] = []
  for await (const { action } of await mortise.audit.export()) actions.push(action)
  assert.ok(actions.filter((action) => action === 'integration.created').length >= 5)
})

test('says in one error what was wrong, and under which id the hub logged it', async () => {
  const refused = mortise.integrations.create({ ...pinestreet, name: '', email: 'nobody' })
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof MortiseError)
    assert.equal(error.status, 400)
    assert.deepEqual(error.fields, {
      name: ['This field may not be blank.'],
      email: ['Enter a valid email address.'],
    })
    assert.match(error.message, /name: This field may not be blank\. email: Enter/)
    assert.match(error.requestId ?? '', /^[\w-]{36}$/)
    return true
  })
})

describe('a request that breaks off', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void
  /** A hub that answers in turn as it is told. */
  async function hubThat(...answers: Answer[]) {
    const keys: unknown[] = []
    const server = createServer((request, response) => {
      keys.push(request.headers['idempotency-key'])
      const answer = answers[Math.min(keys.length, answers.length) - 1]
      answer?.(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    return { keys, url: `http://127.0.0.1:${port}`, close: () => server.close() }
  }
  const json =
    (status: number, body: object, headers = {}): Answer =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(body))
    }
  const cut: Answer = ({ socket }) => socket.destroy()
  const clientOf = (url: string, retries?: number) =>
    createMortise({ url, apiKey: 'k', ...(retries !== undefined && { retries }) })

  test('is sent again under the same key, which is another for each call', async () => {
    const hub = await hubThat(
      cut,
      json(503, { detail: 'busy' }, { 'retry-after': '0' }),
      json(201, pinestreet),
    )
    await clientOf(hub.url).integrations.create(pinestreet)
    await clientOf(hub.url).integrations.create(pinestreet)
    hub.close()
    const [first, second, third, other] = hub.keys
    assert.ok(typeof first === 'string' && first.length > 20)
    assert.deepEqual([second, third], [first, first])
    assert.notEqual(other, first)
  })

  test('waits as long as it is asked to', async () => {
    const hub = await hubThat(
      json(429, { detail: 'slow down' }, { 'retry-after': '1' }),
      json(200, pinestreet),
    )
    const startedMs = performance.now()
    await clientOf(hub.url).integrations.retrieve('1')
    hub.close()
    assert.ok(performance.now() - startedMs >= 990)
  })

  test('is given up after the retries, and not repeated where that changes nothing', async () => {
    const hub = await hubThat(cut)
    await assert.rejects(clientOf(hub.url, 1).integrations.retrieve('1'), MortiseUnreachable)
    assert.equal(hub.keys.length, 2)
    hub.close()
    const refusing = await hubThat(json(422, { detail: 'no', code: 'idempotency_key_reused' }))
    await assert.rejects(clientOf(refusing.url).integrations.create(pinestreet), MortiseError)
    assert.equal(refusing.keys.length, 1)
    refusing.close()
  })

  test('is not repeated once nobody wants it any more', async () => {
    const hub = await hubThat(cut)
    const controller = new AbortController()
    const asked = clientOf(hub.url).integrations.retrieve('1', { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    await assert.rejects(asked, { name: 'AbortError' })
    hub.close()
  })
})

test('a provider is called with what the caller says, and with nothing of the hub’s', async () => {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createMortise({ url: `http://127.0.0.1:${port}`, apiKey: 'k', integration: '8' })
  const headers = { authorization: 'Bearer of-the-sdk', 'x-other': 'kept' }
  await client.connections.fetch(7, '/v1/balance?x=1', { headers })
  await client.connections.fetchOf(7)(
    new Request('https://api.stripe.com/v1/charges', { method: 'POST', body: 'a=1', headers }),
  )
  server.close()
  assert.deepEqual(
    seen.map(({ method, url }) => `${method} ${url}`),
    ['GET /v2/connections/7/proxy/v1/balance?x=1', 'POST /v2/connections/7/proxy/v1/charges'],
  )
  for (const request of seen) {
    assert.equal(request.headers.authorization, 'Token k')
    assert.equal(request.headers['integration-id'], '8')
    assert.equal(request.headers['x-other'], 'kept')
  }
})

test('a webhook is told from one that somebody else sent, changed or kept', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const body = JSON.stringify({ id: 'evt_1', type: 'connection.created' })
  const headersAt = (time: Date, signed = body) => ({
    'Webhook-Id': 'evt_1',
    'Webhook-Timestamp': String(Math.floor(time.getTime() / 1_000)),
    'Webhook-Signature': new Webhook(secret).sign('evt_1', time, signed),
  })
  const now = new Date()
  assert.equal(verifyWebhook({ secret, headers: headersAt(now), body }).type, 'connection.created')
  assert.equal(
    verifyWebhook({ secret, headers: new Headers(headersAt(now)), body: Buffer.from(body) }).id,
    'evt_1',
  )
  const old = new Date(now.getTime() - 6 * 60_000)
  for (const headers of [headersAt(now, `${body} `), headersAt(old), {}]) {
    assert.throws(() => verifyWebhook({ secret, headers, body }), WebhookVerificationError)
  }
})

test('is packed, installed in an empty folder, and the README’s examples run there against the demo', async () => {
  const empty = newHome()
  const demo = await start('demo', [], empty.env)
  const npm = (args: readonly string[], cwd: string) =>
    execute('npm', [...args, '--silent', '--offline', '--no-audit', '--no-fund'], { cwd, env: process.env })
  const { stdout } = await npm(['pack', '-w', 'sdk', '--pack-destination', empty.root], repository)
  const packed = join(empty.root, stdout.trim())
  // What it depends on, and what its examples do, is at hand already: nothing is asked of a registry.
  const from = (name: string) => `file:${realpathSync(join(repository, 'node_modules', name))}`
  const dependencies = ['standardwebhooks', '@stablelib/base64', 'fast-sha256']
  const manifest = {
    type: 'module',
    dependencies: {
      '@mortise/sdk': `file:${packed}`,
      ...Object.fromEntries([...dependencies, 'stripe', 'intercom-client'].map((name) => [name, from(name)])),
    },
    overrides: Object.fromEntries(dependencies.map((name) => [name, `$${name}`])),
  }
  writeFileSync(join(empty.root, 'package.json'), JSON.stringify(manifest))
  await npm(['install'], empty.root)
  const installed = join(empty.root, 'node_modules', '@mortise', 'sdk')
  assert.ok(existsSync(join(installed, 'LICENSE')) && !existsSync(join(installed, 'src')))

  const readme = readFileSync(join(installed, 'README.md'), 'utf8')
  const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, block = '']) => block)
  // The last one verifies a delivery that somebody else sent.
  const examples = blocks.slice(0, -1)
  assert.equal(examples.length, 4)
  const script = examples.join('\n').replace('http://127.0.0.1:3500', demo.address)
  writeFileSync(join(empty.root, 'example.js'), script)
  const env = { ...process.env, MORTISE_API_KEY: 'test_key' }
  const ran = await execute(process.execPath, ['example.js'], { cwd: empty.root, env })
  const lines = ran.stdout.trim().split('\n')
  assert.equal(lines[0], 'healthy Sandbox shop')
  assert.ok(lines.some((line) => / Shop payments$/.test(line)))
  assert.ok(lines.some((line) => line.startsWith('200 {')))
  assert.match(lines.at(-2) ?? '', /^cus_\w+ ada@example\.com$/)
  assert.equal(lines.at(-1), 'owner@sandbox.example')
  await demo.stop()
  empty.remove()
})
