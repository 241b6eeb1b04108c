// Integrations in v1, which are connections: read the wire, call one verb, show the result.
import { providers } from '../../catalogue/index.ts'
import type { ShownConnection as ShownConnectionV1, v1Routes } from '../../contract/v1.ts'
import type { ConnectionFilter } from '../../hub/connection.ts'
import type { CredentialOperations, OpenedConnection } from '../../hub/credentials.ts'
import { invalidField } from '../../hub/errors.ts'
import type { Timestamp } from '../../hub/timestamp.ts'
import type { Handlers } from '../bind.ts'
import { readId } from '../numeric-id.ts'
import type { Query } from '../url-encoded.ts'

/** Those of the document alone: connections of providers that an operator declares are on v2. */
const providerOf = new Map(providers.map((provider) => [provider.name as string, provider]))
const documented: ConnectionFilter = { providers: [...providerOf.keys()] }

export function v1Handlers({
  credentials,
}: {
  credentials: Pick<CredentialOperations, 'listOpened' | 'getOpened'>
}): Handlers<typeof v1Routes> {
  const list: Handlers<typeof v1Routes>['list'] = async ({ query, body }, caller) => {
    await body()
    const shown = await credentials.listOpened(caller, readFilters(query))
    return shown.map((connection) => connectionView(caller.accountId, connection))
  }

  const retrieve: Handlers<typeof v1Routes>['retrieve'] = async ({ params, query, body }, caller) => {
    const id = readId(params.id)
    const { id: idInBody = params.id } = await body()
    if ([...query.all('id'), idInBody].some((other) => other !== params.id)) {
      throw invalidField('id', 'This must be the id in the path.')
    }
    return connectionView(caller.accountId, await credentials.getOpened(caller, id, documented))
  }

  return { list, listByForm: list, retrieve, retrieveByForm: retrieve }
}

type Provider = (typeof providers)[number]

const filters: Readonly<Record<string, (provider: Provider) => string>> = {
  integration_type: (provider) => provider.integrationType,
  provider: (provider) => provider.name,
  type: (provider) => provider.type,
}

/** The providers that all filters together leave. */
function readFilters(query: Query): ConnectionFilter {
  let left: readonly Provider[] = providers
  for (const [name, read] of Object.entries(filters)) {
    const [value, ...more] = query.all(name)
    if (more.length > 0) throw invalidField(name, 'This may be given only once.')
    if (value === undefined || value === '') continue
    const known = new Set(providers.map(read))
    if (!known.has(value)) throw invalidField(name, `There is none such. Known: ${[...known].join(', ')}.`)
    left = left.filter((provider) => read(provider) === value)
  }
  return { providers: left.map((provider) => provider.name) }
}

function connectionView(accountId: number, { connection, secrets }: OpenedConnection): ShownConnectionV1 {
  const provider = providerOf.get(connection.provider)
  if (!provider) throw new Error(`A connection has the unknown provider ${connection.provider}.`)
  const view: Record<string, unknown> & { type: string } = {
    id: connection.id,
    title: connection.title,
    type: provider.type,
    account_id: accountId,
    use_cloudfront: connection.useCloudfront,
    integration_type: provider.integrationType,
    provider: provider.name,
    created_at: timeView(connection.createdAt),
    updated_at: timeView(connection.updatedAt),
  }
  for (const [name, field] of Object.entries(provider.fields)) {
    if (!field.inV1) continue
    if (!field.isSecret) view[name] = connection.fields.get(name) ?? null
    else if (secrets !== null) view[name] = secrets.get(name)?.reveal() ?? null
  }
  return view
}

/** v1 shows UTC without saying so. */
function timeView(time: Timestamp): string {
  return time.replace('Z', '')
}
