// Calls to providers through a connection: handed on with its credential, or explained without being sent.
import { Type } from 'typebox'
import type { JsonText } from '../../hub/json-text.ts'
import { defineRoutes } from '../route.ts'

const headersBytesMax = 16_384

/** A call that is explained, or tried. */
export const AskedCall = Type.Object(
  {
    method: Type.String({ minLength: 1, maxLength: 20, examples: ['GET'] }),
    path: Type.String({
      minLength: 1,
      maxLength: 16_384,
      description: 'As it would stand behind `/proxy`: from its first slash on, its query included.',
      examples: ['/v1/balance'],
    }),
    service: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: 'One of the provider’s services, as `Mortise-Service` would name it.',
      }),
    ),
    headers: Type.Optional(
      Type.Unsafe<JsonText>({
        type: 'object',
        additionalProperties: { type: 'string' },
        maxBytes: headersBytesMax,
        description: 'That the caller would send, by name.',
      }),
    ),
    body: Type.Optional(
      Type.String({ maxLength: 65_536, description: 'Some signatures cover it. It is not shown again.' }),
    ),
  },
  { additionalProperties: false },
)

const Explained = Type.Object({
  method: Type.String(),
  url: Type.String({ description: 'With `***` in place of what the credential puts into the query.' }),
  service: Type.String(),
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() }), {
    description:
      'As they would be sent, with `***` in place of what is or comes of the credential. `Host` and what frames the body come by themselves.',
  }),
  token_renewed: Type.Boolean({ description: 'Whether another access token would be had first.' }),
  body_signed: Type.Boolean({
    description: 'Whether the signature covers the body, which is then read as a whole, up to 10 MiB.',
  }),
})

const within = { integrationHeader: 'required', codedErrors: true, scope: 'proxy:call' } as const

export const proxyRoutes = defineRoutes({
  call: {
    method: 'ANY',
    path: '/v2/connections/:id/proxy/*',
    summary: 'Call the provider with the connection’s credential',
    ...within,
    reply: {
      status: 200,
      description:
        'The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`.',
      relayed: true,
    },
  },
})

export const explainRoutes = defineRoutes({
  explain: {
    method: 'POST',
    path: '/v2/connections/:id/explain/',
    summary: 'See what a call would send, with the credential masked; nothing is sent',
    ...within,
    body: AskedCall,
    reply: { status: 200, description: 'What would be sent.', schema: Explained },
  },
})
