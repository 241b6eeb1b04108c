// Decides what may stand in a place of a page, and how it has to be written there.
import { escapeHtml, escapeInCss, escapeInScript, escapeUnquoted } from './escaping.ts'
import type { Attribute, Item } from './outline.ts'
import { type ScriptKind, wordMistakes } from './script-strings.ts'

export type Place = {
  readonly what: What
  readonly writing: Writing
  /** What the page has there once HTML is read. */
  readonly meant: (text: string) => string
  /** What is written into the source. */
  readonly written: (text: string) => string
}

/** Why not, in words that follow "it stands". */
export type NoPlace = { readonly mistake: string }

/** The text of an item, or one of its attributes: what words can stand in. */
export type Spot = {
  readonly item: Item
  readonly value: string
  readonly attribute?: Attribute
}

type What =
  | 'text'
  | 'attribute'
  | 'style'
  | 'address'
  /** The beginning of an address that code comes from. */
  | 'origin of code'
  | 'part of an address'
  | 'script'

type Writing = 'as it is' | 'in text' | 'between quotes' | 'without quotes'

const writers: Readonly<Record<Writing, (text: string) => string>> = {
  'as it is': (text) => text,
  'in text': escapeHtml,
  'between quotes': escapeHtml,
  'without quotes': escapeUnquoted,
}

const same = (text: string) => text

/** @returns the place of each of the words that are in the spot */
export function placesIn(spot: Spot, words: RegExp): ReadonlyMap<string, Place | NoPlace> {
  const script = scriptKindOf(spot)
  if (script) return scriptPlaces(spot, script, words)
  return new Map([...spot.value.matchAll(words)].map((word) => [word[0], placeOf(spot, word, words)]))
}

/** The kind of script that the whole of a spot is; undefined for everything else. */
export function scriptKindOf({ item, attribute }: Spot): ScriptKind | undefined {
  if (attribute) return attribute.name.startsWith('on') ? 'handler' : undefined
  if (item.kind !== 'text' || item.element !== 'script') return undefined
  const type = attributeOf(item.attributes, 'type')?.trim().toLowerCase() ?? ''
  if (type === 'module') return 'module'
  if (/^$|^(text|application)\/(x-)?(java|ecma|live|j)script(1\.\d)?$/.test(type)) return 'script'
  return /^application\/(\w+\+)?json$/.test(type) ? 'json' : undefined
}

function scriptPlaces(spot: Spot, kind: ScriptKind, words: RegExp): Map<string, Place | NoPlace> {
  const writing = spot.attribute ? writingIn(spot.attribute) : 'as it is'
  return new Map(
    [...wordMistakes(spot.value, kind, words)].map(([word, mistake]) => [
      word,
      mistake === undefined ? place('script', escapeInScript, writing) : { mistake },
    ]),
  )
}

function placeOf({ item, value, attribute }: Spot, word: RegExpExecArray, words: RegExp): Place | NoPlace {
  if (item.kind === 'comment') return { mistake: 'in a comment, which nobody sees' }
  if (item.kind === 'end' || item.kind === 'inert') return nowhere
  if (!attribute) return textPlace(item.element, value)
  const mistake = attributeMistake(item, attribute)
  if (mistake !== undefined) return { mistake }
  const writing = writingIn(attribute)
  if (attribute.name === 'style') return place('style', escapeInCss, writing)
  if (!isAddress(attribute)) return place('attribute', same, writing)
  const before = value.slice(0, word.index).replace(words, '').trim()
  if (before !== '') return place('part of an address', encodeURIComponent, writing)
  return place(loadsCode({ item, value, attribute }) ? 'origin of code' : 'address', same, writing)
}

export const nowhere: NoPlace = { mistake: 'where browsers drop it, or take it for markup' }

function place(what: What, meant: Place['meant'], writing: Writing | undefined): Place | NoPlace {
  if (writing === undefined) return nowhere
  return { what, writing, meant, written: (text) => writers[writing](meant(text)) }
}

function textPlace(element: string, value: string): Place | NoPlace {
  if (element === 'style' && /@import/i.test(value)) return { mistake: 'in a style that imports others' }
  if (element === 'style') return place('style', escapeInCss, 'as it is')
  if (element === 'script' || element === 'svg:script' || element === 'svg:style') {
    return { mistake: 'in a script or style of a kind that is not read here' }
  }
  if (rawTexts.has(element)) return { mistake: `in <${element}>, where nothing can be escaped` }
  return place('text', same, 'in text')
}

const rawTexts = new Set(['iframe', 'noembed', 'noframes', 'plaintext', 'xmp'])

/** Attributes that hold one address. */
const addresses = new Set([
  'action',
  'background',
  'cite',
  'codebase',
  'data',
  'formaction',
  'href',
  'icon',
  'longdesc',
  'manifest',
  'poster',
  'profile',
  'src',
])

export function isAddress(attribute: Attribute): boolean {
  return addresses.has(localName(attribute.name))
}

/** What decides over what a page may do, or is read in a way of its own. */
const refusedAttributes = new Set([
  'archive',
  'attributename',
  'http-equiv',
  'imagesrcset',
  'integrity',
  'is',
  'nonce',
  'ping',
  'rel',
  'sandbox',
  'srcdoc',
  'srcset',
])

function attributeMistake(
  item: Item & { kind: 'element' | 'text' },
  { name }: Attribute,
): string | undefined {
  const { element, attributes } = item
  const isRefused =
    refusedAttributes.has(localName(name)) ||
    (element === 'script' && (name === 'type' || name === 'language')) ||
    (element === 'meta' && name === 'content' && attributeOf(attributes, 'http-equiv') !== undefined) ||
    (/^svg:(animate|set)/.test(element) && ['by', 'from', 'to', 'values'].includes(name))
  if (isRefused) return `in the attribute ${name}, which cannot be filled in`
  // Frameworks run the values of such attributes as code.
  if (/^([^a-z_]|v-|x-|ng-|hx-|data-(v|x|ng|hx)-)/.test(name))
    return `in the attribute ${name}, which may be run as code`
  return undefined
}

function writingIn({ isQuoted }: Attribute): Writing | undefined {
  if (isQuoted === undefined) return undefined
  return isQuoted ? 'between quotes' : 'without quotes'
}

/** Where code comes from: the origin there is the block's to say, not that of a parameter. */
export function loadsCode({ item, attribute }: Spot): boolean {
  if (item.kind !== 'element' || !attribute) return false
  const name = localName(attribute.name)
  return (
    ['script', 'svg:script', 'embed', 'link', 'base', 'svg:use'].includes(item.element) ||
    (item.element === 'object' && (name === 'data' || name === 'codebase'))
  )
}

function attributeOf(attributes: readonly Attribute[], name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value
}

function localName(name: string): string {
  return name.startsWith('xlink:') ? name.slice('xlink:'.length) : name
}
