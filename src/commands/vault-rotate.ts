// `mortise vault rotate`: new keys, in steps that may be stopped at any moment and taken up again.
import type { Command } from 'commander'
import type { RotationCursor, RotationPart } from '../hub/data-rotation.ts'
import { exitCodes } from './exit-codes.ts'
import { type DutyOptions, type Performs, withStore } from './perform.ts'
import { Progress } from './progress.ts'
import { counted, print } from './report.ts'
import { listenForStop, type StopAsked } from './stop-asked.ts'

type RotateOptions = Pick<DutyOptions, 'json'> & { data?: true; account?: string; plan?: true }

export function addRotate(vault: Command): void {
  vault
    .command('rotate')
    .description('make a new root key, at once; with --data, new data keys, and seal every value anew')
    .option('--data', 'seal the values anew too, in batches, while everything is served')
    .option('--account <number>', 'with --data: of this account alone')
    .option('--plan', 'say what would be done, and do nothing')
    .addHelpText('after', '\nThe data folder goes in front: mortise --data <folder> vault rotate')
    .action(async (own: RotateOptions) => {
      const { data, json } = vault.optsWithGlobals<DutyOptions>()
      const options = { ...own, ...(json && { json }) }
      await withStore({ ...(data !== undefined && { data }) }, (perform) =>
        options.data ? rotateData(perform, options) : rotateRoot(perform, options),
      )
    })
}

async function rotateRoot(perform: Performs, options: RotateOptions): Promise<void> {
  const plan = await perform('vault rotate plan', {})
  for (const id of plan.strangers) {
    process.stderr.write(
      `The slot ${id} is not genuine and gets no key. Remove it: mortise vault slots remove ${id}\n`,
    )
  }
  const what = plan.isResumed
    ? `An earlier rotation was cut off: ${counted(plan.wraps, 'key')} left to be wrapped with the newest root key.`
    : `A new root key, for ${counted(plan.slots, 'slot')}, wraps ${counted(plan.wraps, 'key')} anew. No value is touched, and no secret of a slot is asked for.`
  if (options.plan) return print(options.json ? JSON.stringify(plan) : what)
  if (!options.json) print(what)
  const { rootKeyId } = await perform('vault rotate begin', {})
  const progress = new Progress('keys', plan.wraps, options)
  let after: number | undefined
  let rewrapped = 0
  for (;;) {
    const part = await perform('vault rotate step', { after })
    rewrapped += part.rewrapped
    progress.show(rewrapped)
    if (part.rest === null) break
    after = part.rest
  }
  progress.end()
  const { root_keys } = await perform('vault keys', {})
  const old = root_keys.filter(({ isCurrent, wraps }) => !isCurrent && wraps === 0).map(({ id }) => id)
  if (options.json) return print(JSON.stringify({ root_key: rootKeyId, rewrapped, old }))
  print(`The root key is ${rootKeyId} now; it has wrapped ${counted(rewrapped, 'key')} anew.`)
  for (const id of old) print(`Nothing needs the root key ${id} any more: mortise vault drop ${id}`)
}

async function rotateData(perform: Performs, options: RotateOptions): Promise<void> {
  const account = options.account === undefined ? undefined : Number(options.account)
  const plan = await perform('vault rotate data plan', { account })
  const stop = listenForStop()
  const values = plan.accounts.reduce((sum, { values }) => sum + values, 0)
  if (options.plan || !options.json) {
    if (options.json) {
      stop.end()
      return print(JSON.stringify(plan))
    }
    const begin = plan.isResumed ? 'An earlier rotation was cut off. What is left of it:' : 'What it does:'
    print(
      [
        `${begin} ${counted(values, 'value')} of ${counted(plan.accounts.length, 'account')} sealed with new data keys, 500 at a time.`,
        'Everything is served meanwhile. It may be stopped (Ctrl-C) and is taken up by running it again.',
        'Old data keys stay until they are dropped; stored answers of the last day go on needing theirs.',
        ...plan.accounts.slice(0, 20).map(({ id, values }) => `  account ${id}: ${counted(values, 'value')}`),
        ...(plan.accounts.length > 20 ? [`  and ${plan.accounts.length - 20} more accounts`] : []),
      ].join('\n'),
    )
    if (options.plan) return stop.end()
  }
  const { accounts } = await perform('vault rotate data begin', { account })
  const progress = new Progress('values', values, options)
  let [resealed, damaged] = [0, 0]
  for (const { id } of accounts) {
    const show = (ofAccount: number) => progress.show(resealed + ofAccount)
    const done = await rotateAccount(perform, id, show, stop)
    resealed += done.resealed
    damaged += done.damaged
    if (stop.isAsked) break
  }
  stop.end()
  if (stop.isAsked) {
    progress.end()
    process.exitCode = exitCodes.stopped
    if (options.json) return print(JSON.stringify({ stopped: true, resealed, damaged }))
    return print(
      `Stopped, after ${counted(resealed, 'value')} were sealed anew. Nothing is lost, and both keys open; running it again takes it up.`,
    )
  }
  if (account === undefined) await perform('vault rotate data end', {})
  progress.end()
  if (options.json) return print(JSON.stringify({ accounts: accounts.length, resealed, damaged }))
  print(`Sealed anew: ${counted(resealed, 'value')} of ${counted(accounts.length, 'account')}.`)
  if (damaged > 0)
    print(
      `Left as they are, since they cannot be opened: ${counted(damaged, 'value')}. See: mortise doctor --deep`,
    )
  print('Old keys, and what still needs them: mortise vault keys')
}

async function rotateAccount(
  perform: Performs,
  account: number,
  onProgress: (resealed: number) => void,
  stop: StopAsked,
): Promise<RotationPart> {
  let rest: RotationCursor | undefined
  for (;;) {
    const part: RotationPart = await perform('vault rotate data step', { account, rest })
    onProgress(part.resealed)
    if (!part.rest || stop.isAsked) return part
    rest = part.rest
  }
}
