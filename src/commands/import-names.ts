// Which provider and field a name means: `STRIPE_SECRET_KEY` of an environment, `apiKey` of another product's export.
import type { components } from '../../sdk/src/index.ts'
import { type Entry, type Flaw, type Pair, squashed } from './import-files.ts'

export type ProviderFacts = components['schemas']['Provider']

/** What providers are called beside their names in the catalogue. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  amazon: ['aws', 's3', 'aws_s3', 'amazon_s3'],
  convertkit: ['kit'],
  google_analytics: ['ga', 'ga4'],
  infusionsoft: ['keap'],
  wishlist: ['wishlist_member', 'wlm'],
}

/** What the one secret, and the one address, that a provider has may be called where it is not called by its name. */
const wordsForSecret = new Set(
  ['key', 'token', 'secret', 'password', 'api_key', 'api_token', 'api_secret', 'access_token', 'auth_token']
    .concat(['secret_key', 'private_key', 'client_secret', 'api_secret_key', 'secret_api_key'])
    .map(squashed),
)
const wordsForAddress = new Set(
  ['url', 'host', 'api_url', 'base_url', 'endpoint', 'api_endpoint'].map(squashed),
)

/** What frameworks put before the names of what browsers may see. */
const publicPrefixes = ['NEXT_PUBLIC', 'NUXT_PUBLIC', 'EXPO_PUBLIC', 'REACT_APP', 'VITE', 'PUBLIC']

/** They say no more than the field does. */
const idleWords = new Set(['DEFAULT', 'NAME'])

export type FoundField = {
  readonly name: string
  /** Whether it is called otherwise. */
  readonly isGuess: boolean
}

export function findProvider(providers: readonly ProviderFacts[], name: string): ProviderFacts | undefined {
  const wanted = squashed(name)
  return providers.find((provider) => spellingsOf(provider).some((spelling) => squashed(spelling) === wanted))
}

export function findField({ fields, secrets }: ProviderFacts, name: string): FoundField | undefined {
  const wanted = squashed(name)
  const writable = Object.keys(fields).filter((field) => fields[field]?.readOnly !== true)
  const exact = writable.find((field) => squashed(field) === wanted)
  if (exact !== undefined) return { name: exact, isGuess: false }
  const [secret, another] = secrets
  if (secret !== undefined && another === undefined && wordsForSecret.has(wanted)) {
    return { name: secret, isGuess: true }
  }
  const address = writable.filter((field) => wordsForAddress.has(squashed(field)))
  if (address[0] !== undefined && address.length === 1 && wordsForAddress.has(wanted)) {
    return { name: address[0], isGuess: true }
  }
  return undefined
}

/**
 * Names of one provider are one connection; those that share further words, such as `STRIPE_SECRET_KEY_EU`, are
 * another one.
 */
export function entriesFrom(
  pairs: readonly Pair[],
  providers: readonly ProviderFacts[],
): { entries: Entry[]; unknown: Flaw[] } {
  const groups = new Map<string, Entry & { values: Array<readonly [string, unknown]> }>()
  const unknown: Flaw[] = []
  for (const { where, name, value } of pairs) {
    const read = readName(name, providers)
    if (!read?.field) {
      const what = isShowable(name) ? name : 'A name that may be part of a secret'
      const says = read
        ? `${what}: ${read.provider.title} has no such field.`
        : `${what}: of no known provider.`
      unknown.push({ where, says })
      continue
    }
    const { provider, field, tag } = read
    const key = `${provider.name} ${tag}`
    const title = tag === '' ? provider.title : `${provider.title} (${tag})`
    const group = groups.get(key) ?? { where, provider: provider.name, title, values: [] }
    group.values.push([field, value])
    groups.set(key, group)
  }
  return { entries: [...groups.values()], unknown }
}

type ReadName = { provider: ProviderFacts; field: string | undefined; tag: string }

function readName(name: string, providers: readonly ProviderFacts[]): ReadName | undefined {
  if (!isShowable(name)) return undefined
  const prefix = publicPrefixes.find((prefix) => name.startsWith(`${prefix}_`))
  const words = (prefix === undefined ? name : name.slice(prefix.length + 1)).split('_')
  const found = providers
    .flatMap((provider) => spellingsOf(provider).map((spelling) => ({ provider, spelling })))
    .map(({ provider, spelling }) => ({ provider, run: runOf(words, spelling) }))
    .filter(({ run }) => run !== undefined)
    .toSorted((a, b) => (b.run?.length ?? 0) - (a.run?.length ?? 0))[0]
  if (!found?.run) return undefined
  const { provider, run } = found
  const before = words.slice(0, run.at)
  const after = words.slice(run.at + run.length)
  const exact = longestRun(after, (text) => findField(provider, text)?.isGuess === false)
  if (exact) {
    const rest = [...before, ...after.slice(0, exact.at), ...after.slice(exact.at + exact.length)]
    return { provider, field: after.slice(exact.at, exact.at + exact.length).join('_'), tag: tagOf(rest) }
  }
  const whole = after.join('_')
  const isField = findField(provider, whole) !== undefined
  return { provider, field: isField ? whole : undefined, tag: tagOf(before) }
}

function tagOf(words: readonly string[]): string {
  return words.filter((word) => !idleWords.has(word)).join('_')
}

type Run = { readonly at: number; readonly length: number }

/** Where a name stands among words, however it is divided. */
function runOf(words: readonly string[], name: string): Run | undefined {
  return longestRun(words, (text) => squashed(text) === squashed(name))
}

function longestRun(words: readonly string[], holds: (text: string) => boolean): Run | undefined {
  for (let length = words.length; length > 0; length--) {
    for (let at = 0; at + length <= words.length; at++) {
      if (holds(words.slice(at, at + length).join('_'))) return { at, length }
    }
  }
  return undefined
}

function spellingsOf({ name }: ProviderFacts): readonly string[] {
  return [name, ...(otherNames[name] ?? [])]
}

/** Whether it is a name as variables have it: in a file that is not what it says, parts of secrets stand there. */
export function isShowable(name: string): boolean {
  return name.length <= 64 && /^[A-Z]{1,20}[0-9]?(_[A-Z0-9]{1,20})*$/.test(name)
}
