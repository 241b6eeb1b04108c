// The same resources from the command line on the store of this machine, where no key is asked for.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts'
import { newHome } from '../support/command-line.ts'
import { healthy, pinestreet } from '../support/command-samples.ts'
import { run, start } from '../support/process.ts'
import { asObject } from '../support/v2.ts'

let sandbox: Sandbox
before(async () => {
  sandbox = await startSandbox({ port: 0 })
})
after(() => sandbox.close())

describe('on the store of this machine', () => {
  test('the same commands say the same, through a server and without one', async (t) => {
    const local = newHome()
    const inSandbox = { ...local.env, MORTISE_VERIFY: 'off', MORTISE_SANDBOX_URL: sandbox.address }
    const first = await start('serve', ['--data', local.data], inSandbox)
    t.after(async () => {
      await first.stop()
      local.remove()
    })
    const steps = async () => {
      const ask = async (args: readonly string[], input?: string) => {
        const options = { env: inSandbox, ...(input !== undefined && { input }) }
        const { code, stdout, stderr } = await run([...args, '--json', '--data', local.data], options)
        assert.equal(code, exitCodes.ok, `${args.join(' ')}: ${stderr}`)
        return asObject(JSON.parse(stdout))
      }
      const made = await ask(['integrations', 'create', '--id', 'pine', ...pinestreet])
      const fields = JSON.stringify({ secret_key: healthy })
      const hung = await ask(['connections', 'create', 'stripe', '--integration', 'pine'], fields)
      const at = [String(hung.id), '--integration', 'pine']
      const { secrets } = await ask(['connections', 'reveal', ...at])
      const { health } = await ask(['connections', 'verify', ...at])
      const balance = await ask(['connections', 'call', at[0] ?? '', '/v1/balance', ...at.slice(1)])
      const { audit } = await ask(['audit', 'list', '--limit', '2'])
      await ask(['connections', 'delete', ...at, '--force'])
      await ask(['integrations', 'delete', 'pine'])
      return [
        made.name,
        hung.title,
        secrets,
        asObject(health).status,
        balance.object,
        (audit as object[]).map((one) => asObject(one).key),
      ]
    }
    const through = await steps()
    await first.stop()
    assert.deepEqual(await steps(), through)
    assert.deepEqual(through, [
      'Pinestreet Tech',
      'Stripe',
      { secret_key: healthy },
      'healthy',
      'balance',
      [null, null],
    ])
  })

  test('where there are several accounts, one has to be named', async (t) => {
    const local = newHome()
    const first = await start('serve', ['--data', local.data], local.env)
    t.after(async () => {
      await first.stop()
      local.remove()
    })
    const ask = (args: readonly string[]) => run([...args, '--data', local.data], { env: local.env })
    assert.equal((await ask(['accounts', 'create', 'Second'])).code, exitCodes.ok)
    const { code, stderr } = await ask(['integrations', 'list'])
    assert.equal(code, exitCodes.refused)
    assert.match(stderr, /--account 1/)
    const second = await ask(['integrations', 'list', '--account', '2'])
    assert.match(second.stdout, /Second/)
    assert.equal((await ask(['integrations', 'list', '--account', '9'])).code, exitCodes.refused)
  })
})
