// `mortise connections …`: makes and lists connections.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { providers } from '../catalogue/index.ts'
import { invalidField } from '../hub/errors.ts'
import { readInput } from './input.ts'
import { type DutyOptions, perform } from './perform.ts'
import { print, table } from './report.ts'

type CreateOptions = DutyOptions & {
  account: string
  integration: string
  provider: string
  title: string
  fields: string
  useCloudfront?: boolean
  id?: string
  createdAt?: string
  updatedAt?: string
}

export function addConnections(program: Command): void {
  const connections = program.command('connections').description('make and list connections')

  connections
    .command('create')
    .description('connect an integration to a provider; secrets are sealed')
    .requiredOption('--account <number>')
    .requiredOption('--integration <id>', 'the integration it hangs on, such as 1')
    .requiredOption(
      '--provider <name>',
      `one of ${providers.map(({ name }) => name).join(', ')}, or one that you declared`,
    )
    .requiredOption('--title <text>')
    .option(
      '--fields <file>',
      'JSON object with the provider’s fields; - is standard input, which keeps secrets out of the process list',
      '-',
    )
    .option('--use-cloudfront')
    .option('--id <number>', 'the number that clients of an older system know it by')
    .option('--created-at <time>', 'as an older system has it, in UTC')
    .option('--updated-at <time>', 'likewise')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>()
      const { integration, provider, title, useCloudfront, createdAt, updatedAt } = options
      const fields =
        options.fields === '-' ? await readInput('the fields as a JSON object') : readFields(options.fields)
      const id = options.id === undefined ? undefined : Number(options.id)
      const account = Number(options.account)
      const input = { account, integration, provider, title, useCloudfront, fields, id, createdAt, updatedAt }
      const made = await perform('connections create', input, options)
      if (options.json) print(JSON.stringify(made))
      else print([`Connection ${made.id}: ${made.provider}, ${made.title}.`, ...made.warnings].join('\n  '))
    })

  connections
    .command('delete <id>')
    .description('delete a connection and its secrets')
    .requiredOption('--account <number>', 'its account')
    .option('--force', 'also where it was used within a day')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions & { account: string; force?: true }>()
      const input = { account: Number(options.account), id: Number(id), force: options.force === true }
      const deleted = await perform('connections delete', input, options)
      print(options.json ? JSON.stringify(deleted) : `Connection ${id} is deleted.`)
    })

  connections
    .command('list')
    .description('list the connections of an account, without secrets')
    .requiredOption('--account <number>')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions & { account: string }>()
      const found = await perform('connections list', { account: Number(options.account) }, options)
      print(options.json ? JSON.stringify(found) : table(found.connections))
    })
}

/** The name is not repeated: it may be a secret that was meant for standard input. */
function readFields(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw invalidField(
      'fields',
      'That file cannot be read. Name a file with a JSON object, or - for standard input.',
    )
  }
}
