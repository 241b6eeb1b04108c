// The audit trail: read in pages, or exported whole. Ours, and read-only.
import { Type } from 'typebox'
import { defineRoutes } from '../route.ts'
import { JsonObject, Time } from '../types.ts'
import { CursorPageOf, cursorQuery } from './page.ts'

const nullableText = (description: string) =>
  Type.Unsafe<string | null>({ type: ['string', 'null'], description })

const key = Type.Unsafe<{ id: string; name: string | null } | null>({
  ...Type.Object({ id: Type.String(), name: nullableText('Its name today, also where it is revoked.') }),
  type: ['object', 'null'],
  description: 'The key it was done with; null: at the command line.',
})

export const AuditRecord = Type.Object({
  id: Type.Integer({ description: 'Its number within the account; they rise.' }),
  at: Time(),
  action: Type.String({ examples: ['integration.created'] }),
  subject: Type.Object(
    {
      type: Type.String({ examples: ['integration'] }),
      id: Type.String({ description: 'The id as it was then.', examples: ['846291712'] }),
    },
    { description: 'What it happened to.' },
  ),
  key,
  address: nullableText('Where the request came from.'),
  request_id: nullableText('The `X-Request-ID` of the answer.'),
  times: Type.Integer({ description: 'How often; above 1 where repeats within a minute are counted.' }),
  data: JsonObject({ description: 'Ids and names of members as they were then; never a value.' }),
})

const filters = {
  action: Type.Optional(
    Type.String({ description: 'Only this action, or all that begin so.', examples: ['integration.*'] }),
  ),
  subject: Type.Optional(
    Type.String({
      description:
        'Only what happened to this thing, also under earlier ids. Where nothing has the id today, the records that call it so.',
      examples: ['connection/12'],
    }),
  ),
  key: Type.Optional(Type.String({ description: 'Only what was done with the key of this id.' })),
  since: Type.Optional(
    Type.String({ description: 'Only from this time on, in UTC.', examples: ['2026-01-31T00:00:00Z'] }),
  ),
  until: Type.Optional(Type.String({ description: 'Only before this time, in UTC.' })),
  request_id: Type.Optional(Type.String({ description: 'Only what this one request did.' })),
}

const way = { boundKeys: 'refused', integrationHeader: 'optional', codedErrors: true } as const

export const auditRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/audit/',
    summary: 'Read the audit trail',
    scope: 'audit:read',
    ...way,
    query: Type.Object({ ...cursorQuery, ...filters }),
    reply: { status: 200, description: 'One page, newest first.', schema: CursorPageOf(AuditRecord) },
  },
  export: {
    method: 'GET',
    path: '/v2/audit/export/',
    summary: 'Export the audit trail',
    scope: 'audit:read',
    ...way,
    query: Type.Object(filters),
    reply: { status: 200, description: 'One record a line, oldest first.', lines: AuditRecord },
  },
})
