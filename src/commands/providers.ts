// `mortise providers`: which providers there are, and which fields each of them has.
import type { Command } from 'commander'
import type { Mortise } from '../../sdk/src/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { invalidField } from '../hub/errors.ts'
import { readSettings } from '../settings.ts'
import { print, table } from './report.ts'
import { takeWhere, type WhereOptions, whereOf, withClient } from './where.ts'

export function addProviders(program: Command): void {
  takeWhere(program.command('providers [name]'))
    .description('list the providers, or the fields of one')
    .addHelpText('after', '\nExamples:\n  $ mortise providers\n  $ mortise providers stripe')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<WhereOptions>()
      const rows = whereOf(options)
        ? await withClient(options, (mortise) =>
            name === undefined ? providersOf(mortise) : fieldsOf(mortise, name),
          )
        : await localRows(name, options)
      print(options.json ? JSON.stringify(rows) : table(rows))
    })
}

type Rows = Array<Record<string, string>>

async function localRows(name: string | undefined, options: WhereOptions): Promise<Rows> {
  const { catalogue } = await readSettings(process.env, options)
  return name === undefined ? listProviders(catalogue) : listFields(catalogue, name)
}

async function providersOf({ providers }: Mortise): Promise<Rows> {
  const rows: Rows = []
  for await (const { name, title, integration_type, lifecycle } of providers.all())
    rows.push({ name, title, kind: integration_type, state: lifecycle.state })
  return rows
}

async function fieldsOf({ providers }: Mortise, name: string): Promise<Rows> {
  const { fields } = await providers.retrieve(name)
  return Object.entries(fields).map(([field, { writeOnly, enum: choices, type, readOnly, description }]) => ({
    field,
    kind: writeOnly
      ? 'secret'
      : (choices?.join(' | ') ?? (readOnly ? 'status' : type.replace('string', 'text'))),
    help: description,
  }))
}

function listProviders({ providers }: Catalogue): Array<Record<string, string>> {
  return providers.map(({ name, title, integrationType, lifecycle }) => ({
    name,
    title,
    kind: integrationType,
    state: lifecycle.state,
  }))
}

function listFields(catalogue: Catalogue, name: string): Array<Record<string, string>> {
  const provider = catalogue.find(name)
  if (!provider) throw invalidField('name', `There is no provider "${name}". See: mortise providers`)
  return Object.entries(provider.fields).map(([field, { isSecret, kind, oneOf, help }]) => ({
    field,
    kind: isSecret ? 'secret' : (oneOf?.join(' | ') ?? kind),
    help,
  }))
}
