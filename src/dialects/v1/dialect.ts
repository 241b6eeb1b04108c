// The v1 dialect: the key in a header, the query or the body; nothing else may be in a body.
import type { FastifyRequest } from 'fastify'
import type { TObject } from 'typebox'
import { HubError, invalidFields } from '../../hub/errors.ts'
import { jsonKind } from '../../hub/json-text.ts'
import { decodeBody, type Member } from '../body.ts'
import { type BodyReader, type Dialect, unauthenticated } from '../dialect.ts'
import { readTokenHeader } from '../headers.ts'
import { queryOf } from '../url-encoded.ts'
import { showError } from './errors.ts'

/** Messages are worded by the dialect: see `errors.ts`. */
const missing = 'API key is missing or wrong.'

export const v1Dialect: Dialect = { keyBeforeBody, keyInBody, bodyReader: bodyReaderOf, show: showError }

function keyBeforeBody(request: FastifyRequest): string | undefined {
  const header = readTokenHeader(request)
  if ('token' in header) return header.token
  if (header.missing !== 'header') throw unauthenticated(missing)
  const keys = keysOf(request)
  if (keys.length > 1) throw unauthenticated(missing)
  return keys[0]
}

function keysOf(request: FastifyRequest): string[] {
  try {
    return queryOf(request.url).all('api_key')
  } catch {
    throw unauthenticated(missing)
  }
}

/** A body that cannot be read holds no key. */
async function keyInBody(request: FastifyRequest): Promise<string> {
  const body = await decodeBody(request).catch((error: unknown) => {
    if (error instanceof HubError) throw unauthenticated(missing)
    throw error
  })
  const member = 'members' in body ? body.members.get('api_key') : undefined
  const key = member && textOf(member)
  if (key === undefined) throw unauthenticated(missing)
  return key
}

/** Members as text; one that the schema does not know is refused by name. */
function bodyReaderOf(schema: TObject): BodyReader {
  const known = Object.keys(schema.properties)
  return async (request) => {
    const body = await decodeBody(request)
    if ('notAnObject' in body) throw new HubError('invalid', 'Send a form, or a JSON object.')
    const values: Record<string, string> = {}
    const errors = new Map<string, string[]>()
    for (const [name, member] of body.members) {
      const text = textOf(member)
      if (!known.includes(name)) {
        errors.set(name, [`This is not read here; only ${known.join(' and ')} may be sent.`])
      } else if (text === undefined) errors.set(name, ['Send a string.'])
      else values[name] = text
    }
    if (errors.size > 0) throw invalidFields(errors)
    return values
  }
}

function textOf(member: Member): string | undefined {
  if (member.kind === 'text') return member.text
  if (member.kind === 'file') return undefined
  switch (jsonKind(member.json.text)) {
    case 'string':
      return String(member.json.parse())
    case 'integer':
      return member.json.text
    default:
      return undefined
  }
}
