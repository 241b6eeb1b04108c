// Asks a provider whether a credential works, and makes a verdict of whatever happens.
import type { Ask, Values } from '../catalogue/api.ts'
import { capabilitiesOf } from '../catalogue/capabilities.ts'
import type { Provider } from '../catalogue/define.ts'
import { rateLimitedFor, rejected, unreachable, unverifiable, type Verdict } from '../catalogue/verdict.ts'
import { ActingCredential, asHubError } from '../outbound/credential.ts'
import { CredentialRefused } from '../outbound/credential-refused.ts'
import { readAnswer } from '../outbound/read-answer.ts'
import type { Schemes } from '../outbound/schemes/scheme.ts'
import { type Outbound, OutboundFailure } from '../outbound/send.ts'
import type { Opened } from './acting.ts'
import { HubError } from './errors.ts'

const verificationMs = 25_000

export type Asking = {
  /**
   * @param ready brings the connection's fields, with an access token where the provider wants one
   * @param signal ends it, where it has to end before its time
   */
  verdictOn(
    provider: Provider,
    ready: () => Promise<Pick<Opened, 'values'>>,
    signal?: AbortSignal,
  ): Promise<Verdict>
}

/** A limit for everything that is asked in one verification. */
export const verificationLimit = () => AbortSignal.timeout(verificationMs)

export function asking({ send, schemes }: { send: Outbound['send']; schemes: Schemes }): Asking {
  return {
    async verdictOn(provider, ready, signal = verificationLimit()) {
      const { api, title } = provider
      const { verify } = capabilitiesOf(provider)
      if (!verify.available || !api?.verify) return unverifiable(verify.reason ?? '')
      try {
        const { values } = await ready()
        const credential = new ActingCredential({ api, values, schemes })
        const ask: Ask = async (draft) => {
          const request = credential.address({
            ...draft,
            headers: { accept: 'application/json', 'accept-encoding': 'identity', ...draft.headers },
          })
          const askOnce = async () => {
            const sent = await credential.authorize(request, draft.service)
            return { sent, answer: await readAnswer(await send(sent, { signal })) }
          }
          const { sent, answer } = await askOnce()
          // A site may have ended a session that was kept.
          const isAgain = answer.status === 401 && credential.renew(sent, draft.service)
          return isAgain ? (await askOnce()).answer : answer
        }
        return presentable(await api.verify(ask, values), provider, values)
      } catch (error) {
        return verdictFrom(error, title)
      }
    },
  }
}

/** @throws what nobody foresaw */
function verdictFrom(thrown: unknown, title: string): Verdict {
  const error = asHubError(thrown)
  if (error instanceof CredentialRefused) {
    const { status, message, retryAfterS } = error
    if (status === 'rate_limited') return rateLimitedFor(retryAfterS)
    return status === 'rejected' ? rejected(message) : unreachable(message)
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

const toldMax = 255
const toldScopesMax = 100
/** A secret that is shorter may stand in any text. */
const quotedMin = 6

/**
 * What a provider says of an account is shown to many, kept, and may be anything: it is cut to a line, and
 * nothing of it is taken in which a secret is quoted.
 */
function presentable(verdict: Verdict, provider: Provider, values: Values): Verdict {
  const secrets = Object.entries(provider.fields)
    .flatMap(([name, { isSecret }]) => (isSecret && values.find(name)) || [])
    .filter(({ length }) => length >= quotedMin)
  const line = (text: string | null): string | null => {
    if (text === null || secrets.some((secret) => text.includes(secret))) return null
    const plain = text
      .toWellFormed()
      .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
    return plain === '' ? null : [...plain].slice(0, toldMax).join('')
  }
  return {
    ...verdict,
    account: line(verdict.account),
    identity: line(verdict.identity),
    scopes: verdict.scopes?.slice(0, toldScopesMax).flatMap((scope) => line(scope) ?? []) ?? null,
  }
}
