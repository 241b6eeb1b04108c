// Reads whom Mortise may call beyond the public internet, and whom it calls in place of the providers.
import { type AllowedEntry, parseAllowed } from './outbound/allowed.ts'

export type EgressConfig = {
  /** Names, addresses and ranges that may be called though they are not public, or not https. */
  readonly allow: readonly AllowedEntry[]
  /** The origin of a sandbox that stands in for all providers; null where they are called themselves. */
  readonly sandboxUrl: string | null
  /** Whether connections are checked by themselves. */
  readonly isVerifying: boolean
  /** Whether events are delivered to webhooks. */
  readonly isDelivering: boolean
}

export function readEgress(
  value: (name: string) => string | undefined,
  wrong: (mistake: string) => undefined,
): EgressConfig {
  const texts = (value('MORTISE_EGRESS_ALLOW') ?? '').split(',').flatMap((part) => part.trim() || [])
  const allow = texts.flatMap((text) => {
    const entry = parseAllowed(text)
    if (!entry) {
      wrong(
        `MORTISE_EGRESS_ALLOW holds "${text}", which is no name, address or range, such as crm.internal:8443, 10.1.2.3 or 10.1.0.0/16.`,
      )
    }
    return entry ?? []
  })
  const isOn = (name: string) => {
    const text = value(name) ?? 'on'
    if (text !== 'on' && text !== 'off') wrong(`${name}=${text} is neither on nor off.`)
    return text === 'on'
  }
  return {
    allow,
    sandboxUrl: readSandbox(value('MORTISE_SANDBOX_URL'), wrong),
    isVerifying: isOn('MORTISE_VERIFY'),
    isDelivering: isOn('MORTISE_DELIVER'),
  }
}

function readSandbox(text: string | undefined, wrong: (mistake: string) => undefined): string | null {
  if (text === undefined) return null
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin
  wrong('MORTISE_SANDBOX_URL is no address such as http://127.0.0.1:3600, without a path.')
  return null
}
