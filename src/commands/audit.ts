// `mortise audit …`: hands out the audit trail, for those who keep it elsewhere.
import { once } from 'node:events'
import type { Command } from 'commander'
import { serializerOf } from '../contract/serializer.ts'
import { AuditRecord } from '../contract/v2/audit.ts'
import { auditView } from '../dialects/v2/audit.ts'
import type { ExportRest } from '../hub/audit-trail.ts'
import { exitCodes } from './exit-codes.ts'
import { type DutyOptions, type Performs, withStore } from './perform.ts'
import { Progress } from './progress.ts'
import { print } from './report.ts'
import { trailWords, verifyTrail, verifyTrails } from './verification.ts'
import { takeWhere, type WhereOptions, withPlace } from './where.ts'

type ExportOptions = WhereOptions & { since?: string }

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('hand out the audit trail, and verify it')
  takeWhere(audit.command('export'))
    .description('write it to standard output, oldest first, one record in JSON a line')
    .option('--since <time>', 'only from this time on, in UTC, such as 2027-01-31T00:00:00Z')
    .addHelpText('after', '\nExample:\n  $ mortise audit export --since 2027-01-31T00:00:00Z > audit.jsonl')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExportOptions>()
      const output = listenedTo()
      // A bar would stand among the lines where both are on one screen.
      const progress = new Progress('records', undefined, { json: process.stdout.isTTY === true })
      await withPlace(options, async ({ mortise, local }) => {
        const { since } = options
        const parts = local
          ? localParts(local, since)
          : hubParts(await mortise.audit.export(since === undefined ? {} : { query: { since } }))
        let written = 0
        for await (const lines of parts) {
          await write(lines.map((line) => `${line}\n`).join(''))
          written += lines.length
          progress.show(written)
          if (!output.isRead) break
        }
      })
      progress.end()
    })
  addVerify(audit)
}

/** Whether anybody reads what is written. */
function listenedTo(): { readonly isRead: boolean } {
  let isRead = true
  process.stdout.once('error', () => {
    isRead = false
  })
  return {
    get isRead() {
      return isRead
    },
  }
}

async function* localParts(
  { perform, account }: { perform: Performs; account: number },
  since: string | undefined,
): AsyncGenerator<string[]> {
  const serialize = serializerOf(AuditRecord)
  let rest: ExportRest | undefined
  do {
    const part = await perform('audit export', { account, since, rest })
    yield part.records.map((record) => serialize(auditView(record)))
    rest = part.rest ?? undefined
  } while (rest)
}

async function* hubParts(records: AsyncIterable<unknown>): AsyncGenerator<string[]> {
  for await (const record of records) yield [JSON.stringify(record)]
}

type VerifyOptions = DutyOptions & { account?: string }

function addVerify(audit: Command): void {
  audit
    .command('verify')
    .description('find the first record that was changed, moved, added or taken away behind our back')
    .option('--account <number>', 'only this account; 0 is the installation (default: all)')
    .addHelpText('after', '\nOf the store of this machine alone.\n\nExample:\n  $ mortise audit verify')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>()
      const { account } = options
      const outcomes = await withStore(options, async (perform) =>
        account === undefined
          ? verifyTrails(perform, options)
          : [await verifyTrail(perform, Number(account))],
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
