// The documented v1 resource: connections, which v1 calls integrations; read-only.
import { type TSchema, Type } from 'typebox'
import type { Provider } from '../catalogue/define.ts'
import { providers } from '../catalogue/index.ts'
import { defineRoutes } from './route.ts'
import { JsonObject } from './types.ts'

/** What v1 shows of a connection: the common members, and then the provider's own. */
export type ShownConnection = Readonly<Record<string, unknown>> & { readonly type: string }

const time = Type.String({
  description: 'UTC, six decimals, no zone.',
  examples: ['2017-04-25T22:00:47.047560'],
})

/** Secrets are absent for keys without `secrets:read`, so they are not required. */
function connectionSchema(provider: Provider): TSchema {
  const own = Object.entries(provider.fields)
    .filter(([, field]) => field.inV1)
    .map(([name, field]): [string, TSchema] => {
      const description = field.title
      const schema =
        field.kind === 'object'
          ? Type.Unsafe({ ...JsonObject({ description }), type: ['object', 'null'] })
          : Type.Unsafe({ type: ['string', 'null'], description })
      return [name, field.isSecret ? Type.Optional(schema) : schema]
    })
  return Type.Object(
    {
      id: Type.Integer(),
      title: Type.String(),
      type: Type.Literal(provider.type),
      account_id: Type.Integer(),
      use_cloudfront: Type.Boolean(),
      integration_type: Type.Literal(provider.integrationType),
      provider: Type.Literal(provider.name),
      created_at: time,
      updated_at: time,
      ...Object.fromEntries(own),
    },
    { title: provider.type },
  )
}

/** One of the providers' shapes, told apart by `type`. */
export const ConnectionV1 = Type.Unsafe<ShownConnection>({
  anyOf: providers.map(connectionSchema),
  discriminator: { propertyName: 'type' },
})

const apiKey = Type.Optional(Type.String({ description: 'The API key, where no header carries it.' }))
const idAgain = Type.Optional(Type.String({ description: 'The same id as in the path.' }))

/** The body is read before the key in it is known: there is room for a key, and little else. */
const bodyBytesMax = 16_384

const listQuery = Type.Object({
  api_key: apiKey,
  integration_type: Type.Optional(Type.String({ description: 'Only those of this kind, such as `email`.' })),
  provider: Type.Optional(Type.String({ description: 'Only those of this provider, such as `stripe`.' })),
  type: Type.Optional(Type.String({ description: 'Only those of this type, such as `IntegrationStripe`.' })),
})
const list = {
  path: '/api/v1/integrations',
  scope: 'connections:read',
  integrationHeader: 'optional',
  query: listQuery,
  bodyBytesMax,
  body: Type.Object({ api_key: apiKey }, { additionalProperties: false }),
  reply: { status: 200, description: 'All of them, ascending id.', schema: Type.Array(ConnectionV1) },
} as const
const retrieve = {
  path: '/api/v1/integrations/:id',
  scope: 'connections:read',
  integrationHeader: 'optional',
  query: Type.Object({ api_key: apiKey, id: idAgain }),
  bodyBytesMax,
  body: Type.Object({ api_key: apiKey, id: idAgain }, { additionalProperties: false }),
  reply: { status: 200, description: 'The connection.', schema: ConnectionV1 },
} as const

/** POST reads as GET does, because `curl -d` sends a form by POST. */
export const v1Routes = defineRoutes({
  list: { ...list, method: 'GET', summary: 'List all connections' },
  listByForm: { ...list, method: 'POST', summary: 'List all connections, with the key in a form' },
  retrieve: { ...retrieve, method: 'GET', summary: 'Retrieve a connection' },
  retrieveByForm: { ...retrieve, method: 'POST', summary: 'Retrieve a connection, with the key in a form' },
})
