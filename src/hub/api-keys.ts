// The rules of API keys: how they are made, taken over from another system, listed and revoked.
import { apiKeysOf, findKeyByDigest } from '../storage/api-keys.ts'
import { type Db, transact, UniqueViolation } from '../storage/database.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { type ApiKey, digestOf, hintsOf, mayBeKey, newKeyText } from './api-key.ts'
import { record } from './audit.ts'
import { accountScopes, type Caller, type Scope } from './caller.ts'
import { HubError, invalidField } from './errors.ts'
import type { Clock, Timestamp } from './timestamp.ts'

export type NewApiKey = {
  name: string
  /** Defaults to everything within the account. */
  scopes?: readonly Scope[]
  expiresAt?: Timestamp
  /** The public id of the one integration the key is for. */
  integrationId?: string
}

export type ApiKeyOperations = ReturnType<typeof apiKeyOperations>

export function apiKeyOperations(needs: { db: Db; now: Clock; newUid(): string; forgetKeys(): void }) {
  const { db, now, newUid, forgetKeys } = needs

  async function insert(caller: Caller, given: NewApiKey, text: string, action: 'created' | 'imported') {
    const { name, scopes = accountScopes, expiresAt = null } = given
    const at = now()
    if (expiresAt !== null && expiresAt <= at) throw invalidField('expires', 'This time has passed already.')
    const key: ApiKey = {
      uid: newUid(),
      accountId: caller.accountId,
      digest: digestOf(text),
      ...hintsOf(text),
      name,
      scopes,
      integrationUid: null,
      createdAt: at,
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    }
    await transact(db, async (db) => {
      if (given.integrationId !== undefined) {
        key.integrationUid = await uidOf(db, caller.accountId, given.integrationId)
      }
      try {
        await apiKeysOf(db, caller.accountId).insert(key)
      } catch (error) {
        throw error instanceof UniqueViolation ? new HubError('id_taken', 'This key exists already.') : error
      }
      await record(db, caller, at, {
        action: `api_key.${action}`,
        subject: `api_key/${key.uid}`,
        data: { name, scopes, expires_at: expiresAt, integration: given.integrationId ?? null },
      })
    })
    return key
  }

  return {
    /** The text is in the answer and nowhere else, ever. */
    async create(caller: Caller, given: NewApiKey): Promise<{ key: ApiKey; text: string }> {
      const text = newKeyText()
      return { key: await insert(caller, given, text, 'created'), text }
    },

    /** Takes over a key of an older system, so that its clients keep working. */
    async import(caller: Caller, given: NewApiKey, text: string): Promise<ApiKey> {
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

    list: (caller: Caller): Promise<ApiKey[]> => apiKeysOf(db, caller.accountId).list(),

    /** At once on this node. */
    async revoke(caller: Caller, uid: string): Promise<void> {
      await transact(db, async (db) => {
        const at = now()
        if ((await apiKeysOf(db, caller.accountId).revoke({ uid }, at)) === 0) {
          throw new HubError('not_found', `There is no key ${uid} in this account, or it is revoked already.`)
        }
        await record(db, caller, at, { action: 'api_key.revoked', subject: `api_key/${uid}`, data: {} })
      })
      forgetKeys()
    },
  }
}

async function uidOf(db: Db, accountId: number, integrationId: string): Promise<string> {
  const integration = await integrationsOf(db, accountId).find(integrationId)
  if (!integration) throw new HubError('integration_not_found', `There is no integration "${integrationId}".`)
  return integration.uid
}
