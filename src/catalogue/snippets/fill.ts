// Fills the placeholders of a block of HTML, each escaped for where it stands, and proves on the result that nothing else changed.
import { type JsonText, jsonKind } from '../../hub/json-text.ts'
import type { Refusal, Snippet } from '../snippet.ts'
import { addressMistake, hostsIn, isCodeAddress, isSameOrigin } from './addresses.ts'
import { type Block, type Filled, isSameBlock, placesOf, readBlock, spotsIn } from './block.ts'
import { type Placeholder, placeholdersIn, positionOf, replaced, worded } from './placeholders.ts'
import { isAddress, loadsCode, type NoPlace, nowhere, type Place } from './places.ts'

type Values = {
  readonly params: ReadonlyMap<string, JsonText> | undefined
  /** The connection's own URL: `{{ url }}`, where no parameter has that name. */
  readonly url: string | undefined
}

/** Bounds what one answer costs: a block may have many places, and a parameter be long. */
const placesMax = 1_000
const charactersMax = 524_288
/** Of mistakes and of warnings. */
const toldMax = 20

/** A placeholder that is filled in. */
type Put = Filled & { readonly placeholder: Placeholder; readonly place: Place; readonly isOwnUrl: boolean }
type Puts = ReadonlyMap<string, Put>

export function fillHtml(html: string, { params = new Map(), url }: Values): Snippet | Refusal {
  const all = placeholdersIn(html)
  const read = readValues(new Set(all.map(({ name }) => name)), params, url)
  if ('refused' in read) return read
  const { values } = read
  const placeholders = all.filter(({ name }) => values.has(name))
  const textFor = ({ name }: Placeholder) => values.get(name) ?? ''
  const characters = placeholders.reduce((sum, placeholder) => sum + textFor(placeholder).length, html.length)
  if (placeholders.length > placesMax || characters > charactersMax) return tooLarge

  const { html: source, words, wordAt } = worded(html, placeholders)
  const block = readBlock(source, words)
  if (!block) return tooMuch
  const places = placesOf(block)
  const mistakes: string[] = []
  const puts = new Map<string, Put>()
  for (const [index, placeholder] of placeholders.entries()) {
    const place = places.get(wordAt(index)) ?? nowhere
    const isOwnUrl = placeholder.name === 'url' && !params.has('url')
    const mistake = mistakeOf(place, isOwnUrl)
    if ('mistake' in place || mistake !== undefined) {
      const where = () => `${shown(placeholder.name)} in ${positionOf(html, placeholder)}`
      if (mistakes.length < toldMax) mistakes.push(`${where()} stands ${mistake}.`)
      continue
    }
    const text = textFor(placeholder)
    const [meant, written] = [place.meant(text), place.written(text)]
    puts.set(wordAt(index), { placeholder, place, isOwnUrl, text, meant, written })
  }
  if (mistakes.length > 0) return refusal('html', mistakes)
  const wrong = wrongValues(block, puts)
  if (wrong.size > 0) return { refused: wrong }

  const result = replaced(html, placeholders, (_, index) => puts.get(wordAt(index))?.written ?? '')
  if (result.length > charactersMax) return tooLarge
  const after = readBlock(result, words)
  if (!after) return tooMuch
  if (!isSameBlock(block, after, puts)) return changesMore(placeholders)
  return {
    html: result,
    hosts: hostsIn(after.readings.flatMap(({ items }) => items)),
    warnings: warningsAbout(all, params, values),
  }
}

function mistakeOf(place: Place | NoPlace, isOwnUrl: boolean): string | undefined {
  if ('mistake' in place) return place.mistake
  if (place.what !== 'origin of code' || isOwnUrl) return undefined
  return 'at the beginning of an address that code comes from: write its origin into the HTML, or use {{ url }}'
}

/** What each name stands for; a name that stands for nothing is left out. */
function readValues(
  names: ReadonlySet<string>,
  params: ReadonlyMap<string, JsonText>,
  url: string | undefined,
): { values: ReadonlyMap<string, string> } | Refusal {
  const values = new Map<string, string>()
  const mistakes: string[] = []
  for (const name of names) {
    const param = params.get(name)
    if (param?.text === 'null') continue
    const text = param ? textOf(param) : name === 'url' ? url : undefined
    if (param && text === undefined) mistakes.push(`${name}: Give a text, a number, true or false.`)
    else if (text !== undefined && (!text.isWellFormed() || text.includes('\0'))) {
      mistakes.push(`${name}: Null characters and broken surrogates are not allowed.`)
    } else if (text !== undefined) values.set(name, text)
  }
  return mistakes.length > 0 ? refusal('params', mistakes) : { values }
}

function textOf(value: JsonText): string | undefined {
  const kind = jsonKind(value.text)
  if (kind === 'string') return String(value.parse())
  // A number as it was written.
  return kind === 'object' || kind === 'list' ? undefined : value.text
}

/** Values that would be code, or lead elsewhere, where they stand; by the field that they are of. */
function wrongValues(block: Block, puts: Puts): Map<string, string[]> {
  const mistakes = new Map<string, string[]>()
  const tell = ({ placeholder, isOwnUrl }: Put, mistake: string) => {
    const field = isOwnUrl ? 'url' : 'params'
    const told = mistakes.get(field) ?? []
    if (told.length < toldMax) mistakes.set(field, [...told, `${placeholder.name}: ${mistake}`])
  }
  for (const put of puts.values()) {
    if (put.place.what === 'script' && isCodeAddress(put.text)) {
      tell(put, 'What begins with javascript: is not put into scripts, where it may serve as an address.')
    }
  }
  for (const spot of block.readings.flatMap(({ items }) => spotsIn(items))) {
    const [first] = spot.value.match(block.words) ?? []
    const put = first === undefined ? undefined : puts.get(first)
    if (!put || !spot.attribute || !isAddress(spot.attribute)) continue
    const after = spot.value.replace(block.words, (word) => puts.get(word)?.meant ?? '')
    const mistake =
      addressMistake(spot.value, after) ??
      (loadsCode(spot) ? originMistake(spot.value, after, block, puts) : undefined)
    if (mistake !== undefined) tell(put, `In the attribute ${spot.attribute.name} it ${mistake}.`)
  }
  return mistakes
}

/** The connection's own URL may say where code comes from; a parameter may not change it. */
function originMistake(address: string, after: string, { words }: Block, puts: Puts): string | undefined {
  const before = address.replace(words, (word) => {
    const put = puts.get(word)
    return put?.isOwnUrl ? put.meant : word
  })
  return isSameOrigin(before, after) ? undefined : 'changes the origin that code comes from'
}

function warningsAbout(
  placeholders: readonly Placeholder[],
  params: ReadonlyMap<string, JsonText>,
  values: ReadonlyMap<string, string>,
): string[] {
  const names = new Set(placeholders.map(({ name }) => name))
  const empty = [...names].filter((name) => !values.has(name))
  const idle = [...params.keys()].filter((name) => !names.has(name))
  return [
    ...empty.map((name) => `${shown(name)} has no value and is left as it stands. Give ${name} in params.`),
    ...idle.map((name) => `${name} in params stands nowhere: ${shown(name)} is not in the HTML.`),
  ].slice(0, toldMax)
}

function shown(name: string): string {
  return `{{ ${name} }}`
}

function refusal(field: string, mistakes: readonly string[]): Refusal {
  return { refused: new Map([[field, mistakes.slice(0, toldMax)]]) }
}

/** Such as an empty value between two attributes without quotes. */
function changesMore(placeholders: readonly Placeholder[]): Refusal {
  const names = [...new Set(placeholders.map(({ name }) => shown(name)))].slice(0, toldMax)
  return refusal('html', [
    `A value changes what is around it. Put every value of an attribute between quotes. Filled in were ${names.join(', ')}.`,
  ])
}

const tooLarge = refusal('html', [
  `Filled in, this would be too large: at most ${placesMax} placeholders and ${charactersMax} characters.`,
])
const tooMuch = refusal('html', ['It has more elements, or deeper ones, than a page can bear.'])
