// `mortise providers`: which providers there are, and which fields each of them has.
import type { Command } from 'commander'
import type { Catalogue } from '../catalogue/index.ts'
import { invalidField } from '../hub/errors.ts'
import { readSettings } from '../settings.ts'
import type { DutyOptions } from './perform.ts'
import { print, table } from './report.ts'

export function addProviders(program: Command): void {
  program
    .command('providers [name]')
    .description('list the providers, or the fields of one')
    .action(async (name: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const { catalogue } = await readSettings(process.env, options)
      const rows = name === undefined ? listProviders(catalogue) : listFields(catalogue, name)
      print(options.json ? JSON.stringify(rows) : table(rows))
    })
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
