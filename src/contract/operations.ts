// Routes for those who run the server: whether it lives, whether it is ready, and what it answers.
import { Type } from 'typebox'
import type { JsonText } from '../hub/json-text.ts'
import { defineRoutes } from './route.ts'

export const operationsRoutes = defineRoutes({
  health: {
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the process lives',
    scope: 'public',
    reply: { status: 200, description: 'It does.', schema: Type.Object({ status: Type.Literal('ok') }) },
  },
  readiness: {
    method: 'GET',
    path: '/readyz',
    summary: 'Whether requests may be sent here; 503 while starting, stopping or without its store',
    scope: 'public',
    reply: { status: 200, description: 'They may.', schema: Type.Object({ status: Type.Literal('ready') }) },
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    scope: 'public',
    reply: {
      status: 200,
      description: 'OpenAPI 3.1.',
      schema: Type.Unsafe<JsonText>({ type: 'object', additionalProperties: true }),
    },
  },
})
