// `mortise accounts …`: makes, lists and deletes the accounts of an installation.
import type { Command } from 'commander'
import { HubError } from '../hub/errors.ts'
import { readLine } from './input.ts'
import { type DutyOptions, perform, withStore } from './perform.ts'
import { counted, print, table } from './report.ts'

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
  const accounts = program.command('accounts').description('make, list and delete accounts')

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
    .command('delete <id>')
    .description('delete an account with all that is in it, and destroy its keys; there is no way back')
    .option('--yes', 'without being asked for its number again')
    .action(async (text: string, _options: unknown, command: Command) => {
      const id = Number(text)
      await deleteAccount(id, command.optsWithGlobals<DutyOptions & { yes?: true }>())
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

async function deleteAccount(id: number, options: DutyOptions & { yes?: true }): Promise<void> {
  await withStore(options, async (perform) => {
    const { name, integrations, connections } = await perform('accounts delete plan', { id })
    if (!options.yes) {
      process.stderr.write(
        `Account ${id}, ${name}: ${counted(integrations, 'integration')}, ${counted(connections, 'connection')}, its API keys and its audit trail go, and its keys are destroyed. Nothing brings them back.\n`,
      )
      const typed = await readLine(`Type ${id} to delete it: `)
      if (typed !== String(id)) throw new HubError('invalid', 'That is not its number. Nothing was deleted.')
    }
    await perform('accounts delete', { id })
    let [rows, isDone] = [0, false]
    while (!isDone) {
      const part = await perform('accounts delete rows', { id })
      rows += part.removed
      isDone = part.isDone
    }
    if (options.json) return print(JSON.stringify({ id, name, deleted: true, rows }))
    print(`Account ${id}, ${name}, is deleted: ${counted(rows, 'row')} and its keys.`)
    print('Backups made before still hold it, keys and all: delete them when they are not needed any more.')
  })
}
