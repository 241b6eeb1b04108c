// The whole command line as commander has it: what stands in the help, and what completion knows.
import { Command } from 'commander'
import { HubError } from '../hub/errors.ts'
import { addAccounts } from './accounts.ts'
import { addAudit } from './audit.ts'
import { addBackup } from './backup.ts'
import { addCompletion } from './completion.ts'
import { addConnections } from './connections.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addExamples } from './examples.ts'
import { addFreelancers } from './freelancers.ts'
import { addImport } from './import.ts'
import { addIntegrations } from './integrations.ts'
import { addKeys } from './keys.ts'
import { addLogin } from './login.ts'
import { addMigrate } from './migrate.ts'
import { addMove } from './move.ts'
import { addOpen } from './open.ts'
import { addOpenapi } from './openapi.ts'
import { addProviders } from './providers.ts'
import { addResources } from './resources.ts'
import { addSandbox } from './sandbox.ts'
import { addServe } from './serve.ts'
import { addVault } from './vault.ts'
import { addWebhooks } from './webhooks.ts'
import { rule } from './where.ts'

const firstSteps = `
${rule}

First steps, beside a hub that was started with npm start (its key was printed then):
  $ mortise login --url http://127.0.0.1:3500      asks for the key
  $ mortise providers                              what can be connected
  $ mortise connections create stripe              asks for the fields
  $ mortise connections verify 1                   asks Stripe whether the key works

Each command has --help with examples, and --json for scripts. Exit codes: 0 done, 64 wrong command line, 65 refused,
67 key not accepted, 68 hub not reached; docs/errors.md has them all. The API: /docs at the address of a hub.`

export function createProgram(version: string): Command {
  const program = new Command('mortise')
    .description('A self-hosted integrations hub.')
    .version(version)
    // One command has a `--data` of its own: what stands behind a command is the command's.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', firstSteps)
    // What was given too much may be a secret that was meant for standard input.
    .configureOutput({ outputError: (text, write) => write(text.replace(/( but got \d+): .*/s, '$1.\n')) })
  program.commandsGroup('The server:')
  for (const add of [addServe, addDemo, addSandbox]) add(program)
  program.commandsGroup('Resources, on a hub or in the store of this machine:')
  for (const add of [
    addIntegrations,
    addFreelancers,
    addProviders,
    addConnections,
    addImport,
    addKeys,
    addAccounts,
    addWebhooks,
  ])
    add(program)
  addAudit(program)
  addResources(program)
  program.commandsGroup('Hubs at other addresses:')
  addLogin(program)
  program.commandsGroup('The store of this machine:')
  for (const add of [addOpen, addVault, addBackup, addDoctor, addMigrate, addMove]) add(program)
  program.commandsGroup('For programmers and shells:')
  for (const add of [addOpenapi, addCompletion]) add(program)
  addExamples(program, '')
  takeStoreOptions(program)
  refuseHub(program)
  return program
}

/** Wherever they stand: before the command or behind it. */
function takeStoreOptions(command: Command): void {
  const isTaken = (name: string) => command.options.some(({ long }) => long === name)
  if (!isTaken('--data')) command.option('--data <folder>', 'data folder (default ./data)')
  if (!isTaken('--json')) command.option('--json', 'answer in JSON')
  for (const sub of command.commands) takeStoreOptions(sub)
}

/** What is for the store of this machine alone says so, rather than to do it in the wrong place. */
function refuseHub(program: Command): void {
  program.option('--hub <name>', 'work on this hub: its address, or its name of mortise login')
  program.option('--local', 'work on the store of this machine, also where you are logged in')
  program.hook('preAction', (_program, command) => {
    const { hub } = command.optsWithGlobals<{ hub?: string }>()
    if (hub === undefined || command.options.some(({ long }) => long === '--hub')) return
    throw new HubError(
      'invalid',
      `mortise ${pathOf(command)} works on the store of this machine alone, without --hub.`,
    )
  })
}

/** The words that a person types, without the first one. */
export function pathOf(command: Command): string {
  const words: string[] = []
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name())
  return words.join(' ')
}
