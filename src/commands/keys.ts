// `mortise keys …`: makes, takes over, lists, limits, rolls and revokes API keys.
import type { Command } from 'commander'
import { graceSecondsDefault } from '../hub/api-key.ts'
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
  addresses?: string[]
  proxy?: string[]
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('make, import, list, limit, roll and revoke API keys')

  withKeyOptions(keys.command('create'))
    .option('--name <text>', 'what it is for', 'made at the command line')
    .description('make a key, which is shown once')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const made = await perform('keys create', inputFrom(options), options)
      if (options.json) print(JSON.stringify(made))
      else print(`${describe(made)} Shown once:\n${made.api_key}`)
    })

  withKeyOptions(keys.command('import'))
    .requiredOption('--name <text>', 'what it is for')
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
    .command('roll <id>')
    .description('make a new key for the same, which is shown once, and let the old one end after a while')
    .requiredOption('--account <number>', 'its account')
    .option(
      '--grace <seconds>',
      'how long the old one still works, unless it ends sooner',
      String(graceSecondsDefault),
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions & { grace: string }>()
      const input = { account: Number(options.account), id, grace: Number(options.grace) }
      const made = await perform('keys roll', input, options)
      const ends = `Key ${id} ends at ${made.old_key.revoked_at}.`
      if (options.json) print(JSON.stringify(made))
      else print(`${ends} ${describe(made)} Shown once:\n${made.api_key}`)
    })

  keys
    .command('limit <id>')
    .description('limit what a key may ask of providers; without rules, take its limits away')
    .requiredOption('--account <number>', 'its account')
    .option(...proxyOption)
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const input = { account: Number(options.account), id, proxy: options.proxy }
      const limited = await perform('keys limit', input, options)
      print(options.json ? JSON.stringify(limited) : describe(limited))
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

const proxyOption = [
  '--proxy <rule...>',
  'let it ask nothing else of providers, such as "GET,POST /v1/charges /v1/customers/*"',
] as const

function withKeyOptions(command: Command): Command {
  return command
    .requiredOption('--account <number>', 'its account')
    .option('--scopes <scope...>', `any of ${scopes.join(' ')} (default: all but operator)`)
    .option('--expires <time>', 'when it ends, in UTC, such as 2027-01-31T00:00:00Z')
    .option('--integration <id>', 'bind it to one integration')
    .option('--addresses <range...>', 'let it be used from these IP addresses and CIDR ranges alone')
    .option(...proxyOption)
}

function inputFrom(options: KeyOptions): object {
  const { account, name, expires, integration } = options
  const separate = (list: string[] | undefined) => list?.flatMap((text) => text.split(','))
  return {
    account: Number(account),
    name,
    scopes: separate(options.scopes),
    expires,
    integration,
    addresses: separate(options.addresses),
    proxy: options.proxy,
  }
}

type ShownKey = {
  id: string
  name: string
  scopes: readonly string[]
  integration: string | null
  addresses: readonly string[] | null
  proxy: readonly string[] | null
  expires_at: string | null
}

function describe({ id, name, scopes, integration, addresses, proxy, expires_at }: ShownKey): string {
  const bound = integration === null ? '' : `, bound to integration ${integration}`
  const from = addresses === null ? '' : `, from ${addresses.join(' ')} alone`
  const asks = proxy === null ? '' : `, of providers ${proxy.join(', ')} alone`
  const ends = expires_at === null ? '' : `, until ${expires_at}`
  return `Key ${id}, ${name}, for: ${scopes.join(' ')}${bound}${from}${asks}${ends}.`
}
