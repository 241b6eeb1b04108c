// What connections do: the provider is asked about them, and called with them.
import { Type } from 'typebox'
import { checkCauses, healthStatuses } from '../../hub/connection.ts'
import { defineRoutes } from '../route.ts'
import { Time } from '../types.ts'
import { health } from './connections.ts'

const id = Type.Integer({ description: 'Of the connection.' })

const Verified = Type.Object({
  id,
  health,
  notices: Type.Array(Type.String(), {
    description:
      'What people should know: that it is another account than before, or one that is connected twice.',
  }),
})

const Checks = Type.Object({
  id,
  checks: Type.Array(
    Type.Object({
      at: Time(),
      cause: Type.Unsafe<(typeof checkCauses)[number]>({
        type: 'string',
        enum: [...checkCauses],
        description: 'A request, a change that was verified first, the time, or a refresh that failed.',
      }),
      status: Type.Unsafe<(typeof healthStatuses)[number]>({ type: 'string', enum: [...healthStatuses] }),
      reason: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      account: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      duration_ms: Type.Integer(),
    }),
  ),
})

const within = { integrationHeader: 'required', codedErrors: true } as const

export const connectionActionRoutes = defineRoutes({
  verify: {
    method: 'POST',
    path: '/v2/connections/:id/verify/',
    summary: 'Ask the provider whether the credentials work, and whose they are',
    scope: 'connections:write',
    ...within,
    idempotent: 'connection',
    reply: { status: 200, description: 'What is known now.', schema: Verified },
  },
  checks: {
    method: 'GET',
    path: '/v2/connections/:id/checks/',
    summary: 'See what the latest twenty checks found',
    scope: 'connections:read',
    ...within,
    reply: { status: 200, description: 'The checks, the latest first.', schema: Checks },
  },
})
