// Connections: a provider's settings and credentials, within an integration. Ours, so bodies are strict.
import { Type } from 'typebox'
import { healthStatuses } from '../../hub/connection.ts'
import type { JsonText } from '../../hub/json-text.ts'
import { defineRoutes } from '../route.ts'
import { JsonObject, MaybeTime, Text, Time, TrueOrFalse } from '../types.ts'
import { PageOf, pageQuery } from './page.ts'

/** Room for pasted pages of HTML. */
const fieldsBytesMax = 524_288

const id = Type.Integer({ description: 'Unique within the account.', readOnly: true })
const provider = Text({ description: 'One of the catalogue, such as `stripe`; it stays.' })
const title = Text({ description: 'A name for people.', examples: ['Shop payments'] })
const use_cloudfront = Type.Boolean({ description: 'Serve through the distribution.', default: false })
const fields = Type.Unsafe<JsonText>({
  type: 'object',
  additionalProperties: true,
  maxBytes: fieldsBytesMax,
  description:
    "The provider's fields by name, secrets among them. On PATCH one that is left out stays, null clears it; PUT clears those left out, but for secrets. Answers show no secrets here.",
})
const metadata = JsonObject({ description: 'Any JSON object, given back as it came.', default: {} })

/** What is shown alone; accepted and ignored where it comes back. */
const readOnly = {
  id,
  integration: Type.Unsafe<string>({ readOnly: true, description: 'The id of the integration it hangs on.' }),
  type: Type.Unsafe<string>({ readOnly: true, description: 'As v1 names it, such as `IntegrationStripe`.' }),
  integration_type: Type.Unsafe<string>({ readOnly: true, description: 'Such as `payment`.' }),
  secrets: Type.Unsafe<SecretViews>({ readOnly: true }),
  health: Type.Unsafe<object>({ readOnly: true }),
  created_at: Type.Unsafe<string>({ readOnly: true }),
  updated_at: Type.Unsafe<string>({ readOnly: true }),
  warnings: Type.Unsafe<string[]>({ readOnly: true }),
}

type SecretView = { set: boolean; hint: string | null; updated_at: string | null }
type SecretViews = Readonly<Record<string, SecretView>>

/** A member that is not given is left alone by PATCH, and set to its default by PUT. */
export const NewConnection = Type.Object(
  {
    provider,
    title,
    use_cloudfront: Type.Optional(use_cloudfront),
    fields: Type.Optional(fields),
    metadata: Type.Optional(metadata),
    ...Object.fromEntries(Object.entries(readOnly).map(([name, schema]) => [name, Type.Optional(schema)])),
  },
  { additionalProperties: false },
)

export const ConnectionChange = Type.Partial(NewConnection, { additionalProperties: false })

const Secret = Type.Object({
  set: Type.Boolean(),
  hint: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Asterisks, and the last characters of a secret that is long enough to show any.',
    examples: ['****4242'],
  }),
  updated_at: MaybeTime(),
})

export const health = Type.Object({
  status: Type.Unsafe<(typeof healthStatuses)[number]>({ type: 'string', enum: [...healthStatuses] }),
  reason: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
  checked_at: MaybeTime(),
  account: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Whom the provider says the credential belongs to.',
  }),
  mode: Type.Unsafe<'test' | 'live' | null>({
    type: ['string', 'null'],
    enum: ['test', 'live', null],
    description: 'Whether the credential is for tests or for real, where the provider tells.',
  }),
  scopes: Type.Unsafe<readonly string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'What the credential may do, where the provider tells.',
  }),
})

const members = {
  id: Type.Integer({ description: 'Unique within the account.' }),
  integration: Type.String({ description: 'The id of the integration it hangs on.' }),
  provider: Type.String(),
  type: Type.String({ description: 'As v1 names it, such as `IntegrationStripe`.' }),
  integration_type: Type.String({ description: 'Such as `payment`.' }),
  title: Type.String(),
  use_cloudfront: Type.Boolean(),
  fields: Type.Unsafe<JsonText>({
    type: 'object',
    additionalProperties: true,
    description: "All of the provider's fields that are no secrets; null where one is not set.",
  }),
  secrets: Type.Record(Type.String(), Secret, { description: "All of the provider's secret fields." }),
  health,
  metadata: JsonObject(),
  created_at: Time(),
  updated_at: Time(),
}

export const Connection = Type.Object(members)

export const ChangedConnection = Type.Object({
  ...members,
  warnings: Type.Array(Type.String(), {
    description: 'What looks unusual in the fields that were just given. They were taken all the same.',
  }),
})

/** Values by field, in clear. */
const Revealed = Type.Object({
  id: members.id,
  secrets: Type.Record(Type.String(), Type.Unsafe<string | null>({ type: ['string', 'null'] }), {
    description: "All of the provider's secret fields, in clear; null where one is not set.",
  }),
})

const Previous = Type.Object({
  id: members.id,
  secrets: Type.Record(
    Type.String(),
    Type.Object({ hint: Type.String(), replaced_at: Time(), restorable_until: Time() }),
    { description: 'By field, what each secret was before its last change.' },
  ),
})

const Restore = Type.Object(
  {
    fields: Type.Optional(
      Type.Array(Type.String({ maxLength: 40 }), {
        maxItems: 30,
        description: 'Which secrets; all that can be restored where none are named.',
      }),
    ),
  },
  { additionalProperties: false },
)

const Usage = Type.Object({
  id: members.id,
  last_used_at: MaybeTime(),
  times: Type.Integer({ description: 'How often its secrets were read or used.' }),
  keys: Type.Array(
    Type.Object({
      key: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'null: the command line.' }),
      name: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
      last_used_at: Time(),
      times: Type.Integer(),
    }),
  ),
})

const verifyFirst = Type.Optional(
  TrueOrFalse({
    description:
      '`true` asks the provider first: what it rejects is not stored, and what was there before stays.',
  }),
)

const shop = {
  provider: 'stripe',
  title: 'Shop payments',
  fields: {
    publishable_key: 'pk_test_51PinestreetTechnologyAB',
    secret_key: 'sk_test_51PinestreetTechnologyAB',
  },
}

const within = { integrationHeader: 'required', codedErrors: true } as const

export const connectionRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/connections/',
    summary: "List an integration's connections",
    scope: 'connections:read',
    ...within,
    query: Type.Object({
      ...pageQuery,
      provider: Type.Optional(Type.String({ description: 'Only those of this provider, such as `stripe`.' })),
      integration_type: Type.Optional(
        Type.String({ description: 'Only those of this kind, such as `email`.' }),
      ),
      health: Type.Optional(Type.String({ description: 'Only those of this health, such as `rejected`.' })),
      q: Type.Optional(Type.String({ description: 'Only those with this in their title.' })),
    }),
    reply: { status: 200, description: 'One page, oldest first.', schema: PageOf(Connection) },
  },
  create: {
    method: 'POST',
    path: '/v2/connections/',
    summary: 'Create a connection',
    scope: 'connections:write',
    ...within,
    idempotent: 'new',
    query: Type.Object({ verify: verifyFirst }),
    body: NewConnection,
    example: shop,
    reply: { status: 201, description: 'The new connection.', schema: ChangedConnection },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/connections/:id/',
    summary: 'Retrieve a connection',
    scope: 'connections:read',
    ...within,
    reply: { status: 200, description: 'The connection.', schema: Connection },
  },
  replace: {
    method: 'PUT',
    path: '/v2/connections/:id/',
    summary: 'Replace a connection; secrets that are left out stay',
    scope: 'connections:write',
    ...within,
    query: Type.Object({ verify: verifyFirst }),
    body: NewConnection,
    example: shop,
    reply: { status: 200, description: 'The connection as it is now.', schema: ChangedConnection },
  },
  change: {
    method: 'PATCH',
    path: '/v2/connections/:id/',
    summary: 'Update a connection',
    scope: 'connections:write',
    ...within,
    idempotent: 'connection',
    query: Type.Object({ verify: verifyFirst }),
    body: ConnectionChange,
    example: { title: 'Shop payments, Sweden' },
    reply: { status: 200, description: 'The connection as it is now.', schema: ChangedConnection },
  },
  remove: {
    method: 'DELETE',
    path: '/v2/connections/:id/',
    summary: 'Delete a connection and its secrets',
    scope: 'connections:write',
    ...within,
    query: Type.Object({
      force: Type.Optional(
        TrueOrFalse({ description: '`true` deletes one that was used within 24 hours, too.' }),
      ),
    }),
    reply: { status: 204, description: 'It is gone.' },
  },
  reveal: {
    method: 'POST',
    path: '/v2/connections/:id/reveal/',
    summary: "Show a connection's secrets in clear; on the audit trail each time",
    scope: 'secrets:read',
    ...within,
    reply: { status: 200, description: 'The secrets.', schema: Revealed },
  },
  previous: {
    method: 'GET',
    path: '/v2/connections/:id/restore/',
    summary: 'See which secrets can be restored',
    scope: 'connections:read',
    ...within,
    reply: { status: 200, description: 'What is kept of earlier secrets.', schema: Previous },
  },
  restore: {
    method: 'POST',
    path: '/v2/connections/:id/restore/',
    summary: 'Bring back what secrets were before their last change, within seven days',
    scope: 'connections:write',
    ...within,
    idempotent: 'connection',
    body: Restore,
    example: { fields: ['secret_key'] },
    reply: { status: 200, description: 'The connection as it is now.', schema: ChangedConnection },
  },
  usage: {
    method: 'GET',
    path: '/v2/connections/:id/usage/',
    summary: "See which keys had a connection's secrets, and when last",
    scope: 'connections:read',
    ...within,
    reply: { status: 200, description: 'The uses, the latest first.', schema: Usage },
  },
})
