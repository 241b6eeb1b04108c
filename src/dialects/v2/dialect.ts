// The v2 dialect: the key in a header alone, strict words for what is wrong with it.
import type { FastifyRequest } from 'fastify'
import { type Dialect, unauthenticated } from '../dialect.ts'
import { readTokenHeader } from '../headers.ts'
import { bodyReaderOf } from './body-reader.ts'
import { showError } from './errors.ts'

export const v2Dialect: Dialect = { keyBeforeBody, bodyReader: bodyReaderOf, show: showError }

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
