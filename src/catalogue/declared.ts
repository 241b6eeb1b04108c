// Providers that an operator declares: from the texts of files to providers, or to every mistake in them.
import { Value } from 'typebox/value'
import { Declaration, type FieldDeclaration, type Mistake } from './declaration.ts'
import { mistakesIn, nameOf, typeOf } from './declaration-rules.ts'
import { apiFrom } from './declared-api.ts'
import type { Field, Provider } from './define.ts'
import { providers as builtIn } from './index.ts'

export type DeclarationFile = { readonly file: string; readonly text: string }

/** @returns mistakes in words that name the file and the place in it, and say how to mend it */
export function readDeclarations(files: readonly DeclarationFile[]): {
  providers: Provider[]
  mistakes: string[]
} {
  const providers: Provider[] = []
  const mistakes: string[] = []
  const taken = new Map<string, string>()
  for (const { name, type } of builtIn) taken.set(name, 'built in').set(type, `that of "${name}"`)

  for (const { file, text } of files) {
    const { value, found } = readJson(text)
    const wrong = [...found, ...(found.length > 0 ? [] : mistakesIn(value, taken))]
    mistakes.push(...wrong.map(({ place, words }) => `${[file, place].filter(Boolean).join(', ')}: ${words}`))
    const name = nameOf(value)
    if (name !== undefined && !taken.has(name)) {
      taken.set(name, `declared in ${file}`).set(typeOf(name), `that of "${name}"`)
    }
    if (wrong.length === 0 && Value.Check(Declaration, value)) providers.push(providerFrom(value))
  }
  return { providers, mistakes }
}

function readJson(text: string): { value?: unknown; found: Mistake[] } {
  try {
    return { value: JSON.parse(text), found: [] }
  } catch (error) {
    const words =
      'From here on this is no JSON. Look for a comma, a quote or a bracket that is missing or one too many.'
    return { found: [{ place: placeOf(text, error), words }] }
  }
}

/** Not the reason itself: that quotes the file. */
function placeOf(text: string, error: unknown): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(String(error)) ?? []
  if (line !== undefined) return `line ${line}, column ${column}`
  const lines = text.split('\n')
  const isMet = (count: number) => {
    try {
      JSON.parse(`${lines.slice(0, count).join('\n')}\n`)
    } catch (error) {
      return /Unexpected token/.test(String(error))
    }
    return false
  }
  const met = lines.findIndex((_, at) => isMet(at + 1))
  return `line ${met < 0 ? lines.length : met + 1}`
}

function providerFrom(declared: Declaration): Provider {
  const { name, title, integration_type, lifecycle = { state: 'current' }, auth, api, fields } = declared
  return {
    name,
    type: typeOf(name),
    integrationType: integration_type,
    title,
    lifecycle,
    auth,
    ...(api && { api: apiFrom(api, title) }),
    never: {
      ...(!api?.verify && { verify: 'Its declaration does not say whom to ask.' }),
      ...(!api && { proxy: 'Its declaration does not say where its API is.' }),
    },
    fields: Object.fromEntries(fields.map((field) => [field.name, fieldFrom(field)])),
  }
}

function fieldFrom(declared: FieldDeclaration): Field {
  const { title, help, kind = 'text', secret = false, pattern, likely_pattern, examples, initial } = declared
  return {
    title,
    help,
    kind,
    isSecret: secret,
    inV1: false,
    ...(pattern !== undefined && { pattern }),
    ...(likely_pattern !== undefined && { likelyPattern: likely_pattern }),
    ...(declared.enum && { oneOf: declared.enum }),
    ...(examples && { examples }),
    ...(initial !== undefined && { initial }),
    ...(declared.origin && { isOrigin: true }),
  }
}
