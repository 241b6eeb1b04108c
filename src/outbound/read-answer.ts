// Reads the beginning of an answer, as much as is needed to judge it.
import type { Answer } from '../catalogue/api.ts'
import { asFailure, type Incoming } from './send.ts'

/** Enough for every account's description. */
const answerBytesMax = 65_536

/** @throws OutboundFailure where the answer is cut off */
export async function readAnswer({ status, headers, body }: Incoming): Promise<Answer> {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of body) {
      parts.push(Buffer.from(part))
      size += part.length
      if (size >= answerBytesMax) break
    }
  } catch (error) {
    throw asFailure(error)
  } finally {
    body.destroy()
  }
  const text = Buffer.concat(parts).subarray(0, answerBytesMax).toString('utf8')
  return {
    status,
    header: (name) => headers.find(([known]) => known.toLowerCase() === name)?.[1],
    text,
    json: parsed(text),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
