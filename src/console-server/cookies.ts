// The session's cookie: the browser alone holds it, sends it to this origin alone, and no script sees it.
import type { FastifyRequest } from 'fastify'
import { sessionMsMax } from '../hub/console-sessions.ts'

export type SessionCookie = {
  read(request: FastifyRequest): string | undefined
  set(token: string): string
  clear(): string
}

/** Behind TLS the name itself makes browsers refuse a cookie of any other host or path. */
export function sessionCookie({ isTls }: { isTls: boolean }): SessionCookie {
  const name = isTls ? '__Host-mortise' : 'mortise'
  const attributes = `${isTls ? 'Secure; ' : ''}HttpOnly; SameSite=Strict; Path=/`
  return {
    read: ({ headers }) =>
      headers.cookie
        ?.split(';')
        .map((pair) => pair.trim())
        .find((pair) => pair.startsWith(`${name}=`))
        ?.slice(name.length + 1),
    set: (token) => `${name}=${token}; Max-Age=${sessionMsMax / 1_000}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  }
}
