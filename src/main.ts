// The command line: one file per command in commands/.
import { Command, CommanderError } from 'commander'
import { addAccounts } from './commands/accounts.ts'
import { addAudit } from './commands/audit.ts'
import { addBackup } from './commands/backup.ts'
import { addConnections } from './commands/connections.ts'
import { addDemo } from './commands/demo.ts'
import { addDoctor } from './commands/doctor.ts'
import { exitCodes } from './commands/exit-codes.ts'
import { addKeys } from './commands/keys.ts'
import { addMigrate } from './commands/migrate.ts'
import { addOpenapi } from './commands/openapi.ts'
import { addProviders } from './commands/providers.ts'
import { refuse } from './commands/report.ts'
import { addSandbox } from './commands/sandbox.ts'
import { addServe } from './commands/serve.ts'
import { addVault } from './commands/vault.ts'
import { addWebhooks } from './commands/webhooks.ts'
import { readVersion } from './version.ts'

/** Runs what the command line asks for, and sets the exit code. */
export async function runProgram(): Promise<void> {
  const program = new Command('mortise')
    .description('A self-hosted integrations hub.')
    .version(readVersion())
    // One command has a `--data` of its own: what stands behind a command is the command's.
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(see --help)')
    // What was given too much may be a secret that was meant for standard input.
    .configureOutput({ outputError: (text, write) => write(text.replace(/( but got \d+): .*/s, '$1.\n')) })
  for (const add of [
    addServe,
    addDemo,
    addMigrate,
    addAccounts,
    addKeys,
    addConnections,
    addProviders,
    addSandbox,
    addAudit,
    addVault,
    addWebhooks,
    addBackup,
    addDoctor,
    addOpenapi,
  ])
    add(program)
  takeStoreOptions(program)
  surviveClosedOutput()
  try {
    await program.parseAsync()
  } catch (error) {
    if (error instanceof CommanderError)
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    else refuse(error)
  }
}

/** Wherever they stand: before the command or behind it. */
function takeStoreOptions(command: Command): void {
  const isTaken = (name: string) => command.options.some(({ long }) => long === name)
  if (!isTaken('--data')) command.option('--data <folder>', 'data folder (default ./data)')
  if (!isTaken('--json')) command.option('--json', 'answer in JSON')
  for (const sub of command.commands) takeStoreOptions(sub)
}

/** A reader of our output that goes away, such as `head`, takes nothing else with it. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
