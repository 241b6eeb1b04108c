// The contract as an OpenAPI 3.1 document.
import type { TSchema } from 'typebox'
import { contract } from './index.ts'
import { linesMediaType, type Route } from './route.ts'
import { bodyExample, samplesOf } from './samples.ts'
import { camelCase } from './sdk-names.ts'
import { ConnectionV1 } from './v1.ts'
import { Account, CreatedAccount, NewAccount } from './v2/accounts.ts'
import { ApiKey, ApiKeyChange, ApiKeyWithText, NewApiKey } from './v2/api-keys.ts'
import { AuditRecord } from './v2/audit.ts'
import { ChangedConnection, Connection, ConnectionChange, NewConnection } from './v2/connections.ts'
import { Freelancer, FreelancerChange, NewFreelancer } from './v2/freelancers.ts'
import { Integration, IntegrationChange, NewIntegration } from './v2/integrations.ts'
import { Provider, ProviderField } from './v2/providers.ts'

/** Schemas that get a name of their own in the document. */
const named = new Map<TSchema, string>([
  [Integration, 'Integration'],
  [NewIntegration, 'NewIntegration'],
  [IntegrationChange, 'IntegrationChange'],
  [Freelancer, 'Freelancer'],
  [NewFreelancer, 'NewFreelancer'],
  [FreelancerChange, 'FreelancerChange'],
  [Provider, 'Provider'],
  [ProviderField, 'ProviderField'],
  [Connection, 'Connection'],
  [ChangedConnection, 'ChangedConnection'],
  [NewConnection, 'NewConnection'],
  [ConnectionChange, 'ConnectionChange'],
  [ApiKey, 'ApiKey'],
  [ApiKeyWithText, 'ApiKeyWithText'],
  [NewApiKey, 'NewApiKey'],
  [ApiKeyChange, 'ApiKeyChange'],
  [AuditRecord, 'AuditRecord'],
  [Account, 'Account'],
  [NewAccount, 'NewAccount'],
  [CreatedAccount, 'CreatedAccount'],
  [ConnectionV1, 'ConnectionV1'],
])

const errorSchemas = {
  v1: {
    type: 'object',
    required: ['error', 'message'],
    properties: { error: { type: 'string' }, message: { type: 'string' } },
    additionalProperties: false,
  },
  v2: {
    description:
      '`detail`, or a list of messages for each member that is not acceptable; of a member that is an object, for each of its own.',
    type: 'object',
    properties: {
      detail: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      code: { type: 'string', description: 'Of our own resources: one of a closed list.' },
      doc_url: { type: 'string', format: 'uri', description: 'Where the code is explained.' },
    },
    additionalProperties: {
      anyOf: [
        { type: 'array', items: { type: 'string' } },
        { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
      ],
    },
  },
} as const

/** @param version of Mortise, as package.json has it */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [dialect, resources] of Object.entries(contract)) {
    for (const [resource, routes] of Object.entries(resources)) {
      for (const [name, route] of Object.entries(routes as Record<string, Route>)) {
        const path = openApiPath(route)
        for (const method of describedMethods(route)) {
          const id = `${dialect}_${resource}_${name}${route.method === 'ANY' ? `_${method}` : ''}`
          const operation = {
            tags: [dialect === 'v2' ? resource : dialect],
            ...operationOf(dialect === 'v1' ? 'v1' : 'v2', id, route),
            'x-codeSamples': samplesOf(route, method, sdkName(dialect, resource, name)),
          }
          paths[path] = { ...paths[path], [method]: operation }
        }
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mortise',
      version,
      description: 'A self-hosted integrations hub. v1 and v2 are drop-ins for two documented APIs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      { url: './', description: 'The hub that this document is from.' },
      { url: 'http://127.0.0.1:3500', description: 'Where `npm start` serves.' },
    ],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries([...named].map(([schema, name]) => [name, schema])),
        ErrorV1: errorSchemas.v1,
        ErrorV2: errorSchemas.v2,
      },
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'The API key. `Authorization: Token <key>` is the same as `Authorization: Bearer <key>`.',
        },
        apiKey: { type: 'apiKey', in: 'query', name: 'api_key', description: 'v1 alone; a form works too.' },
      },
    },
  }
}

/** What `*` stands for goes by the name of `path`. */
export function openApiPath({ path }: Pick<Route, 'path'>): string {
  return path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}')
}

/** Of those that `ANY` stands for, an operation of its own for each that OpenAPI knows. */
function describedMethods({ method }: Route): string[] {
  return method === 'ANY'
    ? ['get', 'head', 'options', 'post', 'put', 'patch', 'delete']
    : [method.toLowerCase()]
}

function neededBy({ scope }: Route): string {
  return scope === 'any key' ? 'Any key may ask.' : `Needs the scope \`${scope}\`.`
}

function operationOf(dialect: 'v1' | 'v2', operationId: string, route: Route): object {
  const isPublic = route.scope === 'public'
  return {
    operationId,
    summary: route.summary,
    ...(!isPublic && { description: neededBy(route) }),
    security: isPublic ? [] : dialect === 'v1' ? [{ token: [] }, { apiKey: [] }] : [{ token: [] }],
    parameters: parametersOf(route),
    ...(route.body && { requestBody: requestBodyOf(dialect, route) }),
    responses: {
      [route.reply.status]: {
        description: route.reply.description,
        ...(route.reply.schema && jsonContent(referenced(route.reply.schema))),
        ...(route.reply.mediaType && { content: { [route.reply.mediaType]: {} } }),
        ...(route.reply.lines && {
          content: { [linesMediaType]: { schema: referenced(route.reply.lines) } },
        }),
        ...(route.reply.relayed && { content: { '*/*': {} } }),
      },
      default: {
        description: 'An error, in words.',
        ...jsonContent({ $ref: `#/components/schemas/Error${dialect.toUpperCase()}` }),
      },
    },
  }
}

function parametersOf(route: Route): object[] {
  const { query, integrationHeader, reply } = route
  const inPath = [...openApiPath(route).matchAll(/{(\w+)}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    schema,
  }))
  const required = integrationHeader === 'required' && {
    description: 'Whom the request acts as. A key that is bound to one integration may leave it out.',
    example: '1',
  }
  const header = { name: 'Integration-ID', in: 'header', ...required, schema: { type: 'string' } }
  const service = {
    name: 'Mortise-Service',
    in: 'header',
    description: 'Which of the provider’s services is meant; the first one where none is named.',
    schema: { type: 'string' },
  }
  return [...inPath, ...inQuery, ...(integrationHeader ? [header] : []), ...(reply.relayed ? [service] : [])]
}

function requestBodyOf(dialect: 'v1' | 'v2', route: Route): object {
  const schema = route.body && referenced(route.body)
  const example = bodyExample(route)
  const content = { schema, ...(example && { example }) }
  return {
    required: dialect === 'v2' && route.method !== 'PATCH',
    content: {
      'application/json': content,
      'application/x-www-form-urlencoded': { schema },
      'multipart/form-data': { schema },
    },
  }
}

/** Where the SDK has it: v2 alone. */
function sdkName(dialect: string, resource: string, action: string) {
  return dialect === 'v2' ? { resource: camelCase(resource), action: camelCase(action) } : undefined
}

function jsonContent(schema: object): object {
  return { content: { 'application/json': { schema } } }
}

/** Named schemas as references, also inside lists and pages. */
function referenced(schema: TSchema): object {
  const name = named.get(schema)
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'items') return [key, referenced(value as TSchema)]
      if (key !== 'properties') return [key, value]
      const properties = Object.entries(value as Record<string, TSchema>)
      return [key, Object.fromEntries(properties.map(([member, inner]) => [member, referenced(inner)]))]
    }),
  )
}
