// Calls a connection's provider for a caller: the credential goes on here, and the answer is handed back as it comes.
import type { Readable } from 'node:stream'
import type { ActingCredential } from '../outbound/credential.ts'
import { CredentialRefused } from '../outbound/credential-refused.ts'
import { pathWithin } from '../outbound/path.ts'
import { forwardedHeaders, returnedHeaders } from '../outbound/relayed-headers.ts'
import type { Schemes } from '../outbound/schemes/scheme.ts'
import {
  type HeaderPairs,
  type Incoming,
  type Outbound,
  OutboundFailure,
  type Outgoing,
} from '../outbound/send.ts'
import { readWhole } from '../outbound/whole-body.ts'
import type { AccessTokens } from './access-tokens.ts'
import { acting, type Opened, type Opener } from './acting.ts'
import type { AuditByMinute } from './audit-by-minute.ts'
import type { Caller } from './caller.ts'
import type { Connection } from './connection.ts'
import { HubError } from './errors.ts'
import type { CallOutcome, Observer } from './observer.ts'
import { requireWithinLimits } from './proxy-limits.ts'
import { tokenStateOf } from './token-state.ts'

/** A request that somebody else is to answer, as it came. */
export type AskedCall = {
  readonly method: string
  /** From its first slash on, with the query. */
  readonly path: string
  readonly headers: HeaderPairs
  readonly body: { readonly stream: Readable; readonly bytes: number | undefined } | null
  /** The first one where none is named. */
  readonly service: string | undefined
  readonly signal: AbortSignal
  /** Work that nobody has to wait for. */
  afterwards(work: () => Promise<unknown>): void
}

/** What goes on record of a call. */
type Used = {
  readonly caller: Caller
  readonly connection: Connection
  readonly service: string
  /** Null where there was no answer. */
  status: number | null
  isSent: boolean
}

export type Proxying = {
  /**
   * The provider's own answer, whatever it is.
   * @throws HubError
   */
  call(caller: Caller, id: number, asked: AskedCall): Promise<Incoming>
}

/** Asking once more changes nothing, so that it may be done for the caller. */
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

export function proxying(needs: {
  opener: Opener
  tokens: AccessTokens
  schemes: Schemes
  send: Outbound['send']
  auditByMinute: AuditByMinute
  observer: Pick<Observer, 'tell'>
}): Proxying {
  const { opener, tokens, schemes, send, auditByMinute, observer } = needs

  async function call(caller: Caller, id: number, asked: AskedCall): Promise<Incoming> {
    requireWithinLimits(caller, asked)
    const startedMs = performance.now()
    const opened = await opener.open(caller, id)
    const tell = (outcome: CallOutcome) => {
      const durationMs = performance.now() - startedMs
      observer.tell({ what: 'call', provider: opened.provider.name, outcome, durationMs })
    }
    try {
      const answer = await callOpened(caller, opened, asked)
      tell(classOf(answer.status))
      return answer
    } catch (error) {
      tell(error instanceof OutboundFailure ? error.kind : 'refused')
      throw error
    }
  }

  async function callOpened(caller: Caller, opened: Opened, asked: AskedCall): Promise<Incoming> {
    const { credential } = acting(schemes, opened)
    const service = serviceOf(opened, credential.services, asked.service)
    const headers = [...forwardedHeaders(asked.headers)]
    const path = pathWithin('', asked.path)
    const ready = await tokens.ensure(caller, opened)
    const readyCredential = ready === opened ? credential : acting(schemes, ready).credential
    const body = await bodyOf(asked, readyCredential, service, headers)
    // The address and the credential are of one moment.
    const sendWith = async (credential: ActingCredential) => {
      const { origin, folder } = credential.base(service)
      const request = { method: asked.method, origin, path: `${folder}${path}`, headers, body }
      const sent = await credential.authorize(request, service)
      return { sent, incoming: await send(sent, { signal: asked.signal }) }
    }
    /** What the same request may go out with instead, if anything. */
    const renewed = async (refused: Outgoing) => {
      // A session that the provider has ended; where the request may not be repeated, the next one finds another.
      if (readyCredential.renew(refused, service)) return isRepeatable(asked) ? readyCredential : undefined
      const again = await withAnotherToken(caller, ready, asked)
      return again && acting(schemes, again).credential
    }
    const used: Used = { caller, connection: opened.connection, service, status: null, isSent: true }
    asked.afterwards(() => note(used, asked))
    try {
      const { sent, incoming: first } = await sendWith(readyCredential)
      used.status = first.status
      const again = first.status === 401 ? await renewed(sent) : undefined
      if (!again) return first
      first.body.destroy()
      const { incoming: second } = await sendWith(again)
      used.status = second.status
      return second
    } catch (error) {
      if (used.status === null) used.isSent = error instanceof OutboundFailure && error.kind !== 'denied'
      throw error
    }
  }

  /**
   * With another token in place of one that was refused, where the connection has tokens and the request may be
   * sent again; where it may not, the next one finds another.
   */
  async function withAnotherToken(
    caller: Caller,
    opened: Opened,
    asked: AskedCall,
  ): Promise<Opened | undefined> {
    const refused = tokenStateOf(opened)?.token
    if (refused === undefined) return undefined
    const renew = async () => {
      try {
        const again = await tokens.ensure(caller, opened, { refused })
        // The same one: it was had a moment ago, so that something else is refused than its age.
        return tokenStateOf(again)?.token === refused ? undefined : again
      } catch (error) {
        // It is on record where it was tried, and the provider's own answer says more than we could.
        if (error instanceof CredentialRefused || error instanceof OutboundFailure) return undefined
        throw error
      }
    }
    if (isRepeatable(asked)) return renew()
    asked.afterwards(renew)
    return undefined
  }

  async function note({ caller, connection, service, status, isSent }: Used, { method }: AskedCall) {
    if (!isSent) return
    const { uid, id } = connection
    const facts = { subject: `connection/${uid}`, data: { id, method, service, status } } as const
    await auditByMinute.note(caller, 'connection.used', [facts])
  }

  return {
    async call(caller, id, asked) {
      try {
        const { status, headers, body } = await call(caller, id, asked)
        return { status, headers: returnedHeaders(headers), body }
      } catch (error) {
        throw inOurWords(error)
      }
    },
  }
}

function isRepeatable({ method, body }: AskedCall): boolean {
  return repeatable.has(method) && body === null
}

function classOf(status: number): CallOutcome {
  if (status < 200) return '1xx'
  if (status < 300) return '2xx'
  if (status < 400) return '3xx'
  return status < 500 ? '4xx' : '5xx'
}

/** @throws HubError invalid_header, naming the services that there are */
function serviceOf({ provider }: Opened, services: readonly string[], asked: string | undefined): string {
  const service = asked ?? services[0] ?? ''
  if (services.includes(service)) return service
  throw new HubError(
    'invalid_header',
    `Mortise-Service names no service of ${provider.title}. There are: ${services.join(', ')}.`,
  )
}

/**
 * As a stream, unless the signature covers it. How long it is, where the caller said so, is all that is taken
 * over of how it was framed.
 */
async function bodyOf(
  { body }: AskedCall,
  credential: ActingCredential,
  service: string,
  headers: Array<readonly [string, string]>,
): Promise<Outgoing['body']> {
  if (body === null) return null
  if (credential.signsBody({ headers }, service)) return readWhole(body.stream, body.bytes)
  if (body.bytes !== undefined) headers.push(['content-length', String(body.bytes)])
  return body.stream
}

/** Whatever kept a provider from being reached is told with one text: it must not be found out what there is. */
function inOurWords(error: unknown): unknown {
  if (error instanceof CredentialRefused) {
    return error.status === 'rejected'
      ? new HubError('provider_refused', error.message)
      : new HubError('provider_unreachable', error.message)
  }
  if (!(error instanceof OutboundFailure)) return error
  const { cause } = error
  return error.kind === 'timed_out'
    ? new HubError('provider_timeout', 'The provider took too long to answer.', {}, { cause })
    : new HubError('provider_unreachable', 'The provider could not be reached.', {}, { cause })
}
