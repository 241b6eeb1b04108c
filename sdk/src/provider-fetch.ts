// A provider's own API, called through the hub: as `fetch`, so that the provider's own SDK can be run over it.
import type { ClientOptions } from './options.ts'

export type ProviderFetch = {
  /**
   * Calls the provider with the connection's credentials; the answer is the provider's own.
   * @param path such as `/v1/balance`, its query included
   * @param init as `fetch` takes it
   */
  fetch(id: string | number, path: string, init?: RequestInit): Promise<Response>
  /**
   * A `fetch` for the provider's own SDK: whatever address it asks, its path is asked of this connection's
   * provider. Credentials that the SDK sends are not passed on.
   */
  fetchOf(id: string | number): typeof fetch
}

/** Headers of the request to the hub: they must not be taken for the provider's. */
const ours = ['authorization', 'integration-id']

export function providerFetch(options: ClientOptions): ProviderFetch {
  const { fetch = globalThis.fetch, apiKey, integration } = options
  const base = options.url.replace(/\/+$/, '')

  function call(id: string | number, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    for (const name of ours) headers.delete(name)
    if (apiKey !== undefined) headers.set('authorization', `Token ${apiKey}`)
    if (integration !== undefined) headers.set('integration-id', integration)
    const within = path.startsWith('/') ? path : `/${path}`
    const url = `${base}/v2/connections/${encodeURIComponent(String(id))}/proxy${within}`
    // Only a stream has to be announced as going one way at a time.
    const duplex = init.body instanceof ReadableStream ? { duplex: 'half' as const } : {}
    return fetch(url, { ...init, ...duplex, headers, redirect: 'manual' })
  }

  return {
    fetch: call,
    fetchOf: (id) => async (input, init) => {
      const request = input instanceof Request ? input : undefined
      const { pathname, search } = new URL(request ? request.url : String(input))
      if (!request) return call(id, `${pathname}${search}`, init)
      const { method, headers, body, signal } = request
      return call(id, `${pathname}${search}`, { method, headers, signal, ...(body && { body }), ...init })
    },
  }
}
