// The rules of connections: what a provider's fields may hold, what is sealed, and who sees it opened.
import { findProvider, providers } from '../catalogue/index.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact, UniqueViolation } from '../storage/database.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { nextOf, passOver } from '../storage/sequences.ts'
import type { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import { record } from './audit.ts'
import type { AuditByMinute } from './audit-by-minute.ts'
import type { Caller } from './caller.ts'
import type { Connection, ConnectionFilter, NewConnection, OpenedSecrets } from './connection.ts'
import { readConnectionFields } from './connection-fields.ts'
import { HubError, invalidField, notFound } from './errors.ts'
import { JsonText } from './json-text.ts'
import type { Clock } from './timestamp.ts'

export type ConnectionOperations = ReturnType<typeof connectionOperations>

/** A connection with its secrets; null for a caller who may not read those. */
export type ShownConnection = { connection: Connection; secrets: OpenedSecrets | null }

const noSecrets: OpenedSecrets = new Map()

export function connectionOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  vault: Vault
  auditByMinute: AuditByMinute
}) {
  const { db, now, newUid, vault, auditByMinute } = needs

  async function shown(caller: Caller, connections: readonly Connection[]): Promise<ShownConnection[]> {
    if (!caller.scopes.has('secrets:read')) {
      return connections.map((connection) => ({ connection, secrets: null }))
    }
    const opened = await open(caller, connections)
    const withSecrets = connections.filter(({ uid }) => opened.has(uid))
    await auditByMinute.note(caller, 'secrets.shown', withSecrets)
    return connections.map((connection) => ({ connection, secrets: opened.get(connection.uid) ?? noSecrets }))
  }

  async function open(caller: Caller, connections: readonly Connection[]) {
    const sealer = await vault.sealerOf(db, caller.accountId)
    const byUid = new Map(connections.map((connection) => [connection.uid, connection]))
    const opened = new Map<string, Map<string, Secret>>()
    for (const { connectionUid, field, sealed } of await connectionsOf(db, caller.accountId).sealedSecretsOf([
      ...byUid.keys(),
    ])) {
      const connection = byUid.get(connectionUid)
      if (!connection) continue
      const ofConnection = opened.get(connectionUid) ?? new Map<string, Secret>()
      try {
        ofConnection.set(field, sealer.open(placeOf(connectionUid, field), sealed))
      } catch (error) {
        if (error instanceof HubError) await auditByMinute.note(caller, 'secrets.damaged', [connection])
        throw error
      }
      opened.set(connectionUid, ofConnection)
    }
    return opened
  }

  return {
    /** Its secrets go with it, and are overwritten in the store. */
    remove(caller: Caller, id: number): Promise<void> {
      return transact(db, async (db) => {
        const connection = await connectionsOf(db, caller.accountId).find(id)
        if (!connection) throw new HubError('not_found', `There is no connection ${id} in this account.`)
        await connectionsOf(db, caller.accountId).remove(connection.uid)
        await record(db, caller, now(), {
          action: 'connection.deleted',
          subject: `connection/${connection.uid}`,
          data: { id, provider: connection.provider },
        })
      })
    },

    /** Ascending id; narrowed to the integration acted as, or bound to. */
    async list(caller: Caller, filter: ConnectionFilter): Promise<ShownConnection[]> {
      const narrowed = caller.actingAs === null ? filter : { ...filter, integrationUid: caller.actingAs }
      return shown(caller, await connectionsOf(db, caller.accountId).list(narrowed))
    },

    /** All of the account, without secrets. */
    listPlain: (caller: Caller): Promise<Connection[]> => connectionsOf(db, caller.accountId).list({}),

    async get(caller: Caller, id: number): Promise<ShownConnection> {
      const connection = await connectionsOf(db, caller.accountId).find(id)
      if (!connection || (caller.actingAs !== null && caller.actingAs !== connection.integrationUid)) {
        throw notFound()
      }
      const [only] = await shown(caller, [connection])
      if (!only) throw notFound()
      return only
    },

    async create(caller: Caller, given: NewConnection): Promise<Connection> {
      const provider = findProvider(given.provider)
      if (!provider)
        throw invalidField(
          'provider',
          `There is no provider "${given.provider}". Known: ${providers.map(({ name }) => name).join(', ')}.`,
        )
      const { plain, secrets } = readConnectionFields(provider, given.fields)
      const sealer = await vault.sealerOf(db, caller.accountId)
      const uid = newUid()
      const sealed = [...secrets].map(([field, secret]) => ({
        connectionUid: uid,
        field,
        sealed: sealer.seal(placeOf(uid, field), secret),
      }))
      const at = now()
      return transact(db, async (db) => {
        const integration = await integrationsOf(db, caller.accountId).find(given.integrationId)
        if (!integration) {
          throw new HubError('integration_not_found', `There is no integration "${given.integrationId}".`)
        }
        if (given.id !== undefined) await passOver(db, caller.accountId, 'connections', given.id)
        const connection: Connection = {
          uid,
          id: given.id ?? (await nextOf(db, caller.accountId, 'connections')),
          integrationUid: integration.uid,
          provider: provider.name,
          title: given.title,
          useCloudfront: given.useCloudfront ?? false,
          fields: plain,
          metadata: given.metadata ?? JsonText.emptyObject,
          createdAt: given.createdAt ?? at,
          updatedAt: given.updatedAt ?? given.createdAt ?? at,
        }
        const connections = connectionsOf(db, caller.accountId)
        try {
          await connections.insert(connection)
        } catch (error) {
          if (!(error instanceof UniqueViolation)) throw error
          throw invalidField('id', 'connection with this id already exists.')
        }
        await connections.insertSecrets(sealed, at)
        await record(db, caller, at, {
          action: 'connection.created',
          subject: `connection/${uid}`,
          data: { id: connection.id, provider: provider.name, fields: [...given.fields.keys()] },
        })
        return connection
      })
    },
  }
}

/** A sealed field opens in its own connection's row and under its own name, nowhere else. */
function placeOf(connectionUid: string, field: string) {
  return { table: 'connection_secrets', row: connectionUid, field }
}
