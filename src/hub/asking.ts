// Asks a provider whether a credential works, and makes a verdict of whatever happens.
import type { Ask } from '../catalogue/api.ts'
import type { Provider } from '../catalogue/define.ts'
import { rejected, unreachable, unverifiable, type Verdict } from '../catalogue/verdict.ts'
import { ActingCredential } from '../outbound/credential.ts'
import { CredentialRefused } from '../outbound/credential-refused.ts'
import { readAnswer } from '../outbound/read-answer.ts'
import type { Schemes } from '../outbound/schemes/scheme.ts'
import { type Outbound, OutboundFailure } from '../outbound/send.ts'
import type { Opened } from './acting.ts'
import { HubError } from './errors.ts'

/** For everything that is asked in one verification. */
const verificationMs = 25_000

export type Asking = {
  /** @param ready brings the connection's fields, with an access token where the provider wants one */
  verdictOn(provider: Provider, ready: () => Promise<Pick<Opened, 'values'>>): Promise<Verdict>
}

export function asking({ send, schemes }: { send: Outbound['send']; schemes: Schemes }): Asking {
  return {
    async verdictOn(provider, ready) {
      const { api, never, title } = provider
      if (!api?.verify || never?.verify !== undefined) {
        return unverifiable(never?.verify ?? `Mortise does not know whom to ask at ${title}.`)
      }
      const signal = AbortSignal.timeout(verificationMs)
      try {
        const { values } = await ready()
        const credential = new ActingCredential({ api, values, schemes })
        const ask: Ask = async (draft) => {
          const request = credential.address({
            ...draft,
            headers: { accept: 'application/json', 'accept-encoding': 'identity', ...draft.headers },
          })
          return readAnswer(await send(await credential.authorize(request, draft.service), { signal }))
        }
        return await api.verify(ask, values)
      } catch (error) {
        return verdictFrom(error, title)
      }
    },
  }
}

/** @throws what nobody foresaw */
function verdictFrom(error: unknown, title: string): Verdict {
  if (error instanceof CredentialRefused) {
    return error.status === 'rejected' ? rejected(error.message) : unreachable(error.message)
  }
  if (error instanceof OutboundFailure) {
    const isLate = error.kind === 'timed_out' || error.kind === 'aborted'
    return unreachable(
      isLate
        ? `${title} took too long to answer. It is asked again later.`
        : `${title} could not be reached. It is asked again later.`,
    )
  }
  if (error instanceof HubError && error.code === 'not_configured') return unverifiable(error.message)
  throw error
}
