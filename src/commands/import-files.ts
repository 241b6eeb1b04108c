// Reads files that hold credentials: CSV, JSON and .env. What is wrong is told by where it stands, and never quoted.
import { parseEnv } from 'node:util'
import { invalidField } from '../hub/errors.ts'
import { isItem } from './shown.ts'

export const formats = ['csv', 'json', 'env'] as const
export type Format = (typeof formats)[number]

/** A connection as the file has it; names of fields as they are written there. */
export type Entry = {
  readonly where: string
  readonly provider: string
  readonly title?: string
  readonly integration?: string
  readonly values: ReadonlyArray<readonly [name: string, value: unknown]>
  /** Another product's: it may have more in it than credentials. */
  readonly isForeign?: true
}

/** A name that says itself which provider and field its value is for, such as `STRIPE_SECRET_KEY`. */
export type Pair = { readonly where: string; readonly name: string; readonly value: string }

/** What cannot be read. */
export type Flaw = { readonly where: string; readonly says: string }

export type FileContent = {
  readonly entries: readonly Entry[]
  readonly pairs: readonly Pair[]
  readonly flaws: readonly Flaw[]
}

/** @param file its name, by which the format is known where it is not said */
export function formatOf(file: string, given: string | undefined): Format {
  const name = file.split('/').at(-1)?.toLowerCase() ?? ''
  const said =
    given ?? (/^\.env|\.env$/.test(name) ? 'env' : /\.(\w+)$/.exec(name)?.[1]?.replace('tsv', 'csv'))
  const format = formats.find((known) => known === said)
  if (!format)
    throw invalidField('format', `Say what the file is: --format ${formats.join(', or --format ')}.`)
  return format
}

export async function readContent(text: string, format: Format): Promise<FileContent> {
  const content = await { csv: readCsv, json: readJson, env: readEnv }[format](text.replace(/^\ufeff/, ''))
  return { entries: [], pairs: [], flaws: [], ...content }
}

/** As names are compared: `secretKey`, `Secret key` and `secret_key` are the same. */
export function squashed(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

async function readCsv(text: string): Promise<Partial<FileContent>> {
  // Loaded here: no other command needs it.
  const { CsvError, parse } = await import('csv-parse/sync')
  const [first = ''] = text.split(/\r?\n/, 1)
  const delimiter =
    [',', ';', '\t'].toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ','
  const options = {
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
  } as const
  let rows: Array<{ record: string[]; line: number }>
  try {
    const read: unknown = parse(text, options)
    rows = (read as Array<{ record: string[]; info: { lines: number } }>).map(({ record, info }) => ({
      record,
      line: info.lines,
    }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return {
      flaws: [{ where: lineOf(Number(error.lines)), says: 'This is no CSV: look at its quotation marks.' }],
    }
  }
  const [header, ...records] = rows
  const columns = header?.record.map(squashed) ?? []
  const places = Object.fromEntries(columns.map((name, at) => [name, at]))
  const named = places.name ?? places.key ?? places.variable
  if (places.provider === undefined && (named === undefined || places.value === undefined)) {
    const says = 'The first line names the columns: provider, title and those of fields; or name and value.'
    return { flaws: [{ where: lineOf(1), says }] }
  }
  const content = { entries: [] as Entry[], pairs: [] as Pair[], flaws: [] as Flaw[] }
  for (const { record, line } of records) {
    const where = lineOf(line)
    if (record.length !== columns.length) {
      content.flaws.push({
        where,
        says: `It has ${record.length} values for ${columns.length} columns: put those with a ${delimiter === '\t' ? 'tab' : delimiter} in them in quotation marks.`,
      })
    } else if (places.provider === undefined) {
      content.pairs.push({ where, name: record[named ?? 0] ?? '', value: record[places.value ?? 0] ?? '' })
    } else {
      const values = record.map((value, at) => [header?.record[at] ?? '', value] as const)
      content.entries.push(entryFrom(where, values))
    }
  }
  return content
}

/** Members that say what it is; all others are fields. */
function entryFrom(where: string, values: ReadonlyArray<readonly [string, unknown]>): Entry {
  const found: { provider: string; title?: string; integration?: string } = { provider: '' }
  const fields: Array<readonly [string, unknown]> = []
  for (const [name, value] of values) {
    if (value === '' || value === null || value === undefined) continue
    const key = squashed(name)
    if (key === 'provider') found.provider = String(value)
    else if (key === 'title') found.title = String(value)
    else if (key === 'integration') found.integration = String(value)
    else if (key === 'fields' && isItem(value)) fields.push(...Object.entries(value))
    else fields.push([name, value])
  }
  return { where, ...found, values: fields }
}

function readJson(text: string): Partial<FileContent> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // What the parser says would quote the file.
    return { flaws: [{ where: 'the file', says: 'This is no JSON.' }] }
  }
  const list = listIn(value)
  if (list) return entriesIn(list)
  if (isItem(value) && Object.values(value).every((one) => typeof one === 'string')) {
    return {
      pairs: Object.entries(value).map(([name, one], at) => ({
        where: itemOf(at),
        name,
        value: String(one),
      })),
    }
  }
  const says = 'Give a list of objects with a provider each, or one object of names and values.'
  return { flaws: [{ where: 'the file', says }] }
}

function listIn(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isItem(value)) return undefined
  if ('provider' in value || 'provider_config_key' in value) return [value]
  return [value.connections, value.credentials].find(Array.isArray)
}

function entriesIn(list: readonly unknown[]): Partial<FileContent> {
  const entries: Entry[] = []
  const flaws: Flaw[] = []
  for (const [at, item] of list.entries()) {
    const where = itemOf(at)
    if (!isItem(item)) flaws.push({ where, says: 'This is no object.' })
    else if (typeof item.type === 'string' && 'data' in item) {
      // As `n8n export:credentials --decrypted` writes it.
      const { type, name: title, data } = item
      if (isItem(data)) {
        const provider = type.replace(/(OAuth2)?Api$/, '')
        entries.push(foreign(where, data, provider, title))
      } else flaws.push({ where, says: 'Its data is encrypted: export it with --decrypted.' })
    } else if (isItem(item.credentials)) {
      // As Nango's API shows a connection.
      const { provider_config_key: key, provider = key, connection_id: title, credentials } = item
      const { type: _, raw: __, ...values } = credentials
      entries.push(foreign(where, values, provider, title))
    } else entries.push(entryFrom(where, Object.entries(item)))
  }
  return { entries, flaws }
}

function foreign(where: string, values: object, provider: unknown, title: unknown): Entry {
  const named = [...Object.entries(values), ['provider', provider] as const, ['title', title] as const]
  return { ...entryFrom(where, named), isForeign: true }
}

/** Node reads each variable; which line it is on, and what is none, it does not say. */
function readEnv(text: string): Partial<FileContent> {
  const lines = text.split(/\r?\n/)
  const pairs: Pair[] = []
  const flaws: Flaw[] = []
  for (let at = 0; at < lines.length; at++) {
    const where = lineOf(at + 1)
    const line = lines[at] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, begun = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/.exec(line) ?? []
    if (name === undefined) {
      flaws.push({ where, says: 'This is not NAME=value.' })
      continue
    }
    const end = endOfValue(lines, at, begun)
    if (end === undefined) flaws.push({ where, says: 'Its quotation mark is not closed.' })
    else {
      const value = parseEnv(lines.slice(at, end + 1).join('\n'))[name]
      if (value) pairs.push({ where, name, value })
      at = end
    }
  }
  return { pairs, flaws }
}

/** @returns the line that a value ends on; undefined where its quotation mark is never closed */
function endOfValue(lines: readonly string[], at: number, begun: string): number | undefined {
  const [quote = ''] = /^["'`]/.exec(begun) ?? []
  if (quote === '' || begun.indexOf(quote, 1) > 0) return at
  const after = lines.findIndex((line, index) => index > at && line.includes(quote))
  return after < 0 ? undefined : after
}

function lineOf(number: number): string {
  return `line ${number}`
}

function itemOf(at: number): string {
  return `item ${at + 1}`
}
