// The rules of freelancers: each has one Invoice Integration, which is made, changed and removed with them.
import { apiKeysOf } from '../storage/api-keys.ts'
import { type Db, ReferenceViolation, transact, UniqueViolation } from '../storage/database.ts'
import { freelancersOf } from '../storage/freelancers.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { memberNames, type RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import { notFound } from './errors.ts'
import { freelancerEvent, integrationEvent } from './event-draft.ts'
import type { Freelancer, FreelancerChange, NewFreelancer } from './freelancer.ts'
import { integrationTypes } from './integration.ts'
import {
  idTaken,
  insertIntegration,
  inUse,
  newIntegration,
  optionalDefaults,
  refuseBound,
} from './integrations.ts'
import { JsonText } from './json-text.ts'
import { type Page, type PageRequest, pageOf, pageOfOne } from './page.ts'
import type { Clock } from './timestamp.ts'
import { newPublicId } from './uid.ts'

export type FreelancerOperations = ReturnType<typeof freelancerOperations>

export function freelancerOperations(needs: {
  db: Db
  now: Clock
  newUid(): string
  forgetKeys(): void
  record: RecordAudit
}) {
  const { db, now, newUid, forgetKeys, record } = needs

  async function find(db: Db, caller: Caller, id: string): Promise<Freelancer> {
    const freelancer = await freelancersOf(db, caller.accountId).find(id)
    if (!freelancer || (caller.boundTo !== null && caller.boundTo !== freelancer.integrationUid))
      throw notFound()
    return freelancer
  }

  /** Only what is given changes; the Invoice Integration shows the same at once. */
  function change(caller: Caller, id: string, given: FreelancerChange): Promise<Freelancer> {
    return transact(db, caller.accountId, async (db) => {
      const before = await find(db, caller, id)
      const { id: newId, metadata, ...identity } = given
      const at = now()
      try {
        await freelancersOf(db, caller.accountId).update(before.uid, {
          ...(newId !== undefined && { id: newId }),
          ...(metadata !== undefined && { metadata }),
          now: at,
        })
      } catch (error) {
        throw error instanceof UniqueViolation ? idTaken('freelancer') : error
      }
      const integrations = integrationsOf(db, caller.accountId)
      await integrations.update(before.integrationUid, identity, at)
      const integration = await integrations.findByUid(before.integrationUid)
      const after = { ...before, ...given }
      await record(db, caller, at, {
        action: 'freelancer.changed',
        subject: `freelancer/${before.uid}`,
        data: { id: before.id, changed: memberNames(given) },
        events: [
          freelancerEvent('updated', after),
          ...(integration && Object.keys(identity).length > 0
            ? [integrationEvent('updated', integration)]
            : []),
        ],
      })
      return after
    })
  }

  return {
    /** Oldest first. A key bound to an Invoice Integration sees its freelancer alone. */
    page(caller: Caller, request: PageRequest): Promise<Page<Freelancer>> {
      const freelancers = freelancersOf(db, caller.accountId)
      if (caller.boundTo !== null) return pageOfOne(request, freelancers.findByIntegration(caller.boundTo))
      return pageOf(request, { count: freelancers.count, window: freelancers.window })
    },

    get: (caller: Caller, id: string): Promise<Freelancer> => find(db, caller, id),

    async create(caller: Caller, given: NewFreelancer): Promise<Freelancer> {
      refuseBound(caller, 'create freelancers')
      const at = now()
      const { id = newPublicId(), metadata = JsonText.emptyObject, ...identity } = given
      const integration = newIntegration(identity, integrationTypes.invoice, newUid, at)
      const freelancer: Freelancer = {
        ...optionalDefaults,
        ...identity,
        uid: newUid(),
        id,
        metadata,
        integrationUid: integration.uid,
        integrationId: integration.id,
      }
      await transact(db, caller.accountId, async (db) => {
        await insertIntegration(db, caller.accountId, integration)
        if (!(await freelancersOf(db, caller.accountId).insert(freelancer, at))) throw idTaken('freelancer')
        await record(db, caller, at, {
          action: 'freelancer.created',
          subject: `freelancer/${freelancer.uid}`,
          data: { id, integration: integration.id },
          events: [freelancerEvent('created', freelancer), integrationEvent('created', integration)],
        })
      })
      return freelancer
    },

    change,

    /** Like `change`, but what is left out goes back to its default; the id stays. */
    replace(caller: Caller, id: string, given: NewFreelancer): Promise<Freelancer> {
      return change(caller, id, { ...optionalDefaults, ...given })
    },

    /** Takes the Invoice Integration along, and the keys bound to it. */
    async remove(caller: Caller, id: string): Promise<void> {
      refuseBound(caller, 'delete freelancers')
      try {
        await transact(db, caller.accountId, async (db) => {
          const freelancer = await find(db, caller, id)
          const { uid, integrationUid } = freelancer
          const integrations = integrationsOf(db, caller.accountId)
          const integration = await integrations.findByUid(integrationUid)
          await freelancersOf(db, caller.accountId).remove(uid)
          await integrations.remove(integrationUid)
          const at = now()
          await record(db, caller, at, {
            action: 'freelancer.deleted',
            subject: `freelancer/${uid}`,
            data: { id, revoked_keys: await apiKeysOf(db, caller.accountId).revoke({ integrationUid }, at) },
            events: [
              freelancerEvent('deleted', freelancer),
              ...(integration ? [integrationEvent('deleted', integration)] : []),
            ],
          })
        })
      } catch (error) {
        if (!(error instanceof ReferenceViolation)) throw error
        throw await inUse(db, caller, (await find(db, caller, id)).integrationUid, 'freelancer')
      }
      forgetKeys()
    },
  }
}
