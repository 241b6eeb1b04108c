// Examples of a call, for the OpenAPI document: by curl and by the SDK, with what the contract says of the route.
import type { TSchema } from 'typebox'
import type { Route } from './route.ts'

export type Sample = { readonly lang: string; readonly label: string; readonly source: string }

/** Where the hub is and its key are taken from the environment, as by the command line. */
const where = '"$MORTISE_URL'

/** Of a provider's own API, where calls are handed on. */
const providerPath = 'v1/balance'

/**
 * @param method in lower case, one of those that the route knows
 * @param name the resource and the action, as the SDK has them; undefined where it has none
 */
export function samplesOf(
  route: Route,
  method: string,
  name?: { resource: string; action: string },
): Sample[] {
  const samples = [{ lang: 'Shell', label: 'curl', source: curl(route, method.toUpperCase()) }]
  if (name) samples.push({ lang: 'JavaScript', label: 'SDK', source: sdk(route, method.toUpperCase(), name) })
  return samples
}

/** A body that the route takes: that which it names, or the members that it demands. */
export function bodyExample({ example, body }: Route): object | undefined {
  if (example || !body) return example
  const { properties, required = [] } = body as TSchema & {
    properties: Record<string, TSchema>
    required?: string[]
  }
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name])]))
}

function curl(route: Route, asked: string): string {
  const body = bodyExample(route)
  const isKeyless = route.scope === 'public'
  const method = asked === 'GET' ? '' : asked === 'HEAD' ? '-I ' : `-X ${asked} `
  const lines = [
    `curl ${method}${where}${pathExample(route, (name) => String(idOf(name)))}"`,
    ...(isKeyless ? [] : ['-H "Authorization: Token $MORTISE_API_KEY"']),
    ...(route.integrationHeader === 'required' ? ["-H 'Integration-ID: 1'"] : []),
    ...(route.reply.lines ? ["-H 'Accept: application/x-ndjson'"] : []),
    ...(body ? ["-H 'Content-Type: application/json'", `-d '${quoted(JSON.stringify(body))}'`] : []),
  ]
  return lines.join(' \\\n  ')
}

function sdk(
  route: Route,
  method: string,
  { resource, action }: { resource: string; action: string },
): string {
  const ids = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => literal(idOf(name)))
  const body = bodyExample(route)
  const isBodyEmpty = body === undefined || Object.keys(body).length === 0
  const acting = route.integrationHeader === 'required' ? ".as('1')" : ''
  const given = [...ids, ...(isBodyEmpty ? [] : [literal(body)])].join(', ')
  const init = method === 'GET' ? '' : `, { method: '${method}' }`
  const call = route.reply.relayed
    ? `mortise${acting}.connections.fetch(1, '/${providerPath}'${init})`
    : `mortise${acting}.${resource}.${action}(${given})`
  const use = route.reply.lines
    ? `for await (const line of await ${call}) console.log(line)`
    : route.reply.status === 204
      ? `await ${call}`
      : `console.log(await ${call})`
  return `import { createMortise } from '@mortise/sdk'

const { MORTISE_URL: url = '', MORTISE_API_KEY: apiKey = '' } = process.env
const mortise = createMortise({ url, apiKey })
${use}
`
}

function pathExample({ path }: Route, textOf: (name: string) => string): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => textOf(name)).replace(/\*$/, providerPath)
}

/** What every account has, where it can be: its Web App Integration is 1. */
function idOf(name: string): string | number {
  const known: Readonly<Record<string, string>> = { name: 'stripe', code: 'not_found', page: 'quick-start' }
  return known[name] ?? 1
}

function exampleOf(schema: TSchema | undefined): unknown {
  const {
    examples,
    default: given,
    type,
  } = (schema ?? {}) as {
    examples?: unknown[]
    default?: unknown
    type?: string
  }
  if (examples?.[0] !== undefined) return examples[0]
  if (given !== undefined) return given
  return type === 'integer' ? 1 : type === 'array' ? [] : type === 'object' ? {} : 'text'
}

/** Within single quotes of a shell. */
function quoted(text: string): string {
  return text.replaceAll("'", String.raw`'\''`)
}

/** As it is written in JavaScript. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`)
    return `{ ${members.join(', ')} }`
  }
  return typeof value === 'string' ? `'${value.replaceAll("'", String.raw`\'`)}'` : JSON.stringify(value)
}
