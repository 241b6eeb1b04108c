// `mortise demo`: the hub in a throw-away folder, filled with the documents' sample objects, its providers stood in for.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Hub } from '../app.ts'
import type { Options } from '../config.ts'
import { consolePath } from '../duties/console.ts'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { readSettings, type Settings } from '../settings.ts'
import { StoreRefused } from '../storage/database.ts'
import { newMasterKey } from '../vault/master-key.ts'
import { publishedKey, serve } from './serve.ts'

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('serve sample objects on this machine alone; without --data, nothing is left behind')
    .option('--port <number>', 'port to listen on (default 3500)')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>()
      const { MORTISE_PORT, MORTISE_LOG_LEVEL, MORTISE_PROVIDERS_DIR, XDG_CONFIG_HOME, HOME } = process.env
      const env = { MORTISE_PORT, MORTISE_LOG_LEVEL, MORTISE_PROVIDERS_DIR, XDG_CONFIG_HOME, HOME }
      if (options.data !== undefined) {
        const { MORTISE_MASTER_KEY, MORTISE_MASTER_KEY_FILE } = process.env
        const keys = { MORTISE_MASTER_KEY, MORTISE_MASTER_KEY_FILE }
        return serveSandboxed(await readSettings({ ...env, ...keys }, options))
      }
      const { config, secrets, catalogue } = await readSettings(env, options)
      const dataDir = mkdtempSync(join(tmpdir(), 'mortise-demo-'))
      const throwAway = {
        config: { ...config, dataDir },
        secrets: { ...secrets, databaseUrl: undefined, masterKey: newMasterKey('the demo') },
        catalogue,
      }
      return serveSandboxed(throwAway, () => rmSync(dataDir, { recursive: true, force: true }))
    })
}

/** No provider is called: the sandbox stands in for all of them. */
async function serveSandboxed(settings: Settings, cleanUp?: () => void): Promise<void> {
  // Loaded here: no other command but one needs it.
  const { startSandbox } = await import('../sandbox/server.ts')
  const sandbox = await startSandbox({ port: 0 })
  const { config } = settings
  const egress = { ...config.egress, sandboxUrl: sandbox.address }
  const cleanUpAll = async () => {
    await sandbox.close()
    cleanUp?.()
  }
  try {
    await serve(
      { ...settings, config: { ...config, egress } },
      {
        prepare: (hub, _store, address) => sampleObjects(hub, address, sandbox.address),
        cleanUp: cleanUpAll,
      },
    )
  } catch (error) {
    // Listening, it would keep the process from ending.
    await cleanUpAll()
    throw error
  }
}

const accountId = 2
const zerebra = {
  name: 'Zerebra AB',
  email: 'faktura@zerebra.com',
  recipient: 'Zerebra AB',
  addressLine1: 'Svartmangatan 18',
  zipCode: '11129',
  city: 'Stockholm',
}
const keys = [publishedKey, 'asasdadjanfkanfda'] as const
const connections = [
  {
    id: 1,
    title: 'integration-1',
    provider: 'stripe',
    fields: { publishable_key: 'publishable_key', secret_key: 'secret_key' },
    createdAt: '2017-04-25T22:00:47.047560Z' as Timestamp,
  },
  {
    id: 2,
    title: 'integration-2',
    provider: 'mailchimp',
    fields: { api_key: 'api_key' },
    createdAt: '2017-04-26T19:22:20.387166Z' as Timestamp,
  },
] as const

async function sampleObjects(hub: Hub, address: string, sandboxAddress: string): Promise<string> {
  if ((await hub.accounts.list()).length === 0) await makeSampleObjects(hub)
  else if (!(await hub.apiKeys.exists(keys[0]))) {
    throw new StoreRefused('This folder holds a store of your own, not the demo. Name another with --data.')
  }
  const link = await hub.consoleSessions.createLink(accountId)
  return `
The console: ${address}${consolePath(link.text)}

Account ${accountId} with the sample objects of both documents. Keys: ${keys.join(' and ')}
No provider is called: ${sandboxAddress} stands in for all of them (mortise sandbox --list).

${tour(address)}
`
}

/** What a person may try, each step in words and as a command. */
function tour(address: string): string {
  const connection = `${address}/v2/connections/1`
  const curl = (method: string, rest: string) =>
    `  curl -X ${method} -H 'Authorization: Token ${keys[0]}' -H 'Integration-ID: 1' ${rest}`
  const steps = [
    [
      'List the connections, as the first document has it:',
      `  curl ${address}/api/v1/integrations -d api_key=${keys[0]}`,
    ],
    ['Ask Stripe whether its key works, and whose it is:', curl('POST', `${connection}/verify/`)],
    ['Call Stripe with that key, without ever seeing it:', curl('GET', `${connection}/proxy/v1/balance`)],
    [
      'Break it, with a key that Stripe refuses (with ?verify=true it would not replace the good one):',
      curl(
        'PATCH',
        `-H 'Content-Type: application/json' -d '{"fields": {"secret_key": "${broken}"}}' ${connection}/`,
      ),
    ],
    ['See the reason:', curl('POST', `${connection}/verify/`)],
    ['See who did what:', curl('GET', `'${address}/v2/audit/?page_size=10'`)],
  ]
  return `Try it:\n\n${steps.map((step) => step.join('\n')).join('\n\n')}`
}

/** Ends as keys do that the sandbox knows nothing of. */
const broken = 'sk_test_sandbox0000000000000rejected'

async function makeSampleObjects(hub: Hub): Promise<void> {
  const caller = hub.callerFor(accountId)
  await hub.accounts.create({ id: accountId, name: 'Demo', identity: zerebra })
  const gig = { ...zerebra, id: '2', name: 'Zerebra AB Gig', email: 'faktura+gig@zerebra.com' }
  await hub.integrations.create(caller, gig)
  for (const { fields, ...connection } of connections) {
    const texts = Object.entries(fields).map(
      ([name, value]) => [name, new JsonText(JSON.stringify(value))] as const,
    )
    await hub.connections.create(caller, { ...connection, integrationId: '1', fields: new Map(texts) })
  }
  // Last: their being there says that the rest is.
  for (const text of keys) await hub.apiKeys.import(caller, { name: `sample ${text}` }, text)
}
