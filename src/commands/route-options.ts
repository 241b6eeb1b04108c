// Options of a command from what a route takes: one for each member of its body and of its query.
import { type Command, Option } from 'commander'
import type { TSchema } from 'typebox'
import type { Route } from '../contract/route.ts'
import { invalidField } from '../hub/errors.ts'
import { isPlain, parseGiven, plainSecret, readGiven, readGivenFile } from './given-text.ts'
import { camel, flagOf, kebab } from './option-names.ts'
import { tell } from './report.ts'

type Kind = 'text' | 'integer' | 'flag' | 'list' | 'json' | 'picture'

export type Member = {
  readonly name: string
  /** Another where the command has one of that name already. */
  flag: string
  readonly kind: Kind
  readonly isRequired: boolean
  readonly isNullable: boolean
  readonly isSecret: boolean
  readonly description: string
}

/** What the list's way of paging is made of; people see the whole list. */
const paging = new Set(['page', 'page_size', 'cursor'])

/** @param others members whose options are made elsewhere */
export function membersOf(route: Route, others: readonly string[] = []): Member[] {
  const { properties = {}, required = [] } = (route.body ?? {}) as Partial<ObjectSchema>
  return Object.entries(properties)
    .filter(([name, { readOnly }]) => !readOnly && !others.includes(name))
    .map(([name, schema]) => memberOf(name, schema, route.method !== 'PATCH' && required.includes(name)))
}

export function filtersOf({ query }: Route): Member[] {
  return Object.entries((query?.properties ?? {}) as Record<string, Schema>)
    .filter(([name]) => !paging.has(name))
    .map(([name, schema]) => memberOf(name, schema, false))
}

export function takeMembers(command: Command, members: readonly Member[]): void {
  for (const member of members) {
    const { name, kind, isRequired, description } = member
    const isTaken = command.options.some(({ long }) => long === flagOf(name))
    if (isTaken) member.flag = `--set-${kebab(name)}`
    const text = isRequired ? `${description} (required)` : description
    command.addOption(new Option(`${member.flag}${argumentOf[kind]}`, text))
  }
  const nullable = members.filter(({ isNullable }) => isNullable)
  if (nullable.length > 0)
    command.option(
      '--clear <member...>',
      `set to null: any of ${nullable.map(({ name }) => kebab(name)).join(', ')}`,
    )
}

/** What was given, by the names of the wire. */
export async function readMembers(
  members: readonly Member[],
  options: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const read: Record<string, unknown> = {}
  for (const member of members) {
    const given = options[camel(member.flag.slice(2))]
    if (given !== undefined) read[member.name] = await readMember(member, given)
  }
  const cleared = (options.clear as string[] | undefined) ?? []
  for (const text of cleared.flatMap((one) => one.split(','))) {
    const member = members.find(({ name, isNullable }) => isNullable && kebab(name) === kebab(text))
    if (!member) throw invalidField('clear', `${text} cannot be cleared.`)
    read[member.name] = null
  }
  return read
}

type Schema = TSchema & {
  type?: string | string[]
  format?: string
  enum?: unknown[]
  items?: { type?: string }
  description?: string
  readOnly?: boolean
  writeOnly?: boolean
}
type ObjectSchema = { properties: Record<string, Schema>; required: string[] }

const argumentOf: Readonly<Record<Kind, string>> = {
  text: ' <text>',
  integer: ' <number>',
  flag: '',
  list: ' <text...>',
  json: ' <json>',
  picture: ' <file>',
}

function memberOf(name: string, schema: Schema, isRequired: boolean): Member {
  const types = [schema.type ?? 'json'].flat()
  return {
    name,
    flag: flagOf(name),
    kind: kindOf(schema, types),
    isRequired,
    isNullable: types.includes('null'),
    isSecret: schema.writeOnly === true,
    description: firstSentence(schema.description ?? ''),
  }
}

function kindOf({ format, items, enum: choices }: Schema, types: readonly string[]): Kind {
  if (format === 'image') return 'picture'
  if (types.includes('boolean') || (choices?.includes('true') && choices.length === 2)) return 'flag'
  if (types.includes('integer')) return 'integer'
  if (types.includes('array')) return items?.type === 'string' ? 'list' : 'json'
  return types.includes('string') ? 'text' : 'json'
}

async function readMember({ flag: option, kind, isSecret }: Member, given: unknown): Promise<unknown> {
  const flag = option.slice(2)
  if (isSecret && isPlain(String(given))) tell(plainSecret(flag, `${option} -`, `${option} @file`))
  switch (kind) {
    case 'flag':
      return given === true
    case 'list':
      return (given as string[]).flatMap((text) => text.split(','))
    case 'picture':
      return readGivenFile(flag, String(given)).toString('base64')
    case 'integer': {
      const number = Number(given)
      if (!Number.isInteger(number)) throw invalidField(flag, 'Give a number.')
      return number
    }
    case 'json':
      return parseGiven(flag, await readGiven(flag, String(given)))
    default:
      return readGiven(flag, String(given))
  }
}

function firstSentence(description: string): string {
  return (/^.*?\.(?= |$)/.exec(description)?.[0] ?? description)
    .replace(/\.$/, '')
    .replaceAll('`', '')
    .replace(/^true /, '')
}
