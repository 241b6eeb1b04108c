// Knows JavaScript well enough to say which of its strings a word stands in, and whether two scripts are the same but for those.
import { type Node, Parser, type Token } from 'acorn'

/** `handler` is the value of an attribute such as `onclick`. */
export type ScriptKind = 'script' | 'module' | 'handler' | 'json'

type Script = { readonly tree: Node; readonly tokens: readonly Token[] }

/** What turns text into code, and how many of its arguments it does that with. */
const runners: Readonly<Record<string, number>> = {
  eval: 1,
  execScript: 1,
  setTimeout: 1,
  setInterval: 1,
  setImmediate: 1,
  Function: Number.POSITIVE_INFINITY,
}

/**
 * @param words matches the words, globally
 * @returns for every word why nothing may be put in its place, in words that follow "it stands"; undefined where it may
 */
export function wordMistakes(
  source: string,
  kind: ScriptKind,
  words: RegExp,
): ReadonlyMap<string, string | undefined> {
  const found = new Map<string, string | undefined>()
  const script = read(source, kind)
  const otherwise = script
    ? 'in a script, but not within a string: put quotes around it'
    : 'in a script that cannot be read: there is a mistake in it'
  for (const [word] of source.matchAll(words)) found.set(word, otherwise)
  for (const { node, mistake } of script ? stringsOf(script.tree) : []) {
    for (const [word] of source.slice(node.start, node.end).matchAll(words)) found.set(word, mistake)
  }
  return found
}

/** Whether a script is what another one becomes by putting texts into its strings, and nothing else. */
export function isSameScript(
  before: string,
  after: string,
  kind: ScriptKind,
  expected: (text: string) => string,
): boolean {
  const one = read(before, kind)
  const other = read(after, kind)
  if (!one || !other || one.tokens.length !== other.tokens.length) return false
  return one.tokens.every((token, at) => {
    const twin = other.tokens[at]
    return twin !== undefined && meaning(token, before, expected) === meaning(twin, after, (text) => text)
  })
}

function meaning(token: Token, source: string, change: (text: string) => string): string {
  const { type, start, end } = token
  const isText = type.label === 'string' || type.label === 'template'
  return `${type.label} ${isText && 'value' in token ? change(String(token.value)) : source.slice(start, end)}`
}

/** Does not ask which names are declared: that costs a long script too much, and no string depends on it. */
const Strings = Parser.extend(
  (Base) =>
    class extends Base {
      declareName(): void {}
      checkLocalExport(): void {}
    },
)

function read(source: string, kind: ScriptKind): Script | undefined {
  const tokens: Token[] = []
  try {
    if (kind === 'json') JSON.parse(source)
    const tree = Strings.parse(kind === 'json' ? `(${source}\n)` : source, {
      ecmaVersion: 'latest',
      sourceType: kind === 'module' ? 'module' : 'script',
      allowReturnOutsideFunction: kind === 'handler',
      onToken: tokens,
    })
    return { tree, tokens }
  } catch (error) {
    // A RangeError is a script that is nested beyond all measure.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

type Found = { readonly node: Node; readonly mistake: string | undefined }

/** Every string and piece of a template, with the reason why nothing may be put into it. */
function* stringsOf(tree: Node): Generator<Found> {
  const left: { node: Node; mistake: string | undefined }[] = [{ node: tree, mistake: undefined }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, mistake } = next
    if (isString(node)) yield { node, mistake }
    for (const [member, inner] of membersOf(node)) {
      // A function is run as what it is, whoever it is handed to.
      const isFunction = inner.type === 'FunctionExpression' || inner.type === 'ArrowFunctionExpression'
      left.push({
        node: inner,
        mistake: isFunction ? undefined : (mistakeWithin(node, member, inner) ?? mistake),
      })
    }
  }
}

function isString(node: Node): boolean {
  if (node.type === 'TemplateElement') return true
  return node.type === 'Literal' && 'value' in node && typeof node.value === 'string'
}

function mistakeWithin(node: Node, member: string, inner: Node): string | undefined {
  if (member === 'source' || member === 'attributes' || node.type === 'ImportExpression') {
    return 'where a script says what else to load'
  }
  if (node.type === 'TaggedTemplateExpression' && member === 'quasi') {
    return 'in a template that a function reads in its own way'
  }
  if ((node.type === 'CallExpression' || node.type === 'NewExpression') && 'callee' in node) {
    const given = 'arguments' in node && Array.isArray(node.arguments) ? node.arguments.indexOf(inner) : -1
    if (given >= 0 && given < (runners[calledName(node.callee)] ?? 0))
      return 'in a string that is run as code'
  }
  return undefined
}

function calledName(callee: unknown): string {
  if (!isNode(callee)) return ''
  if ('name' in callee && typeof callee.name === 'string') return callee.name
  return 'property' in callee ? calledName(callee.property) : ''
}

function* membersOf(node: Node): Generator<[string, Node]> {
  for (const [member, value] of Object.entries(node)) {
    for (const inner of Array.isArray(value) ? value : [value]) if (isNode(inner)) yield [member, inner]
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
