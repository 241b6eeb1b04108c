// `mortise import`: credentials out of a file into connections; what would become of them first, and then all of them.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type Mortise, MortiseError } from '../../sdk/src/index.ts'
import { contract } from '../contract/index.ts'
import { HubError } from '../hub/errors.ts'
import { exitCodes } from './exit-codes.ts'
import { type FileContent, formatOf, formats, readContent } from './import-files.ts'
import { entriesFrom, type ProviderFacts } from './import-names.ts'
import { type Planned, planned } from './import-plan.ts'
import { asJson, type Outcome, wordsOn } from './import-report.ts'
import { readInput } from './input.ts'
import { print } from './report.ts'
import { acting, takeIntegration } from './route-command.ts'
import { takeWhere, type WhereOptions, withClient } from './where.ts'

type ImportOptions = WhereOptions & {
  format?: string
  integration?: string
  apply?: true
  skip?: true
  verify?: true
}

export function addImport(program: Command): void {
  const command = program
    .command('import <file>')
    .description(
      'make connections of the credentials in a CSV, JSON or .env file; says first what would be made',
    )
    .option('--apply', 'make them; without it, nothing is written')
    .option('--skip', 'with --apply: leave out what does not fit, rather than make nothing')
    .option('--verify', 'with --apply: ask each provider first; what it rejects is not stored')
    .option('--format <kind>', `what the file is, where its name does not say: ${formats.join(', ')}`)
  takeIntegration(takeWhere(command))
    .addHelpText(
      'after',
      `
CSV has a line of names first: provider, title, integration and those of the provider's fields; or name and value.
JSON is a list of objects with the same members, or one object of names and values; exports of n8n (decrypted) and
connections as Nango shows them are read too. Names such as STRIPE_SECRET_KEY say which provider and field they are for.

A connection of the same provider and title in the same integration is taken to be there already, and is left as it is:
what was cut off is taken up by running it again. No value is ever shown. - is standard input.

Examples:
  $ mortise import production.env
  $ mortise import production.env --apply --verify
  $ mortise import shops.csv --integration 846291712 --apply
  $ pass show mortise/keys | mortise import - --format json`,
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ImportOptions>()
      const format = formatOf(file, options.format)
      const content = await readContent(await textOf(file), format)
      await withClient(options, (mortise) => importAll(mortise, content, options))
    })
}

async function importAll(mortise: Mortise, content: FileContent, options: ImportOptions): Promise<void> {
  const providers: ProviderFacts[] = []
  for await (const provider of mortise.providers.all({ query: { page_size: '100' } }))
    providers.push(provider)
  const named = entriesFrom(content.pairs, providers)
  const plans = planned([...content.entries, ...named.entries], providers)
  const outcomes = await lookedUp(mortise, plans, options)
  const isWhole = content.flaws.length === 0 && outcomes.every(({ status }) => status !== 'does not fit')
  const isApplied = options.apply === true && (isWhole || options.skip === true)
  let failure: unknown
  if (isApplied) failure = await apply(mortise, outcomes, options)
  if (!(isWhole || isApplied)) process.exitCode = exitCodes.refused
  const told = {
    outcomes,
    flaws: content.flaws,
    unknown: named.unknown,
    isApplied,
    isAsked: options.apply === true,
  }
  print(options.json ? JSON.stringify(asJson(told)) : wordsOn(told).join('\n'))
  // The hub went away, or does not let this key: told as everywhere.
  if (failure !== undefined) throw failure
}

async function textOf(file: string): Promise<string> {
  if (file === '-') return readInput('what is to be imported')
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new HubError('invalid', `The file cannot be read${why}.`)
  }
}

/** In which integration something is done, where the file or the command line says it. */
function integrationOf({ integration }: Planned, options: ImportOptions): { integration?: string } {
  const named = integration ?? options.integration
  return named === undefined ? {} : { integration: named }
}

const named = (route: 'list' | 'create') => ({
  resource: 'connections',
  action: route,
  route: contract.v2.connections[route],
})

/** Which of them are there already. */
async function lookedUp(
  mortise: Mortise,
  plans: readonly Planned[],
  options: ImportOptions,
): Promise<Outcome[]> {
  const known = new Map<string | undefined, Map<string, number> | undefined>()
  const outcomes: Outcome[] = []
  for (const plan of plans) {
    const { provider, title = '', problems } = plan
    if (!provider || problems.length > 0) {
      outcomes.push({ plan, status: 'does not fit', problems })
      continue
    }
    const { integration } = integrationOf(plan, options)
    if (!known.has(integration)) known.set(integration, await connectionsIn(mortise, plan, options))
    const there = known.get(integration)
    const id = there?.get(keyOf(provider.name, title))
    if (there === undefined) {
      const says = 'There is no such integration: mortise integrations list'
      outcomes.push({ plan, status: 'does not fit', problems: [says] })
    } else
      outcomes.push({ plan, problems, ...(id === undefined ? { status: 'fits' } : { status: 'there', id }) })
  }
  return outcomes
}

/** @returns undefined where the file names an integration that there is not */
async function connectionsIn(
  mortise: Mortise,
  plan: Planned,
  options: ImportOptions,
): Promise<Map<string, number> | undefined> {
  try {
    return await acting(mortise, named('list'), integrationOf(plan, options), async (mortise) => {
      const found = new Map<string, number>()
      for await (const { id, provider, title } of mortise.connections.all({ query: { page_size: '100' } }))
        found.set(keyOf(provider, title), id)
      return found
    })
  } catch (error) {
    const isMissing = error instanceof MortiseError && error.status === 404
    if (isMissing && plan.integration !== undefined) return undefined
    throw error
  }
}

function keyOf(provider: string, title: string): string {
  return JSON.stringify([provider, title])
}

/** @returns what ended it; those that were made by then are told, and are there when it is run again */
async function apply(
  mortise: Mortise,
  outcomes: readonly Outcome[],
  options: ImportOptions,
): Promise<unknown> {
  let failure: unknown
  for (const outcome of outcomes) {
    const { provider, title = '', fields } = outcome.plan
    if (outcome.status !== 'fits' || !provider) continue
    outcome.status = 'not begun'
    if (failure !== undefined) continue
    try {
      const body = { provider: provider.name, title, fields }
      const query = options.verify ? { verify: 'true' as const } : {}
      const made = await acting(mortise, named('create'), integrationOf(outcome.plan, options), (mortise) =>
        mortise.connections.create(body, { query }),
      )
      outcome.status = 'created'
      outcome.id = made.id
    } catch (error) {
      outcome.status = 'refused'
      failure = error
    }
  }
  return failure
}
