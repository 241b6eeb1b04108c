// Providers: the catalogue of what connections can be made of. Ours, and the same for every account.
import { Type } from 'typebox'
import { authKinds, integrationTypes, lifecycleStates } from '../../catalogue/define.ts'
import { defineRoutes } from '../route.ts'
import { PageOf, pageQuery } from './page.ts'

function OneOf<const Choices extends readonly string[]>(choices: Choices, description: string) {
  return Type.Unsafe<Choices[number]>({ type: 'string', enum: [...choices], description })
}

/** A JSON Schema of a value that the field takes. */
export const ProviderField = Type.Object({
  type: OneOf(['string', 'object'], 'What a value is.'),
  title: Type.String(),
  description: Type.String({ description: 'Where a person finds the value, or what it is for.' }),
  pattern: Type.Optional(Type.String({ description: 'A fact: a value that does not match is refused.' })),
  'x-likely-pattern': Type.Optional(
    Type.String({ description: 'A guess: a value that does not match is taken, with a warning.' }),
  ),
  enum: Type.Optional(Type.Array(Type.String(), { description: 'The only values there are.' })),
  examples: Type.Optional(Type.Array(Type.String())),
  default: Type.Optional(Type.String({ description: 'What a new connection starts with.' })),
  writeOnly: Type.Optional(
    Type.Boolean({ description: 'A secret: sealed, and never in `fields` of an answer.' }),
  ),
  readOnly: Type.Optional(Type.Boolean({ description: 'Written by Mortise.' })),
})

const Ability = Type.Object({
  available: Type.Boolean(),
  reason: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Why not, where it is not.' }),
})

export const Provider = Type.Object({
  name: Type.String({ examples: ['stripe'] }),
  type: Type.String({ description: "A connection's `type`.", examples: ['IntegrationStripe'] }),
  integration_type: OneOf(integrationTypes, 'The kind of thing it does.'),
  title: Type.String({ description: 'Its name, for people.' }),
  lifecycle: Type.Object({
    state: OneOf(lifecycleStates, 'Whether it is still to be had, and under this name.'),
    note: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'What to know about that.' }),
  }),
  auth: OneOf(authKinds, 'How it is shown its credentials.'),
  fields: Type.Record(Type.String(), ProviderField, {
    description: 'By name, in the order in which to show them; each a JSON Schema.',
  }),
  secrets: Type.Array(Type.String(), { description: 'The names of the fields that are sealed.' }),
  capabilities: Type.Object({ verify: Ability, proxy: Ability, embed: Ability }),
})

const read = { scope: 'connections:read', integrationHeader: 'optional', codedErrors: true } as const

export const providerRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/providers/',
    summary: 'List the providers that connections can be made of',
    ...read,
    query: Type.Object({
      ...pageQuery,
      integration_type: Type.Optional(
        Type.String({ description: 'Only those of this kind, such as `email`.' }),
      ),
    }),
    reply: {
      status: 200,
      description: 'One page: those of v1 in the order of its document, then those that the operator added.',
      schema: PageOf(Provider),
    },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/providers/:name/',
    summary: 'Retrieve a provider',
    ...read,
    reply: { status: 200, description: 'The provider.', schema: Provider },
  },
})
