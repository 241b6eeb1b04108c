// Sessions of the console, as a browser would hold them: by a cookie, and from the console's own page.
import assert from 'node:assert/strict'
import { type Answer, call, type TestApi } from './api.ts'

export const ownPage = { 'sec-fetch-site': 'same-origin' }

export function cookieOf(answer: Answer): string {
  assert.equal(answer.status, 200, answer.text)
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** @returns a cookie */
export async function signInWith(api: TestApi, body: object): Promise<string> {
  const url = '/console/api/session/'
  return cookieOf(await call(api.address, 'POST', url, { body, headers: ownPage }))
}

/** As who has the command line. */
export async function signInByLink(api: TestApi, accountId: number): Promise<string> {
  const { text } = await api.hub.consoleSessions.createLink(accountId)
  return signInWith(api, { link: text })
}

export function ask(
  api: TestApi,
  cookie: string,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const headers = { cookie, ...ownPage }
  return call(api.address, method, `/console/api${path}`, { headers, ...(body && { body }) })
}
