// Rows as the text that PostgreSQL's COPY reads and writes, and a checksum of them in which their order says nothing.
import { hash } from 'node:crypto'

export type Value = string | number | bigint | null

/** As it says what it has found of a table: how many rows, and what they add up to. */
export type Tally = { readonly rows: number; readonly checksum: string }

/**
 * What is to be written with a backslash. PostgreSQL itself writes no other characters so, and these always: a row
 * has one text alone.
 */
const special = /[\\\b\f\n\r\t\v]/g
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** A row with its line end. */
export function lineOf(values: readonly Value[]): string {
  let line = ''
  for (const [at, value] of values.entries()) {
    if (at > 0) line += '\t'
    if (value === null) line += '\\N'
    else if (typeof value !== 'string') line += value
    else line += value.replace(special, (character) => escapes[character] ?? character)
  }
  return `${line}\n`
}

/** The lines of a text that comes in pieces, each with its line end. */
export async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    const text = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    const lines: Buffer[] = []
    let from = 0
    for (let end = text.indexOf(lineEnd); end >= 0; end = text.indexOf(lineEnd, from)) {
      lines.push(text.subarray(from, end + 1))
      from = end + 1
    }
    rest = text.subarray(from)
    yield lines
  }
  if (rest.length > 0) throw new Error('The last row is cut off.')
}

const lineEnd = 10
/** SHA-256 as words that are added up each by itself, without carrying. */
const wordsInHash = 8

/** Adds up rows in whatever order they come; it may be written down and gone on with. */
export class RowSum {
  readonly #words = new Uint32Array(wordsInHash)
  #rows: number

  constructor({ rows, checksum }: Tally = { rows: 0, checksum: '0'.repeat(wordsInHash * 8) }) {
    this.#rows = rows
    const bytes = Buffer.from(checksum, 'hex')
    for (let at = 0; at < wordsInHash; at++) this.#words[at] = bytes.readUInt32BE(at * 4)
  }

  get rows(): number {
    return this.#rows
  }

  add(line: string | Buffer): void {
    const bytes = hash('sha256', line, 'buffer')
    for (let at = 0; at < wordsInHash; at++) {
      this.#words[at] = (this.#words[at] ?? 0) + bytes.readUInt32BE(at * 4)
    }
    this.#rows++
  }

  tally(): Tally {
    const checksum = [...this.#words].map((word) => word.toString(16).padStart(8, '0')).join('')
    return { rows: this.#rows, checksum }
  }
}
