// The proxy of a server as it runs: a stop waits for calls on their way, and proxies in the environment mean nothing.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
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
