// Sends requests over a fixed number of connections, one at a time on each, and counts the answers.
import { Pool } from 'undici'

/** How many requests are under way at any time. */
export const connections = 32

export type Target = {
  /** Scheme, host and port; of several, each gets its share of the connections. */
  origins: readonly string[]
  path: string
  method?: 'GET' | 'POST' | 'OPTIONS'
  /** The same for all requests, or those of each one by its connection's number. */
  headers?: Record<string, string> | ((connection: number) => Record<string, string>)
  body?: string
  /** The only status that counts; any other ends the run. */
  status?: number
}

/** Requests answered in a second. */
export async function rateOf(target: Target, durationMs: number): Promise<number> {
  const begun = performance.now()
  const end = begun + durationMs
  const answered = await send(target, () => performance.now() < end)
  return (answered * 1000) / (performance.now() - begun)
}

/** Sends a number of requests, as fast as they are answered. */
export async function sendMany(target: Target, count: number): Promise<void> {
  let left = count
  await send(target, () => left-- > 0)
}

async function send(target: Target, more: () => boolean): Promise<number> {
  const { origins, path, method = 'GET', headers = {}, body, status: wanted = 200 } = target
  const share = Math.ceil(connections / origins.length)
  const pools = origins.map((origin) => new Pool(origin, { connections: share, pipelining: 1 }))
  let answered = 0
  function once(pool: Pool | undefined, headers: Record<string, string>): Promise<void> {
    return new Promise((resolve, reject) => {
      pool?.dispatch(
        { path, method, headers, body: body ?? null },
        {
          onRequestStart() {},
          onResponseStart(_controller, status) {
            if (status !== wanted) reject(new Error(`${method} ${origins.join(' ')} ${path}: ${status}`))
          },
          onResponseData() {},
          onResponseEnd() {
            answered++
            resolve()
          },
          onResponseError: (_controller, error) => reject(error),
        },
      )
    })
  }
  async function oneAfterTheOther(connection: number): Promise<void> {
    const pool = pools[connection % pools.length]
    while (more()) await once(pool, typeof headers === 'function' ? headers(connection) : headers)
  }
  try {
    await Promise.all(Array.from({ length: connections }, (_, connection) => oneAfterTheOther(connection)))
  } finally {
    await Promise.all(pools.map((pool) => pool.destroy()))
  }
  return answered
}
