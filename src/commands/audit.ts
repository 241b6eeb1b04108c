// `mortise audit …`: hands out the audit trail, for those who keep it elsewhere.
import { once } from 'node:events'
import type { Command } from 'commander'
import { serializerOf } from '../contract/serializer.ts'
import { AuditRecord } from '../contract/v2/audit.ts'
import { auditView } from '../dialects/v2/audit.ts'
import type { ExportRest } from '../hub/audit-trail.ts'
import { exitCodes } from './exit-codes.ts'
import { type DutyOptions, withStore } from './perform.ts'
import { print } from './report.ts'
import { trailWords, verifyTrail, verifyTrails } from './verification.ts'

type ExportOptions = DutyOptions & { account: string; since?: string }

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('hand out the audit trail, and verify it')
  audit
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
      await withStore(options, async (perform) => {
        let rest: ExportRest | undefined
        do {
          const part = await perform('audit export', { account, since: options.since, rest })
          await write(part.records.map((record) => `${serialize(auditView(record))}\n`).join(''))
          rest = part.rest ?? undefined
        } while (rest && isRead)
      })
    })
  addVerify(audit)
}

type VerifyOptions = DutyOptions & { account?: string }

function addVerify(audit: Command): void {
  audit
    .command('verify')
    .description('find the first record that was changed, moved, added or taken away behind our back')
    .option('--account <number>', 'only this account; 0 is the installation (default: all)')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>()
      const { account } = options
      const outcomes = await withStore(options, async (perform) =>
        account === undefined ? verifyTrails(perform) : [await verifyTrail(perform, Number(account))],
      )
      if (options.json) print(JSON.stringify({ trails: outcomes }))
      else print(outcomes.map(trailWords).join('\n'))
      if (outcomes.some(({ broken }) => broken)) process.exitCode = exitCodes.refused
    })
}

/** Waits for a reader that is slow. */
async function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return
  // One that is gone is noticed above, and told of where all output is looked after.
  await once(process.stdout, 'drain').catch(() => undefined)
}
