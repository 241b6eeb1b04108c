// The proxy of a server as it runs: a stop waits for calls on their way, and proxies in the environment mean nothing.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { start } from '../support/process.ts'
import { startHoneypot, startUpstream } from '../support/upstream.ts'
import { asObject } from '../support/v2.ts'

const integration = { 'integration-id': '1' }

async function connected(address: string, key: string, origin: string): Promise<string> {
  const { status, body, text } = await call(address, 'POST', '/v2/connections/', {
    key,
    headers: integration,
    body: { provider: 'active_campaign', title: 'x', fields: { api_endpoint: origin, api_key: 'k' } },
  })
  assert.equal(status, 201, text)
  return `/v2/connections/${asObject(body).id}/proxy/api/3/x`
}

/** What `npm start` gives Node. */
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const startFlags = /node ((?:--\S+ )+)/.exec(String(scripts.start))?.[1]?.trim() ?? ''

const part = Buffer.alloc(65_536, 'x')

function* parts(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= part.length)
    yield left < part.length ? part.subarray(0, left) : part
}

describe('a server', { concurrency: 2 }, () => {
  test('that is asked to stop lets an upload and a download through it come to their end, and puts them on record', async (t) => {
    const upstream = await startUpstream()
    t.after(() => upstream.close())
    const home = newHome()
    const env = { ...home.env, MORTISE_EGRESS_ALLOW: new URL(upstream.origin).host }
    const served = await start('serve', ['--data', home.data], env)
    t.after(() => served.child.kill('SIGKILL'))
    const { address } = served
    const key = keyIn(served.output().stdout)
    const path = await connected(address, key, upstream.origin)

    const begin = (method: string) =>
      request(`${address}${path}`, { method, headers: { authorization: `Token ${key}`, ...integration } })
    let finish: (() => void) | undefined
    upstream.answer((asked, response) => {
      if (asked.method === 'POST') {
        asked.on('end', () => response.end('taken'))
        return
      }
      response.write('begun')
      finish = () => response.end(', ended')
    })
    const download = begin('GET')
    download.end()
    const [answer] = (await once(download, 'response')) as [IncomingMessage]
    const upload = begin('POST')
    upload.write('begun')
    while (upstream.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))

    const ended = served.stop()
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal(served.child.exitCode, null, 'it waits')
    const begun = performance.now()
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>
    upload.end(', ended')
    finish?.()
    let downloaded = ''
    for await (const part of answer) downloaded += String(part)
    assert.equal(downloaded, 'begun, ended')
    const [taken] = await answered
    assert.equal(taken.statusCode, 200)
    assert.equal(String(await upstream.asked[1]?.body()), 'begun, ended')
    assert.equal(await ended, exitCodes.ok)
    assert.ok(performance.now() - begun < 10_000, 'and no longer than it has to')

    const again = await start('serve', ['--data', home.data], env)
    t.after(() => again.child.kill('SIGKILL'))
    const { text } = await call(again.address, 'GET', '/v2/audit/?action=connection.used', { key })
    for (const method of ['GET', 'POST']) assert.match(text, new RegExp(`"method":"${method}"`))
    await again.stop()
  })

  test('takes next to no memory for a long body, sent or received', {
    skip: !existsSync('/proc/self/status') && 'there is no /proc to see the memory of another process in',
  }, async (t) => {
    const bytes = process.env.TEST_SCALE === 'full' ? 1_000_000_000 : 250_000_000
    const upstream = await startUpstream((asked, response) => {
      if (asked.method === 'GET') {
        response.writeHead(200, { 'content-length': String(bytes) })
        Readable.from(parts(bytes), { objectMode: false }).pipe(response)
      } else asked.resume().on('end', () => response.end('taken'))
    })
    t.after(() => upstream.close())
    const home = newHome()
    const env = { ...home.env, MORTISE_EGRESS_ALLOW: new URL(upstream.origin).host, NODE_OPTIONS: startFlags }
    const served = await start('serve', ['--data', home.data], env)
    t.after(() => served.child.kill('SIGKILL'))
    const key = keyIn(served.output().stdout)
    const path = await connected(served.address, key, upstream.origin)
    const through = async (method: 'GET' | 'POST', body: Readable) => {
      const headers = { authorization: `Token ${key}`, ...integration }
      const sent = request(`${served.address}${path}`, { method, headers, agent: false })
      body.pipe(sent)
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      assert.equal(answer.statusCode, 200)
      let received = 0
      for await (const part of answer) received += (part as Buffer).length
      return received
    }
    const residentMb = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${served.child.pid}/status`, 'utf8'))?.[1]) / 1_024
    const moreMbDuring = async (work: () => Promise<unknown>) => {
      const before = residentMb()
      let most = before
      const timer = setInterval(() => {
        most = Math.max(most, residentMb())
      }, 10)
      await work().finally(() => clearInterval(timer))
      return most - before
    }
    // What the first calls load and compile is no matter of how long bodies are.
    await through('POST', Readable.from(parts(10_000_000), { objectMode: false }))
    const moreMb = {
      sent: await moreMbDuring(() => through('POST', Readable.from(parts(bytes), { objectMode: false }))),
      received: await moreMbDuring(async () => assert.equal(await through('GET', Readable.from([])), bytes)),
    }
    assert.ok(moreMb.sent < 48 && moreMb.received < 48, JSON.stringify(moreMb))
    assert.equal(await served.stop(), exitCodes.ok)
  })

  test('calls providers itself, whatever proxies the environment names', async (t) => {
    const upstream = await startUpstream()
    const pot = await startHoneypot('127.0.0.1')
    t.after(() => Promise.all([upstream.close(), pot.close()]))
    const home = newHome()
    const proxy = `http://127.0.0.1:${pot.port}`
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
    const env = {
      ...home.env,
      ...Object.fromEntries(names.map((name) => [name, proxy])),
      NODE_USE_ENV_PROXY: '1',
      MORTISE_EGRESS_ALLOW: new URL(upstream.origin).host,
    }
    const served = await start('serve', ['--data', home.data], env)
    t.after(() => served.child.kill('SIGKILL'))
    const key = keyIn(served.output().stdout)
    const path = await connected(served.address, key, upstream.origin)
    const answer = await call(served.address, 'GET', path, { key, headers: integration })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(upstream.asked.length, 1)
    assert.equal(pot.connections(), 0)
    assert.equal(await served.stop(), exitCodes.ok)
  })
})
