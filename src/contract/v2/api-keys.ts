// API keys: made, listed, changed, rolled and revoked by keys with `keys:write`. Ours, so bodies are strict.
import { Type } from 'typebox'
import { graceSecondsDefault, graceSecondsMax, type KeyState, keyStates } from '../../hub/api-key.ts'
import { scopes as knownScopes, type Scope } from '../../hub/caller.ts'
import { limitMethods, type ProxyRule, rulesMax } from '../../hub/proxy-rule.ts'
import { defineRoutes } from '../route.ts'
import { MaybeTime, Text, Time } from '../types.ts'
import { PageOf, pageQuery } from './page.ts'

const addressesMax = 50

const name = Text({ description: 'What it is for.', examples: ['shop floor'] })
const scopes = Type.Unsafe<Scope[]>({
  type: 'array',
  items: { type: 'string', enum: [...knownScopes] },
  maxItems: knownScopes.length,
  description: 'What it may do: nothing that the key of the request lacks. `operator` has to be named.',
})
const integration = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  minLength: 1,
  maxLength: 255,
  description: 'The id of the one integration it is bound to, which stays; null for the whole account.',
  examples: ['846291712', null],
})
const addresses = Type.Unsafe<string[] | null>({
  type: ['array', 'null'],
  items: { type: 'string', maxLength: 50 },
  maxItems: addressesMax,
  description: 'IP addresses and CIDR ranges that it may be used from; null for any.',
  examples: [['203.0.113.7', '2001:db8::/32'], null],
})
const proxyRules = {
  type: ['array', 'null'],
  items: {
    type: 'object',
    properties: {
      methods: { type: 'array', items: { type: 'string', enum: [...limitMethods] }, minItems: 1 },
      paths: { type: 'array', items: { type: 'string' }, minItems: 1 },
    },
    required: ['methods', 'paths'],
    additionalProperties: false,
  },
  description:
    'What it may ask of providers through the proxy: any of the methods on any of the paths of a rule. `*` stands for something within a segment of a path, `**` for anything. Null for no limit.',
}
const proxy = Type.Unsafe<ProxyRule[] | null>({
  ...proxyRules,
  maxItems: rulesMax,
  examples: [[{ methods: ['GET'], paths: ['/v1/charges', '/v1/customers/*'] }], null],
})
const expires_at = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  format: 'date-time',
  minLength: 1,
  description: 'When it ends, in UTC; null for never.',
  examples: ['2099-01-31T12:00:00.000000Z', null],
})

const id = Type.String({ description: 'Stays as long as the key does, and after it.' })
const members = {
  id,
  name: Type.String({ description: 'What it is for.' }),
  prefix: Type.String({ description: 'How it begins.' }),
  last_four: Type.String({ description: 'How it ends.' }),
  scopes: Type.Unsafe<Scope[]>({ type: 'array', items: { type: 'string', enum: [...knownScopes] } }),
  integration: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'The id of the one integration it is bound to, `(deleted)` where that is gone.',
  }),
  addresses: Type.Unsafe<string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'IP addresses and CIDR ranges that it may be used from; null for any.',
  }),
  proxy: Type.Unsafe<readonly ProxyRule[] | null>(proxyRules),
  created_at: Time(),
  expires_at: MaybeTime({ description: 'When it ends; null for never.' }),
  revoked_at: MaybeTime({
    description: 'When it was revoked, or will be: one that was rolled still works until then.',
  }),
  last_used_at: MaybeTime({ description: 'When it was last used, some seconds late; null for never.' }),
  state: Type.Unsafe<KeyState>({ type: 'string', enum: [...keyStates] }),
}

export const ApiKey = Type.Object(members)

export const ApiKeyWithText = Type.Object({
  ...members,
  key: Type.String({ description: 'The key itself. It is shown this once, and not kept.' }),
})

/** What is shown alone; accepted and ignored where it comes back. */
const readOnly = Object.fromEntries(
  (['id', 'prefix', 'last_four', 'created_at', 'revoked_at', 'last_used_at', 'state'] as const).map(
    (member) => [member, Type.Optional(Type.Unsafe<unknown>({ readOnly: true }))],
  ),
)

export const NewApiKey = Type.Object(
  {
    name,
    scopes: Type.Optional(scopes),
    integration: Type.Optional(integration),
    addresses: Type.Optional(addresses),
    proxy: Type.Optional(proxy),
    expires_at: Type.Optional(expires_at),
    ...readOnly,
  },
  { additionalProperties: false },
)

export const ApiKeyChange = Type.Partial(NewApiKey, { additionalProperties: false })

const Roll = Type.Object(
  {
    grace_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: graceSecondsMax,
        default: graceSecondsDefault,
        description: 'How long the old key still works, unless it ends sooner.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const apiKeyRoutes = defineRoutes({
  list: {
    method: 'GET',
    path: '/v2/api_keys/',
    summary: 'List API keys',
    scope: 'keys:write',
    codedErrors: true,
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(
        Type.String({ description: `Only those that are one of ${keyStates.join(', ')}.` }),
      ),
    }),
    reply: { status: 200, description: 'One page, oldest first.', schema: PageOf(ApiKey) },
  },
  create: {
    method: 'POST',
    path: '/v2/api_keys/',
    summary: 'Create an API key that can do no more than the one of the request',
    scope: 'keys:write',
    codedErrors: true,
    idempotent: 'new',
    replayedTo: 'the same key',
    body: NewApiKey,
    example: { name: 'shop floor', scopes: ['connections:read'] },
    reply: { status: 201, description: 'The new key, and its text.', schema: ApiKeyWithText },
  },
  current: {
    method: 'GET',
    path: '/v2/api_keys/current/',
    summary: 'Retrieve the API key of the request',
    scope: 'any key',
    codedErrors: true,
    reply: { status: 200, description: 'The key, without its text.', schema: ApiKey },
  },
  retrieve: {
    method: 'GET',
    path: '/v2/api_keys/:id/',
    summary: 'Retrieve an API key',
    scope: 'keys:write',
    codedErrors: true,
    reply: { status: 200, description: 'The key, without its text.', schema: ApiKey },
  },
  change: {
    method: 'PATCH',
    path: '/v2/api_keys/:id/',
    summary: 'Update an API key',
    scope: 'keys:write',
    codedErrors: true,
    idempotent: 'api_key',
    body: ApiKeyChange,
    example: { name: 'warehouse' },
    reply: { status: 200, description: 'The key as it is now.', schema: ApiKey },
  },
  roll: {
    method: 'POST',
    path: '/v2/api_keys/:id/roll/',
    summary: 'Make a new key for the same, and let the old one end after a while',
    scope: 'keys:write',
    codedErrors: true,
    idempotent: 'api_key',
    replayedTo: 'the same key',
    body: Roll,
    example: { grace_seconds: 3_600 },
    reply: { status: 201, description: 'The new key, and its text.', schema: ApiKeyWithText },
  },
  remove: {
    method: 'DELETE',
    path: '/v2/api_keys/:id/',
    summary: 'Revoke an API key at once',
    scope: 'keys:write',
    codedErrors: true,
    reply: { status: 204, description: 'It is revoked, and stays on the list.' },
  },
})
