// Headers of requests and answers that are handed on: without what is meant for this server alone, or would lie.
import type { HeaderPairs } from './send.ts'

/** Between two neighbours (RFC 9110, 7.6.1), beside what `Connection` lists. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Whom the caller is known by, what Mortise fills in itself, and what others on the way have added. */
const ofCallers = new Set([
  ...hopByHop,
  'authorization',
  'content-length',
  'cookie',
  'cookie2',
  'expect',
  'forwarded',
  'host',
  'integration-id',
  'via',
  'x-real-ip',
])
const ofCallersBegin = /^(proxy-|x-forwarded-|mortise-)/

/** What a provider says of its own origin, and of whom it knows there, is not true of ours. */
const ofProviders = new Set([
  ...hopByHop,
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'access-control-max-age',
  'alt-svc',
  'cache-control',
  'clear-site-data',
  'content-security-policy',
  'content-security-policy-report-only',
  'expires',
  'nel',
  'pragma',
  'public-key-pins',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'service-worker-allowed',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'x-content-type-options',
])
const ofProvidersBegin = /^(proxy-|mortise-)/

export function forwardedHeaders(headers: HeaderPairs): HeaderPairs {
  const isKept = keeping(headers, ofCallers, ofCallersBegin)
  return headers.filter(([name]) => isKept(name.toLowerCase()))
}

/** The id that a provider gave the request stands beside our own. */
export function returnedHeaders(headers: HeaderPairs): HeaderPairs {
  const isKept = keeping(headers, ofProviders, ofProvidersBegin)
  const returned: Array<readonly [string, string]> = []
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (isKept(lower))
      returned.push([lower === 'x-request-id' ? 'mortise-upstream-request-id' : lower, value])
  }
  return returned
}

/** @returns whether a name, in small letters, may go on */
function keeping(headers: HeaderPairs, dropped: ReadonlySet<string>, begin: RegExp) {
  const listed = listedIn(headers)
  return (name: string) => !dropped.has(name) && !listed.has(name) && !begin.test(name)
}

const nothing: ReadonlySet<string> = new Set()

/** `Connection: close, X-Internal` makes X-Internal a matter between neighbours too. */
function listedIn(headers: HeaderPairs): ReadonlySet<string> {
  let listed: Set<string> | undefined
  for (const [name, value] of headers) {
    if (name.length !== 'connection'.length || name.toLowerCase() !== 'connection') continue
    for (const option of value.split(',')) {
      listed ??= new Set()
      listed.add(option.trim().toLowerCase())
    }
  }
  return listed ?? nothing
}
