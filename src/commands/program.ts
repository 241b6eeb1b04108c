// The command line as a whole: which commands there are, and how a mistake in it ends.
import { Command, CommanderError } from 'commander'
import { readVersion } from '../version.ts'
import { addAccounts } from './accounts.ts'
import { addConnections } from './connections.ts'
import { addDemo } from './demo.ts'
import { exitCodes } from './exit-codes.ts'
import { addKeys } from './keys.ts'
import { addMigrate } from './migrate.ts'
import { addOpenapi } from './openapi.ts'
import { refuse } from './report.ts'
import { addServe } from './serve.ts'

/** Runs what the command line asks for, and sets the exit code. */
export async function runProgram(): Promise<void> {
  const program = new Command('mortise')
    .description('A self-hosted integrations hub.')
    .version(readVersion())
    .option('--data <folder>', 'data folder (default ./data)')
    .option('--json', 'answer in JSON')
    .exitOverride()
    .showHelpAfterError('(see --help)')
  for (const add of [addServe, addDemo, addMigrate, addAccounts, addKeys, addConnections, addOpenapi])
    add(program)
  try {
    await program.parseAsync()
  } catch (error) {
    if (error instanceof CommanderError)
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    else refuse(error)
  }
}
