// `mortise keys …`: makes, takes over, lists and revokes API keys.
import type { Command } from 'commander'
import { scopes } from '../hub/caller.ts'
import { readInput } from './input.ts'
import { type DutyOptions, perform } from './perform.ts'
import { print, table } from './report.ts'

type KeyOptions = DutyOptions & {
  account: string
  name: string
  scopes?: string[]
  expires?: string
  integration?: string
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('make, import, list and revoke API keys')

  withKeyOptions(keys.command('create'))
    .description('make a key, which is shown once')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const made = await perform('keys create', inputFrom(options), options)
      if (options.json) print(JSON.stringify(made))
      else print(`${describe(made)} Shown once:\n${made.api_key}`)
    })

  withKeyOptions(keys.command('import'))
    .description(
      'take over a key of an older system, read from standard input, so that its clients keep working',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const literal = (await readInput('the key')).trim()
      const taken = await perform('keys import', { ...inputFrom(options), text: literal }, options)
      print(options.json ? JSON.stringify(taken) : describe(taken))
    })

  keys
    .command('list')
    .description('list the keys of an account; their texts are not kept')
    .requiredOption('--account <number>', 'its account')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const found = await perform('keys list', { account: Number(options.account) }, options)
      print(options.json ? JSON.stringify(found) : table(found.keys))
    })

  keys
    .command('revoke <id>')
    .description('revoke a key at once')
    .requiredOption('--account <number>', 'its account')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const revoked = await perform('keys revoke', { account: Number(options.account), id }, options)
      print(options.json ? JSON.stringify(revoked) : `Key ${id} is revoked.`)
    })
}

function withKeyOptions(command: Command): Command {
  return command
    .requiredOption('--account <number>', 'its account')
    .requiredOption('--name <text>', 'what it is for')
    .option('--scopes <scope...>', `any of ${scopes.join(' ')} (default: all but operator)`)
    .option('--expires <time>', 'when it ends, in UTC, such as 2027-01-31T00:00:00Z')
    .option('--integration <id>', 'bind it to one integration')
}

function inputFrom({ account, name, scopes, expires, integration }: KeyOptions): object {
  const list = scopes?.flatMap((scope) => scope.split(','))
  return { account: Number(account), name, scopes: list, expires, integration }
}

type ShownKey = {
  id: string
  name: string
  scopes: readonly string[]
  integration: string | null
  expires_at: string | null
}

function describe({ id, name, scopes, integration, expires_at }: ShownKey): string {
  const bound = integration === null ? '' : `, bound to integration ${integration}`
  const ends = expires_at === null ? '' : `, until ${expires_at}`
  return `Key ${id}, ${name}, for: ${scopes.join(' ')}${bound}${ends}.`
}
