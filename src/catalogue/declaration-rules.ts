// The rules of a declaration that its shape does not say: names, and which members go together.
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Declaration, FieldDeclaration, isObject, type Mistake, shapeMistakes } from './declaration.ts'
import { apiMistakes } from './declared-api-rules.ts'
import { matches, patternMistake } from './pattern.ts'

/** @param taken names and types of providers, each with what it is */
export function mistakesIn(value: unknown, taken: ReadonlyMap<string, string>): Mistake[] {
  const mistakes = shapeMistakes(Declaration, value)
  const { lifecycle, fields, api, auth } = isObject(value) ? value : {}
  const name = nameOf(value)
  if (name !== undefined) mistakes.push(...nameMistakes(name, taken))
  if (isObject(lifecycle) && lifecycle.state !== 'current' && lifecycle.note === undefined) {
    mistakes.push({
      place: 'lifecycle.note',
      words: 'This is missing. Say what people should know about it.',
    })
  }
  if (api !== undefined) mistakes.push(...apiMistakes(api, auth, fields))
  if (!Array.isArray(fields)) return mistakes
  const names = fields.map(nameOf)
  fields.forEach((field: unknown, at) => {
    const place = `fields[${at}]`
    const name = names[at]
    if (name !== undefined && names.indexOf(name) < at) {
      mistakes.push({
        place: `${place}.name`,
        words: `Another field is called "${name}". Choose another name.`,
      })
    }
    mistakes.push(...fieldMistakes(soundMembers(field), place))
  })
  return mistakes
}

type FieldMembers = Partial<FieldDeclaration>
const FieldMembers = Type.Partial(FieldDeclaration)

/** What can be judged although other members are not as they should be. */
function soundMembers(field: unknown): FieldMembers {
  const members = Object.entries(isObject(field) ? field : {})
  const sound = Object.fromEntries(
    members.filter(([name, value]) => Value.Check(FieldMembers, { [name]: value })),
  )
  return Value.Check(FieldMembers, sound) ? sound : {}
}

function nameMistakes(name: string, taken: ReadonlyMap<string, string>): Mistake[] {
  const place = 'name'
  const who = taken.get(name)
  if (who !== undefined) return [{ place, words: `The provider "${name}" is ${who}. Choose another name.` }]
  const type = typeOf(name)
  const whose = taken.get(type)
  if (whose === undefined) return []
  return [{ place, words: `Its type would be ${type}, which is ${whose}. Choose another name.` }]
}

/** What a connection itself has, as v1 names it: a field might be taken for it. And what no body may hold. */
const reserved = [
  'id',
  'title',
  'type',
  'account_id',
  'use_cloudfront',
  'integration_type',
  'provider',
  'created_at',
  'updated_at',
  'constructor',
]

function fieldMistakes(field: FieldMembers, place: string): Mistake[] {
  const mistakes: Mistake[] = []
  const wrong = (member: keyof FieldDeclaration, words: string) =>
    mistakes.push({ place: `${place}.${member}`, words })
  const given = (...members: Array<keyof FieldDeclaration>) =>
    members.filter((member) => field[member] !== undefined && field[member] !== false)

  if (field.name !== undefined && reserved.includes(field.name)) {
    wrong('name', `No field may be called any of ${reserved.join(', ')}. Choose another name.`)
  }
  if (field.kind === 'object') {
    const others = given('secret', 'pattern', 'likely_pattern', 'enum', 'examples', 'initial', 'origin')
    for (const member of others) wrong(member, 'This is for fields of the kind text. Leave it out.')
    return mistakes
  }
  if (field.secret) {
    for (const member of given('enum', 'initial', 'origin')) {
      wrong(member, 'A secret has none of enum, initial and origin: these are shown. Leave it out.')
    }
  }
  if (field.enum) {
    for (const member of given('pattern', 'likely_pattern')) {
      wrong(member, 'This field has an enum, which says everything. Leave one of them out.')
    }
  }
  for (const member of ['pattern', 'likely_pattern'] as const) {
    const mistake = field[member] === undefined ? undefined : patternMistake(field[member])
    if (mistake !== undefined) wrong(member, mistake)
  }
  if (mistakes.length > 0) return mistakes
  const isRefused = (value: string) =>
    (field.enum && !field.enum.includes(value)) || (field.pattern && !matches(field.pattern, value))
  const values = { initial: [field.initial ?? []].flat(), examples: field.examples ?? [] }
  for (const member of ['initial', 'examples'] as const) {
    if (values[member].some(isRefused)) {
      wrong(member, "This would be refused by the field's own pattern or enum. Change one of them.")
    }
  }
  return mistakes
}

/** `IntegrationAcmeCrm` of `acme_crm`. */
export function typeOf(name: string): `Integration${string}` {
  const words = name.split('_').map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
  return `Integration${words.join('')}`
}

/** Of a provider or a field, where it has one that may be. */
export function nameOf(value: unknown): string | undefined {
  return isObject(value) && Value.Check(Declaration.properties.name, value.name) ? value.name : undefined
}
