// One try at delivering: signed as Standard Webhooks 1.0 says, sent through the door to the internet, and judged.
import { type Incoming, type Outbound, OutboundFailure } from '../outbound/send.ts'
import type { Secret } from '../vault/secret.ts'
import { askedPauseMs } from './delivery-schedule.ts'
import type { Observer } from './observer.ts'
import type { Clock } from './timestamp.ts'
import type { Attempt } from './webhook.ts'

export type Outcome = {
  readonly attempt: Attempt
  readonly isDelivered: boolean
  /** The receiver says that it is gone for good. */
  readonly isGone: boolean
  readonly askedMs: number | null
}

export type Message = { readonly id: string; readonly body: string }

export type Attempts = (url: string, secrets: readonly Secret[], message: Message) => Promise<Outcome>

/** From the beginning to the end of the answer. */
export const attemptTimeoutMs = 15_000
/** A longer answer is no acknowledgement. */
const answerBytesMax = 65_536
/** What is kept of it. */
const keptBytesMax = 4_096
/** Longer than anything that is masked: what the end would cut in two is seen whole. */
const beyondBytes = 512

export function deliveryAttempts(needs: {
  send: Outbound['send']
  now: Clock
  observer: Pick<Observer, 'tell'>
}): Attempts {
  const { send, now, observer } = needs

  async function attempt(url: string, secrets: readonly Secret[], { id, body }: Message): Promise<Outcome> {
    // Loaded with the first delivery: a server without webhooks is ready sooner.
    const { Webhook: Signing } = await import('standardwebhooks')
    const at = now()
    const startedMs = performance.now()
    const timestamp = new Date(at)
    const signatures = secrets.map((secret) => new Signing(secret.reveal()).sign(id, timestamp, body))
    const { origin, pathname, search } = new URL(url)
    const tell = (facts: Pick<Attempt, 'status' | 'error' | 'answer'>): Attempt => ({
      at,
      duration_ms: Math.round(performance.now() - startedMs),
      ...facts,
    })
    const signal = AbortSignal.timeout(attemptTimeoutMs)
    let status: number | null = null
    try {
      const incoming = await send(
        {
          method: 'POST',
          origin,
          path: `${pathname}${search}`,
          headers: [
            ['content-type', 'application/json'],
            ['user-agent', 'Mortise-Webhooks/1'],
            ['webhook-id', id],
            ['webhook-timestamp', String(Math.floor(timestamp.getTime() / 1_000))],
            ['webhook-signature', signatures.join(' ')],
          ],
          body: Buffer.from(body),
        },
        { signal, headersTimeoutMs: 2 * attemptTimeoutMs },
      )
      status = incoming.status
      const { text, isWhole } = await beginningOf(incoming)
      const answer = text === '' ? null : redacted(text, secrets, signatures)
      const isDelivered = isWhole && status >= 200 && status < 300
      const retryAfter = incoming.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
      return {
        attempt: tell({ status, error: isWhole ? null : 'answer_too_large', answer }),
        isDelivered,
        isGone: status === 410,
        askedMs: isDelivered ? null : askedPauseMs(retryAfter, at),
      }
    } catch (error) {
      if (!(error instanceof OutboundFailure) && status === null) throw error
      // Whatever kept it from being reached is told alike: who names addresses learns nothing of the network.
      const told = signal.aborted ? 'timed_out' : 'no_answer'
      const attempt = tell({ status, error: told, answer: null })
      return { attempt, isDelivered: false, isGone: false, askedMs: null }
    }
  }

  return async (url, secrets, message) => {
    const outcome = await attempt(url, secrets, message)
    const { isDelivered } = outcome
    observer.tell({ what: 'delivery tried', isDelivered, durationMs: outcome.attempt.duration_ms })
    return outcome
  }
}

async function beginningOf({ body }: Incoming): Promise<{ text: string; isWhole: boolean }> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of body) {
      const bytes = Buffer.from(part)
      if (size < keptBytesMax + beyondBytes) parts.push(bytes.subarray(0, keptBytesMax + beyondBytes - size))
      size += bytes.length
      if (size > answerBytesMax) break
    }
  } finally {
    body.destroy()
  }
  // What is no text is kept as such, and a NUL by no engine.
  const text = Buffer.concat(parts).toString('utf8').toWellFormed().replaceAll('\0', '\uFFFD')
  return { text, isWhole: size <= answerBytesMax }
}

const mask = '****'

/** A receiver may send back what it was sent, or keys of its own. */
const keyLike =
  /\b(?:mrt_|whsec_|(?:sk|rk|pk)_(?:live|test)_|gh[opsu]_|xox[a-z]-|AKIA)[\w+/=-]{8,}|\b(?:Bearer|Basic|Token)\s+[\w+/=.~-]{8,}/g

function redacted(text: string, secrets: readonly Secret[], signatures: readonly string[]): string {
  const known = [...secrets.map((secret) => secret.reveal().replace(/^whsec_/, '')), ...signatures]
  const clear = known.reduce((left, one) => left.replaceAll(one, mask), text).replaceAll(keyLike, mask)
  const bytes = Buffer.from(clear)
  return bytes.length <= keptBytesMax
    ? clear
    : bytes
        .subarray(0, keptBytesMax)
        .toString()
        .replace(/\uFFFD+$/, '')
}
