// The local store spoken to as if it were a hub: requests of the client are performed as a duty.
import type { Performs } from './perform.ts'

/** What the client says for a hub at an address. */
const ofTheClient: ReadonlySet<string> = new Set(['authorization', 'idempotency-key'])

/** Where the store is open in a server, that one performs them; no key is needed on its own machine. */
export function localFetch(perform: Performs, account: number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    const headers = Object.fromEntries([...request.headers].filter(([name]) => !ofTheClient.has(name)))
    const bytes = Buffer.from(await request.arrayBuffer())
    const answer = await perform('api', {
      account,
      method: request.method,
      path: `${pathname}${search}`,
      headers,
      body: bytes.length === 0 ? undefined : bytes.toString('base64'),
    })
    const isEmpty = [204, 205, 304].includes(answer.status) || request.method === 'HEAD'
    const body = isEmpty ? null : Buffer.from(answer.body, 'base64')
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
}
