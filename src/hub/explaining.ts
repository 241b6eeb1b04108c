// Says what a call to a provider would send, with the credential masked; nothing is sent.
import type { Values } from '../catalogue/api.ts'
import { pathWithin } from '../outbound/path.ts'
import { forwardedHeaders } from '../outbound/relayed-headers.ts'
import { mask } from '../outbound/schemes/masked.ts'
import type { Schemes } from '../outbound/schemes/scheme.ts'
import type { HeaderPairs } from '../outbound/send.ts'
import { acting, type Opened, type Opener } from './acting.ts'
import type { Caller } from './caller.ts'
import { invalidField } from './errors.ts'
import { requireWithinLimits } from './proxy-limits.ts'
import type { Clock } from './timestamp.ts'
import { needOf, tokenStateOf } from './token-state.ts'

export type AskedExplanation = {
  readonly method: string
  readonly path: string
  readonly headers: HeaderPairs
  readonly body: Buffer | null
  readonly service: string | undefined
}

export type Explained = {
  readonly method: string
  readonly url: string
  readonly service: string
  /** In the order in which they are sent; `Host` and what frames the body come by themselves. */
  readonly headers: HeaderPairs
  /** Whether another access token would be had first. */
  readonly isTokenRenewed: boolean
  /** Whether the signature covers the body, which is then read as a whole before anything is sent. */
  readonly isBodySigned: boolean
}

export type Explaining = {
  /** @throws HubError, as the call itself would */
  explain(caller: Caller, id: number, asked: AskedExplanation): Promise<Explained>
}

export function explaining(needs: { opener: Opener; schemes: Schemes; now: Clock }): Explaining {
  const { opener, schemes, now } = needs
  return {
    async explain(caller, id, asked) {
      requireWithinLimits(caller, asked)
      const opened = await opener.open(caller, id)
      const { method, body } = asked
      const tokens = tokenStateOf(opened)
      const values = tokens ? withToken(opened.values, tokens.fields.accessToken) : opened.values
      const { credential } = acting(schemes, { ...opened, values })
      const service = serviceOf(opened, credential.services, asked.service)
      const { origin, folder } = credential.base(service)
      const headers = forwardedHeaders(asked.headers)
      const request = { method, origin, path: pathWithin(folder, asked.path), headers, body }
      const sent = await credential.mask(request, service)
      return {
        method,
        url: `${sent.origin}${sent.path}`,
        service,
        headers: sent.headers,
        isTokenRenewed: tokens !== undefined && needOf(tokens, undefined, now()) === 'must',
        isBodySigned: credential.signsBody({ headers }, service),
      }
    },
  }
}

/** Whether there is one yet or not: it would be had first. */
function withToken(values: Values, name: string): Values {
  const find = (field: string) => (field === name ? mask : values.find(field))
  return { find, get: (field) => (field === name ? mask : values.get(field)) }
}

function serviceOf({ provider }: Opened, services: readonly string[], asked: string | undefined): string {
  const service = asked ?? services[0] ?? ''
  if (services.includes(service)) return service
  throw invalidField('service', `${provider.title} has no such service. There are: ${services.join(', ')}.`)
}
