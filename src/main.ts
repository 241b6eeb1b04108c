// The command line: one file per command in commands/.
import { CommanderError } from 'commander'
import { exitCodes } from './commands/exit-codes.ts'
import { createProgram } from './commands/program.ts'
import { refuse } from './commands/report.ts'
import { readVersion } from './version.ts'

/** Runs what the command line asks for, and sets the exit code. */
export async function runProgram(): Promise<void> {
  const program = createProgram(readVersion())
  surviveClosedOutput()
  try {
    await program.parseAsync()
  } catch (error) {
    if (error instanceof CommanderError)
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    else refuse(error)
  }
}

/** A reader of our output that goes away, such as `head`, takes nothing else with it. */
function surviveClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
