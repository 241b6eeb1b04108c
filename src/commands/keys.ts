// `mortise keys …`: makes, takes over, lists, limits, rolls and revokes API keys.
import type { Command } from 'commander'
import type { components } from '../../sdk/src/index.ts'
import { graceSecondsDefault } from '../hub/api-key.ts'
import { accountScopes, type Scope, scopes } from '../hub/caller.ts'
import { HubError } from '../hub/errors.ts'
import { readRule, writtenRules } from '../hub/proxy-limits.ts'
import type { ProxyRule } from '../hub/proxy-rule.ts'
import { readInput } from './input.ts'
import type { Performs } from './perform.ts'
import { print, table } from './report.ts'
import { gathered } from './route-command.ts'
import { takeWhere, type WhereOptions, withPlace } from './where.ts'

type GivenRules = NonNullable<components['schemas']['NewApiKey']['proxy']> | null

type KeyOptions = WhereOptions & {
  name: string
  scopes?: string[]
  expires?: string
  integration?: string
  addresses?: string[]
  proxy?: string[]
}

export function addKeys(program: Command): void {
  const keys = program.command('keys').description('make, import, list, limit, roll and revoke API keys')

  withKeyOptions(keys.command('create'))
    .option('--name <text>', 'what it is for', 'made at the command line')
    .description('make a key, which is shown once')
    .addHelpText(
      'after',
      '\nExample:\n  $ mortise keys create --name warehouse --scopes connections:read,proxy:call',
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const made = await withPlace(options, async ({ mortise, local }) => {
        if (local) return local.perform('keys create', { account: local.account, ...inputFrom(options) })
        const { key, ...more } = await mortise.apiKeys.create(bodyFrom(options))
        return { ...asShown(more), api_key: key }
      })
      if (options.json) print(JSON.stringify(made))
      else print(`${describe(made)} Shown once:\n${made.api_key}`)
    })

  withKeyOptions(keys.command('import'))
    .requiredOption('--name <text>', 'what it is for')
    .description(
      'take over a key of an older system, read from standard input, so that its clients keep working; store of this machine alone',
    )
    .addHelpText('after', '\nExample:\n  $ mortise keys import --local --name shop < key.txt')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const literal = (await readInput('the key')).trim()
      const taken = await onStore(options, ({ perform, account }) =>
        perform('keys import', { account, ...inputFrom(options), text: literal }),
      )
      print(options.json ? JSON.stringify(taken) : describe(taken))
    })

  takeWhere(keys.command('list'))
    .description('list the keys of an account; their texts are not kept')
    .addHelpText('after', '\nExample:\n  $ mortise keys list')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const found = await withPlace(options, async ({ mortise, local }) => {
        if (local) return local.perform('keys list', { account: local.account })
        const all = mortise.apiKeys.all({ query: { page_size: '100' } })
        return { keys: (await gathered(all, 'keys', options)).map(asShown) }
      })
      print(options.json ? JSON.stringify(found) : table(found.keys.map(row)))
    })

  takeWhere(keys.command('roll <id>'))
    .description('make a new key for the same, which is shown once, and let the old one end after a while')
    .option(
      '--grace <seconds>',
      'how long the old one still works, unless it ends sooner',
      String(graceSecondsDefault),
    )
    .addHelpText('after', '\nExample:\n  $ mortise keys roll 2f6c1d1e-… --grace 3600')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions & { grace: string }>()
      const grace = Number(options.grace)
      const made = await withPlace(options, async ({ mortise, local }) => {
        if (local) return local.perform('keys roll', { account: local.account, id, grace })
        const { key, ...more } = await mortise.apiKeys.roll(id, { grace_seconds: grace })
        return { ...asShown(more), api_key: key, old_key: await mortise.apiKeys.retrieve(id) }
      })
      const ends = `Key ${id} ends at ${made.old_key.revoked_at}.`
      if (options.json) print(JSON.stringify(made))
      else print(`${ends} ${describe(made)} Shown once:\n${made.api_key}`)
    })

  takeWhere(keys.command('limit <id>'))
    .description('limit what a key may ask of providers; without rules, take its limits away')
    .option(...proxyOption)
    .addHelpText(
      'after',
      "\nExample:\n  $ mortise keys limit 2f6c1d1e-… --proxy 'GET /v1/charges /v1/customers/*'",
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const limited = await withPlace(options, async ({ mortise, local }) => {
        const { proxy } = options
        if (local) return local.perform('keys limit', { account: local.account, id, proxy })
        return asShown(await mortise.apiKeys.change(id, { proxy: rulesOf(proxy) }))
      })
      print(options.json ? JSON.stringify(limited) : describe(limited))
    })

  takeWhere(keys.command('revoke <id>'))
    .description('revoke a key at once')
    .addHelpText('after', '\nExample:\n  $ mortise keys revoke 2f6c1d1e-…')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KeyOptions>()
      const revoked = await withPlace(options, async ({ mortise, local }) => {
        if (local) return local.perform('keys revoke', { account: local.account, id })
        await mortise.apiKeys.remove(id)
        return { id, revoked: true }
      })
      print(options.json ? JSON.stringify(revoked) : `Key ${id} is revoked.`)
    })
}

const proxyOption = [
  '--proxy <rule...>',
  'let it ask nothing else of providers, such as "GET,POST /v1/charges /v1/customers/*"',
] as const

function withKeyOptions(command: Command): Command {
  return takeWhere(command)
    .option('--scopes <scope...>', `any of ${scopes.join(' ')} (default: all but operator)`)
    .option('--expires <time>', 'when it ends, in UTC, such as 2027-01-31T00:00:00Z')
    .option('--integration <id>', 'bind it to one integration')
    .option('--addresses <range...>', 'let it be used from these IP addresses and CIDR ranges alone')
    .option(...proxyOption)
}

function inputFrom(options: KeyOptions): object {
  const { name, expires, integration, scopes, addresses, proxy } = options
  return { name, scopes: separate(scopes), expires, integration, addresses: separate(addresses), proxy }
}

/** As the API has it. */
function bodyFrom({ name, expires, integration, scopes, addresses, proxy }: KeyOptions) {
  return {
    name,
    ...(scopes && { scopes: separate(scopes) as Scope[] }),
    ...(expires !== undefined && { expires_at: expires }),
    ...(integration !== undefined && { integration }),
    ...(addresses && { addresses: separate(addresses) ?? null }),
    ...(proxy && { proxy: rulesOf(proxy) }),
  }
}

/** Whether there are such methods is the hub's to say. */
function rulesOf(rules: readonly string[] | undefined): GivenRules {
  return rules ? (rules.map(readRule) as unknown as NonNullable<GivenRules>) : null
}

/** Rules of the proxy as they are typed, here as by the duties. */
function asShown<Key extends { proxy: readonly ProxyRule[] | null }>(key: Key) {
  return { ...key, proxy: key.proxy && writtenRules(key.proxy) }
}

function separate(list: string[] | undefined): string[] | undefined {
  return list?.flatMap((text) => text.split(','))
}

/** For what only who has the store may do. */
function onStore<Result>(
  options: WhereOptions,
  work: (local: { perform: Performs; account: number }) => Promise<Result>,
): Promise<Result> {
  return withPlace({ ...options, local: true }, ({ local }) => {
    if (!local) throw new HubError('not_available', 'This is for the store of this machine alone.')
    return work(local)
  })
}

/** What tells keys apart; `show` tells the rest. */
function row(key: ShownKey & { state: string; last_used_at: string | null }) {
  const { id, name, scopes, integration, state, expires_at, last_used_at } = key
  return { id, name, state, may: mayWords(scopes), integration, expires: expires_at, used: last_used_at }
}

type ShownKey = {
  id: string
  name: string
  scopes: readonly string[]
  integration: string | null
  addresses: readonly string[] | null
  proxy: readonly string[] | null
  expires_at: string | null
}

function describe({ id, name, scopes, integration, addresses, proxy, expires_at }: ShownKey): string {
  const bound = integration === null ? '' : `, bound to integration ${integration}`
  const from = addresses === null ? '' : `, from ${addresses.join(' ')} alone`
  const asks = proxy === null ? '' : `, of providers ${proxy.join(', ')} alone`
  const ends = expires_at === null ? '' : `, until ${expires_at}`
  return `Key ${id}, ${name}, for: ${scopes.join(' ')}${bound}${from}${asks}${ends}.`
}

/** Most keys may do all that there is in an account. */
function mayWords(scopes: readonly string[]): string {
  return accountScopes.every((scope) => scopes.includes(scope))
    ? ['all', ...scopes.filter((scope) => scope === 'operator')].join(' ')
    : scopes.join(' ')
}
