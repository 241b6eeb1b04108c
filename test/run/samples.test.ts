// The examples in the reference: run as they stand, against a hub.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'acorn'
import { createMortise } from '../../sdk/src/index.ts'
import type { Sample } from '../../src/contract/samples.ts'
import { keyIn, newHome, repository, runJson } from '../support/command-line.ts'
import { type Folders, type Served, start } from '../support/process.ts'

const execute = promisify(execFile)

type Operation = { operationId: string; 'x-codeSamples': Sample[]; responses: Record<string, unknown> }

let home: Folders
let served: Served
let env: NodeJS.ProcessEnv
let operations: Operation[]
before(async () => {
  home = newHome()
  served = await start('serve', ['--data', home.data], { ...home.env, MORTISE_VERIFY: 'off' })
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
  await makeOnes()
})
after(async () => {
  await served.stop()
  home.remove()
})

/** What the examples call `1`, where it is not there from the start. */
async function makeOnes(): Promise<void> {
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
}

/** What an example cannot do on any hub, and why. */
const exceptions: Readonly<Record<string, number>> = {
  // The hub gives keys their ids.
  v2_api_keys_retrieve: 404,
  v2_api_keys_change: 404,
  v2_api_keys_roll: 404,
  v2_api_keys_remove: 404,
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
const last = ['v2_freelancers_remove', 'v2_connections_remove', 'v2_accounts_remove']

test('every curl example is answered as its operation says', async () => {
  const ordered = operations.toSorted((a, b) => last.indexOf(a.operationId) - last.indexOf(b.operationId))
  for (const { operationId, 'x-codeSamples': samples, responses } of ordered) {
    const sample = samples.find(({ label }) => label === 'curl')
    assert.ok(sample, operationId)
    const isOperators = operationId.startsWith('v2_accounts')
    const script = `${sample.source.replace('curl ', "curl -sS -w '\\n%{http_code}' ")}`
    const { stdout } = await execute('bash', ['-c', script], {
      env: isOperators ? { ...env, MORTISE_API_KEY: env.OPERATOR_KEY } : env,
    })
    const status = Number(stdout.trimEnd().split('\n').at(-1))
    const [documented] = Object.keys(responses).map(Number)
    assert.equal(status, exceptions[operationId] ?? documented, `${operationId}: ${stdout}`)
  }
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
