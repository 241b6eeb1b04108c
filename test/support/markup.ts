// Reads markup with an HTML parser for tests: what elements, attributes, texts and scripts there are.
import assert from 'node:assert/strict'
import vm from 'node:vm'
import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import type { Refusal, Snippet } from '../../src/catalogue/snippet.ts'
import { fillHtml } from '../../src/catalogue/snippets/fill.ts'
import { JsonText } from '../../src/hub/json-text.ts'

type Node = DefaultTreeAdapterTypes.ChildNode
type Element = DefaultTreeAdapterTypes.Element

export function fill(html: string, params: Record<string, unknown>, url?: string): Snippet | Refusal {
  const texts = Object.entries(params).map(
    ([name, value]) => [name, new JsonText(JSON.stringify(value))] as const,
  )
  return fillHtml(html, { params: new Map(texts), url })
}

export function filled(html: string, params: Record<string, unknown>, url?: string): Snippet {
  const made = fill(html, params, url)
  assert.ok('html' in made, JSON.stringify('refused' in made && [...made.refused]))
  return made
}

/** What was told of one field, as one text. */
export function refusedFor(field: string, made: Snippet | Refusal): string {
  assert.ok('refused' in made, 'it was refused')
  assert.deepEqual([...made.refused.keys()], [field])
  return (made.refused.get(field) ?? []).join('\n')
}

/** Every node below, in the order of the source; those of templates too. */
export function nodesOf(html: string, { scripting = true } = {}): Node[] {
  const below = ({ childNodes }: DefaultTreeAdapterTypes.ParentNode): Node[] =>
    childNodes.flatMap((node) => [
      node,
      ...('content' in node ? below(node.content) : 'childNodes' in node ? below(node) : []),
    ])
  return below(parseFragment(html, { scriptingEnabled: scripting }))
}

export const elementsOf = (html: string, options = {}): Element[] =>
  nodesOf(html, options).filter((node): node is Element => 'tagName' in node)

export function elementOf(html: string, name: string): Element {
  const [element, ...more] = elementsOf(html).filter(({ tagName }) => tagName === name)
  assert.ok(element && more.length === 0, `one <${name}> in ${html}`)
  return element
}

export const attributeOf = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((attribute) => attribute.name === name)?.value

export const textIn = ({ childNodes }: Element): string =>
  childNodes.map((node) => ('value' in node ? node.value : '')).join('')

/** Elements within each other with the names of their attributes, and comments: all but texts and values. */
export function structureOf(html: string, options = {}): string {
  const shown = (node: Node): string => {
    if ('data' in node) return `<!--${node.data}-->`
    if (!('tagName' in node)) return ''
    const names = node.attrs.map(({ prefix, name }) => `${prefix ?? ''}:${name}`)
    const inner = 'content' in node ? node.content : node
    return `<${node.namespaceURI} ${[node.tagName, ...names].join(' ')}>${inner.childNodes.map(shown).join('')}</>`
  }
  const { scripting = true } = options as { scripting?: boolean }
  return parseFragment(html, { scriptingEnabled: scripting }).childNodes.map(shown).join('')
}

/** Runs all scripts of a page as a browser would find them; gives back what they find and leave on its window. */
export function windowAfter(html: string, given: Record<string, unknown> = {}): Record<string, unknown> {
  const window: Record<string, unknown> = { ...given }
  window.window = window
  const context = vm.createContext(window)
  for (const script of elementsOf(html).filter(({ tagName }) => tagName === 'script')) {
    vm.runInContext(textIn(script), context, { timeout: 5_000 })
  }
  return window
}

/** What the scripts of a page hand to `record`. */
export function recordedBy(html: string, more: Record<string, unknown> = {}): unknown[] {
  const recorded: unknown[] = []
  windowAfter(html, { record: (value: unknown) => recorded.push(value), ...more })
  return recorded
}

const ends = [
  '<',
  '>',
  '"',
  "'",
  '`',
  '\\',
  '&',
  '=',
  '/',
  ';',
  ':',
  '(',
  ')',
  '{',
  '}',
  '#',
  '\n',
  '\r',
  '\t',
  ' ',
]
const words = [
  '</script>',
  '<script>record(1)</script>',
  '<!--',
  '-->',
  ']]>',
  '</style>',
  '</textarea>',
  '</noscript><img src=x onerror=record(1)>',
  '</template>',
  '"><svg onload=record(1)>',
  "');record(1);//",
  '`;record(1)//',
  `\${record(1)}`,
  '\\u0027',
  '\\',
  '\u2028',
  '\u2029',
  '\ufeff',
  '&quot;',
  '&#39;',
  '&#x3c;script&#x3e;',
  '&amp;lt;',
  '&lt',
  '%22%3e',
  ' onfocus=record(1) autofocus ',
  'javascript:record(1)',
  'java\nscript:record(1)',
  '\u0001javascript:record(1)',
  'data:text/html,<script>record(1)</script>',
  'https://evil.example/',
  '//evil.example',
  '*/',
  '/*',
  'expression(record(1))',
  'url(javascript:record(1))',
  '}body{',
  '{{ a }}',
  '{{',
  'Jane',
  'é',
  '😀',
  '\u0085',
]

/** Texts that try to get out of wherever they stand. */
export const hostileText = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...ends), fc.constantFrom(...words), fc.string({ maxLength: 3 })), {
      maxLength: 8,
    })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(...words),
)
