// The demo serves the documents' sample objects to this machine alone, and leaves nothing behind.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { accountScopes } from '../../src/hub/caller.ts'
import { call } from '../support/api.ts'
import { listens, newHome, runJson, snapshot } from '../support/command-line.ts'
import { run, start } from '../support/process.ts'

const stripe = {
  id: 1,
  title: 'integration-1',
  type: 'IntegrationStripe',
  account_id: 2,
  use_cloudfront: false,
  integration_type: 'payment',
  provider: 'stripe',
  created_at: '2017-04-25T22:00:47.047560',
  updated_at: '2017-04-25T22:00:47.047560',
  publishable_key: 'publishable_key',
  secret_key: 'secret_key',
}
const mailchimp = {
  id: 2,
  title: 'integration-2',
  type: 'IntegrationMailchimp',
  account_id: 2,
  use_cloudfront: false,
  integration_type: 'email',
  provider: 'mailchimp',
  created_at: '2017-04-26T19:22:20.387166',
  updated_at: '2017-04-26T19:22:20.387166',
  api_key: 'api_key',
}
const webApp = {
  id: '1',
  name: 'Zerebra AB',
  type: 1,
  metadata: {},
  email: 'faktura@zerebra.com',
  recipient: 'Zerebra AB',
  address_line_1: 'Svartmangatan 18',
  address_line_2: null,
  zip_code: '11129',
}
const gig = { ...webApp, id: '2', name: 'Zerebra AB Gig', type: 3, email: 'faktura+gig@zerebra.com' }
const keys = ['test_key', 'asasdadjanfkanfda']

describe('the demo', { concurrency: true }, () => {
  test('has the sample objects and keys, listens on loopback alone, and its folder is gone afterwards', async () => {
    const home = newHome()
    const temporary = join(home.root, 'tmp')
    mkdirSync(temporary)
    const env = { ...home.env, TMPDIR: temporary, MORTISE_HOST: '0.0.0.0' }
    const demo = await start('demo', [], env)
    const { address } = demo
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/)
    if (process.platform === 'linux') {
      assert.equal(await listens(Number(new URL(address).port), '127.0.0.2'), false, 'no other address')
    }
    for (const key of keys) {
      assert.ok(demo.output().stdout.includes(key), `${key} is printed`)
      const form = new URLSearchParams({ api_key: key })
      const list = await call(address, 'POST', '/api/v1/integrations', { body: form })
      assert.deepEqual(list.body, [stripe, mailchimp])
      assert.deepEqual(Object.keys((list.body as object[])[0] ?? {}), Object.keys(stripe), 'in this order')
      const integrations = await call(address, 'GET', '/v2/integrations/', { key })
      assert.partialDeepStrictEqual(integrations.body, { count: 2, next: null, results: [webApp, gig] })
      const narrowed = await call(address, 'GET', '/api/v1/integrations', {
        key,
        headers: { 'integration-id': '1' },
      })
      assert.deepEqual(narrowed.body, [stripe, mailchimp], 'both hang on integration 1')
    }
    assert.equal(readdirSync(temporary).length, 1)
    assert.equal(await demo.stop('SIGINT'), exitCodes.ok)
    assert.deepEqual(readdirSync(temporary), [], 'the throw-away folder is gone')
    assert.deepEqual(snapshot(home.root), {}, 'and no key is left anywhere else')
    home.remove()
  })

  test('with --data it is kept, its keys have all scopes of the account, and a second start adds nothing', async () => {
    const home = newHome()
    const first = await start('demo', ['--data', home.data], home.env)
    assert.equal(await first.stop(), exitCodes.ok)
    const second = await start('demo', ['--data', home.data], home.env)
    const [key] = keys
    const listed = await call(second.address, 'GET', '/api/v1/integrations', { key })
    assert.deepEqual(listed.body, [stripe, mailchimp])
    const { keys: kept } = await runJson(home, ['keys', 'list', '--account', '2'])
    const scopes = (kept as Array<{ scopes: string[] }>).map((one) => one.scopes)
    assert.deepEqual(scopes, [accountScopes, accountScopes])
    assert.equal(await second.stop(), exitCodes.ok)
    home.remove()
  })

  test('prints a tour that works as it is printed: verified, called, broken, told why, and on record', async () => {
    const home = newHome()
    const demo = await start('demo', [], home.env)
    const commands = demo.output().stdout.match(/^ +curl .+$/gm) ?? []
    const answers: unknown[] = []
    for (const command of commands) {
      const { stdout } = await promisify(execFile)('bash', ['-c', `${command.trim()} -s --fail-with-body`])
      answers.push(JSON.parse(stdout))
    }
    const [list, verified, balance, broken, reason, audit] = answers
    assert.deepEqual(list, [stripe, mailchimp])
    assert.partialDeepStrictEqual(verified, {
      health: { status: 'healthy', reason: null, account: 'Sandbox shop', mode: 'test' },
    })
    assert.partialDeepStrictEqual(balance, { object: 'balance', livemode: false })
    assert.partialDeepStrictEqual(broken, { id: 1, health: { status: 'unverified' } })
    assert.partialDeepStrictEqual(reason, {
      health: {
        status: 'rejected',
        reason: 'Stripe does not accept this credential. Give one that is valid.',
      },
    })
    // Connections are checked by themselves too, so that there may be more.
    const records = JSON.stringify(audit)
    assert.match(
      records,
      /"connection\.verified".*"rejected".*"connection\.changed".*"connection\.verified".*"healthy"/,
    )
    assert.match(records, /"connection\.used".*"service":"api"/)
    const second = await call(demo.address, 'POST', '/v2/connections/2/verify/', {
      key: 'test_key',
      headers: { 'integration-id': '1' },
    })
    assert.partialDeepStrictEqual(second.body, {
      health: { status: 'healthy', account: 'Sandbox newsletter' },
    })
    assert.equal(await demo.stop(), exitCodes.ok)
    home.remove()
  })

  test('ends where its folder cannot be opened, though its sandbox listens already', async () => {
    const home = newHome()
    const demo = await start('demo', ['--data', home.data], home.env)
    const { code } = await run(['demo', '--port', '0', '--data', home.data], { env: home.env })
    assert.equal(code, exitCodes.storeHeld)
    await demo.stop()
    home.remove()
  })
})
