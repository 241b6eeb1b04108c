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

/** One that is refused so soon after it was had is refused for another reason: its cookies do not arrive. */
const youngMs = 2_000

type Session = {
  readonly cookies: Promise<string>
  readonly begunMs: number
  /** Once it is had. */
  text?: string
}

export function wishlist({ send, nowMs }: { send: Outbound['send']; nowMs(): number }): Scheme<'wishlist'> {
  // By a hash of key and site, since neither is to be found in memory.
  const sessions = new Map<string, Session>()
  const nameOf = (apiKey: string, base: Base) => md5(`${base.origin}${base.folder} ${apiKey}`, 'sha256')
  const isOver = ({ begunMs }: Session) => begunMs + keptMs <= nowMs()

  function sessionOf(apiKey: string, base: Base): Promise<string> {
    const name = nameOf(apiKey, base)
    const known = sessions.get(name)
    if (known && !isOver(known)) return known.cookies
    for (const [other, session] of sessions) if (isOver(session)) sessions.delete(other)
    const session: Session = { cookies: handshake(send, apiKey, base), begunMs: nowMs() }
    session.cookies.then(
      (text) => {
        session.text = text
      },
      // One that failed is tried again by the next request.
      () => forget(name, session),
    )
    if (sessions.size < sessionsMax) sessions.set(name, session)
    return session.cookies
  }

  function forget(name: string, session: Session): void {
    if (sessions.get(name) === session) sessions.delete(name)
  }

  const scheme: Scheme<'wishlist'> = async (request, { apiKey }, base) =>
    withHeaders(request, { cookie: await sessionOf(apiKey, base) })

  scheme.renew = (refused, { apiKey }, base) => {
    const name = nameOf(apiKey, base)
    const known = sessions.get(name)
    const isSame = known?.text !== undefined && refused.headers.some(([, value]) => value === known.text)
    if (!known || !isSame) return true
    if (known.begunMs + youngMs > nowMs()) return false
    sessions.delete(name)
    return true
  }

  return scheme
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
