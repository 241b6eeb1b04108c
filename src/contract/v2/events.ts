// Events: what changed in an account, read in pages or one at a time. Ours, and read-only.
import { Type } from 'typebox'
import type { JsonText } from '../../hub/json-text.ts'
import { defineRoutes } from '../route.ts'
import { JsonObject, Time } from '../types.ts'
import { CursorPageOf, cursorQuery } from './page.ts'

export const eventMembers = {
  id: Type.String({ description: 'The same wherever the event is told, and however often.' }),
  type: Type.String({ examples: ['connection.updated'] }),
  sequence: Type.Integer({ description: 'Its number within the account; they rise.' }),
  integration: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'The id, as it was then, of the integration it belongs to; null: the whole account.',
  }),
  created_at: Time(),
  timestamp: Time({ description: 'The same, under the name that receivers of webhooks look for.' }),
  data: JsonObject({ description: 'The object as the API showed it then; of one that is gone, the last.' }),
}

/** Documented member by member, and given back as the text that is kept. */
export const Event = Type.Unsafe<JsonText>(Type.Object(eventMembers))

const filters = {
  type: Type.Optional(
    Type.String({ description: 'Only this type, or all that begin so.', examples: ['connection.*'] }),
  ),
  integration: Type.Optional(
    Type.String({ description: 'Only what belongs to this integration, also one that is gone.' }),
  ),
}

const within = { scope: 'webhooks:read', integrationHeader: 'optional', codedErrors: true } as const

export const eventRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/events/',
    summary: 'Read events',
    ...within,
    query: Type.Object({ ...cursorQuery, ...filters }),
    reply: { status: 200, description: 'Some events, newest first.', schema: CursorPageOf(Event) },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/events/:id/',
    summary: 'Retrieve an event',
    ...within,
    reply: { status: 200, description: 'The event.', schema: Event },
  },
})
