// What the console tries with a connection: a call, and its snippet on a page. No part of the API.
import { Type } from 'typebox'
import { defineRoutes } from './route.ts'
import { AskedCall } from './v2/proxy.ts'

const Tried = Type.Object({
  status: Type.Integer(),
  headers: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  duration_ms: Type.Integer(),
  /** Null where it is no text. */
  body: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  body_bytes: Type.Integer(),
  /** Whether there was more than is read here. */
  is_cut: Type.Boolean(),
})

export const callRoutes = defineRoutes({
  /** Not the proxy itself: a browser adds headers of its own, and would make of an answer what it likes. */
  try_out: {
    method: 'POST',
    path: '/v2/connections/:id/try/',
    summary: 'Call the provider, and see its answer as text',
    scope: 'proxy:call',
    integrationHeader: 'required',
    codedErrors: true,
    body: AskedCall,
    reply: { status: 200, description: "The provider's answer, whatever it is.", schema: Tried },
  },
  preview: {
    method: 'GET',
    path: '/v2/connections/:id/preview/',
    summary: 'The snippet of a connection, as a page of its own',
    scope: 'connections:read',
    integrationHeader: 'optional',
    codedErrors: true,
    reply: { status: 200, description: 'The page.', mediaType: 'text/html; charset=utf-8' },
  },
})
