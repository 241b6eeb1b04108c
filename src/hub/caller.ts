// Who is asking: the proof of admission that every verb demands.
import type { ProxyLimits } from './proxy-limits.ts'

export const scopes = [
  'integrations:read',
  'integrations:write',
  'freelancers:read',
  'freelancers:write',
  'connections:read',
  'connections:write',
  'secrets:read',
  'proxy:call',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'keys:write',
  'operator',
] as const

export type Scope = (typeof scopes)[number]

/** What an account's first key may do: everything within the account. */
export const accountScopes: readonly Scope[] = scopes.filter((scope) => scope !== 'operator')

/** A number that an older system gave may be as high as this: there is room above for all that is given here. */
export const importedNumberMax = 2 ** 48

/** What the installation does itself is on record as of an account that nobody has. */
export const installationId = 0

declare const admitted: unique symbol

export type Caller = CallerFacts & { readonly [admitted]: true }

export type CallerFacts = {
  readonly accountId: number
  readonly scopes: ReadonlySet<Scope>
  /** The API key used; null for duties at the command line. */
  readonly keyUid: string | null
  /** The uid of the one integration a bound key is for. */
  readonly boundTo: string | null
  /** The uid of the integration that `Integration-ID` named, or the one bound to. */
  readonly actingAs: string | null
  /** What the key may ask of providers; null for anything. */
  readonly proxyLimits: ProxyLimits | null
  readonly address: string | null
  readonly requestId: string | null
}

/** Only who has checked a key, or runs on the store's own machine, may call this. */
export function admittedCaller(facts: CallerFacts): Caller {
  return facts as Caller
}

/** The person at the command line, acting within one account. */
export function localCaller(accountId: number): Caller {
  return admittedCaller({
    accountId,
    scopes: new Set(scopes),
    keyUid: null,
    boundTo: null,
    actingAs: null,
    proxyLimits: null,
    address: null,
    requestId: null,
  })
}
