// The rules of integrations: who may see, make, change and remove which.
import { apiKeysOf } from '../storage/api-keys.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, ReferenceViolation, transact, UniqueViolation } from '../storage/database.ts'
import { integrationsOf, integrationUid } from '../storage/integrations.ts'
import { logosOf } from '../storage/logos.ts'
import { webhooksOf } from '../storage/webhooks.ts'
import type { Vault } from '../vault/vault.ts'
import { memberNames, type RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import { HubError, notFound } from './errors.ts'
import { integrationEvent } from './event-draft.ts'
import {
  type Integration,
  type IntegrationChange,
  type IntegrationType,
  integrationTypes,
  type NewIntegration,
} from './integration.ts'
import { JsonText } from './json-text.ts'
import type { GivenLogo } from './logo.ts'
import { placeLogo } from './logos.ts'
import { type Page, type PageRequest, pageOf, pageOfOne } from './page.ts'
import type { Clock, Timestamp } from './timestamp.ts'
import { newPublicId } from './uid.ts'

export type IntegrationOperations = ReturnType<typeof integrationOperations>

export function integrationOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  /** Called after keys were revoked, so that admission stops knowing them. */
  forgetKeys(): void
  vault: Vault
  record: RecordAudit
}) {
  const { db, now, newUid, forgetKeys, vault, record } = needs

  async function find(db: Db, caller: Caller, id: string): Promise<Integration> {
    const integration = await integrationsOf(db, caller.accountId).find(id)
    if (!integration || !isVisible(caller, integration)) throw notFound()
    return integration
  }

  async function findChangeable(db: Db, caller: Caller, id: string): Promise<Integration> {
    const integration = await find(db, caller, id)
    if (integration.type === integrationTypes.invoice) {
      throw new HubError(
        'read_only',
        'An Invoice Integration is read-only: it follows its freelancer. Change the freelancer instead.',
      )
    }
    return integration
  }

  function place(db: Db, caller: Caller, given: GivenLogo, current: string | null, at: Timestamp) {
    return placeLogo({ db, vault, accountId: caller.accountId, at }, given, current)
  }

  /** Only what is given changes; the id may be among it, and everything that hangs on it follows. */
  function change(caller: Caller, id: string, given: IntegrationChange): Promise<Integration> {
    return transact(db, caller.accountId, async (db) => {
      const before = await findChangeable(db, caller, id)
      const at = now()
      const { logo: givenLogo, ...members } = given
      const logo = givenLogo === undefined ? before.logo : await place(db, caller, givenLogo, before.logo, at)
      const after: Integration = { ...before, ...members, logo, updatedAt: at }
      try {
        await integrationsOf(db, caller.accountId).update(before.uid, { ...members, logo }, at)
      } catch (error) {
        throw error instanceof UniqueViolation ? idTaken('integration') : error
      }
      if (before.logo !== null && before.logo !== logo) {
        await logosOf(db, caller.accountId).dropUnused(before.logo)
      }
      await record(db, caller, at, {
        action: 'integration.changed',
        subject: `integration/${before.uid}`,
        data: { id: before.id, changed: memberNames(given) },
        events: [integrationEvent('updated', after)],
      })
      return after
    })
  }

  return {
    /** Oldest first. A bound key sees its own integration alone. */
    page(
      caller: Caller,
      { type, ...request }: PageRequest & { type?: IntegrationType | undefined },
    ): Promise<Page<Integration>> {
      const integrations = integrationsOf(db, caller.accountId)
      if (caller.boundTo !== null) {
        return pageOfOne(request, integrations.findByUid(caller.boundTo), (own) => !type || own.type === type)
      }
      return pageOf(request, {
        count: () => integrations.count(type),
        window: (limit, offset) => integrations.window(type, limit, offset),
      })
    },

    get: (caller: Caller, id: string): Promise<Integration> => find(db, caller, id),

    /** Today's public ids of the account's integrations. */
    idsByUid: (caller: Caller): Promise<Map<string, string>> =>
      integrationsOf(db, caller.accountId).idsByUid(),

    /** The same, refused where it is read-only: asked before a change's body is judged. */
    getChangeable: (caller: Caller, id: string): Promise<Integration> => findChangeable(db, caller, id),

    /**
     * The same caller, acting as the integration that a request names.
     * @throws HubError integration_not_found
     */
    async actAs(caller: Caller, id: string): Promise<Caller> {
      const uid = await integrationUid(db, caller.accountId, id)
      if (uid === undefined || !isVisible(caller, { uid })) {
        throw new HubError('integration_not_found', 'Integration not found.')
      }
      return { ...caller, actingAs: uid }
    },

    async create(caller: Caller, given: NewIntegration): Promise<Integration> {
      refuseBound(caller, 'create integrations')
      const { logo: givenLogo = null, ...members } = given
      const integration = newIntegration(members, integrationTypes.custom, newUid, now())
      await transact(db, caller.accountId, async (db) => {
        integration.logo = await place(db, caller, givenLogo, null, integration.createdAt)
        await insertIntegration(db, caller.accountId, integration)
        await record(db, caller, integration.createdAt, {
          action: 'integration.created',
          subject: `integration/${integration.uid}`,
          data: { id: integration.id, type: integration.type },
          events: [integrationEvent('created', integration)],
        })
      })
      return integration
    },

    change,

    /** Like `change`, but what is left out goes back to its default; the id stays. */
    replace(caller: Caller, id: string, given: NewIntegration): Promise<Integration> {
      return change(caller, id, { ...optionalDefaults, logo: null, ...given })
    },

    /** Bound keys end with it. Whatever else hangs on it has to go first. */
    async remove(caller: Caller, id: string): Promise<void> {
      refuseBound(caller, 'delete integrations')
      try {
        await transact(db, caller.accountId, async (db) => {
          const integration = await find(db, caller, id)
          const { uid, type, logo } = integration
          refuseLasting(type)
          await integrationsOf(db, caller.accountId).remove(uid)
          if (logo !== null) await logosOf(db, caller.accountId).dropUnused(logo)
          const at = now()
          await record(db, caller, at, {
            action: 'integration.deleted',
            subject: `integration/${uid}`,
            data: {
              id,
              revoked_keys: await apiKeysOf(db, caller.accountId).revoke({ integrationUid: uid }, at),
            },
            events: [integrationEvent('deleted', integration)],
          })
        })
      } catch (error) {
        if (!(error instanceof ReferenceViolation)) throw error
        throw await inUse(db, caller, (await find(db, caller, id)).uid, 'integration')
      }
      forgetKeys()
    },
  }
}

/** What members that may be left out are, where they are. */
export const optionalDefaults = { addressLine2: null, metadata: JsonText.emptyObject } as const

/** Defaults filled in; an id of its own where none was given. */
export function newIntegration(
  given: Omit<NewIntegration, 'logo'>,
  type: IntegrationType,
  newUid: () => string,
  at: Timestamp,
): Integration {
  return {
    ...optionalDefaults,
    ...given,
    uid: newUid(),
    id: given.id ?? newPublicId(),
    type,
    logo: null,
    createdAt: at,
    updatedAt: at,
  }
}

export async function insertIntegration(db: Db, accountId: number, integration: Integration): Promise<void> {
  if (!(await integrationsOf(db, accountId).insert(integration))) throw idTaken('integration')
}

export function idTaken(noun: string): HubError {
  const message = `${noun} with this id already exists.`
  return new HubError('id_taken', message, { fields: new Map([['id', [message]]]) })
}

/** A conflict that counts what is in the way. */
export async function inUse(db: Db, caller: Caller, integrationUid: string, noun: string): Promise<HubError> {
  const connections = await connectionsOf(db, caller.accountId).count({ integrationUid })
  const webhooks = await webhooksOf(db, caller.accountId).count(integrationUid)
  const counted = (count: number, what: string) =>
    count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]
  const all = [...counted(connections, 'connection'), ...counted(webhooks, 'webhook')].join(' and ')
  const hang = connections + webhooks === 1 ? 'hangs' : 'hang'
  return new HubError('in_use', `This ${noun} cannot be deleted: ${all} ${hang} on it. Delete those first.`)
}

/** A key bound to one integration may neither make nor remove any. */
export function refuseBound(caller: Caller, doing: string): void {
  if (caller.boundTo === null) return
  throw new HubError('forbidden', `This key is bound to one integration: it may not ${doing}.`)
}

function isVisible(caller: Caller, integration: Pick<Integration, 'uid'>): boolean {
  return caller.boundTo === null || caller.boundTo === integration.uid
}

function refuseLasting(type: IntegrationType): void {
  if (type === integrationTypes.webApp) {
    throw new HubError(
      'read_only',
      'The Web App Integration cannot be deleted: every account has exactly one.',
    )
  }
  if (type === integrationTypes.invoice) {
    throw new HubError(
      'read_only',
      'An Invoice Integration cannot be deleted: it follows its freelancer. Delete the freelancer instead.',
    )
  }
}
