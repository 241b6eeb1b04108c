// `mortise migrate`: brings a store's schema up to date without serving it.
import type { Command } from 'commander'
import { readSettings } from '../settings.ts'
import { openStore } from '../store.ts'
import type { DutyOptions } from './perform.ts'
import { print, tell } from './report.ts'

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the store up to date; every start does this too')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DutyOptions>()
      const { config, secrets } = await readSettings(process.env, options)
      const store = await openStore(config, secrets, { mayCreate: false, onSchemaHeld: tell })
      await store.close()
      const { applied } = store
      if (options.json) print(JSON.stringify({ applied }))
      else print(applied.length === 0 ? 'The store is up to date.' : `Applied: ${applied.join(', ')}.`)
    })
}
