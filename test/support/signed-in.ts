// Requests as the console's page makes them, of whoever has a key.
import { type Answer, call, type TestApi } from './api.ts'
import { ownPage, signInWith } from './console-session.ts'

export type SignedIn = (method: string, path: string, body?: unknown, integration?: string) => Promise<Answer>

export async function signedIn(api: TestApi, key: string): Promise<SignedIn> {
  const cookie = await signInWith(api, { api_key: key })
  return (method, path, body, integration) =>
    call(api.address, method, `/console/api${path}`, {
      body,
      headers: { ...ownPage, cookie, ...(integration !== undefined && { 'integration-id': integration }) },
    })
}
