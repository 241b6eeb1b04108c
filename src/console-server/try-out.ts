// A call to a provider that somebody tries: its answer as text, and no more of it than people read.
import { Readable } from 'node:stream'
import type { Static } from 'typebox'
import type { callRoutes } from '../contract/console-calls.ts'
import type { Caller } from '../hub/caller.ts'
import type { AskedExplanation } from '../hub/explaining.ts'
import type { Proxying } from '../hub/proxying.ts'

type Tried = Static<(typeof callRoutes)['try_out']['reply']['schema']>

const readBytesMax = 262_144
/** Nobody sits before it longer. */
const timeoutMs = 60_000

/** @throws HubError where Mortise answers in the provider's place */
export async function tryOut(
  proxying: Proxying,
  caller: Caller,
  id: number,
  asked: AskedExplanation,
): Promise<Tried> {
  const { body, ...call } = asked
  const afterwards: Array<() => Promise<unknown>> = []
  const startedMs = performance.now()
  try {
    const answer = await proxying.call(caller, id, {
      ...call,
      body: body && { stream: Readable.from([body]), bytes: body.length },
      signal: AbortSignal.timeout(timeoutMs),
      afterwards: (work) => afterwards.push(work),
    })
    const { bytes, isCut } = await beginningOf(answer.body)
    return {
      status: answer.status,
      headers: answer.headers.map(([name, value]) => ({ name, value })),
      duration_ms: Math.round(performance.now() - startedMs),
      body: textOf(bytes, { isCut }),
      body_bytes: bytes.length,
      is_cut: isCut,
    }
  } finally {
    for (const work of afterwards) await work()
  }
}

/** Of an answer that breaks off, what came until then. */
async function beginningOf(body: Readable): Promise<{ bytes: Buffer; isCut: boolean }> {
  const parts: Buffer[] = []
  let size = 0
  let isBroken = false
  try {
    for await (const part of body) {
      const bytes = Buffer.from(part)
      parts.push(bytes)
      size += bytes.length
      if (size > readBytesMax) break
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    isBroken = true
  } finally {
    body.destroy()
  }
  return { bytes: Buffer.concat(parts).subarray(0, readBytesMax), isCut: isBroken || size > readBytesMax }
}

/** @returns null for what is no text */
function textOf(bytes: Buffer, { isCut }: { isCut: boolean }): string | null {
  try {
    // A character that the end cuts in two is left out.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut })
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
