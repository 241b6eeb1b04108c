// The sandbox by itself: what it prints is what a hub and its users need.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { run, type Served, start } from '../support/process.ts'
import { startReceiver } from '../support/receiver.ts'
import { asObject } from '../support/v2.ts'

const stripe = { publishable_key: 'pk_test_x', secret_key: 'sk_test_sandbox0000000000000valid' }

describe('the sandbox', { concurrency: true }, () => {
  test('lists its credentials, for people and for programs, without serving', async () => {
    const { env, remove } = newHome()
    const [people, programs] = await Promise.all([
      run(['sandbox', '--list'], { env }),
      run(['sandbox', '--list', '--json'], { env }),
    ])
    remove()
    assert.equal(people.code, exitCodes.ok)
    assert.match(people.stdout, /^stripe +valid +publishable_key=\S+ secret_key=sk_test_sandbox0+valid$/m)
    assert.match(people.stdout, /^aweber \(OAuth 2\) +valid +consumer_key=/m)
    assert.match(people.stdout, /^disqus +forbidden +none: There is no credential/m)
    const rows: unknown = JSON.parse(programs.stdout)
    assert.ok(Array.isArray(rows))
    const row = rows.map(asObject).find(({ provider, mode }) => provider === 'stripe' && mode === 'rejected')
    assert.match(String(asObject(row?.fields).secret_key), /rejected$/)
  })

  test('stands in for the providers of a hub that is started as it says', async () => {
    const home = newHome()
    const sandbox = await start('sandbox', [], home.env)
    const [setting = ''] = /MORTISE_SANDBOX_URL=\S+/.exec(sandbox.output().stdout) ?? []
    assert.equal(setting, `MORTISE_SANDBOX_URL=${sandbox.address}`)
    const env = { ...home.env, MORTISE_SANDBOX_URL: sandbox.address }
    const hub = await start('serve', ['--data', home.data], env)
    const key = keyIn(hub.output().stdout)
    const post = (path: string, body?: unknown) =>
      call(hub.address, 'POST', path, { key, body, headers: { 'integration-id': '1' } })
    const made = await post('/v2/connections/', { provider: 'stripe', title: 'Shop', fields: stripe })
    assert.equal(made.status, 201, made.text)
    const verified = await post(`/v2/connections/${asObject(made.body).id}/verify/`)
    assert.partialDeepStrictEqual(verified.body, { health: { status: 'healthy', mode: 'test' } })
    assert.equal(await hub.stop(), exitCodes.ok)
    assert.equal(await sandbox.stop(), exitCodes.ok)
    home.remove()
  })

  test('stands in for no receiver of webhooks: they are sent where they lead, and wait with MORTISE_DELIVER=off', async () => {
    const home = newHome()
    const receiver = await startReceiver()
    const env = {
      ...home.env,
      // Nobody listens there.
      MORTISE_SANDBOX_URL: 'http://127.0.0.1:9',
      MORTISE_EGRESS_ALLOW: new URL(receiver.address).host,
    }
    const serve = (more = {}) => start('serve', ['--data', home.data], { ...env, ...more })
    const first = await serve()
    const key = keyIn(first.output().stdout)
    const headers = { 'integration-id': '1' }
    const body = { url: `${receiver.address}/hook`, events: ['integration.updated'] }
    const made = await call(first.address, 'POST', '/v2/webhooks/', { key, headers, body })
    assert.equal(made.status, 201, made.text)
    const rename = ({ address }: Served, name: string) =>
      call(address, 'PATCH', '/v2/integrations/1/', { key, body: { name } })
    await rename(first, 'sent')
    await receiver.waitFor(1)
    await first.stop()
    const silent = await serve({ MORTISE_DELIVER: 'off' })
    await rename(silent, 'waits')
    // Longer than it takes a node to look.
    await wait(1_500)
    assert.equal(receiver.received.length, 1)
    assert.match(silent.output().stderr, /nothing is delivered to webhooks/)
    await silent.stop()
    const last = await serve()
    const [, waited] = await receiver.waitFor(2)
    assert.match(waited?.body ?? '', /"name":"waits"/)
    await last.stop()
    await receiver.close()
    home.remove()
  })

  test('shows its credentials to whoever asks it under its own name', async () => {
    const { env, remove } = newHome()
    const sandbox = await start('sandbox', [], env)
    const { body } = await call(sandbox.address, 'GET', '/')
    const { credentials } = asObject(body)
    assert.ok(Array.isArray(credentials) && credentials.length > 100)
    const other = await call(sandbox.address, 'GET', '/v1/balance')
    assert.equal(other.status, 421)
    await sandbox.stop()
    remove()
  })

  test('refuses a port that is none', async () => {
    const { env, remove } = newHome()
    const { code, stderr } = await run(['sandbox', '--port', 'x'], { env })
    remove()
    assert.equal(code, exitCodes.usage)
    assert.match(stderr, /0 to 65535/)
  })
})
