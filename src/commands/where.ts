// Where a command works: on a hub that answers at an address, or on the store of this machine.
import type { Command } from 'commander'
import { createMortise, type Mortise, MortiseUnreachable } from '../../sdk/src/index.ts'
import { HubError } from '../hub/errors.ts'
import { StoreRefused } from '../storage/database.ts'
import { localFetch } from './local-hub.ts'
import { addressOf, findLogin, type Login, loginFile, readLogins } from './logins.ts'
import { type DutyOptions, type Performs, withStore } from './perform.ts'

export type WhereOptions = DutyOptions & { hub?: string; local?: boolean; account?: string }

/** Undefined is the local store. */
export type Where = Login | undefined

/** The rule in words, for help and messages. */
export const rule = `Where commands work: on the hub that --hub or MORTISE_URL names, else on the one that you are logged in to
(mortise login), else on the store of this machine. --local, --data and --account mean the store of this machine.`

/** A command that works on a hub as on the local store. */
export function takeWhere(command: Command): Command {
  return command
    .optionsGroup('Where it works:')
    .option('--hub <name>', 'on this hub: its address, or its name of mortise login')
    .option('--local', 'on the store of this machine, also where you are logged in')
    .option('--account <number>', 'on this account of the store of this machine (default: the only one)')
    .option('--data <folder>', 'on the store in this folder (default ./data)')
    .optionsGroup('Options:')
}

/** @throws HubError where what is asked for cannot be, or is contradictory */
export function whereOf(options: WhereOptions, env: NodeJS.ProcessEnv = process.env): Where {
  const isLocal = options.local || options.data !== undefined || options.account !== undefined
  if (isLocal && options.hub !== undefined) {
    throw new HubError('invalid', `--hub does not go with --local, --data or --account.\n${rule}`)
  }
  if (isLocal) return undefined
  const named = options.hub ?? (env.MORTISE_URL || undefined)
  const logins = readLogins(loginFile(env))
  if (named === undefined) return logins.current === null ? undefined : findLogin(logins, logins.current)
  const known = findLogin(logins, named)
  const url = known?.url ?? addressNamed(named)
  const key = env.MORTISE_API_KEY || known?.key
  if (key !== undefined && url !== undefined) return { name: known?.name ?? url, url, key }
  if (url === undefined)
    throw new HubError('not_found', `There is no login called ${named}. See: mortise whoami --all`)
  throw new HubError('unauthenticated', `You are not logged in to ${url}. Log in: mortise login --url ${url}`)
}

/** The client; and beside it the duties, where the store of this machine is meant. */
export type Place = {
  readonly mortise: Mortise
  readonly local?: { readonly perform: Performs; readonly account: number }
}

export async function withPlace<Result>(
  options: WhereOptions,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const where = whereOf(options)
  if (where) return work({ mortise: createMortise({ url: where.url, apiKey: where.key }) })
  return onOwnStore(options, async (perform) => {
    const account = await accountOf(options, perform)
    const fetch = localFetch(perform, account)
    // Nothing is lost on the way: what fails would fail again.
    const mortise = createMortise({ url: 'http://localhost', apiKey: 'local', retries: 0, fetch })
    return work({ mortise, local: { perform, account } }).catch(throwCause)
  })
}

/** Nothing is unreachable here: what went wrong is what the client was told. */
function throwCause(error: unknown): never {
  throw error instanceof MortiseUnreachable && error.cause instanceof Error ? error.cause : error
}

/** Where nothing was said, a hub may have been meant. */
async function onOwnStore<Result>(
  options: WhereOptions,
  work: (perform: Performs) => Promise<Result>,
): Promise<Result> {
  try {
    return await withStore(options, work)
  } catch (error) {
    const isChosen = options.local || options.data !== undefined || options.account !== undefined
    if (isChosen || !(error instanceof StoreRefused)) throw error
    throw new StoreRefused(
      `${error.message}\nYou are not logged in to a hub. To work on one instead: mortise login --url <address>`,
    )
  }
}

/** The client of the hub, or of the local store as if that were one. */
export function withClient<Result>(
  options: WhereOptions,
  work: (mortise: Mortise) => Promise<Result>,
): Promise<Result> {
  return withPlace(options, ({ mortise }) => work(mortise))
}

/** That which is named, or the only one. */
export async function accountOf({ account }: WhereOptions, perform: Performs): Promise<number> {
  if (account !== undefined) return Number(account)
  const { accounts } = await perform('accounts list', {})
  const [first, second] = accounts
  if (first && !second) return first.id
  throw new HubError(
    'invalid',
    first
      ? `This store has several accounts. Name one: --account ${first.id} (see: mortise accounts list --local)`
      : 'This store has no account yet. Make one: mortise accounts create <name>',
  )
}

function addressNamed(text: string): string | undefined {
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) ? addressOf(url) : undefined
}
