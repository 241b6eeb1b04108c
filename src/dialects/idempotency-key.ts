// Reads the Idempotency-Key, and writes a body in one way only so that repetitions can be told.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { HubError } from '../hub/errors.ts'
import { canonicalJson } from '../hub/json-text.ts'
import { decodeBody, type Member } from './body.ts'
import { singleHeader } from './headers.ts'

/**
 * A value in double quotes is the same key without them.
 * @throws HubError idempotency_key_invalid
 */
export function readIdempotencyKey(request: FastifyRequest): string | undefined {
  if (request.headers['idempotency-key'] === undefined) return undefined
  const header = readHeader(request)
  const key = header?.trim().replace(/^"(.*)"$/, '$1')
  if (key === undefined || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new HubError(
      'idempotency_key_invalid',
      'The Idempotency-Key has to be given once, as 1 to 255 visible ASCII characters.',
    )
  }
  return key
}

/**
 * Member order and white space do not matter; files count by their content.
 * @throws HubError as reading the body does
 */
export async function canonicalBody(request: FastifyRequest): Promise<string> {
  const body = await decodeBody(request)
  if ('notAnObject' in body) return JSON.stringify(body)
  const members = await Promise.all(
    [...body.members].map(async ([name, member]) => [name, await canonical(member)]),
  )
  return JSON.stringify(members.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)))
}

async function canonical(member: Member): Promise<string> {
  switch (member.kind) {
    case 'json':
      return `json ${canonicalJson(member.json.text)}`
    case 'text':
      return `text ${member.text}`
    case 'file': {
      const bytes = Buffer.from(await member.file.arrayBuffer())
      return `file ${createHash('sha256').update(bytes).digest('hex')}`
    }
  }
}

function readHeader(request: FastifyRequest): string | undefined {
  try {
    return singleHeader(request, 'idempotency-key')
  } catch (error) {
    if (error instanceof HubError) return undefined
    throw error
  }
}
