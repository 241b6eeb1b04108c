// The hub, as whoever is signed in reaches it: the SDK over the session, and what the console alone asks.
import { createMortise, type Mortise, MortiseError } from '@mortise/sdk'

export type { Mortise } from '@mortise/sdk'

const base = `${location.origin}/console/api`

export const mortise: Mortise = createMortise({ url: base, auth: 'session', retries: 1 })

export type Connection = Awaited<ReturnType<typeof mortise.connections.retrieve>>
export type Provider = Awaited<ReturnType<typeof mortise.providers.retrieve>>
export type Integration = Awaited<ReturnType<typeof mortise.integrations.retrieve>>
export type ApiKey = Awaited<ReturnType<typeof mortise.apiKeys.retrieve>>
export type AuditRecord = Awaited<ReturnType<typeof mortise.audit.list>>['results'][number]
export type HealthStatus = Connection['health']['status']

export type Session = {
  readonly account: { readonly id: number; readonly name: string }
  readonly scopes: readonly string[]
  readonly is_bound: boolean
  readonly started_with: 'link' | 'key'
  /** An operator's own account, where this is another one. */
  readonly home_account: number | null
  readonly ends_at: string
}

export type Attention = {
  readonly id: number
  readonly integration: string
  readonly integration_name: string
  readonly provider: string
  readonly title: string
  readonly status: HealthStatus
  readonly reason: string | null
  readonly checked_at: string | null
}

export type Overview = {
  readonly connections: Readonly<Record<HealthStatus, number>>
  readonly attention: readonly Attention[]
}

/** @returns null for who is not signed in */
export async function findSession(): Promise<Session | null> {
  try {
    return (await ask('GET', '/session/')) as Session
  } catch (error) {
    if (hasEnded(error)) return null
    throw error
  }
}

export async function signIn(given: { link: string } | { api_key: string }): Promise<Session> {
  return (await ask('POST', '/session/', given)) as Session
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/session/')
}

export async function getOverview(): Promise<Overview> {
  return (await ask('GET', '/v2/overview/')) as Overview
}

export function hasEnded(error: unknown): boolean {
  return error instanceof MortiseError && error.status === 401
}

/** What is under the session's own door, and no part of the API. */
export async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer: unknown = text === '' ? undefined : JSON.parse(text)
  if (!response.ok) throw new MortiseError(response, answer)
  return answer
}
