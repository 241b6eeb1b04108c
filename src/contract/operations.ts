// Routes for those who run the server: whether it lives, whether it is ready, what it counts, and what it answers.
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
    summary: 'Whether requests may be sent here; 503 with the reasons where they may not',
    scope: 'public',
    codedErrors: true,
    reply: {
      status: 200,
      description: 'They may. `reasons` says what is not as it should be all the same, such as a full disk.',
      schema: Type.Object({
        status: Type.Literal('ready'),
        reasons: Type.Array(
          Type.Object({
            check: Type.String({ description: 'What was looked at.', examples: ['writes'] }),
            detail: Type.String({ examples: ['The store has no room to write; reading goes on.'] }),
          }),
        ),
      }),
    },
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

/** With a key, unlike the others: what is counted says how much a product is used. */
export const metricsRoutes = defineRoutes({
  metrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'What this server counts, in the format of Prometheus',
    scope: 'operator',
    codedErrors: true,
    reply: {
      status: 200,
      description: 'Text, one sample in a line.',
      mediaType: 'text/plain; version=0.0.4; charset=utf-8',
    },
  },
})
