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
  const listed = listedIn(headers)
  return headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return !ofCallers.has(lower) && !ofCallersBegin.test(lower) && !listed.has(lower)
  })
}

/** The id that a provider gave the request stands beside our own. */
export function returnedHeaders(headers: HeaderPairs): HeaderPairs {
  const listed = listedIn(headers)
  return headers.flatMap(([name, value]) => {
    const lower = name.toLowerCase()
    if (ofProviders.has(lower) || ofProvidersBegin.test(lower) || listed.has(lower)) return []
    return [[lower === 'x-request-id' ? 'mortise-upstream-request-id' : lower, value] as const]
  })
}

/** `Connection: close, X-Internal` makes X-Internal a matter between neighbours too. */
function listedIn(headers: HeaderPairs): ReadonlySet<string> {
  return new Set(
    headers.flatMap(([name, value]) =>
      name.toLowerCase() === 'connection'
        ? value.split(',').map((option) => option.trim().toLowerCase())
        : [],
    ),
  )
}
