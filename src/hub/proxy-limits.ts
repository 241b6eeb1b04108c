// What a key may ask of providers: methods and path patterns, matched on every reading that a path may have.
import type { Caller } from './caller.ts'
import { HubError } from './errors.ts'
import { limitMethods, type ProxyRule, rulesMax } from './proxy-rule.ts'

const pathsMax = 50
const pathPatternLengthMax = 255

/** Compiled once for as long as a key is remembered. */
export type ProxyLimits = { allow(method: string, path: string): boolean }

export function proxyLimits(rules: readonly ProxyRule[] | null): ProxyLimits | null {
  if (rules === null) return null
  const compiled = rules.map(({ methods, paths }) => ({ methods, patterns: paths.map(partsOf) }))
  return {
    allow(method, path) {
      const patterns = compiled.flatMap((rule) => (meansMethod(rule.methods, method) ? rule.patterns : []))
      const readings = readingsOf(path)
      return (
        readings !== undefined &&
        [...readings].every((reading) => patterns.some((pattern) => covers(pattern, [...reading])))
      )
    },
  }
}

/** Some servers take another method or path than that of the request line from these. */
const overriding =
  /^(x-http-method|x-http-method-override|x-method-override|x-original-url|x-rewrite-url|x-original-uri)$/i

/** @throws HubError forbidden */
export function requireWithinLimits(
  { proxyLimits: limits }: Caller,
  asked: { method: string; path: string; headers: ReadonlyArray<readonly [string, string]> },
): void {
  if (limits === null) return
  const { method } = asked
  const [path = ''] = asked.path.split('?', 1)
  if (!limits.allow(method, path)) {
    throw new HubError('forbidden', `The limits of this key do not let it ask for ${method} on this path.`)
  }
  const [name] = asked.headers.find(([name]) => overriding.test(name)) ?? []
  if (name !== undefined) {
    throw new HubError('forbidden', `A key with limits cannot send ${name}: it could ask for something else.`)
  }
}

/** @returns what is wrong with rules in themselves, if anything is */
export function mistakeIn(rules: readonly ProxyRule[]): string | undefined {
  if (rules.length === 0) return 'Name at least one method and path, or give null for anything.'
  if (rules.length > rulesMax) return `Give at most ${rulesMax} rules.`
  if (rules.reduce((sum, { paths }) => sum + paths.length, 0) > pathsMax) {
    return `Give at most ${pathsMax} paths in all.`
  }
  for (const [index, { methods, paths }] of rules.entries()) {
    const known: readonly string[] = limitMethods
    const wrong = methods.length === 0 || methods.some((method) => !known.includes(method))
    if (wrong) return `Rule ${index + 1}: give methods, of ${limitMethods.join(', ')}.`
    if (paths.length === 0 || !paths.every(isPattern)) {
      return `Rule ${index + 1}: give paths that begin with "/", decoded, without a query, such as /v1/customers/* or /v1/**.`
    }
  }
  return undefined
}

/** As people write them: methods, then paths. */
export function writtenRules(rules: readonly ProxyRule[]): string[] {
  return rules.map(({ methods, paths }) => `${methods.join(',')} ${paths.join(' ')}`)
}

/** @param text such as `GET,HEAD /v1/charges /v1/customers/*` */
export function readRule(text: string): ProxyRule {
  const [methods = '', ...paths] = text.trim().split(/\s+/)
  return { methods: methods.toUpperCase().split(','), paths }
}

function isPattern(text: string): boolean {
  const isPlain = /^\/[\x21\x22\x24-\x3e\x40-\x5b\x5d-\x7e]*$/.test(text) && !/\*{3}|%|\/\//.test(text)
  const hasDots = /(^|\/)\.{1,2}(\/|$)/.test(text)
  return isPlain && !hasDots && text.length <= pathPatternLengthMax
}

/**
 * What of the rules that are asked for lies beyond those that are owned; each path has to lie within one of
 * theirs.
 */
export function rulesBeyond(asked: readonly ProxyRule[] | null, own: readonly ProxyRule[]): string[] {
  if (asked === null) return ['any method on any path']
  const isOwned = (method: string, path: string) =>
    own.some(
      ({ methods, paths }) =>
        meansMethod(methods, method) && paths.some((mine) => covers(partsOf(mine), partsOf(path))),
    )
  return asked.flatMap(({ methods, paths }) =>
    methods.flatMap((method) =>
      paths.filter((path) => !isOwned(method, path)).map((path) => `${method} ${path}`),
    ),
  )
}

function meansMethod(methods: readonly string[], method: string): boolean {
  return methods.some((one) => one === '*' || one === method || (one === 'GET' && method === 'HEAD'))
}

const oneSegment = '*'
const anything = '**'

/** Characters, and wildcards as parts of their own. */
function partsOf(pattern: string): string[] {
  return pattern.match(/\*\*|./gs) ?? []
}

/**
 * Whether everything that the other can stand for is meant by the pattern: of a plain text, whether it fits. In a
 * time that grows with the product of their lengths, whatever they hold.
 */
function covers(pattern: readonly string[], other: readonly string[]): boolean {
  let reached = new Set([0])
  const skipping = (states: Set<number>) => {
    // "Anything" may be nothing.
    for (const state of states) if (pattern[state] === anything) states.add(state + 1)
    return states
  }
  skipping(reached)
  for (const part of other) {
    const next = new Set<number>()
    for (const state of reached) {
      const wanted = pattern[state]
      if (wanted === anything) next.add(state)
      else if (wanted === oneSegment && part !== '/' && part !== anything) next.add(state).add(state + 1)
      else if (wanted === part && wanted !== undefined) next.add(state + 1)
    }
    if (next.size === 0) return false
    reached = skipping(next)
  }
  return reached.has(pattern.length)
}

/**
 * What servers may take a path for: decoded once, as all do; with encoded slashes kept apart from real ones;
 * decoded again; with doubled slashes taken for one. A key may ask for it where it may ask for all of these.
 * @returns undefined where it is no path to anybody
 */
function readingsOf(path: string): ReadonlySet<string> | undefined {
  try {
    const readings = new Set<string>()
    const kept = path.replaceAll(/%2f|%5c/gi, '\ue000')
    readings.add(decodeURIComponent(kept))
    let decoded = path
    for (let round = 0; round < 3; round++) {
      decoded = decodeURIComponent(decoded)
      readings.add(decoded)
      readings.add(decoded.replaceAll(/[/\\]+/g, '/'))
      if (!/%[0-9a-f]{2}/i.test(decoded)) return hasControls(decoded) ? undefined : readings
    }
    return undefined
  } catch {
    return undefined
  }
}

function hasControls(text: string): boolean {
  // Also what stands for an encoded slash: nobody else may bring it along.
  return /[\p{Cc}\ue000]/u.test(text)
}
