// `mortise login`, `logout` and `whoami`: which hub commands talk to, and with which key.
import type { Command } from 'commander'
import { createMortise, MortiseError } from '../../sdk/src/index.ts'
import { HubError, invalidField } from '../hub/errors.ts'
import { isAtTerminal, readHidden, readInput } from './input.ts'
import { addressOf, findLogin, type Login, loginFile, readLogins, writeLogins } from './logins.ts'
import { print, table } from './report.ts'
import { rule, takeWhere, type WhereOptions, whereOf } from './where.ts'

type LoginOptions = { url?: string; name?: string; use?: string; insecure?: true; json?: boolean }

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('keep the key of a hub, and let commands talk to it')
    .option('--url <address>', 'where the hub is, such as https://hub.example.com')
    .option('--name <text>', 'what to call it (default: its host)')
    .option('--use <name>', 'talk to another hub that you are logged in to already')
    .option('--insecure', 'also over http, to another machine: everybody on the way reads the key')
    .addHelpText(
      'after',
      `
The key is asked for, or read from standard input; it is tried, and kept in a file for you alone to read.

Examples:
  $ mortise login --url https://hub.example.com
  $ mortise login --url http://127.0.0.1:3500 < key.txt
  $ mortise login --use hub.example.com

${rule}`,
    )
    .action(async (_options: unknown, command: Command) => {
      await login(command.optsWithGlobals<LoginOptions>())
    })

  program
    .command('logout [name]')
    .description('forget the key of a hub; it stays valid until it is revoked')
    .addHelpText('after', '\nExample:\n  $ mortise logout')
    .action((name: string | undefined, _options: unknown, command: Command) => {
      logout(name, command.optsWithGlobals<LoginOptions>())
    })

  takeWhere(program.command('whoami'))
    .description('say where commands work, and whether the key there is good')
    .option('--all', 'every hub that you are logged in to')
    .addHelpText('after', `\nExample:\n  $ mortise whoami\n\n${rule}`)
    .action(async (_options: unknown, command: Command) => {
      await whoami(command.optsWithGlobals<WhereOptions & { all?: true }>())
    })
}

async function login({ url: given, name, use, insecure, json }: LoginOptions): Promise<void> {
  const file = loginFile()
  const logins = readLogins(file)
  if (use !== undefined) {
    const known = findLogin(logins, use)
    if (!known) throw new HubError('not_found', `There is no login called ${use}. See: mortise whoami --all`)
    writeLogins(file, { ...logins, current: known.name })
    return print(json ? JSON.stringify(shown(known)) : `Commands talk to ${known.name} at ${known.url} now.`)
  }
  const url = addressGiven(given, insecure)
  const key = (await (isAtTerminal() ? readHidden('API key: ') : readInput('the API key'))).trim()
  if (key === '') throw new HubError('invalid', 'No key was given, and nothing was kept.')
  const made: Login = { name: name ?? new URL(url).host, url, key }
  const facts = await tried(made)
  const others = logins.hubs.filter((hub) => hub.name !== made.name && hub.url !== made.url)
  writeLogins(file, { current: made.name, hubs: [...others, made] })
  if (json) return print(JSON.stringify({ ...shown(made), ...facts }))
  print(
    `Logged in to ${made.name} at ${url}.${wordsOf(facts)}\nThe key is kept in ${file}, for you alone to read.`,
  )
}

function logout(named: string | undefined, { json }: LoginOptions): void {
  const file = loginFile()
  const logins = readLogins(file)
  const name = named ?? logins.current ?? undefined
  const known = name === undefined ? undefined : findLogin(logins, name)
  if (!known)
    throw new HubError(
      'not_found',
      name === undefined ? 'You are not logged in.' : `There is no login called ${name}.`,
    )
  const hubs = logins.hubs.filter((hub) => hub !== known)
  const current = logins.current === known.name ? null : logins.current
  writeLogins(file, { current, hubs })
  if (json) {
    print(JSON.stringify({ ...shown(known), logged_out: true }))
    return
  }
  print(`Logged out of ${known.name}. Its key is not kept here any more, and is still valid.`)
  if (current === null) print('Commands work on the store of this machine now.')
}

async function whoami(options: WhereOptions & { all?: true }): Promise<void> {
  if (options.all) {
    const { current, hubs } = readLogins(loginFile())
    if (options.json) return print(JSON.stringify({ current, hubs: hubs.map(shown) }))
    return print(table(hubs.map((hub) => ({ ...shown(hub), current: hub.name === current ? 'yes' : '' }))))
  }
  const where = whereOf(options)
  if (!where) {
    if (options.json) return print(JSON.stringify({ local: true }))
    return print(
      'Commands work on the store of this machine. To log in to a hub: mortise login --url <address>',
    )
  }
  const facts = await factsOf(where)
  if (options.json) return print(JSON.stringify({ ...shown(where), ...facts }))
  print(`Commands talk to ${where.name} at ${where.url}.${wordsOf(facts)}`)
}

function tried(login: Login): Promise<Facts> {
  return factsOf(login).catch((error: unknown) => {
    if (!(error instanceof MortiseError) || error.status !== 401) throw error
    throw new HubError(
      'unauthenticated',
      `The hub at ${login.url} does not accept this key. Nothing was kept.`,
    )
  })
}

type Facts = { readonly key: Readonly<Record<string, unknown>> | null }

/**
 * Tries the key.
 * @throws MortiseError where it is not accepted
 */
async function factsOf({ url, key }: Login): Promise<Facts> {
  const mortise = createMortise({ url, apiKey: key, retries: 1 })
  try {
    const { id, name, scopes, integration, expires_at } = await mortise.apiKeys.current()
    return { key: { id, name, scopes, integration, expires_at } }
  } catch (error) {
    // An older hub does not say, and a key that may not look at others is good all the same.
    if (error instanceof MortiseError && [403, 404].includes(error.status)) return { key: null }
    throw error
  }
}

function wordsOf({ key }: Facts): string {
  if (key === null) return ' The key is good.'
  const bound = key.integration === null ? '' : `, bound to integration ${key.integration}`
  const ends = key.expires_at === null ? '' : `, until ${key.expires_at}`
  return ` The key is “${key.name}”${bound}${ends}; it may: ${[key.scopes].flat().join(' ')}.`
}

/** Without the key. */
function shown({ name, url }: Login) {
  return { name, url }
}

function addressGiven(given: string | undefined, insecure: true | undefined): string {
  if (given === undefined) throw invalidField('url', 'Say where the hub is: --url https://hub.example.com')
  const url = URL.parse(given)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw invalidField('url', 'Give an address such as https://hub.example.com, without a name or a query.')
  }
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isHere && !insecure) {
    throw invalidField(
      'url',
      'Over http, everybody on the way to that machine reads the key. Use https, or say --insecure.',
    )
  }
  return addressOf(url)
}
