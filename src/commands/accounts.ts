// `mortise accounts …`: makes, lists and deletes the accounts of an installation.
import type { Command } from 'commander'
import { HubError } from '../hub/errors.ts'
import { readLine } from './input.ts'
import { perform, withStore } from './perform.ts'
import { Progress } from './progress.ts'
import { counted, print, table } from './report.ts'
import { gathered } from './route-command.ts'
import { takeWhere, type WhereOptions, whereOf, withClient } from './where.ts'

type CreateOptions = WhereOptions & {
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

  takeWhere(accounts.command('create <name>'))
    .description('make an account with its Web App Integration and its first API key, which is shown once')
    .option('--id <number>', 'the number that clients of an older system know it by')
    .option('--email <email>', 'where its invoices go')
    .option('--recipient <name>', 'who is written on them (default: the name)')
    .option('--address-line-1 <text>')
    .option('--address-line-2 <text>')
    .option('--zip-code <text>')
    .option('--city <text>')
    .addHelpText(
      'after',
      "\nExample:\n  $ mortise accounts create 'Second product' --email invoices@example.com",
    )
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<CreateOptions>()
      const { email, recipient, addressLine1, addressLine2, zipCode, city } = options
      const identity = Object.fromEntries(
        Object.entries({ email, recipient, addressLine1, addressLine2, zipCode, city }).filter(
          ([, value]) => value !== undefined,
        ),
      )
      const id = options.id === undefined ? undefined : Number(options.id)
      const made = whereOf(options)
        ? await createOnHub({ name, ...(id !== undefined && { id }), ...onWire(identity) }, options)
        : await perform('accounts create', { name, id, identity }, options)
      if (options.json) print(JSON.stringify(made))
      else print(`Account ${made.id}, ${made.name}. Its API key, shown once:\n${made.api_key}`)
    })

  takeWhere(accounts.command('delete <id>'))
    .description('delete an account with all that is in it, and destroy its keys; there is no way back')
    .option('--yes', 'without being asked for its number again')
    .addHelpText('after', '\nExample:\n  $ mortise accounts delete 2')
    .action(async (text: string, _options: unknown, command: Command) => {
      const id = Number(text)
      const options = command.optsWithGlobals<DeleteOptions>()
      await (whereOf(options) ? deleteOnHub(id, options) : deleteAccount(id, options))
    })

  takeWhere(accounts.command('list'))
    .description('list all accounts')
    .addHelpText('after', '\nExample:\n  $ mortise accounts list')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<WhereOptions>()
      const found = whereOf(options)
        ? await withClient(options, async ({ accounts }) => ({
            accounts: await gathered(accounts.all({ query: { page_size: '100' } }), 'accounts', options),
          }))
        : await perform('accounts list', {}, options)
      print(options.json ? JSON.stringify(found) : table(found.accounts))
    })
}

type DeleteOptions = WhereOptions & { yes?: true }

function createOnHub(body: { name: string }, options: WhereOptions) {
  return withClient(options, async ({ accounts }) => {
    const { api_key, ...made } = await accounts.create(body)
    return { ...made, api_key: api_key.key }
  })
}

/** As the API has it. */
function onWire(identity: Readonly<Record<string, unknown>>): object {
  const names: Readonly<Record<string, string>> = {
    addressLine1: 'address_line_1',
    addressLine2: 'address_line_2',
    zipCode: 'zip_code',
  }
  return Object.fromEntries(Object.entries(identity).map(([name, value]) => [names[name] ?? name, value]))
}

async function deleteOnHub(id: number, options: DeleteOptions): Promise<void> {
  await withClient(options, async ({ accounts }) => {
    const { name } = await accounts.retrieve(id)
    await confirm(
      `Account ${id}, ${name}, and all that is in it goes, and its keys are destroyed.`,
      id,
      options,
    )
    await accounts.remove(id)
    if (options.json) print(JSON.stringify({ id, name, deleted: true }))
    else print(`Account ${id}, ${name}, is deleted, and its keys. The hub takes its rows away by and by.`)
  })
}

/** @throws HubError where the number was not typed again */
async function confirm(what: string, id: number, { yes }: DeleteOptions): Promise<void> {
  if (yes) return
  process.stderr.write(`${what} Nothing brings it back.\n`)
  const typed = await readLine(`Type ${id} to delete it: `)
  if (typed !== String(id)) throw new HubError('invalid', 'That is not its number. Nothing was deleted.')
}

async function deleteAccount(id: number, options: DeleteOptions): Promise<void> {
  await withStore(options, async (perform) => {
    const { name, integrations, connections } = await perform('accounts delete plan', { id })
    const what = `${counted(integrations, 'integration')}, ${counted(connections, 'connection')}`
    await confirm(
      `Account ${id}, ${name}: ${what}, its API keys and its audit trail go, and its keys are destroyed.`,
      id,
      options,
    )
    await perform('accounts delete', { id })
    const progress = new Progress('rows', undefined, options)
    let [rows, isDone] = [0, false]
    while (!isDone) {
      const part = await perform('accounts delete rows', { id })
      rows += part.removed
      isDone = part.isDone
      progress.show(rows)
    }
    progress.end()
    if (options.json) return print(JSON.stringify({ id, name, deleted: true, rows }))
    print(`Account ${id}, ${name}, is deleted: ${counted(rows, 'row')} and its keys.`)
    print('Backups made before still hold it, keys and all: delete them when they are not needed any more.')
  })
}
