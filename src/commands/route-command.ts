// One command for one route of the contract: its ids as arguments, what it takes as options, its answer shown.
import type { Command } from 'commander'
import { type Mortise, MortiseError } from '../../sdk/src/index.ts'
import type { Route } from '../contract/route.ts'
import { bodyExample } from '../contract/samples.ts'
import { camelCase } from '../contract/sdk-names.ts'
import { HubError } from '../hub/errors.ts'
import {
  connectionFields,
  type FieldOptions,
  readGivenFields,
  takeFieldOptions,
} from './connection-fields.ts'
import { textRule } from './given-text.ts'
import { flagOf, kebab } from './option-names.ts'
import { Progress } from './progress.ts'
import { print } from './report.ts'
import { filtersOf, membersOf, readMembers, takeMembers } from './route-options.ts'
import { type Columns, isItem, shownItem, shownList } from './shown.ts'
import { takeWhere, type WhereOptions, withClient } from './where.ts'

/** Where a route is found: `/v2/<resource>` and what is done, as the contract names them. */
export type Named = { readonly resource: string; readonly action: string; readonly route: Route }

/** How answers are told to people, where the plain way is not the best one. */
export type Telling = {
  readonly columns?: Columns
  tell?(answer: unknown, ids: readonly string[]): string
}

type RouteOptions = WhereOptions & FieldOptions & { integration?: string; limit?: string }

/** The words of the command line for what the contract calls otherwise. */
const resourceWords: Readonly<Record<string, string>> = { api_keys: 'keys' }
const actionWords: Readonly<Record<string, string>> = { retrieve: 'show', remove: 'delete' }

export function commandWords({ resource, action }: Omit<Named, 'route'>): [parent: string, name: string] {
  const parent = resourceWords[resource] ?? kebab(resource)
  const isRevoking = resource === 'api_keys' && action === 'remove'
  return [parent, isRevoking ? 'revoke' : (actionWords[action] ?? kebab(action))]
}

export function addRoute(parent: Command, named: Named, telling: Telling = {}): void {
  const { resource, action, route } = named
  const [parentWord, word] = commandWords(named)
  const ids = idsOf(route)
  const hasFields =
    resource === 'connections' && route.body?.properties.fields !== undefined && hasField(route)
  const members = membersOf(route, hasFields ? ['fields'] : [])
  const filters = filtersOf(route)
  const command = parent
    .command([word, ...ids.map((name) => `<${name}>`)].join(' '))
    .description(lowered(route.summary))
  takeWhere(command)
  if (actsAs(named)) takeIntegration(command)
  if (hasFields) takeFieldOptions(command)
  takeMembers(command, members)
  takeMembers(command, filters)
  if (action === 'list') command.option('--limit <number>', 'no more than so many')
  if (members.length > 0) command.addHelpText('after', `\n${textRule}`)
  command.addHelpText('after', `\nExample:\n  $ mortise ${parentWord} ${word}${exampleOf(named)}`)
  command.action(async (...given: unknown[]) => {
    const options = command.optsWithGlobals<RouteOptions>()
    const values = ids.map((_, at) => String(given[at]))
    const query = await readMembers(filters, { ...options, clear: undefined })
    /** Read once, however often the request is made. */
    const body = route.body && (await readMembers(members, options))
    let fields: Record<string, unknown> | undefined
    await withClient(options, (mortise) =>
      acting(mortise, named, options, async (mortise) => {
        if (action === 'list') return list(mortise, named, values, query, options, telling)
        if (body && hasFields) {
          fields ??= await readGivenFields(options, () => connectionFields(mortise, values[0] ?? ''))
          if (fields) body.fields = fields
        }
        const call = resourceOf(mortise, resource)[camelCase(action)]
        if (!call) throw new HubError('not_available', `There is no ${parentWord} ${word}.`)
        const takesBody = route.method !== 'GET' && route.method !== 'DELETE'
        const answer = await call(...values, ...(takesBody ? [body, { query }] : [{ query }]))
        if (options.json)
          return print(JSON.stringify(answer ?? { ...idShown(resource, values), deleted: true }))
        if (answer === undefined) return print(`${nounOf(parentWord)} ${values.join(' ')} is ${word}d.`)
        print(telling.tell?.(answer, values) ?? told(answer))
      }),
    )
  })
}

/** Whether a request of the route says whom it acts as. */
function actsAs({ route }: Pick<Named, 'route'>): boolean {
  return route.integrationHeader === 'required'
}

/** The Web App Integration, which every account has. */
export const integrationDefault = '1'

export function takeIntegration(command: Command): Command {
  return command.option(
    '--integration <id>',
    `the integration it belongs to (default: that of the key, or ${integrationDefault}, the Web App)`,
  )
}

/** Which integration is meant where none is named: that of a bound key, or the one that every account has. */
export async function acting<Result>(
  mortise: Mortise,
  named: Named,
  { integration }: { integration?: string },
  work: (mortise: Mortise) => Promise<Result>,
): Promise<Result> {
  if (!actsAs(named)) return work(mortise)
  if (integration !== undefined) return work(mortise.as(integration))
  try {
    return await work(mortise)
  } catch (error) {
    if (!(error instanceof MortiseError) || error.code !== 'integration_required') throw error
  }
  try {
    return await work(mortise.as(integrationDefault))
  } catch (error) {
    if (!(error instanceof MortiseError) || error.code !== 'not_found') throw error
    throw new HubError(
      'not_found',
      `${error.message} It was looked for in integration ${integrationDefault}; name another one with --integration (see: mortise integrations list).`,
    )
  }
}

type AnyCall = (...given: unknown[]) => Promise<unknown>
type AnyResource = Readonly<Record<string, AnyCall>>

/** By the name that the contract has for it; typed for those who know which one they mean. */
export function resourceOf(mortise: Mortise, resource: string): AnyResource {
  const found = (mortise as unknown as Readonly<Record<string, AnyResource | undefined>>)[camelCase(resource)]
  if (!found) throw new HubError('not_available', `The client knows no ${resource}.`)
  return found
}

async function list(
  mortise: Mortise,
  { resource }: Named,
  ids: readonly string[],
  query: object,
  options: RouteOptions,
  { columns }: Telling,
): Promise<void> {
  const all = resourceOf(mortise, resource).all as unknown as (...given: unknown[]) => AsyncIterable<unknown>
  const items = await gathered(all(...ids, { query: { page_size: 100, ...query } }), resource, options)
  if (options.json) print(JSON.stringify({ [commandWords({ resource, action: 'list' })[0]]: items }))
  else print(shownList(items, columns))
}

/** All of a list, or as many as are wanted. */
export async function gathered<Item>(
  items: AsyncIterable<Item>,
  what: string,
  { limit, json }: { limit?: string; json?: boolean },
): Promise<Item[]> {
  const most = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  const found: Item[] = []
  const progress = new Progress(what.replaceAll('_', ' '), undefined, { ...(json && { json }) })
  if (most > 0)
    for await (const item of items) {
      found.push(item)
      if (found.length % 100 === 0) progress.show(found.length)
      if (found.length >= most) break
    }
  progress.end()
  return found
}

function idsOf({ path }: Route): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => kebab(name))
}

/** `fields` of a connection are an object of the provider's; elsewhere the name stands for something else. */
function hasField({ body }: Route): boolean {
  return (body?.properties.fields as { type?: unknown } | undefined)?.type === 'object'
}

function exampleOf({ route }: Named): string {
  const ids = idsOf(route).map((name) => (name === 'name' ? 'stripe' : '1'))
  const example = Object.entries(bodyExample(route) ?? {}).flatMap(([name, value]) =>
    exampleOption(name, value),
  )
  return [...ids, ...example].map((word) => ` ${word}`).join('')
}

function exampleOption(name: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.length > 0 ? [flagOf(name), ...value.map(String)] : []
  if (name === 'fields' && typeof value === 'object' && value !== null)
    return Object.keys(value).flatMap((field) => ['--field', field])
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return [flagOf(name), /^[\w.@:-]+$/.test(text) ? text : `'${text}'`]
}

/** What is doubted stands behind what is. */
function told(answer: unknown): string {
  if (!isItem(answer) || !Array.isArray(answer.warnings)) return shownItem(answer)
  const { warnings, ...item } = answer
  return [shownItem(item), ...(warnings as unknown[]).map((warning) => `Warning: ${warning}`)].join('\n')
}

/** Connections have numbers. */
function idShown(resource: string, [id]: readonly string[]): object {
  return { id: resource === 'connections' ? Number(id) : id }
}

function lowered(summary: string): string {
  return `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`
}

/** `connections` as a sentence begins with one of them. */
export function nounOf(word: string): string {
  const one = word.replace(/ies$/, 'y').replace(/s$/, '')
  return `${one.charAt(0).toUpperCase()}${one.slice(1)}`
}
