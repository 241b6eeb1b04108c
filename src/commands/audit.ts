// `mortise audit …`: hands out the audit trail, for those who keep it elsewhere.
import { once } from 'node:events'
import type { Command } from 'commander'
import { serializerOf } from '../contract/serializer.ts'
import { AuditRecord } from '../contract/v2/audit.ts'
import { auditView } from '../dialects/v2/audit.ts'
import type { ExportRest } from '../hub/audit-trail.ts'
import { type DutyOptions, perform } from './perform.ts'

type ExportOptions = DutyOptions & { account: string; since?: string }

export function addAudit(program: Command): void {
  program
    .command('audit')
    .description('hand out the audit trail')
    .command('export')
    .description('write it to standard output, oldest first, one record in JSON a line')
    .requiredOption('--account <number>', 'its account')
    .option('--since <time>', 'only from this time on, in UTC, such as 2027-01-31T00:00:00Z')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>()
      const account = Number(options.account)
      const serialize = serializerOf(AuditRecord)
      let isRead = true
      process.stdout.once('error', () => {
        isRead = false
      })
      let rest: ExportRest | undefined
      do {
        const input = { account, since: options.since, rest }
        const part: Part = await perform('audit export', input, options)
        await write(part.records.map((record) => `${serialize(auditView(record))}\n`).join(''))
        rest = part.rest ?? undefined
      } while (rest && isRead)
    })
}

type Part = Awaited<ReturnType<typeof perform<'audit export'>>>

/** Waits for a reader that is slow. */
async function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return
  // One that is gone is noticed above, and told of where all output is looked after.
  await once(process.stdout, 'drain').catch(() => undefined)
}
