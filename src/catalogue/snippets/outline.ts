// Reads markup as browsers do, into a flat list of what it holds; bounded, whatever the markup is like.
import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html, parseFragment } from 'parse5'

/** Far more than a block for a page has; some markup of a few kilobytes would make millions. */
const elementsMax = 10_000
/** Browsers stop at 512 as well. */
const depthMax = 512

export type Attribute = {
  /** As written, in lower case, with its prefix. */
  readonly name: string
  readonly value: string
  /** Whether it stands in quotes; undefined where it cannot be told. */
  readonly isQuoted: boolean | undefined
}

export type Item =
  | { readonly kind: 'element'; readonly element: string; readonly attributes: readonly Attribute[] }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'text'
      /** What it stands in. */
      readonly element: string
      readonly attributes: readonly Attribute[]
      readonly value: string
    }
  /** What stands in `noscript`, for a browser that runs scripts: text that nobody reads. */
  | { readonly kind: 'inert'; readonly value: string }
  | { readonly kind: 'comment'; readonly value: string }

/** Whether the browser runs scripts: then what is in `noscript` is text, else it is markup. */
export type Scripting = 'on' | 'off'

class TooMuch extends Error {}

/** @returns undefined for markup of more elements, or deeper ones, than anybody pastes */
export function outlineOf(source: string, scripting: Scripting): Item[] | undefined {
  try {
    return itemsOf(parsed(source, scripting), source, scripting)
  } catch (error) {
    if (error instanceof TooMuch) return undefined
    throw error
  }
}

function parsed(source: string, scripting: Scripting): DefaultTreeAdapterTypes.DocumentFragment {
  let elements = 0
  let depth = 0
  const body = defaultTreeAdapter.createElement('body', html.NS.HTML, [])
  return parseFragment(body, source, {
    scriptingEnabled: scripting === 'on',
    sourceCodeLocationInfo: true,
    treeAdapter: {
      ...defaultTreeAdapter,
      createElement(...given) {
        if (++elements > elementsMax) throw new TooMuch()
        return defaultTreeAdapter.createElement(...given)
      },
      onItemPush() {
        if (++depth > depthMax) throw new TooMuch()
      },
      onItemPop() {
        depth--
      },
    },
  })
}

type Step = { readonly node: DefaultTreeAdapterTypes.ChildNode } | 'end'
type Inside = { readonly element: string; readonly attributes: readonly Attribute[] }

/** Without recursion: how deep it goes is not ours to say. */
function itemsOf(
  fragment: DefaultTreeAdapterTypes.DocumentFragment,
  source: string,
  scripting: Scripting,
): Item[] {
  const items: Item[] = []
  const path: Inside[] = [{ element: 'body', attributes: [] }]
  const steps: Step[] = stepsInto(fragment)
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (step === 'end') {
      path.pop()
      items.push({ kind: 'end' })
      continue
    }
    const { node } = step
    if ('tagName' in node) {
      const inside = { element: nameOf(node), attributes: attributesOf(node, source) }
      path.push(inside)
      items.push({ kind: 'element', ...inside })
      steps.push('end', ...stepsInto('content' in node ? node.content : node))
    } else if ('value' in node) {
      const { element = '', attributes = [] } = path.at(-1) ?? {}
      const { value } = node
      if (element === 'noscript' && scripting === 'on') items.push({ kind: 'inert', value })
      else items.push({ kind: 'text', element, attributes, value })
    } else if ('data' in node) {
      items.push({ kind: 'comment', value: node.data })
    }
  }
  return items
}

function stepsInto({ childNodes }: DefaultTreeAdapterTypes.ParentNode): Step[] {
  return childNodes.map((node) => ({ node })).reverse()
}

/** Elements that are not HTML have their kind before their name: `svg:script` is no `script`. */
function nameOf({ tagName, namespaceURI }: DefaultTreeAdapterTypes.Element): string {
  if (namespaceURI === html.NS.HTML) return tagName
  return `${namespaceURI === html.NS.SVG ? 'svg' : 'math'}:${tagName.toLowerCase()}`
}

function attributesOf(
  { attrs, sourceCodeLocation }: DefaultTreeAdapterTypes.Element,
  source: string,
): Attribute[] {
  return attrs.map(({ prefix, name: local, value }) => {
    const name = (prefix ? `${prefix}:${local}` : local).toLowerCase()
    const place = sourceCodeLocation?.attrs?.[name]
    const written = place && source.slice(place.startOffset, place.endOffset)
    return { name, value, isQuoted: written === undefined ? undefined : /^[^=]*=\s*["']/.test(written) }
  })
}
