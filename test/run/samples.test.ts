// The examples in the reference: run as they stand, against a hub.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'acorn'
import { createMortise } from '../../sdk/src/index.ts'
import type { Sample } from '../../src/contract/samples.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { keyIn, newHome, repository, runJson } from '../support/command-line.ts'
import { type Folders, type Served, start } from '../support/process.ts'

const execute = promisify(execFile)

type Operation = { operationId: string; 'x-codeSamples': Sample[]; responses: Record<string, unknown> }

let home: Folders
let served: Served
let env: NodeJS.ProcessEnv
let operations: Operation[]
let sandbox: Awaited<ReturnType<typeof startSandbox>>
let receiver: Server
/** What stands in examples for what is another on each hub. */
let here: ReadonlyArray<readonly [example: string, real: string]>
before(async () => {
  home = newHome()
  // Nobody real is called: the providers, and the address that webhooks are sent to.
  sandbox = await startSandbox({ port: 0 })
  receiver = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  const hooks = `http://127.0.0.1:${port}/hooks`
  served = await start('serve', ['--data', home.data], {
    ...home.env,
    MORTISE_VERIFY: 'off',
    MORTISE_SANDBOX_URL: sandbox.address,
    MORTISE_EGRESS_ALLOW: `127.0.0.1:${port}`,
  })
  keyIn(served.output().stdout)
  const all = ['--account', '1', '--scopes', 'operator,keys:write']
  const operator = await runJson(home, ['keys', 'create', ...all])
  env = {
    ...home.env,
    MORTISE_URL: served.address,
    MORTISE_API_KEY: keyIn(served.output().stdout),
    OPERATOR_KEY: String(operator.api_key),
  }
  const response = await fetch(`${served.address}/openapi.json`)
  const { paths } = (await response.json()) as { paths: Record<string, Record<string, Operation>> }
  operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  await makeOnes(hooks)
})
after(async () => {
  await served.stop()
  await sandbox.close()
  receiver.close()
  home.remove()
})

/** What the examples call `1`, where it is not there from the start. */
async function makeOnes(hooks: string): Promise<void> {
  const { MORTISE_URL: url = '', MORTISE_API_KEY: apiKey = '' } = env
  const mortise = createMortise({ url, apiKey, integration: '1' })
  await mortise.freelancers.create({
    id: '1',
    name: 'Ada',
    email: 'ada@example.com',
    recipient: 'Ada',
    address_line_1: 'Street 1',
    zip_code: '1',
    city: 'Malmö',
  })
  const { id } = await mortise.connections.create({
    provider: 'stripe',
    title: 'x',
    fields: { publishable_key: 'pk_test_1', secret_key: 'sk_test_1' },
  })
  assert.equal(id, 1)
  await mortise.connections.change(1, { fields: { secret_key: 'sk_test_2' } })
  const webhook = await mortise.webhooks.create({ url: hooks })
  const delivery = await mortise.deliveries.test(webhook.id)
  const { results } = await mortise.events.list()
  const made = await mortise.apiKeys.create({ name: 'x' })
  here = [
    ['https://example.com/hooks', hooks],
    ['/webhooks/1/', `/webhooks/${webhook.id}/`],
    ['/deliveries/1/', `/deliveries/${delivery.id}/`],
    ['/events/1/', `/events/${results[0]?.id}/`],
    ['/api_keys/1/', `/api_keys/${made.id}/`],
  ]
}

/** What an example cannot do on any hub, and why. */
const exceptions: Readonly<Record<string, number>> = {
  // The Web App Integration stays.
  v2_integrations_remove: 403,
  // It was revealed by the example before, within a day.
  v2_connections_remove: 409,
  // No operator deletes the account of its own key.
  v2_accounts_remove: 409,
  // A picture has a name that nobody can guess.
  media_logos_logo: 404,
  docs_docs_asset: 404,
}

/** Accounts go last: with them, all else goes. */
const last = [
  'v2_webhooks_remove',
  'v2_api_keys_remove',
  'v2_freelancers_remove',
  'v2_connections_remove',
  'v2_accounts_remove',
]

test('every curl example is answered as its operation says', async () => {
  const ordered = operations.toSorted((a, b) => last.indexOf(a.operationId) - last.indexOf(b.operationId))
  const wrong: string[] = []
  for (const { operationId, 'x-codeSamples': samples, responses } of ordered) {
    const source = samples.find(({ label }) => label === 'curl')?.source ?? ''
    assert.ok(source.startsWith('curl '), operationId)
    const told = "curl -sS -w '\\n%{http_code} %header{mortise-origin}' "
    const script = here.reduce(
      (text, [example, real]) => text.replaceAll(example, real),
      source.replace('curl ', told),
    )
    const { stdout } = await execute('bash', ['-c', script], {
      env: /^(v2_accounts|operations_metrics)/.test(operationId)
        ? { ...env, MORTISE_API_KEY: env.OPERATOR_KEY }
        : env,
    })
    const [status, origin] = stdout.split('\n').at(-1)?.split(' ') ?? []
    // A provider answers as it likes.
    if (operationId.startsWith('v2_proxy_') && origin === 'upstream') continue
    const [documented] = Object.keys(responses).map(Number)
    const expected = exceptions[operationId] ?? documented
    if (Number(status) !== expected)
      wrong.push(`${operationId}: ${status} ${origin}, not ${expected}: ${stdout}`)
  }
  assert.deepEqual(wrong, [])
})

test('every SDK example is JavaScript, and some of each kind are run', async () => {
  const folder = join(home.root, 'examples')
  mkdirSync(join(folder, 'node_modules', '@mortise'), { recursive: true })
  symlinkSync(join(repository, 'sdk'), join(folder, 'node_modules', '@mortise', 'sdk'))
  const client = join(repository, 'sdk', 'src', 'index.ts')
  for (const { operationId, 'x-codeSamples': samples } of operations) {
    const sample = samples.find(({ label }) => label === 'SDK')
    if (!operationId.startsWith('v2_')) continue
    assert.ok(sample, operationId)
    const file = join(folder, `${operationId}.mjs`)
    // The package is JavaScript once it is packed; here it is read as it is written.
    parse(sample.source, { ecmaVersion: 'latest', sourceType: 'module' })
    writeFileSync(file, sample.source.replace("'@mortise/sdk'", JSON.stringify(client)))
  }
  const runs = ['v2_integrations_list', 'v2_freelancers_create', 'v2_providers_retrieve', 'v2_audit_export']
  for (const name of runs) {
    const { stdout } = await execute(process.execPath, [join(folder, `${name}.mjs`)], { env })
    assert.ok(stdout.length > 10, name)
  }
})
