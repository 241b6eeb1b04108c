// `mortise accounts …`: makes and lists the accounts of an installation.
import type { Command } from 'commander'
import { type DutyOptions, perform } from './perform.ts'
import { print, table } from './report.ts'

type CreateOptions = DutyOptions & {
  id?: string
  email?: string
  recipient?: string
  addressLine1?: string
  addressLine2?: string
  zipCode?: string
  city?: string
}

export function addAccounts(program: Command): void {
  const accounts = program.command('accounts').description('make and list accounts')

  accounts
    .command('create <name>')
    .description('make an account with its Web App Integration and its first API key, which is shown once')
    .option('--id <number>', 'the number that clients of an older system know it by')
    .option('--email <email>', 'where its invoices go')
    .option('--recipient <name>', 'who is written on them (default: the name)')
    .option('--address-line-1 <text>')
    .option('--address-line-2 <text>')
    .option('--zip-code <text>')
    .option('--city <text>')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>()
      const { email, recipient, addressLine1, addressLine2, zipCode, city } = options
      const identity = Object.fromEntries(
        Object.entries({ email, recipient, addressLine1, addressLine2, zipCode, city }).filter(
          ([, value]) => value !== undefined,
        ),
      )
      const id = options.id === undefined ? undefined : Number(options.id)
      const made = await perform('accounts create', { name, id, identity }, options)
      if (options.json) print(JSON.stringify(made))
      else print(`Account ${made.id}, ${made.name}. Its API key, shown once:\n${made.api_key}`)
    })

  accounts
    .command('list')
    .description('list all accounts')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const found = await perform('accounts list', {}, options)
      print(options.json ? JSON.stringify(found) : table(found.accounts))
    })
}
