// What would become of each connection in a file: judged by its provider's schemas before anything is sent.
import { matches } from '../catalogue/pattern.ts'
import type { Entry } from './import-files.ts'
import { findField, findProvider, type ProviderFacts } from './import-names.ts'

export type Planned = {
  readonly where: string
  /** Undefined where it is not known: what stands in its place may be a secret. */
  readonly provider?: ProviderFacts
  readonly title?: string
  readonly integration?: string
  readonly fields: Readonly<Record<string, unknown>>
  /** Why it cannot be made; no value is quoted. */
  readonly problems: readonly string[]
  /** What to look at. */
  readonly notes: readonly string[]
}

export function planned(entries: readonly Entry[], providers: readonly ProviderFacts[]): Planned[] {
  const plans = entries.map((entry) => plan(entry, providers))
  const first = new Map<string, string>()
  return plans.map((plan) => {
    if (plan.provider === undefined || plan.problems.length > 0) return plan
    const name = JSON.stringify([plan.integration, plan.provider.name, plan.title])
    const before = first.get(name)
    if (before === undefined) {
      first.set(name, plan.where)
      return plan
    }
    const says = `The provider and title of ${before}: give each connection a title of its own.`
    return { ...plan, problems: [says] }
  })
}

function plan(
  { where, provider: name, title, integration, values, isForeign }: Entry,
  providers: readonly ProviderFacts[],
): Planned {
  const provider = findProvider(providers, name)
  const at = { where, ...(integration !== undefined && { integration }) }
  if (!provider) {
    const says =
      name === '' ? 'It names no provider.' : 'Its provider is not in the catalogue: mortise providers'
    return { ...at, fields: {}, problems: [says], notes: [] }
  }
  const fields: Record<string, unknown> = {}
  const problems: string[] = []
  const notes: string[] = []
  for (const [written, value] of values) {
    const field = findField(provider, written)
    if (!field) {
      const says = `${provider.title} has no field ${called(written)}. It has: ${writableOf(provider).join(', ')}.`
      if (isForeign) notes.push(says)
      else problems.push(says)
    } else if (field.name in fields) problems.push(`${field.name} is given twice.`)
    else {
      fields[field.name] = value
      const judged = judge(field.name, value, provider)
      if (judged.problem !== undefined) problems.push(judged.problem)
      if (judged.note !== undefined) notes.push(judged.note)
      if (field.isGuess) notes.push(`${field.name} is called otherwise in the file.`)
    }
  }
  problems.push(...missingIn(provider, fields))
  const unset = writableOf(provider).filter((field) => !(field in fields) && needs(provider, field))
  if (unset.length > 0) notes.push(`Not given: ${unset.join(', ')}.`)
  return { ...at, provider, title: title ?? provider.title, fields, problems: [...new Set(problems)], notes }
}

/** A name, unless it may be something else that has come into its place. */
function called(written: string): string {
  return /^[a-z]+([ _-]?[a-z]+){0,5}$/i.test(written) && written.length <= 40
    ? `“${written}”`
    : 'of a name in it'
}

function missingIn(provider: ProviderFacts, fields: Readonly<Record<string, unknown>>): string[] {
  const wanted = provider.secrets.length > 0 ? provider.secrets : writableOf(provider)
  if (wanted.some((name) => name in fields)) return []
  return [`${wanted.length > 1 ? 'One of these is' : 'This is'} missing: ${wanted.join(', ')}.`]
}

function writableOf({ fields }: ProviderFacts): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.readOnly !== true)
}

/** What has a default does without. */
function needs({ fields }: ProviderFacts, name: string): boolean {
  return fields[name]?.default === undefined
}

/** As the hub will; what it finds beyond this, it says when it is asked. */
function judge(name: string, value: unknown, { fields }: ProviderFacts): { problem?: string; note?: string } {
  const schema = fields[name]
  if (!schema) return {}
  if (schema.type === 'object') {
    return typeof value === 'object' ? {} : { problem: `${name} has to be a JSON object.` }
  }
  if (typeof value !== 'string') return { problem: `${name} has to be text.` }
  if (schema.writeOnly && /^[*•●.…\s]+$|^[*•●…]{3,}/u.test(value)) {
    return { problem: `${name} is the mask of a secret, not a secret.` }
  }
  if (schema.writeOnly && /[^\x20-\x7e]/.test(value)) {
    return { problem: `${name} has to be one line of plain ASCII.` }
  }
  if (schema.enum && !schema.enum.includes(value)) {
    return { problem: `${name} has to be one of: ${schema.enum.join(', ')}.` }
  }
  if (schema.pattern !== undefined && !matches(schema.pattern, value)) {
    return { problem: `${name} is malformed. ${schema.description}` }
  }
  const likely = schema['x-likely-pattern']
  if (likely !== undefined && !matches(likely, value)) {
    return { note: `${name} does not look as it usually does. ${schema.description}` }
  }
  return {}
}
