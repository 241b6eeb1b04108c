// `mortise demo`: the hub in a throw-away folder, filled with the documents' sample objects.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Hub } from '../app.ts'
import type { Options } from '../config.ts'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { readSettings } from '../settings.ts'
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
      const { MORTISE_LOG_LEVEL, MORTISE_PROVIDERS_DIR, XDG_CONFIG_HOME, HOME } = process.env
      const env = { MORTISE_LOG_LEVEL, MORTISE_PROVIDERS_DIR, XDG_CONFIG_HOME, HOME }
      if (options.data !== undefined) {
        const { MORTISE_MASTER_KEY, MORTISE_MASTER_KEY_FILE } = process.env
        const keys = { MORTISE_MASTER_KEY, MORTISE_MASTER_KEY_FILE }
        return serve(await readSettings({ ...env, ...keys }, options), { prepare: sampleObjects })
      }
      const { config, secrets, catalogue } = await readSettings(env, options)
      const dataDir = mkdtempSync(join(tmpdir(), 'mortise-demo-'))
      const throwAway = {
        config: { ...config, dataDir },
        secrets: { ...secrets, databaseUrl: undefined, masterKey: newMasterKey('the demo') },
        catalogue,
      }
      const cleanUp = () => rmSync(dataDir, { recursive: true, force: true })
      return serve(throwAway, { prepare: sampleObjects, cleanUp })
    })
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

async function sampleObjects(hub: Hub, _store: unknown, address: string): Promise<string> {
  if ((await hub.accounts.list()).length === 0) await makeSampleObjects(hub)
  else if (!(await hub.apiKeys.exists(keys[0]))) {
    throw new StoreRefused('This folder holds a store of your own, not the demo. Name another with --data.')
  }
  return `
Account ${accountId} with the sample objects of both documents. Keys: ${keys.join(' and ')}

Try it:
  curl ${address}/api/v1/integrations -d api_key=${keys[0]}
  curl -H 'Authorization: Token ${keys[1]}' ${address}/v2/integrations/
`
}

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
