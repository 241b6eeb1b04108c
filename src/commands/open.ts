// `mortise open`: a link that signs in at the console once.
import type { Command } from 'commander'
import { linkMinutes } from '../hub/console-sessions.ts'
import { readSettings } from '../settings.ts'
import { readHolder } from '../storage/lock.ts'
import { type DutyOptions, perform } from './perform.ts'
import { print } from './report.ts'

type OpenOptions = DutyOptions & { account: string }

export function addOpen(program: Command): void {
  program
    .command('open')
    .description('make a link that signs in at the console once')
    .option('--account <number>', 'at which account', '1')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<OpenOptions>()
      const { config } = await readSettings(process.env, options)
      const running = readHolder(config.dataDir)?.address
      const { path, ...made } = await perform(
        'console link',
        { account: Number(options.account) },
        { ...options },
      )
      const url = `${config.publicUrl ?? running ?? `http://${config.host}:${config.port}`}${path}`
      if (options.json) print(JSON.stringify({ ...made, url }))
      else {
        const start = running === undefined && !config.postgres ? ', once the server runs' : ''
        print(
          `This link signs in at account ${made.account} once, within ${linkMinutes} minutes${start}:\n${url}`,
        )
      }
    })
}
