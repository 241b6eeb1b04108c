// WishList Member: the site sets a challenge, a hash with the key answers it, and two cookies are the session.
import { createHash } from 'node:crypto'
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

  const lock = textAt((await ask('GET')).json, 'lock')
  if (lock === undefined)
    throw new CredentialRefused(
      'unreachable',
      'The site sets no challenge: the plugin is missing, or the address is wrong.',
    )
  const answer = await ask('POST', { key: md5(`${lock}${apiKey}`), support_emulation: '1' })
  if (answer.status !== 200 || textAt(answer.json, 'success') !== '1') {
    throw new CredentialRefused('rejected', 'The site does not accept the API key.')
  }
  return jar.getCookieString(site)
}

function md5(text: string, algorithm: 'md5' | 'sha256' = 'md5'): string {
  return createHash(algorithm).update(text).digest('hex')
}
