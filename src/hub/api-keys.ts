// The rules of API keys: how they are made, taken over from another system, changed, rolled and revoked.
import { apiKeysOf, findKeyByDigest, type KeyFilter } from '../storage/api-keys.ts'
import { type Db, transact, UniqueViolation } from '../storage/database.ts'
import {
  type ApiKey,
  type ApiKeyNow,
  digestOf,
  hintsOf,
  mayBeKey,
  type NamedApiKey,
  newKeyText,
  stateOf,
} from './api-key.ts'
import type { RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import { HubError, invalidField, notFound } from './errors.ts'
import { apiKeyEvent } from './event-draft.ts'
import { type Asked, askedGrant, changedGrant } from './key-changes.ts'
import { excessOf, type Grant, grantOf } from './key-grants.ts'
import { type Page, type PageRequest, pageOf } from './page.ts'
import { writtenRules } from './proxy-limits.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'
import { newPublicId } from './uid.ts'

/** What is left out is as the caller's own, but for the scope `operator`, which has to be named. */
export type NewApiKey = Asked & { name: string }

export type ApiKeyChange = Asked & { name?: string }

/** A key, and its text: that is in this answer and nowhere else, ever. */
export type MadeKey = { key: ApiKeyNow; text: string }

export type ApiKeyOperations = ReturnType<typeof apiKeyOperations>

export function apiKeyOperations(needs: { db: Db; now: Clock; forgetKeys(): void; record: RecordAudit }) {
  const { db, now, forgetKeys, record } = needs

  const newKey = (text: string, accountId: number, name: string, grant: Grant, at: Timestamp): ApiKey => ({
    uid: newPublicId(),
    accountId,
    digest: digestOf(text),
    ...hintsOf(text),
    name,
    scopes: grant.scopes,
    integrationUid: grant.integrationUid,
    addresses: grant.addresses,
    proxy: grant.proxy,
    createdAt: at,
    expiresAt: grant.expiresAt,
    revokedAt: null,
    lastUsedAt: null,
  })

  function insert(caller: Caller, given: NewApiKey, text: string, action: 'created' | 'imported') {
    return transact(db, caller.accountId, async (db) => {
      const at = now()
      const grant = await askedGrant(db, caller, given, at)
      const { uid } = await store(db, newKey(text, caller.accountId, given.name, grant, at))
      const key = await findVisible(db, caller, uid, at)
      await record(db, caller, at, {
        action: `api_key.${action}`,
        subject: `api_key/${uid}`,
        data: { name: key.name, ...grantFacts(key) },
        events: [apiKeyEvent('created', key)],
      })
      return key
    })
  }

  return {
    async create(caller: Caller, given: NewApiKey): Promise<MadeKey> {
      const text = newKeyText()
      return { key: await insert(caller, given, text, 'created'), text }
    },

    /** Takes over a key of an older system, so that its clients keep working. */
    async import(caller: Caller, given: NewApiKey, text: string): Promise<ApiKeyNow> {
      if (!mayBeKey(text)) {
        throw invalidField(
          'key',
          'A key is 1 to 255 visible ASCII characters; one that begins with mrt_ has a checksum.',
        )
      }
      return insert(caller, given, text, 'imported')
    },

    /** Whether a key with this text is known, in any account; for those who run the installation. */
    exists: async (text: string): Promise<boolean> =>
      (await findKeyByDigest(db, digestOf(text))) !== undefined,

    async list(caller: Caller): Promise<ApiKeyNow[]> {
      const keys = await apiKeysOf(db, caller.accountId).list()
      const at = now()
      return keys.map((key) => keyNow(key, at))
    },

    /** Oldest first, also those that have ended. A bound key sees those bound like itself. */
    async page(caller: Caller, request: PageRequest & Pick<KeyFilter, 'state'>): Promise<Page<ApiKeyNow>> {
      const keys = apiKeysOf(db, caller.accountId)
      const filter: KeyFilter = {
        ...(request.state && { state: request.state }),
        ...(caller.boundTo !== null && { integrationUid: caller.boundTo }),
      }
      const at = now()
      return pageOf(request, {
        count: () => keys.count(filter, at),
        window: async (limit, offset) =>
          (await keys.window(filter, at, limit, offset)).map((key) => keyNow(key, at)),
      })
    },

    get: (caller: Caller, uid: string): Promise<ApiKeyNow> => findVisible(db, caller, uid, now()),

    /** The key that asks. @throws HubError not_found where there is none, as at the command line */
    async current(caller: Caller): Promise<ApiKeyNow> {
      if (caller.keyUid === null) throw notFound()
      return findVisible(db, caller, caller.keyUid, now())
    },

    /** The same, refused where it is revoked: asked before a change's body is judged. */
    getChangeable: (caller: Caller, uid: string): Promise<ApiKeyNow> =>
      findChangeable(db, caller, uid, now()),

    /** Only what is given changes, at once on this node. */
    async change(caller: Caller, uid: string, given: ApiKeyChange): Promise<ApiKeyNow> {
      const changed = await transact(db, caller.accountId, async (db) => {
        const at = now()
        const before = await findChangeable(db, caller, uid, at)
        const { scopes, addresses, proxy, expiresAt } = await changedGrant(db, caller, before, given, at)
        const name = given.name ?? before.name
        const change = { name, scopes, addresses, proxy, expiresAt }
        await apiKeysOf(db, caller.accountId).update(uid, change)
        const after = keyNow({ ...before, ...change }, at)
        await record(db, caller, at, {
          action: 'api_key.changed',
          subject: `api_key/${uid}`,
          data: { changed: changedMembers(before, after), name, ...grantFacts(after) },
          events: [apiKeyEvent('updated', after)],
        })
        return after
      })
      forgetKeys()
      return changed
    },

    /** A new key that is for the same as the old one, which works for a while yet, unless it ends sooner. */
    async roll(caller: Caller, uid: string, { graceMs }: { graceMs: number }): Promise<MadeKey> {
      const text = newKeyText()
      const key = await transact(db, caller.accountId, async (db) => {
        const at = now()
        const old = await findChangeable(db, caller, uid, at)
        if (old.state === 'expired') {
          throw new HubError('read_only', 'This key has expired and cannot be rolled. Make a new one.')
        }
        refuseExcess(old, await grantOf(db, caller, at))
        const { uid: newUid } = await store(db, newKey(text, caller.accountId, old.name, old, at))
        const graceEnd = later(at, graceMs)
        const revokedAt = old.revokedAt !== null && old.revokedAt < graceEnd ? old.revokedAt : graceEnd
        await apiKeysOf(db, caller.accountId).update(uid, { revokedAt })
        const made = await findVisible(db, caller, newUid, at)
        await record(
          db,
          caller,
          at,
          {
            action: 'api_key.rolled',
            subject: `api_key/${uid}`,
            data: { name: old.name, new_key: newUid, revoked_at: revokedAt },
            events: [apiKeyEvent('rolled', keyNow({ ...old, revokedAt }, at))],
          },
          {
            action: 'api_key.created',
            subject: `api_key/${newUid}`,
            data: { name: made.name, ...grantFacts(made), rolled_from: uid },
            events: [apiKeyEvent('created', made)],
          },
        )
        return made
      })
      forgetKeys()
      return { key, text }
    },

    /** At once on this node. */
    async revoke(caller: Caller, uid: string): Promise<void> {
      await transact(db, caller.accountId, async (db) => {
        const at = now()
        const key = await findVisible(db, caller, uid, at)
        if ((await apiKeysOf(db, caller.accountId).revoke({ uid }, at)) === 0) throw notFound()
        await record(db, caller, at, {
          action: 'api_key.revoked',
          subject: `api_key/${uid}`,
          data: { name: key.name },
          events: [apiKeyEvent('revoked', keyNow({ ...key, revokedAt: at }, at))],
        })
      })
      forgetKeys()
    },
  }
}

async function store(db: Db, key: ApiKey): Promise<ApiKey> {
  try {
    await apiKeysOf(db, key.accountId).insert(key)
    return key
  } catch (error) {
    throw error instanceof UniqueViolation ? new HubError('id_taken', 'This key exists already.') : error
  }
}

async function findVisible(db: Db, caller: Caller, uid: string, at: Timestamp): Promise<ApiKeyNow> {
  const key = await apiKeysOf(db, caller.accountId).find(uid)
  if (!key || (caller.boundTo !== null && caller.boundTo !== key.integrationUid)) throw notFound()
  return keyNow(key, at)
}

function keyNow(key: NamedApiKey, at: Timestamp): ApiKeyNow {
  return { ...key, state: stateOf(key, at) }
}

/** One that is going to be revoked may be changed until then. */
async function findChangeable(db: Db, caller: Caller, uid: string, at: Timestamp): Promise<ApiKeyNow> {
  const key = await findVisible(db, caller, uid, at)
  if (key.state === 'revoked') {
    throw new HubError('read_only', 'A revoked key stays as it is. Make a new one instead.')
  }
  return key
}

/** Who rolls a key gets the text of one that can do the same. */
function refuseExcess(asked: Grant, own: Grant): void {
  const excess = excessOf(asked, own)
  if (excess.size === 0) return
  const reasons = [...excess.values()].flat().join(' ')
  throw new HubError('forbidden', `A key can be rolled only by one that may do as much. ${reasons}`)
}

function changedMembers(before: NamedApiKey, after: NamedApiKey): string[] {
  const facts = (key: NamedApiKey) => Object.entries({ name: key.name, ...grantFacts(key) })
  const old = new Map(facts(before).map(([member, value]) => [member, JSON.stringify(value)]))
  return facts(after).flatMap(([member, value]) =>
    JSON.stringify(value) === old.get(member) ? [] : [member],
  )
}

function grantFacts({ scopes, integrationId, addresses, proxy, expiresAt }: NamedApiKey) {
  const limits = proxy && writtenRules(proxy)
  return { scopes, integration: integrationId, addresses, proxy: limits, expires_at: expiresAt }
}
