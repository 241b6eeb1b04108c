// Reads the whole body of a request whose signature covers it.
import type { Readable } from 'node:stream'
import { HubError } from '../hub/errors.ts'

export const wholeBodyBytesMax = 10_485_760

/**
 * @param bytes as many as were announced, if any
 * @throws HubError body_too_large, before anything is read where that was announced; malformed where it breaks off
 */
export async function readWhole(stream: Readable, bytes = 0): Promise<Buffer> {
  if (bytes > wholeBodyBytesMax) throw tooLarge()
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of stream) {
      size += part.length
      if (size > wholeBodyBytesMax) throw tooLarge()
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof HubError) throw error
    throw new HubError('malformed', 'The request ended before its body was complete.')
  }
  return Buffer.concat(parts)
}

function tooLarge(): HubError {
  return new HubError(
    'body_too_large',
    `This provider's signature covers the body, which is therefore read as a whole: at most ${wholeBodyBytesMax} bytes are taken.`,
  )
}
