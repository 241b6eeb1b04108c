// `mortise providers`: which providers there are, and which fields each of them has.
import type { Command } from 'commander'
import { findProvider, providers } from '../catalogue/index.ts'
import { invalidField } from '../hub/errors.ts'
import type { DutyOptions } from './perform.ts'
import { print, table } from './report.ts'

export function addProviders(program: Command): void {
  program
    .command('providers [name]')
    .description('list the providers, or the fields of one')
    .action((name: string | undefined, _options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<DutyOptions>()
      const rows = name === undefined ? listProviders() : listFields(name)
      print(json ? JSON.stringify(rows) : table(rows))
    })
}

function listProviders(): Array<Record<string, string>> {
  return providers.map(({ name, title, integrationType, lifecycle }) => ({
    name,
    title,
    kind: integrationType,
    state: lifecycle.state,
  }))
}

function listFields(name: string): Array<Record<string, string>> {
  const provider = findProvider(name)
  if (!provider) throw invalidField('name', `There is no provider "${name}". See: mortise providers`)
  return Object.entries(provider.fields).map(([field, { isSecret, kind, oneOf, help }]) => ({
    field,
    kind: isSecret ? 'secret' : (oneOf?.join(' | ') ?? kind),
    help,
  }))
}
