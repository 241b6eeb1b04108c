// The rules of connections' secrets: who has them opened, restored, and told who used them.
import { type Provider, secretNames } from '../catalogue/define.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { sweepPreviousSecrets } from '../storage/connection-secrets.ts'
import { connectionUsesOf } from '../storage/connection-uses.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import type { Vault } from '../vault/vault.ts'
import { aboutConnection, type RecordAudit } from './audit.ts'
import type { AuditByMinute } from './audit-by-minute.ts'
import type { Caller } from './caller.ts'
import {
  type Connection,
  type ConnectionFilter,
  type OpenedSecrets,
  type PreviousSecret,
  unverified,
} from './connection.ts'
import { lookAgain } from './connection-health.ts'
import { openSecrets, previousSecretsOf, restoreSecrets } from './connection-secrets.ts'
import { type NamedUse, usesOf } from './connection-uses.ts'
import { HubError, notFound } from './errors.ts'
import { connectionEvent, healthEvents } from './event-draft.ts'
import {
  findConnection,
  type MaskedConnection,
  masked,
  narrowed,
  shownProvider,
} from './masked-connections.ts'
import { sweepAll } from './sweeping.ts'
import type { Clock } from './timestamp.ts'

export type CredentialOperations = ReturnType<typeof credentialOperations>

/** A connection with its secrets; null for a caller who may not read those. */
export type OpenedConnection = { connection: Connection; secrets: OpenedSecrets | null }

/** Everything in clear, for one answer. */
export type RevealedConnection = {
  connection: Connection
  provider: Provider
  secrets: OpenedSecrets
}

const noSecrets: OpenedSecrets = new Map()

export function credentialOperations(needs: {
  db: Db
  now: Clock
  vault: Vault
  catalogue: Catalogue
  auditByMinute: AuditByMinute
  record: RecordAudit
}) {
  const { db, now, vault, catalogue, auditByMinute, record } = needs

  async function opened(caller: Caller, connections: readonly Connection[]): Promise<OpenedConnection[]> {
    if (!caller.scopes.has('secrets:read')) {
      return connections.map((connection) => ({ connection, secrets: null }))
    }
    const secrets = await open(caller, connections)
    const withSecrets = connections.filter(({ uid }) => secrets.has(uid))
    await auditByMinute.note(caller, 'secrets.shown', withSecrets.map(aboutConnection))
    return connections.map((connection) => ({
      connection,
      secrets: secrets.get(connection.uid) ?? noSecrets,
    }))
  }

  async function open(caller: Caller, connections: readonly Connection[]) {
    return openSecrets(db, caller.accountId, vault, connections, (connection) =>
      auditByMinute.note(caller, 'secrets.damaged', [aboutConnection(connection)]),
    )
  }

  return {
    /** All that there are, or one, with secrets for those who may read them. Ascending id. */
    async listOpened(caller: Caller, filter: ConnectionFilter): Promise<OpenedConnection[]> {
      return opened(caller, await connectionsOf(db, caller.accountId).list(narrowed(caller, filter)))
    },

    /** @throws HubError not_found, also for one of another provider than those that may be shown */
    async getOpened(
      caller: Caller,
      id: number,
      { providers }: Pick<ConnectionFilter, 'providers'>,
    ): Promise<OpenedConnection> {
      const connection = await findConnection(db, caller, id)
      if (providers && !providers.includes(connection.provider)) throw notFound()
      const [only] = await opened(caller, [connection])
      if (!only) throw notFound()
      return only
    },

    /** The secrets in clear; on record before they are answered. */
    async reveal(caller: Caller, id: number): Promise<RevealedConnection> {
      const connection = await findConnection(db, caller, id)
      const secrets = (await open(caller, [connection])).get(connection.uid) ?? noSecrets
      const provider = shownProvider(catalogue, connection, secrets.keys())
      const fields = secretNames(provider).filter((name) => secrets.has(name))
      const at = now()
      await transact(db, caller.accountId, async (db) => {
        await record(db, caller, at, {
          action: 'secrets.revealed',
          subject: `connection/${connection.uid}`,
          data: { id, fields },
        })
        const use = { keyUid: caller.keyUid, lastUsedAt: at, times: 1 }
        await connectionUsesOf(db, caller.accountId).note(connection.uid, use)
      })
      return { connection, provider, secrets }
    },

    /** What `restore` would bring back, by field. */
    async previous(caller: Caller, id: number): Promise<Map<string, PreviousSecret>> {
      const { uid } = await findConnection(db, caller, id)
      return previousSecretsOf(db, caller.accountId, uid, now())
    },

    /**
     * Brings back what secrets were before they were last changed.
     * @param fields which; all that there are where none are named
     */
    restore(caller: Caller, id: number, fields: readonly string[] | undefined): Promise<MaskedConnection> {
      return transact(db, caller.accountId, async (db) => {
        const connection = await findConnection(db, caller, id)
        const at = now()
        const restored = await restoreSecrets(db, caller.accountId, connection.uid, fields, at)
        const missing = fields?.filter((field) => !restored.includes(field)) ?? []
        if (restored.length === 0 || missing.length > 0) {
          const what = fields ? 'of at least one of the fields named ' : ''
          throw new HubError(
            'nothing_to_restore',
            `No earlier value ${what}is kept: they are kept for seven days after a change.`,
          )
        }
        const provider = shownProvider(catalogue, connection, restored)
        const health = { ...unverified, identity: connection.health.identity }
        const after = { ...connection, health, updatedAt: at }
        await connectionsOf(db, caller.accountId).update(after)
        await lookAgain(db, caller.accountId, connection.uid, provider, at)
        const shown = await masked({ db, catalogue }, caller, after)
        await record(db, caller, at, {
          action: 'connection.restored',
          subject: `connection/${connection.uid}`,
          data: { id, provider: connection.provider, fields: restored },
          events: [
            connectionEvent('credential_changed', shown),
            ...healthEvents(connection.health.status, shown),
          ],
        })
        return shown
      })
    },

    /** Removes earlier secrets whose time is over. */
    sweep: (): Promise<void> =>
      sweepAll(needs, 'previous secrets', (db, limit) => sweepPreviousSecrets(db, now(), limit)),

    /** Which keys had its secrets, the latest first. */
    async usage(caller: Caller, id: number): Promise<NamedUse[]> {
      const { uid } = await findConnection(db, caller, id)
      return usesOf(db, caller, uid)
    },
  }
}
