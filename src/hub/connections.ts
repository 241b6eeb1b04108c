// The rules of connections: who may see, make, change and remove which.
import type { Catalogue } from '../catalogue/index.ts'
import { connectionSecretsOf, maskOf } from '../storage/connection-secrets.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact, UniqueViolation } from '../storage/database.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { nextOf, passOver } from '../storage/sequences.ts'
import type { Vault } from '../vault/vault.ts'
import type { RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import {
  type Connection,
  type ConnectionChange,
  type ConnectionFilter,
  type NewConnection,
  unverified,
} from './connection.ts'
import {
  changedFields,
  changedMembers,
  type JudgesAddress,
  judgeChange,
  refuseAddresses,
} from './connection-changes.ts'
import { asUnasked, initialFields, oddShapes, readConnectionFields } from './connection-fields.ts'
import { lookAgain, noteChecked } from './connection-health.ts'
import { noticesOf } from './connection-notices.ts'
import { changedSecrets, sealedSecretsOf, sealSecrets, storeSecrets } from './connection-secrets.ts'
import { refuseRecentlyUsed } from './connection-uses.ts'
import { HubError, invalidField } from './errors.ts'
import { connectionEvent, healthEvents } from './event-draft.ts'
import type { Integration } from './integration.ts'
import { JsonText } from './json-text.ts'
import {
  allMasked,
  findConnection,
  type MaskedConnection,
  masked,
  narrowed,
  providerOf,
} from './masked-connections.ts'
import { type Page, type PageRequest, pageOf } from './page.ts'
import type { Clock } from './timestamp.ts'

export type ConnectionOperations = ReturnType<typeof connectionOperations>

export function connectionOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  vault: Vault
  catalogue: Catalogue
  record: RecordAudit
  judgeAddress: JudgesAddress
}) {
  const { db, now, newUid, vault, catalogue, record, judgeAddress } = needs

  /** The integration that a new connection hangs on: the one named, or the one acted as. */
  async function parentOf(db: Db, caller: Caller, id: string | undefined): Promise<Integration> {
    const integrations = integrationsOf(db, caller.accountId)
    if (id === undefined && caller.actingAs === null) {
      throw new HubError('integration_required', 'The Integration-ID header is required.')
    }
    const integration =
      id === undefined ? await integrations.findByUid(caller.actingAs ?? '') : await integrations.find(id)
    if (!integration) throw new HubError('integration_not_found', `There is no integration "${id}".`)
    return integration
  }

  /**
   * @param given what changes; where `isWhole`, plain fields that are left out are cleared, secrets stay
   */
  async function change(
    caller: Caller,
    id: number,
    given: ConnectionChange,
    { isWhole }: { isWhole: boolean },
  ): Promise<MaskedConnection> {
    // Mostly known by the time that others have to wait for the transaction.
    await vault.sealerOf(db, caller.accountId)
    return transact(db, caller.accountId, async (db) => {
      const before = await findConnection(db, caller, id)
      const { verified } = given
      if (verified && verified.since !== before.updatedAt) {
        throw new HubError('storage_busy', 'The connection was changed meanwhile. Repeat the request.', {
          retryAfterS: 1,
        })
      }
      const provider = providerOf(catalogue, before.provider)
      const current = await sealedSecretsOf(db, caller.accountId, before.uid)
      const texts = [...current.values()].map(({ sealed }) => sealed)
      const sealer = await vault.sealerKnowing(db, caller.accountId, texts)
      const masks = new Map([...current].map(([field, secret]) => [field, maskOf(secret)]))
      const judged = judgeChange(provider, before, masks, given, { isWhole, judgeAddress })
      const at = now()
      const secrets = changedSecrets(sealer, current, judged.read.secrets)
      const changes = sealSecrets(sealer, before.uid, secrets, at)
      const after: Connection = { ...judged.after, updatedAt: at }
      const changed = [
        ...changedMembers(before, after),
        ...changes.map(({ field }) => `fields.${field}`),
      ].toSorted()
      const isOtherCredential = changed.some((name) => name.startsWith('fields.'))
      if (isOtherCredential) {
        after.health = { ...unverified, identity: before.health.identity }
        after.fields = asUnasked(provider, after.fields)
      }
      await connectionsOf(db, caller.accountId).update(after)
      await storeSecrets(db, caller.accountId, current, changes, at)
      // What was given for another origin must not come back at this one.
      if (judged.moved.length > 0) await connectionSecretsOf(db, caller.accountId).forgetPrevious(before.uid)
      if (isOtherCredential) await lookAgain(db, caller.accountId, before.uid, provider, at)
      const known = verified ? await noteChecked(db, caller.accountId, after, verified.verdict, at) : after
      const odd = oddShapes(provider, given.fields ?? new Map())
      const notices = verified ? await noticesOf(db, caller, known, before.health) : []
      const shown = await masked({ db, catalogue }, caller, known, [...odd, ...notices])
      await record(db, caller, at, {
        action: 'connection.changed',
        subject: `connection/${before.uid}`,
        data: { id, provider: before.provider, changed },
        events: [
          connectionEvent('updated', shown),
          ...(changes.length > 0 ? [connectionEvent('credential_changed', shown)] : []),
          ...healthEvents(before.health.status, shown),
        ],
      })
      return shown
    })
  }

  return {
    /** @throws HubError invalid, naming the choices, where there is no such provider or kind */
    providersOf({ provider, integrationType }: { provider?: string; integrationType?: string }): string[] {
      const { providers } = catalogue
      if (provider !== undefined) providerOf(catalogue, provider)
      const kinds = [...new Set(providers.map((known) => known.integrationType))]
      if (integrationType !== undefined && !kinds.some((kind) => kind === integrationType)) {
        throw invalidField('integration_type', `Select a valid choice. Choose from: ${kinds.join(', ')}.`)
      }
      return providers
        .filter(({ name }) => provider === undefined || name === provider)
        .filter((known) => integrationType === undefined || known.integrationType === integrationType)
        .map(({ name }) => name)
    },

    /** Oldest first, within the integration acted as. */
    async page(
      caller: Caller,
      { filter, ...request }: PageRequest & { filter: ConnectionFilter },
    ): Promise<Page<MaskedConnection>> {
      const connections = connectionsOf(db, caller.accountId)
      const own = narrowed(caller, filter)
      const page = await pageOf(request, {
        count: () => connections.count(own),
        window: (limit, offset) => connections.window(own, limit, offset),
      })
      return { ...page, items: await allMasked({ db, catalogue }, caller, page.items) }
    },

    async get(caller: Caller, id: number): Promise<MaskedConnection> {
      return masked({ db, catalogue }, caller, await findConnection(db, caller, id))
    },

    /** All of the account, without secrets. */
    listPlain: (caller: Caller): Promise<Connection[]> => connectionsOf(db, caller.accountId).list({}),

    async create(caller: Caller, given: NewConnection): Promise<MaskedConnection> {
      const provider = providerOf(catalogue, given.provider)
      const read = readConnectionFields(provider, given.fields)
      refuseAddresses(provider, read, judgeAddress)
      const { plain, secrets } = read
      const sealer = await vault.sealerOf(db, caller.accountId)
      const uid = newUid()
      const at = now()
      const sealed = sealSecrets(sealer, uid, secrets, at).filter(({ next }) => next !== null)
      return transact(db, caller.accountId, async (db) => {
        const integration = await parentOf(db, caller, given.integrationId)
        if (given.id !== undefined) await passOver(db, caller.accountId, 'connections', given.id)
        const connection: Connection = {
          uid,
          id: given.id ?? (await nextOf(db, caller.accountId, 'connections')),
          integrationUid: integration.uid,
          provider: provider.name,
          title: given.title,
          useCloudfront: given.useCloudfront ?? false,
          fields: changedFields(provider, initialFields(provider), plain, false),
          metadata: given.metadata ?? JsonText.emptyObject,
          health: unverified,
          createdAt: given.createdAt ?? at,
          updatedAt: given.updatedAt ?? given.createdAt ?? at,
        }
        try {
          await connectionsOf(db, caller.accountId).insert(connection)
        } catch (error) {
          if (!(error instanceof UniqueViolation)) throw error
          throw invalidField('id', 'connection with this id already exists.')
        }
        await storeSecrets(db, caller.accountId, new Map(), sealed, at)
        await lookAgain(db, caller.accountId, uid, provider, at)
        const { verdict } = given
        const known = verdict ? await noteChecked(db, caller.accountId, connection, verdict, at) : connection
        const notices = verdict ? await noticesOf(db, caller, known, unverified) : []
        const odd = oddShapes(provider, given.fields)
        const shown = await masked({ db, catalogue }, caller, known, [...odd, ...notices])
        await record(db, caller, at, {
          action: 'connection.created',
          subject: `connection/${uid}`,
          data: { id: connection.id, provider: provider.name, fields: [...given.fields.keys()] },
          events: [connectionEvent('created', shown)],
        })
        return shown
      })
    },

    change: (caller: Caller, id: number, given: ConnectionChange) =>
      change(caller, id, given, { isWhole: false }),

    /** Like `change`, but what is left out goes back to its default; secrets stay. */
    replace: (caller: Caller, id: number, given: ConnectionChange & { title: string }) =>
      change(
        caller,
        id,
        { useCloudfront: false, metadata: JsonText.emptyObject, ...given },
        { isWhole: true },
      ),

    /** Its secrets go with it, and are overwritten in the store. */
    remove(caller: Caller, id: number, { force }: { force: boolean }): Promise<void> {
      return transact(db, caller.accountId, async (db) => {
        const connection = await findConnection(db, caller, id)
        const at = now()
        if (!force) await refuseRecentlyUsed(db, caller, connection, at)
        const last = await masked({ db, catalogue }, caller, connection)
        await connectionsOf(db, caller.accountId).remove(connection.uid)
        await record(db, caller, at, {
          action: 'connection.deleted',
          subject: `connection/${connection.uid}`,
          data: { id, provider: connection.provider, forced: force },
          events: [connectionEvent('deleted', last)],
        })
      })
    },
  }
}
