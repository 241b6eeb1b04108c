// Finds out which fields of which provider a pasted text holds: by their names, and by how their values look.

export type Detected = {
  readonly provider: string
  readonly values: Readonly<Record<string, string>>
}

/** What of a provider counts here. */
type Given = {
  readonly name: string
  readonly fields: Readonly<
    Record<
      string,
      {
        readonly type: string
        readonly pattern?: string | undefined
        readonly 'x-likely-pattern'?: string | undefined
        readonly enum?: readonly string[] | undefined
        readonly readOnly?: boolean | undefined
      }
    >
  >
}

/** Longer texts are no credentials. */
const textLengthMax = 20_000

/** What a text holds for one provider: names count where a line has them. */
export function detectFields({ fields }: Pick<Given, 'fields'>, text: string): Record<string, string> {
  const found: Record<string, string> = {}
  const { named, words } = partsOf(text)
  const own = Object.entries(fields).filter(([, { readOnly, type }]) => !readOnly && type === 'string')
  for (const [name, field] of own) {
    const value = named.get(name) ?? [...named].find(([given]) => given.endsWith(`_${name}`))?.[1]
    if (value !== undefined && mayBe(field, value)) found[name] = value
  }
  const left = own.filter(([name, field]) => found[name] === undefined && isTelling(field))
  for (const word of new Set(words)) {
    if (Object.values(found).includes(word)) continue
    const fitting = left.filter(([name, field]) => found[name] === undefined && looksLike(field, word))
    const [only] = fitting
    // What could be two things is nobody's to guess.
    if (only && fitting.length === 1) found[only[0]] = word
  }
  return found
}

/** Which providers give something that looks like this, those first that more of it fits. */
export function detectProviders(providers: readonly Given[], text: string): Detected[] {
  const { words } = partsOf(text)
  const candidates = providers.flatMap((provider) => {
    const fields = Object.values(provider.fields).filter(isTelling)
    const fits = fields.filter((field) => words.some((word) => looksLike(field, word))).length
    return fits === 0 ? [] : [{ provider, fits }]
  })
  return candidates
    .toSorted((one, other) => other.fits - one.fits)
    .map(({ provider }) => ({ provider: provider.name, values: detectFields(provider, text) }))
}

type Field = Given['fields'][string]

/** Whether hardly anything else looks like it: a number, a name or an address could be anybody's. */
function isTelling(field: Field): boolean {
  const { 'x-likely-pattern': pattern, readOnly } = field
  if (pattern === undefined || readOnly) return false
  return !['12345', 'example', 'example.com', 'https://example.com/', '2026-01-31T12:00:00Z'].some((text) =>
    looksLike(field, text),
  )
}

function looksLike({ 'x-likely-pattern': pattern }: Field, text: string): boolean {
  return pattern !== undefined && new RegExp(pattern).test(text)
}

function mayBe({ pattern, enum: choices }: Field, text: string): boolean {
  if (choices) return choices.includes(text)
  return pattern === undefined || new RegExp(pattern).test(text)
}

/** Lines such as `NAME=value`, `"name": "value"` or `name: value`, and all words. */
function partsOf(text: string): { named: Map<string, string>; words: string[] } {
  const given = text.slice(0, textLengthMax)
  const lines = given.matchAll(/["']?([A-Za-z][\w .-]{0,60}?)["']?\s*[=:]\s*["']?([^\s"',;]+)/g)
  const named = new Map(
    [...lines].map(([, name = '', value = '']) => [
      name
        .trim()
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '_'),
      value,
    ]),
  )
  // A value may hold what stands between names and values elsewhere.
  const words = [...given.split(/[\s"',;]+/), ...named.values()].filter((word) => word !== '')
  return { named, words }
}
