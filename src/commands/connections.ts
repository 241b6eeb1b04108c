// `mortise connections …`: what has to be made by hand; the other commands are made from the contract.
import type { Command } from 'commander'
import type { Mortise } from '../../sdk/src/index.ts'
import { providers } from '../catalogue/index.ts'
import { contract } from '../contract/index.ts'
import { HubError, invalidField } from '../hub/errors.ts'
import {
  askForFields,
  type FieldOptions,
  type KnownFields,
  providerFields,
  readFieldsFile,
  readGivenFields,
  takeFieldOptions,
} from './connection-fields.ts'
import { addCall } from './connections-call.ts'
import { parseGiven, readGiven } from './given-text.ts'
import { isAtTerminal } from './input.ts'
import { print, table } from './report.ts'
import { acting, gathered, integrationDefault, takeIntegration } from './route-command.ts'
import { isItem, shownList } from './shown.ts'
import { takeWhere, type WhereOptions, whereOf, withPlace } from './where.ts'

export function addConnections(program: Command): void {
  const connections = program
    .command('connections')
    .description('connect integrations to providers, verify that it works, and look after it')
  addCreate(connections)
  addList(connections)
  addCall(connections)
}

type CreateOptions = WhereOptions &
  FieldOptions & {
    integration?: string
    provider?: string
    title?: string
    useCloudfront?: boolean
    metadata?: string
    verify?: boolean
    id?: string
    createdAt?: string
    updatedAt?: string
  }

function addCreate(connections: Command): void {
  const create = connections
    .command('create [provider]')
    .description('connect an integration to a provider; secrets are sealed, and never shown on the way')
    .option(
      '--provider <name>',
      `the provider: one of ${providers.map(({ name }) => name).join(', ')}, or one that you declared`,
    )
    .option('--title <text>', 'a name for people (default: that of the provider)')
  takeFieldOptions(takeIntegration(takeWhere(create)))
    .option('--use-cloudfront', 'serve through the distribution')
    .option('--metadata <json>', 'any JSON object, given back as it came')
    .option('--verify', 'ask the provider first; what it rejects is not stored')
    .option('--id <number>', 'the number that clients of an older system know it by; local store alone')
    .option('--created-at <time>', 'as an older system has it, in UTC; local store alone')
    .option('--updated-at <time>', 'likewise')
    .addHelpText(
      'after',
      `
At a terminal, the fields that are not given are asked for, secrets without being shown. Elsewhere, where neither
--field nor --fields is given, a JSON object with all of them is read from standard input.
Which fields there are: mortise providers <name>

Examples:
  $ mortise connections create stripe
  $ mortise connections create stripe --title 'Shop payments' --field secret_key=@key.txt --verify
  $ mortise connections create mailchimp --integration 846291712 --fields - < fields.json`,
    )
    .action(async (named: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>()
      const provider = named ?? options.provider
      if (provider === undefined)
        throw invalidField('provider', 'Name one. Which there are: mortise providers')
      const made = await createConnection(provider, options)
      if (options.json) return print(JSON.stringify(made))
      print([`Connection ${made.id}: ${made.provider}, ${made.title}.`, ...made.warnings].join('\n  '))
      if (!options.verify)
        print(`See whether it works: mortise connections verify ${made.id}${again(options)}`)
    })
}

type Made = { id: number; provider: string; title: string; warnings: readonly string[] }

function createConnection(provider: string, options: CreateOptions): Promise<Made> {
  const { integration, useCloudfront, metadata, id, createdAt, updatedAt } = options
  const isImport = [id, createdAt, updatedAt].some((value) => value !== undefined)
  if (isImport && (whereOf(options) || options.verify || metadata !== undefined)) {
    throw new HubError(
      'invalid',
      '--id, --created-at and --updated-at are for moving into the store of this machine (--local), without --verify and --metadata.',
    )
  }
  return withPlace(options, async ({ mortise, local }) => {
    const fields = await fieldsGiven(options, () => providerFields(mortise, provider))
    const title = options.title ?? (await mortise.providers.retrieve(provider)).title
    if (isImport && local) {
      return local.perform('connections create', {
        account: local.account,
        integration: integration ?? integrationDefault,
        provider,
        title,
        useCloudfront,
        fields: JSON.stringify(fields),
        id: id === undefined ? undefined : Number(id),
        createdAt,
        updatedAt,
      })
    }
    const body = {
      provider,
      title,
      fields,
      ...(useCloudfront !== undefined && { use_cloudfront: useCloudfront }),
      ...(metadata !== undefined && { metadata: await readJsonObject('metadata', metadata) }),
    }
    const query = options.verify ? { verify: 'true' as const } : {}
    const named = { resource: 'connections', action: 'create', route: contract.v2.connections.create }
    return acting(mortise, named, options, (mortise) => mortise.connections.create(body, { query }))
  })
}

async function fieldsGiven(
  options: CreateOptions,
  known: () => Promise<KnownFields>,
): Promise<Record<string, unknown>> {
  const given = await readGivenFields(options, known)
  if (given) return given
  return isAtTerminal() ? askForFields(await known()) : readFieldsFile('-')
}

async function readJsonObject(name: string, given: string): Promise<Record<string, unknown>> {
  const value = parseGiven(name, await readGiven(name, given))
  if (!isItem(value)) throw invalidField(name, 'Give a JSON object.')
  return { ...value }
}

/** What has to be said again to the next command. */
function again({ integration, account }: CreateOptions): string {
  const said = { integration, account }
  const given = Object.entries(said).filter(([, value]) => value !== undefined)
  return given.map(([name, value]) => ` --${name} ${value}`).join('')
}

type ListOptions = WhereOptions & {
  integration?: string
  limit?: string
  provider?: string
  integrationType?: string
  health?: string
  q?: string
}

function addList(connections: Command): void {
  takeWhere(connections.command('list'))
    .description('list connections, without secrets: of all integrations, or of one')
    .option('--integration <id>', 'of this integration alone')
    .option('--provider <name>', 'only those of this provider, such as stripe')
    .option('--integration-type <kind>', 'only those of this kind, such as email')
    .option('--health <status>', 'only those of this health, such as rejected')
    .option('--q <text>', 'only those with this in their title')
    .option('--limit <number>', 'no more than so many')
    .addHelpText(
      'after',
      '\nExamples:\n  $ mortise connections list\n  $ mortise connections list --health rejected',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>()
      const { json, provider, integrationType: integration_type, health, q } = options
      const filters = { provider, integration_type, health, q }
      const query = Object.fromEntries(
        Object.entries(filters).filter((one): one is [string, string] => one[1] !== undefined),
      )
      const isFiltered = Object.keys(query).length > 0 || options.limit !== undefined
      await withPlace(options, async ({ mortise, local }) => {
        if (local && options.integration === undefined && !isFiltered) {
          const found = await local.perform('connections list', { account: local.account })
          return print(json ? JSON.stringify(found) : table(found.connections))
        }
        const found = await gathered(all(mortise, options.integration, query), 'connections', options)
        print(json ? JSON.stringify({ connections: found }) : shownList(found, columns))
      })
    })
}

const columns = {
  id: 'id',
  integration: 'integration',
  provider: 'provider',
  title: 'title',
  health: 'health.status',
  created_at: 'created_at',
}

/** Lists are of one integration each; a key that is bound has one alone. */
async function* all(
  mortise: Mortise,
  integration: string | undefined,
  query: Readonly<Record<string, string>>,
) {
  const given = { query: { page_size: '100', ...query } }
  if (integration !== undefined) return yield* mortise.as(integration).connections.all(given)
  for await (const { id } of mortise.integrations.all({ query: { page_size: '100' } }))
    yield* mortise.as(id).connections.all(given)
}
