// Connections as a caller may find them, and as they may be shown: masks in place of secrets.
import { type Provider, undeclared } from '../catalogue/define.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { connectionsOf } from '../storage/connections.ts'
import type { Db } from '../storage/database.ts'
import { integrationsOf } from '../storage/integrations.ts'
import type { Caller } from './caller.ts'
import type { Connection, ConnectionFilter } from './connection.ts'
import type { SecretMasks } from './connection-fields.ts'
import { masksOf } from './connection-secrets.ts'
import { invalidField, notFound } from './errors.ts'

/** A connection as it may be shown to everybody who may see it. */
export type MaskedConnection = {
  readonly connection: Connection
  readonly provider: Provider
  /** Today's public id of the integration that it hangs on. */
  readonly integrationId: string
  readonly masks: SecretMasks
  /** What a person may have got wrong in what was just given. */
  readonly warnings: readonly string[]
}

type On = { readonly db: Db; readonly catalogue: Catalogue }

export async function allMasked(
  { db, catalogue }: On,
  { accountId }: Caller,
  connections: readonly Connection[],
  warnings: readonly string[] = [],
): Promise<MaskedConnection[]> {
  const masks = await masksOf(db, accountId, connections)
  const integrationIds = new Map<string, string>()
  for (const uid of new Set(connections.map(({ integrationUid }) => integrationUid))) {
    const integration = await integrationsOf(db, accountId).findByUid(uid)
    if (integration) integrationIds.set(uid, integration.id)
  }
  return connections.map((connection) => {
    const ownMasks: SecretMasks = masks.get(connection.uid) ?? new Map()
    return {
      connection,
      provider: shownProvider(catalogue, connection, ownMasks.keys()),
      integrationId: integrationIds.get(connection.integrationUid) ?? '',
      masks: ownMasks,
      warnings,
    }
  })
}

export async function masked(
  on: On,
  caller: Caller,
  connection: Connection,
  warnings: readonly string[] = [],
): Promise<MaskedConnection> {
  const [only] = await allMasked(on, caller, [connection], warnings)
  if (!only) throw notFound()
  return only
}

/** @throws HubError not_found, also for one of another integration than the one acted as */
export async function findConnection(db: Db, caller: Caller, id: number): Promise<Connection> {
  return visible(caller, await connectionsOf(db, caller.accountId).find(id))
}

/** @throws HubError not_found, for what is not there and for what the caller does not see */
export function visible(caller: Caller, connection: Connection | undefined): Connection {
  if (!connection || (caller.actingAs !== null && caller.actingAs !== connection.integrationUid)) {
    throw notFound()
  }
  return connection
}

/** What a filter leaves of the integration acted as. */
export function narrowed(caller: Caller, filter: ConnectionFilter): ConnectionFilter {
  return caller.actingAs === null ? filter : { ...filter, integrationUid: caller.actingAs }
}

/** The provider of a connection that is there, whatever became of its declaration. */
export function shownProvider(
  catalogue: Catalogue,
  { provider, fields }: Connection,
  secrets: Iterable<string>,
): Provider {
  return catalogue.find(provider) ?? undeclared(provider, { plain: fields.keys(), secrets })
}

/** @throws HubError invalid, naming those there are */
export function providerOf(catalogue: Catalogue, name: string): Provider {
  const provider = catalogue.find(name)
  if (provider) return provider
  const known = catalogue.providers.map((provider) => provider.name).join(', ')
  throw invalidField('provider', `There is no such provider. Known: ${known}.`)
}
