// A block of HTML with words in it: where each of them stands, and whether another block is the same but for those.
import { type Item, outlineOf, type Scripting } from './outline.ts'
import { type NoPlace, nowhere, type Place, placesIn, type Spot, scriptKindOf } from './places.ts'
import { isSameScript } from './script-strings.ts'

export type Block = {
  readonly html: string
  /** Matches every word, globally. */
  readonly words: RegExp
  /** How browsers read it: with scripts, and where that makes a difference without them, too. */
  readonly readings: ReadonlyArray<{ readonly scripting: Scripting; readonly items: readonly Item[] }>
}

/** @returns undefined for markup of more elements, or deeper ones, than anybody pastes */
export function readBlock(html: string, words: RegExp): Block | undefined {
  const modes: readonly Scripting[] = /<noscript/i.test(html) ? ['on', 'off'] : ['on']
  const readings = modes.flatMap((scripting) => {
    const items = outlineOf(html, scripting)
    return items ? [{ scripting, items }] : []
  })
  return readings.length === modes.length ? { html, words, readings } : undefined
}

/** The place of every word that is somewhere; one that browsers do not all take alike has none. */
export function placesOf({ readings, words }: Block): ReadonlyMap<string, Place | NoPlace> {
  const [on = new Map<string, Place | NoPlace>(), off] = readings.map(({ items }) =>
    placesAmong(items, words),
  )
  if (!off) return on
  const inNoscript = readings[0]?.items.flatMap((item) => (item.kind === 'inert' ? [item.value] : [])) ?? []
  const inert = new Set(inNoscript.flatMap((value) => value.match(words) ?? []))
  return new Map(
    [...off].map(([word, place]) => [word, inert.has(word) ? place : merged(on.get(word) ?? nowhere, place)]),
  )
}

/** What words can stand in: texts, comments, and the values of attributes. */
export function spotsIn(items: readonly Item[]): Spot[] {
  return items.flatMap((item): Spot[] => {
    if (item.kind === 'end' || item.kind === 'inert') return []
    if (item.kind === 'element') {
      return item.attributes.map((attribute) => ({ item, attribute, value: attribute.value }))
    }
    return [{ item, value: item.value }]
  })
}

/** How a word is filled in: the text, what the page then has there, and what the source says. */
export type Filled = { readonly text: string; readonly meant: string; readonly written: string }

/** Whether a block has the same elements, attributes, comments and scripts as another one whose words were filled in. */
export function isSameBlock(before: Block, after: Block, filled: ReadonlyMap<string, Filled>): boolean {
  const by = (what: keyof Filled) => (value: string) =>
    value.replace(before.words, (word) => filled.get(word)?.[what] ?? word)
  const unchanged = (value: string) => value
  return before.readings.every(({ items }, at) => {
    const others = after.readings[at]?.items ?? []
    return (
      linesOf(items, { meant: by('meant'), written: by('written') }).join('\n') ===
        linesOf(others, { meant: unchanged, written: unchanged }).join('\n') &&
      hasSameScripts(spotsIn(items), spotsIn(others), before.words, by('text'))
    )
  })
}

function placesAmong(items: readonly Item[], words: RegExp): Map<string, Place | NoPlace> {
  const places = new Map<string, Place | NoPlace>()
  for (const spot of spotsIn(items)) {
    if (spot.value.search(words) < 0) continue
    for (const [word, place] of placesIn(spot, words)) {
      const other = places.get(word)
      places.set(word, other ? merged(other, place) : place)
    }
  }
  return places
}

/** Of a word that is in two places, as where browsers repeat an element that was left open. */
function merged(one: Place | NoPlace, other: Place | NoPlace): Place | NoPlace {
  if ('mistake' in one || 'mistake' in other) return 'mistake' in one ? one : other
  return one.what === other.what && one.writing === other.writing ? one : nowhere
}

type Change = (value: string) => string

function linesOf(items: readonly Item[], change: { meant: Change; written: Change }): string[] {
  const lines: string[] = []
  let text = ''
  for (const item of items) {
    if (item.kind === 'text' || item.kind === 'inert') {
      text += change[item.kind === 'inert' ? 'written' : 'meant'](item.value)
      continue
    }
    if (text !== '') lines.push(JSON.stringify(text))
    text = ''
    if (item.kind === 'comment') lines.push(`! ${JSON.stringify(item.value)}`)
    else if (item.kind === 'end') lines.push('/')
    else {
      const attributes = item.attributes.map(({ name, value }) => [name, change.meant(value)])
      lines.push(`${item.element} ${JSON.stringify(attributes)}`)
    }
  }
  if (text !== '') lines.push(JSON.stringify(text))
  return lines
}

function hasSameScripts(
  before: readonly Spot[],
  after: readonly Spot[],
  words: RegExp,
  expected: Change,
): boolean {
  const scripts = (spots: readonly Spot[]) => spots.filter((spot) => scriptKindOf(spot) !== undefined)
  const others = scripts(after)
  return scripts(before).every((spot, at) => {
    const kind = scriptKindOf(spot)
    if (kind === undefined || spot.value.search(words) < 0) return true
    return isSameScript(spot.value, others[at]?.value ?? '', kind, expected)
  })
}
