// The v2 dialect: the key in a header alone, strict words for what is wrong with it.
import type { FastifyRequest } from 'fastify'
import { type Dialect, unauthenticated } from '../dialect.ts'
import { readTokenHeader } from '../headers.ts'
import { bodyReaderOf } from './body-reader.ts'
import { showError } from './errors.ts'

/** @param publicUrl where errors are explained */
export function createV2Dialect({ publicUrl }: { publicUrl: () => string }): Dialect {
  return {
    keyBeforeBody,
    bodyReader: bodyReaderOf,
    show: (error, wish) => showError(error, { ...wish, docs: `${publicUrl()}/docs/errors/` }),
  }
}

function keyBeforeBody(request: FastifyRequest): string {
  const header = readTokenHeader(request)
  if ('token' in header) return header.token
  switch (header.missing) {
    case 'header':
      throw unauthenticated('Authentication credentials were not provided.')
    case 'token':
      throw unauthenticated('Invalid token header. No credentials provided.')
    case 'sense':
      throw unauthenticated('Invalid token.')
    case 'one word':
      throw unauthenticated('Invalid token header. Token string should not contain spaces.')
  }
}
