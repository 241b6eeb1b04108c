// Calls to providers in v2: read the wire, call one verb, hand on the answer.
import type { Static } from 'typebox'
import { relayedMethods } from '../../contract/route.ts'
import type { AskedCall, explainRoutes, proxyRoutes } from '../../contract/v2/proxy.ts'
import { invalidField } from '../../hub/errors.ts'
import type { AskedExplanation, Explaining } from '../../hub/explaining.ts'
import type { JsonText } from '../../hub/json-text.ts'
import type { Proxying } from '../../hub/proxying.ts'
import type { Handlers } from '../bind.ts'
import { readId } from '../numeric-id.ts'

export function proxyHandlers({ proxying }: { proxying: Proxying }): Handlers<typeof proxyRoutes> {
  return {
    call: ({ params, relayed, header }, caller) =>
      proxying.call(caller, readId(params.id), { ...relayed, service: header('mortise-service') }),
  }
}

export function explainHandlers({ explaining }: { explaining: Explaining }): Handlers<typeof explainRoutes> {
  return {
    async explain({ params, body }, caller) {
      const id = readId(params.id)
      const explained = await explaining.explain(caller, id, readCall(await body()))
      const { isTokenRenewed, isBodySigned, ...shown } = explained
      return {
        ...shown,
        headers: shown.headers.map(([name, value]) => ({ name, value })),
        token_renewed: isTokenRenewed,
        body_signed: isBodySigned,
      }
    },
  }
}

export function readCall(given: Static<typeof AskedCall>): AskedExplanation {
  const { method, path, service, headers, body } = given
  return {
    method: readMethod(method),
    path,
    service,
    headers: headers ? readHeaders(headers) : [],
    body: body === undefined ? null : Buffer.from(body),
  }
}

function readMethod(text: string): string {
  if (!relayedMethods.includes(text)) throw invalidField('method', 'Give a method such as GET, in capitals.')
  return text
}

function readHeaders(json: JsonText): Array<[string, string]> {
  const given: Record<string, unknown> = json.parse() as Record<string, unknown>
  return Object.entries(given).map(([name, value]) => {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw invalidField('headers', 'A name is not that of a header.')
    if (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw invalidField('headers', `${name} has to be text that a header can hold.`)
    }
    return [name, value]
  })
}
