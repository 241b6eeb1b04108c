// `mortise audit …`: hands out the audit trail, for those who keep it elsewhere.
import { once } from 'node:events'
import type { Command } from 'commander'
import { serializerOf } from '../contract/serializer.ts'
import { AuditRecord } from '../contract/v2/audit.ts'
import { auditView } from '../dialects/v2/audit.ts'
import type { ExportRest } from '../hub/audit-trail.ts'
import type { Verified, VerifiedSoFar } from '../hub/audit-verify.ts'
import { exitCodes } from './exit-codes.ts'
import { type DutyOptions, type Performs, withStore } from './perform.ts'
import { counted, print } from './report.ts'

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

/** What is told of a trail once all of it was looked at. */
type Outcome = Pick<Verified, 'verified' | 'older' | 'broken'> & { account: number }

function addVerify(audit: Command): void {
  audit
    .command('verify')
    .description('find the first record that was changed, moved, added or taken away behind our back')
    .option('--account <number>', 'only this account; 0 is the installation (default: all)')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<VerifyOptions>()
      const outcomes = await withStore(options, async (perform) => {
        const accounts =
          options.account === undefined ? await allAccounts(perform) : [Number(options.account)]
        const outcomes: Outcome[] = []
        for (const account of accounts) outcomes.push(await verify(perform, account))
        return outcomes
      })
      if (options.json) print(JSON.stringify({ trails: outcomes }))
      else print(outcomes.map(describe).join('\n'))
      if (outcomes.some(({ broken }) => broken)) process.exitCode = exitCodes.refused
    })
}

/** The installation's own trail first. */
async function allAccounts(perform: Performs): Promise<number[]> {
  const { accounts } = await perform('accounts list', {})
  return [0, ...accounts.map(({ id }) => id)]
}

async function verify(perform: Performs, account: number): Promise<Outcome> {
  const sum = { account, verified: 0, older: 0 }
  let rest: VerifiedSoFar | undefined
  for (;;) {
    const part = await perform('audit verify', { account, rest })
    sum.verified += part.verified
    sum.older += part.older
    if (part.broken || !part.rest) return { ...sum, broken: part.broken }
    rest = part.rest
  }
}

function describe({ account, verified, older, broken }: Outcome): string {
  const whose = account === 0 ? 'installation' : `account ${account}`
  const before =
    older === 0 ? '' : ` Older than the chain, and not to be proved: ${counted(older, 'record')}.`
  if (broken)
    return `${whose}: BROKEN at record ${broken.sequence}: ${broken.why}. ${counted(verified, 'record')} before it as written.${before}`
  return `${whose}: ${counted(verified, 'record')} as written.${before}`
}

/** Waits for a reader that is slow. */
async function write(text: string): Promise<void> {
  if (process.stdout.write(text)) return
  // One that is gone is noticed above, and told of where all output is looked after.
  await once(process.stdout, 'drain').catch(() => undefined)
}
