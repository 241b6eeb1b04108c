// What the console asks beside the routes of v2: how all connections of an account are. No part of the API.
import { Type } from 'typebox'
import { healthStatuses } from '../hub/connection.ts'
import { defineRoutes } from './route.ts'
import { MaybeTime } from './types.ts'

const Attention = Type.Object({
  id: Type.Integer(),
  integration: Type.String(),
  integration_name: Type.String(),
  provider: Type.String(),
  title: Type.String(),
  status: Type.Unsafe<(typeof healthStatuses)[number]>({ type: 'string', enum: [...healthStatuses] }),
  reason: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  checked_at: MaybeTime(),
})

const Overview = Type.Object({
  /** How many connections are how. */
  connections: Type.Record(Type.String(), Type.Integer()),
  attention: Type.Array(Attention),
})

export const consoleRoutes = defineRoutes({
  overview: {
    method: 'GET',
    path: '/v2/overview/',
    summary: 'How all connections are, and which need attention first',
    scope: 'connections:read',
    codedErrors: true,
    reply: { status: 200, description: 'As it is now.', schema: Overview },
  },
})
