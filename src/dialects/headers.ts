// Request headers that must come once, told apart from those that Node joins or drops silently.
import type { FastifyRequest } from 'fastify'
import { HubError } from '../hub/errors.ts'

/**
 * @param name in lower case
 * @throws HubError invalid_header, where it came twice or holds anything but ASCII
 */
export function singleHeader(request: FastifyRequest, name: string): string | undefined {
  const { rawHeaders } = request.raw
  let value: string | undefined
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() !== name) continue
    if (value !== undefined)
      throw new HubError('invalid_header', `The header ${name} may be given only once.`)
    value = rawHeaders[at + 1] ?? ''
  }
  if (value !== undefined && /[^\x20-\x7e\t]/.test(value)) {
    throw new HubError('invalid_header', `The header ${name} may hold nothing but plain ASCII.`)
  }
  return value
}

export type TokenHeader = { token: string } | { missing: 'header' | 'token' | 'one word' | 'sense' }

/** Reads `Authorization: Token k` and `Authorization: Bearer k`; the keyword's case does not matter. */
export function readTokenHeader(request: FastifyRequest): TokenHeader {
  const header = readHeader(request)
  if (header === null) return { missing: 'sense' }
  const [keyword, ...words] = header?.trim().split(/\s+/) ?? []
  if (!keyword || !/^(token|bearer)$/i.test(keyword)) return { missing: 'header' }
  const [token] = words
  if (token === undefined) return { missing: 'token' }
  return words.length > 1 ? { missing: 'one word' } : { token }
}

/** @returns null for a header that came twice, or is no ASCII: a wrong key like any other */
function readHeader(request: FastifyRequest): string | undefined | null {
  try {
    return singleHeader(request, 'authorization')
  } catch (error) {
    if (error instanceof HubError) return null
    throw error
  }
}
