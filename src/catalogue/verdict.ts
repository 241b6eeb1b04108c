// What a provider's answers say of a credential: status codes alone are not to be trusted, so each provider judges its own.
import type { Answer } from './api.ts'

/** `unverified` stands for what was never asked. */
export type VerdictStatus =
  | 'healthy'
  | 'degraded'
  | 'rejected'
  | 'unreachable'
  | 'rate_limited'
  | 'unverifiable'

export type Verdict = {
  readonly status: VerdictStatus
  /** For people: what is wrong, and what to do; null where all is well. It never quotes the provider. */
  readonly reason: string | null
  /** Whom the credential belongs to, for people. */
  readonly account: string | null
  /** The same for machines: it stays when the account is renamed. */
  readonly identity: string | null
  readonly mode: 'test' | 'live' | null
  /** What the credential may do, where the provider tells. */
  readonly scopes: readonly string[] | null
  /** Fields that Mortise writes itself, such as `ready`. */
  readonly fields?: Readonly<Record<string, string>>
  /** Once those fields are written, the answer will be another. */
  readonly isToBeAskedAgain?: true
  /** When it may be asked again, in seconds. */
  readonly retryAfterS?: number
}

const nothingKnown = { reason: null, account: null, identity: null, mode: null, scopes: null } as const

export function healthy(known: Partial<Omit<Verdict, 'status' | 'reason'>> = {}): Verdict {
  return { ...nothingKnown, ...known, status: 'healthy' }
}

/** It is the provider's, and may do less than is needed. */
export function degraded(reason: string, known: Partial<Omit<Verdict, 'status' | 'reason'>> = {}): Verdict {
  return { ...nothingKnown, ...known, status: 'degraded', reason }
}

export function rejected(reason: string): Verdict {
  return { ...nothingKnown, status: 'rejected', reason }
}

export function unreachable(reason: string): Verdict {
  return { ...nothingKnown, status: 'unreachable', reason }
}

export function unverifiable(reason: string): Verdict {
  return { ...nothingKnown, status: 'unverifiable', reason }
}

export function rateLimited({ header }: Pick<Answer, 'header'>): Verdict {
  return rateLimitedFor(Number(header('retry-after')))
}

/** @param seconds as the provider says; what is no number of seconds counts for nothing */
export function rateLimitedFor(seconds: number | undefined): Verdict {
  return {
    ...nothingKnown,
    status: 'rate_limited',
    reason: 'The provider takes no more requests for now. It is asked again later.',
    ...(Number.isInteger(seconds) && Number(seconds) > 0 && { retryAfterS: Number(seconds) }),
  }
}

/**
 * What an answer means where the provider does as most do. Who knows better of some statuses judges those first.
 * @returns undefined for an answer in JSON that says yes
 */
export function refusal(answer: Answer, title: string): Verdict | undefined {
  const { status, json } = answer
  if (status >= 200 && status < 300) {
    if (json !== undefined) return undefined
    return unreachable(`What answers there is not the API of ${title}: it sends no JSON. Check the address.`)
  }
  if (status === 401) return rejected(`${title} does not accept this credential. Give one that is valid.`)
  if (status === 403)
    return degraded(
      `${title} knows this credential, but does not let it read its account. Allow it that there.`,
    )
  if (status === 429) return rateLimited(answer)
  if (status === 404) return unreachable(`The API of ${title} is not at this address. Check the address.`)
  if (status >= 500)
    return unreachable(`${title} has a fault of its own (${status}). It is asked again later.`)
  return unreachable(
    `${title} answers ${status}, which tells nothing about the credential. It is asked again later.`,
  )
}

/** A member of an answer, at any depth; undefined where it is not there, or no text, number or boolean. */
export function textAt(json: unknown, ...path: ReadonlyArray<string | number>): string | undefined {
  let value = json
  for (const name of path) value = valueAt(value, name)
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined
}

export function valueAt(json: unknown, name: string | number): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? (json as Record<string | number, unknown>)[name]
    : undefined
}
