// Opens every sealed value and walks every audit trail, in parts: what `doctor --deep` and `restore` look at.
import type { Verified, VerifiedSoFar } from '../hub/audit-verify.ts'
import { installationId } from '../hub/caller.ts'
import type { DamagedValue, ValueCursor } from '../hub/value-verification.ts'
import type { Performs } from './perform.ts'
import { Progress } from './progress.ts'

/** What is told of a trail once all of it was looked at. */
export type TrailOutcome = Pick<Verified, 'verified' | 'older' | 'broken'> & { account: number }

export type ValuesOutcome = { opened: number; damaged: Array<DamagedValue & { account: number }> }

/** Who wants JSON is shown no bar. */
type Quiet = { readonly json?: boolean }

/** The installation's own trail first. */
export async function accountsOf(perform: Performs): Promise<number[]> {
  const { accounts } = await perform('accounts list', {})
  return accounts.map(({ id }) => id)
}

export async function verifyTrail(
  perform: Performs,
  account: number,
  onProgress: (records: number) => void = () => {},
): Promise<TrailOutcome> {
  const sum = { account, verified: 0, older: 0 }
  let rest: VerifiedSoFar | undefined
  for (;;) {
    const part = await perform('audit verify', { account, rest })
    sum.verified += part.verified
    sum.older += part.older
    onProgress(sum.verified + sum.older)
    if (part.broken || !part.rest) return { ...sum, broken: part.broken }
    rest = part.rest
  }
}

export async function verifyTrails(perform: Performs, options: Quiet = {}): Promise<TrailOutcome[]> {
  const outcomes: TrailOutcome[] = []
  const progress = new Progress('records', undefined, options)
  let before = 0
  for (const account of [installationId, ...(await accountsOf(perform))]) {
    const outcome = await verifyTrail(perform, account, (records) => progress.show(before + records))
    before += outcome.verified + outcome.older
    outcomes.push(outcome)
  }
  progress.end()
  return outcomes
}

export async function verifyValues(perform: Performs, options: Quiet = {}): Promise<ValuesOutcome> {
  const progress = new Progress('values', undefined, options)
  const sum: ValuesOutcome = { opened: 0, damaged: [] }
  for (const account of await accountsOf(perform)) {
    let rest: ValueCursor | undefined
    do {
      const part = await perform('doctor values', { account, rest })
      sum.opened += part.opened
      sum.damaged.push(...part.damaged.map((value) => ({ ...value, account })))
      progress.show(sum.opened)
      rest = part.rest ?? undefined
    } while (rest)
  }
  progress.end()
  return sum
}

/** A sentence on a trail. */
export function trailWords({ account, verified, older, broken }: TrailOutcome): string {
  const whose = account === installationId ? 'installation' : `account ${account}`
  const records = `${verified} record${verified === 1 ? '' : 's'}`
  const before = older === 0 ? '' : ` Older than the chain, and not to be proved: ${older}.`
  if (broken)
    return `${whose}: BROKEN at record ${broken.sequence}: ${broken.why}. ${records} before it as written.${before}`
  return `${whose}: ${records} as written.${before}`
}

export function damageWords({
  account,
  connection,
  webhook,
  field,
  why,
}: ValuesOutcome['damaged'][number]): string {
  const whose = webhook === undefined ? `connection ${connection ?? '(gone)'}` : `webhook ${webhook}`
  return `account ${account}, ${whose}, ${field}: ${why}`
}
