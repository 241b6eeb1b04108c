// Sends requests over a fixed number of connections, one at a time on each, and counts the answers.
import { Pool } from 'undici'

/** How many requests are under way at any time. */
export const connections = 32

export type Target = {
  /** Scheme, host and port. */
  origin: string
  path: string
  method?: 'GET' | 'POST' | 'OPTIONS'
  headers?: Record<string, string>
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
  const { origin, path, method = 'GET', headers = {}, body, status: wanted = 200 } = target
  const pool = new Pool(origin, { connections, pipelining: 1 })
  let answered = 0
  function once(): Promise<void> {
    return new Promise((resolve, reject) => {
      pool.dispatch(
        { path, method, headers, body: body ?? null },
        {
          onRequestStart() {},
          onResponseStart(_controller, status) {
            if (status !== wanted) reject(new Error(`${method} ${origin}${path}: ${status}`))
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
  async function oneAfterTheOther(): Promise<void> {
    while (more()) await once()
  }
  try {
    await Promise.all(Array.from({ length: connections }, oneAfterTheOther))
  } finally {
    await pool.destroy()
  }
  return answered
}
