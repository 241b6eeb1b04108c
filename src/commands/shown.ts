// Answers of a hub for people: tables of what lists hold, and lines of what a thing is.
import { table } from './report.ts'

type Item = Readonly<Record<string, unknown>>

/** A column: its heading, and where its value stands, such as `health.status`. */
export type Columns = Readonly<Record<string, string>>

export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param columns those of the first item's plain members where none are given */
export function shownList(items: readonly unknown[], columns?: Columns): string {
  const rows = items.filter(isItem)
  const shown = columns ?? plainColumns(rows[0] ?? {})
  return table(
    rows.map((row) => Object.fromEntries(Object.entries(shown).map(([head, path]) => [head, at(row, path)]))),
  )
}

/** A line for each member, those of objects within it by their path; lists of things as tables below. */
export function shownItem(item: unknown): string {
  if (!isItem(item)) return String(item)
  const lines = linesOf(item, '')
  const width = Math.max(0, ...lines.map(([name]) => name.length))
  const tables = Object.entries(item).filter(([, value]) => isTable(value))
  return [
    ...lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...tables.map(([name, value]) => `\n${name}:\n${shownList(value as unknown[])}`),
  ].join('\n')
}

const columnsMax = 6

function plainColumns(item: Item): Columns {
  const plain = Object.entries(item).filter(([, value]) => !isItem(value) && !Array.isArray(value))
  return Object.fromEntries(plain.slice(0, columnsMax).map(([name]) => [name, name]))
}

function at(item: Item, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isItem(value) ? value[name] : undefined), item)
}

function linesOf(item: Item, prefix: string): Array<[string, string]> {
  return Object.entries(item).flatMap(([name, value]): Array<[string, string]> => {
    if (isTable(value)) return []
    if (isItem(value)) {
      const inner = linesOf(value, `${prefix}${name}.`)
      return inner.length > 0 ? inner : [[`${prefix}${name}`, '-']]
    }
    return [[`${prefix}${name}`, textOf(value)]]
  })
}

function isTable(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isItem)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (!Array.isArray(value)) return String(value)
  return value.length === 0 ? '-' : value.join(', ')
}
