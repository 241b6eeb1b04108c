// Finds the placeholders of a block of HTML, and puts words in their place that HTML, CSS and scripts all take for plain text.

/** `{{ name }}` */
const placeholder = /\{\{\s*([^\s{}<>"'`&]+)\s*\}\}/g

export type Placeholder = {
  readonly name: string
  /** As it stands there, and where. */
  readonly text: string
  readonly at: number
}

export function placeholdersIn(html: string): Placeholder[] {
  return [...html.matchAll(placeholder)].map((match) => ({
    name: match[1] ?? '',
    text: match[0],
    at: match.index,
  }))
}

export type Worded = {
  readonly html: string
  /** Matches every word, globally. */
  readonly words: RegExp
  /** The word of each placeholder, in their order. */
  readonly wordAt: (index: number) => string
}

/** The same block with a word of its own for each placeholder; such a word is nowhere else in it. */
export function worded(html: string, placeholders: readonly Placeholder[]): Worded {
  const taken = new Set([...html.matchAll(/quill(\d+)/gi)].map(([, number]) => number))
  let free = 0
  while (taken.has(String(free))) free++
  const wordAt = (index: number) => `quill${free}w${index}z`
  return {
    html: replaced(html, placeholders, (_, index) => wordAt(index)),
    words: new RegExp(`quill${free}w\\d+z`, 'g'),
    wordAt,
  }
}

/** All but the placeholders stays byte for byte. */
export function replaced(
  html: string,
  placeholders: readonly Placeholder[],
  write: (placeholder: Placeholder, index: number) => string,
): string {
  let end = 0
  const parts = placeholders.map((placeholder, index) => {
    const before = html.slice(end, placeholder.at)
    end = placeholder.at + placeholder.text.length
    return before + write(placeholder, index)
  })
  return parts.join('') + html.slice(end)
}

/** Where a placeholder is, for people. */
export function positionOf(html: string, { at }: Placeholder): string {
  const before = html.slice(0, at)
  const lines = before.split('\n')
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`
}
