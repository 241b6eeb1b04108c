// The fields of a connection from the command line: asked for, from files, or from standard input; secrets not plainly.
import type { Command } from 'commander'
import type { Mortise } from '../../sdk/src/index.ts'
import { HubError, invalidField } from '../hub/errors.ts'
import { isPlain, parseGiven, plainSecret, readGiven, readGivenFile } from './given-text.ts'
import { isAtTerminal, readHidden, readInput, readShown } from './input.ts'
import { tell } from './report.ts'

export type FieldOptions = { field?: string[]; fields?: string }

/** What is to be known of a field: whether it is a secret, and whether it takes an object. */
export type KnownField = {
  readonly title: string
  readonly isSecret: boolean
  readonly isObject: boolean
  readonly choices?: readonly string[]
  readonly help?: string
  readonly initial?: string
}
export type KnownFields = Readonly<Record<string, KnownField>>

export function takeFieldOptions(command: Command): Command {
  return command
    .option(
      '--field <name=value>',
      'a field of the provider; the name alone is asked for, =@file and =- read it, = clears it; may be repeated',
      (given: string, before: string[] = []) => [...before, given],
    )
    .option('--fields <file>', 'a JSON object with the fields, secrets among them; - is standard input')
}

/**
 * What was given, or undefined.
 * @param known what the provider's fields are, asked for only where it matters
 */
export async function readGivenFields(
  { field, fields }: FieldOptions,
  known: () => Promise<KnownFields>,
): Promise<Record<string, unknown> | undefined> {
  if (field === undefined && fields === undefined) return undefined
  // First what may fail and be tried again, then what can be read once.
  const facts = field === undefined ? {} : await known()
  const read = fields === undefined ? {} : await readFieldsFile(fields)
  if (field === undefined) return read
  for (const one of field) {
    const [name = '', ...rest] = one.split('=')
    const value = rest.length === 0 ? undefined : rest.join('=')
    read[name] = await readField(name, value, facts[name])
  }
  return read
}

/** Every field of a provider, one after the other; those that are passed over stay as they are. */
export async function askForFields(known: KnownFields): Promise<Record<string, unknown>> {
  const read: Record<string, unknown> = {}
  tell('Fields of the provider, one after the other; Enter passes over one. Secrets are not shown.')
  for (const [name, field] of Object.entries(known)) {
    if (field.help !== undefined) process.stderr.write(`  ${field.help}\n`)
    const more = field.choices ? ` (${field.choices.join(', ')})` : ''
    const initial = field.initial === undefined ? '' : ` [${field.initial}]`
    const question = `${field.title}, ${name}${more}${initial}: `
    const answer = await (field.isSecret ? readHidden(question) : readShown(question))
    if (answer !== '') read[name] = field.isObject ? parseGiven(name, answer) : answer
  }
  return read
}

/** @param file its name is not repeated: it may be a secret that was meant for standard input */
export async function readFieldsFile(file: string): Promise<Record<string, unknown>> {
  const text =
    file === '-'
      ? await readInput('the fields as a JSON object')
      : readGivenFile('fields', file).toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Said below, in words that do not quote what may be a secret.
  }
  throw invalidField('fields', 'Give the fields as a JSON object. Their names: mortise providers <name>.')
}

/** Those that may be written. */
export async function providerFields(mortise: Mortise, provider: string): Promise<KnownFields> {
  const { fields } = await mortise.providers.retrieve(provider)
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, { readOnly }]) => readOnly !== true)
      .map(([name, { title, description, type, writeOnly, enum: choices, default: initial }]) => [
        name,
        {
          title,
          help: description,
          isSecret: writeOnly === true,
          isObject: type === 'object',
          ...(choices && { choices }),
          ...(initial !== undefined && { initial }),
        },
      ]),
  )
}

export async function connectionFields(mortise: Mortise, id: string): Promise<KnownFields> {
  const { provider } = await mortise.connections.retrieve(id)
  return providerFields(mortise, provider)
}

async function readField(
  name: string,
  given: string | undefined,
  known: KnownField | undefined,
): Promise<unknown> {
  if (given === '') return null
  if (given === undefined) {
    if (!isAtTerminal())
      throw new HubError('invalid', `There is nobody to ask for ${name}. Give --field ${name}=- or =@file.`)
    const question = `${known?.title ?? name}: `
    return readHidden(question)
  }
  if (known?.isSecret && isPlain(given)) {
    const better = [`--field ${name} (to be asked)`, `--field ${name}=-`, `--field ${name}=@file`]
    tell(plainSecret(name, ...better))
  }
  const text = await readGiven(name, given)
  return known?.isObject ? parseGiven(name, text) : text
}
