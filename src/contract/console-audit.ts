// What the console asks beside the routes of v2: whether an account's audit trail is as it was written. No part of the API.
import { Type } from 'typebox'
import { defineRoutes } from './route.ts'

const Verified = Type.Object({
  verified: Type.Integer(),
  /** Of an earlier version, which were never chained. */
  older: Type.Integer(),
  /** The first record that is not as it was written; null where all are. */
  broken: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
  why: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  /** How far it has come: given back as it was, to go on; null where it is done. */
  rest: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
})

export const auditCheckRoutes = defineRoutes({
  verify: {
    method: 'POST',
    path: '/v2/audit/verify/',
    summary: 'Verify some records of the audit trail',
    scope: 'audit:read',
    boundKeys: 'refused',
    codedErrors: true,
    body: Type.Object(
      { rest: Type.Optional(Type.String({ maxLength: 1_000 })) },
      { additionalProperties: false },
    ),
    reply: { status: 200, description: 'How many, and where to go on.', schema: Verified },
  },
})
