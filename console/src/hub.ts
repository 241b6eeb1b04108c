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
export type Webhook = Awaited<ReturnType<typeof mortise.webhooks.retrieve>>
export type NewWebhook = Parameters<typeof mortise.webhooks.create>[0]
export type EventPattern = NonNullable<NewWebhook['events']>[number]
export type Delivery = Awaited<ReturnType<typeof mortise.deliveries.list>>['results'][number]
export type DeliveryWithAttempts = Awaited<ReturnType<typeof mortise.deliveries.retrieve>>
export type Event = Awaited<ReturnType<typeof mortise.events.retrieve>>
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

export type FailingWebhook = {
  readonly id: string
  readonly integration: string
  readonly title: string
  readonly failing_since: string | null
  readonly disabled_at: string | null
  readonly disabled_reason: Webhook['disabled_reason']
  readonly last_status: number | null
  readonly last_error: 'no_answer' | 'timed_out' | 'answer_too_large' | null
  readonly waiting: number
  readonly exhausted: number
}

/** A number for each hour. */
export type Activity = {
  readonly hours: readonly string[]
  readonly events: readonly number[]
  readonly checks: { readonly accepted: readonly number[]; readonly refused: readonly number[] }
  readonly deliveries: { readonly taken: readonly number[]; readonly failed: readonly number[] }
}

/** Null stands for what who is signed in may not see. */
export type Overview = {
  readonly connections: Readonly<Record<HealthStatus, number>>
  readonly attention: readonly Attention[]
  readonly webhooks: { readonly count: number; readonly failing: readonly FailingWebhook[] } | null
  readonly events: readonly Event[] | null
  readonly ending_keys: ReadonlyArray<{ id: string; name: string; expires_at: string }> | null
  readonly activity: Activity | null
  readonly vault: { readonly key_since: string | null; readonly opens_with: readonly string[] | null }
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

/** Where an event was sent: each webhook that heard of it, as far as who is signed in may see. */
export type SentTo = {
  readonly webhook: string
  readonly integration: string
  readonly title: string
  readonly status: Delivery['status']
}

export async function getDeliveriesOf(event: string): Promise<readonly SentTo[]> {
  const path = `/v2/events/${encodeURIComponent(event)}/deliveries/`
  return ((await ask('GET', path)) as { deliveries: readonly SentTo[] }).deliveries
}

/** What a verification of the audit trail found: all whole, or the first record that is not as it was written. */
export type TrailVerified = {
  readonly verified: number
  readonly older: number
  readonly broken: number | null
  readonly why: string | null
}

/** @param onProgress hears how many records were as they were written so far */
export async function verifyTrail(onProgress: (verified: number) => void): Promise<TrailVerified> {
  let [verified, older, rest] = [0, 0, undefined as string | undefined]
  for (;;) {
    const part = (await ask('POST', '/v2/audit/verify/', rest ? { rest } : {})) as TrailVerified & {
      readonly rest: string | null
    }
    verified += part.verified
    older += part.older
    onProgress(verified)
    if (part.broken !== null || part.rest === null) return { ...part, verified, older }
    rest = part.rest
  }
}

export type AskedCall = Parameters<typeof mortise.connections.explain>[1]
export type Explained = Awaited<ReturnType<typeof mortise.connections.explain>>

/** A provider's answer to a call that was tried. */
export type Tried = {
  readonly status: number
  readonly headers: ReadonlyArray<{ readonly name: string; readonly value: string }>
  readonly duration_ms: number
  /** Null where it is no text. */
  readonly body: string | null
  readonly body_bytes: number
  readonly is_cut: boolean
}

/** @throws MortiseError where Mortise answers in the provider's place */
export async function tryCall(integration: string, id: number, asked: AskedCall): Promise<Tried> {
  return (await ask('POST', `/v2/connections/${id}/try/`, asked, { 'integration-id': integration })) as Tried
}

/** The snippet of a connection as a page of its own. */
export function previewUrl(id: number): string {
  return `${base}/v2/connections/${id}/preview/`
}

/** The very text that is kept and sent. */
export async function getEventText(id: string): Promise<string> {
  return text(await send('GET', `/v2/events/${encodeURIComponent(id)}/`))
}

export function hasEnded(error: unknown): boolean {
  return error instanceof MortiseError && error.status === 401
}

type Headers = Readonly<Record<string, string>>

/** What is under the session's own door, and no part of the API. */
export async function ask(
  method: string,
  path: string,
  body?: object,
  headers: Headers = {},
): Promise<unknown> {
  const answer = await text(await send(method, path, body, headers))
  return answer === '' ? undefined : JSON.parse(answer)
}

function send(method: string, path: string, body?: object, headers: Headers = {}): Promise<Response> {
  return fetch(`${base}${path}`, {
    method,
    headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
}

/** @throws MortiseError */
async function text(response: Response): Promise<string> {
  const text = await response.text()
  if (!response.ok) throw new MortiseError(response, text === '' ? undefined : JSON.parse(text))
  return text
}
