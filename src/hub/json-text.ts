// JSON kept as the text it came in: member order, big numbers and all.

/** A JSON value as text; the serializers put it into an answer as it stands. */
export class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  static readonly emptyObject = new JsonText('{}')

  /** The value as JavaScript has it: for looking at, not for giving back. */
  parse(): unknown {
    return JSON.parse(this.text)
  }
}

export type JsonKind = 'object' | 'list' | 'string' | 'integer' | 'float' | 'boolean' | 'null'

/** What a JSON value is, told from its text; integers and floats differ by how they are written. */
export function jsonKind(text: string): JsonKind {
  switch (text[0]) {
    case '{':
      return 'object'
    case '[':
      return 'list'
    case '"':
      return 'string'
    case 't':
    case 'f':
      return 'boolean'
    case 'n':
      return 'null'
    default:
      return /[.eE]/.test(text) ? 'float' : 'integer'
  }
}

/**
 * The members of a JSON object, each as the text it has in the source, in the order they came; of a member
 * given twice the last value counts, at the first one's place.
 * @param source the text of one JSON object that `JSON.parse` accepts
 */
export function membersOf(source: string): Map<string, JsonText> {
  const members = new Map<string, JsonText>()
  const walk = new Walk(source)
  for (const [name, value] of walk.members(() => walk.skip())) members.set(name, new JsonText(value))
  return members
}

/** Any JSON value as compact text, with the same rule for members given twice. */
export function compactJson(source: string): JsonText {
  return new JsonText(new Walk(source).value())
}

/** The same with the members of all objects sorted: two texts that mean the same become one. */
export function canonicalJson(source: string): string {
  return new Walk(source).value('sorted')
}

/** Where the closing quote stands, or the source ends. @param start where the opening quote stands */
export function endOfString(source: string, start: number): number {
  let at = start + 1
  for (let code = source.charCodeAt(at); code !== quote && at < source.length; code = source.charCodeAt(at)) {
    at += code === backslash ? 2 : 1
  }
  return at
}

const quote = 0x22
const backslash = 0x5c

/** One pass over text that is known to be JSON; the caller bounds its depth. */
class Walk {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  value(order: 'given' | 'sorted' = 'given'): string {
    this.#space()
    const first = this.#source[this.#at]
    if (first === '{') {
      const members = [...new Map(this.members(() => this.value(order)))]
      if (order === 'sorted') members.sort(([a], [b]) => (a < b ? -1 : 1))
      return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`
    }
    if (first === '[') return `[${[...this.#items(order)].join(',')}]`
    if (first === '"') return JSON.stringify(this.#string())
    return this.#word()
  }

  *members(read: () => string): Generator<[string, string]> {
    this.#space()
    this.#at++
    for (;;) {
      this.#space()
      if (this.#take('}')) return
      const name = this.#string()
      this.#space()
      this.#at++
      yield [name, read()]
      this.#space()
      this.#take(',')
    }
  }

  /** A value as it stands, without looking into it. */
  skip(): string {
    this.#space()
    const start = this.#at
    let depth = 0
    do {
      const character = this.#source[this.#at]
      if (character === '"') this.#passString()
      else if (character === '{' || character === '[') {
        depth++
        this.#at++
      } else if (character === '}' || character === ']') {
        depth--
        this.#at++
      } else if (depth === 0) this.#word()
      else this.#passTo(/[{}[\]"]/g)
    } while (depth > 0)
    return this.#source.slice(start, this.#at)
  }

  *#items(order: 'given' | 'sorted'): Generator<string> {
    this.#at++
    for (;;) {
      this.#space()
      if (this.#take(']')) return
      yield this.value(order)
      this.#space()
      this.#take(',')
    }
  }

  #string(): string {
    const start = this.#at
    this.#passString()
    return JSON.parse(this.#source.slice(start, this.#at))
  }

  #passString(): void {
    this.#at = endOfString(this.#source, this.#at) + 1
    if (this.#at > this.#source.length) throw new SyntaxError('not JSON')
  }

  #passTo(pattern: RegExp): void {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)
    if (!found) throw new SyntaxError('not JSON')
    this.#at = found.index
  }

  /** A number, `true`, `false` or `null`, as it is written. */
  #word(): string {
    const rest = /[-+.\w]+/y
    rest.lastIndex = this.#at
    const word = rest.exec(this.#source)?.[0] ?? ''
    if (word === '') throw new SyntaxError('not JSON')
    this.#at += word.length
    return word
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#source[this.#at] ?? '.')) this.#at++
  }

  #take(character: string): boolean {
    if (this.#source[this.#at] !== character) return false
    this.#at++
    return true
  }
}
