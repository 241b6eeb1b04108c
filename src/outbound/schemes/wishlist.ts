// WishList Member: the site sets a challenge, a hash with the key answers it, and two cookies are the session.
import { createHash } from 'node:crypto'
import type { Answer } from '../../catalogue/api.ts'
import { textAt } from '../../catalogue/verdict.ts'
import { CredentialRefused } from '../credential-refused.ts'
import { formType } from '../form.ts'
import { readAnswer } from '../read-answer.ts'
import type { Outbound } from '../send.ts'
import { withHeaders } from './plain.ts'
import type { Base, Scheme } from './scheme.ts'

/** A session is had anew after this, so that nothing of it is in memory for long. */
const keptMs = 60_000
const sessionsMax = 1_000

const authPath = '/?/wlmapi/2.0/json/auth'

type Session = { readonly cookies: Promise<string>; readonly untilMs: number }

export function wishlist({ send, nowMs }: { send: Outbound['send']; nowMs(): number }): Scheme<'wishlist'> {
  // By a hash of key and site, since neither is to be found in memory.
  const sessions = new Map<string, Session>()

  function sessionOf(apiKey: string, base: Base): Promise<string> {
    const name = md5(`${base.origin}${base.folder} ${apiKey}`, 'sha256')
    const known = sessions.get(name)
    if (known && known.untilMs > nowMs()) return known.cookies
    for (const [other, { untilMs }] of sessions) if (untilMs <= nowMs()) sessions.delete(other)
    const cookies = handshake(send, apiKey, base)
    // One that failed is tried again by the next request.
    cookies.catch(() => sessions.delete(name))
    if (sessions.size < sessionsMax) sessions.set(name, { cookies, untilMs: nowMs() + keptMs })
    return cookies
  }

  return async (request, { apiKey }, base) => withHeaders(request, { cookie: await sessionOf(apiKey, base) })
}

/** @throws CredentialRefused where the key is not accepted, OutboundFailure where nobody answers */
async function handshake(send: Outbound['send'], apiKey: string, base: Base): Promise<string> {
  // Loaded here: it brings the list of all public suffixes, which few servers need.
  const { CookieJar } = await import('tough-cookie')
  const jar = new CookieJar()
  const site = `${base.origin}${base.folder}/`
  const ask = async (method: 'GET' | 'POST', form?: Readonly<Record<string, string>>) => {
    const cookie = await jar.getCookieString(site)
    const incoming = await send({
      method,
      origin: base.origin,
      path: `${base.folder}${authPath}`,
      headers: [
        ['accept', 'application/json'],
        ...(cookie === '' ? [] : [['cookie', cookie] as const]),
        ...(form ? [['content-type', formType] as const] : []),
      ],
      body: form ? Buffer.from(new URLSearchParams(form).toString()) : null,
    })
    for (const [name, value] of incoming.headers) {
      if (name.toLowerCase() === 'set-cookie') await jar.setCookie(value, site, { ignoreError: true })
    }
    return readAnswer(incoming)
  }

  const challenge = await ask('GET')
  const lock = textAt(challenge.json, 'lock')
  if (lock === undefined) throw noSession(challenge)
  const answer = await ask('POST', { key: md5(`${lock}${apiKey}`), support_emulation: '1' })
  if (textAt(answer.json, 'success') === '1') return jar.getCookieString(site)
  // Everything else but this is said by whatever stands before the plugin.
  if (textAt(answer.json, 'ERROR_CODE') !== '65537') throw noSession(answer)
  throw new CredentialRefused('rejected', 'The site does not accept the API key. Give the one that it shows.')
}

function noSession({ status, header }: Answer): CredentialRefused {
  if (status === 429) {
    const seconds = Number(header('retry-after'))
    return new CredentialRefused('rate_limited', 'The site takes no more requests for now.', {
      ...(seconds > 0 && { retryAfterS: seconds }),
    })
  }
  return new CredentialRefused(
    'unreachable',
    status >= 500
      ? `The site has a fault of its own (${status}). It is asked again later.`
      : 'The plugin does not answer: it is missing, the address is wrong, or a page cache or firewall stands before it. Check these.',
  )
}

function md5(text: string, algorithm: 'md5' | 'sha256' = 'md5'): string {
  return createHash(algorithm).update(text).digest('hex')
}
