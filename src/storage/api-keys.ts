// Queries on API keys: by digest for admission, by account for everything else.
import type { Selectable } from 'kysely'
import type { ApiKey } from '../hub/api-key.ts'
import type { Scope } from '../hub/caller.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import type { Schema } from './schema.ts'

/** The one query that does not begin with an account: it finds out which. */
export async function findKeyByDigest(db: Db, digest: string): Promise<ApiKey | undefined> {
  const row = await db.selectFrom('api_keys').selectAll().where('digest', '=', digest).executeTakeFirst()
  return row && keyFrom(row)
}

export function apiKeysOf(db: Db, accountId: number) {
  return {
    /** @throws UniqueViolation where the same key exists */
    async insert(key: ApiKey): Promise<void> {
      await db
        .insertInto('api_keys')
        .values({
          account_id: accountId,
          uid: key.uid,
          digest: key.digest,
          prefix: key.prefix,
          last_four: key.lastFour,
          name: key.name,
          scopes: JSON.stringify(key.scopes),
          integration_uid: key.integrationUid,
          created_at: key.createdAt,
          expires_at: key.expiresAt,
          revoked_at: key.revokedAt,
          last_used_at: key.lastUsedAt,
        })
        .execute()
    },

    /** Oldest first. */
    async list(): Promise<ApiKey[]> {
      const rows = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .orderBy('created_at')
        .orderBy('uid')
        .execute()
      return rows.map(keyFrom)
    },

    /** @returns how many keys this revoked; a key revoked before keeps its time */
    async revoke(which: { uid: string } | { integrationUid: string }, at: Timestamp): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('account_id', '=', accountId)
        .where('revoked_at', 'is', null)
        .where((eb) =>
          'uid' in which ? eb('uid', '=', which.uid) : eb('integration_uid', '=', which.integrationUid),
        )
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    async noteUse(uid: string, at: Timestamp): Promise<void> {
      await db
        .updateTable('api_keys')
        .set({ last_used_at: at })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .execute()
    },
  }
}

function keyFrom(row: Selectable<Schema['api_keys']>): ApiKey {
  return {
    uid: row.uid,
    accountId: row.account_id,
    digest: row.digest,
    prefix: row.prefix,
    lastFour: row.last_four,
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    integrationUid: row.integration_uid,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}
