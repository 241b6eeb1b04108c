// Queries on API keys: by digest for admission, by account for everything else.
import type { Insertable, Selectable } from 'kysely'
import type { ApiKey, KeyState, NamedApiKey } from '../hub/api-key.ts'
import type { Scope } from '../hub/caller.ts'
import type { ProxyRule } from '../hub/proxy-rule.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import type { Schema } from './schema.ts'

/** The one query that does not begin with an account: it finds out which. */
export async function findKeyByDigest(db: Db, digest: string): Promise<ApiKey | undefined> {
  const row = await within(db, 'all accounts')
    .selectFrom('api_keys')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst()
  return row && keyFrom(row)
}

export type KeyFilter = {
  readonly state?: KeyState
  readonly integrationUid?: string
}

/** What of a key may change. */
export type KeyUpdate = Partial<
  Pick<ApiKey, 'name' | 'scopes' | 'addresses' | 'proxy' | 'expiresAt' | 'revokedAt'>
>

export function apiKeysOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const keys = () =>
    db
      .selectFrom('api_keys as k')
      .leftJoin('integrations as i', (join) =>
        join.onRef('i.account_id', '=', 'k.account_id').onRef('i.uid', '=', 'k.integration_uid'),
      )
      .where('k.account_id', '=', accountId)

  const named = () => keys().selectAll('k').select('i.id as integration_id')

  /** @param at decides what has ended */
  const filtered = ({ state, integrationUid }: KeyFilter, at: Timestamp) =>
    keys()
      .$if(integrationUid !== undefined, (query) =>
        query.where('k.integration_uid', '=', integrationUid ?? null),
      )
      .$if(state === 'revoked', (query) => query.where('k.revoked_at', '<=', at))
      .$if(state !== undefined && state !== 'revoked', (query) =>
        query.where(({ eb, or }) => or([eb('k.revoked_at', 'is', null), eb('k.revoked_at', '>', at)])),
      )
      .$if(state === 'expired', (query) => query.where('k.expires_at', '<=', at))
      .$if(state === 'active', (query) =>
        query.where(({ eb, or }) => or([eb('k.expires_at', 'is', null), eb('k.expires_at', '>', at)])),
      )

  return {
    /** @throws UniqueViolation where the same key exists */
    async insert(key: ApiKey): Promise<void> {
      await db.insertInto('api_keys').values(rowFrom(accountId, key)).execute()
    },

    async find(uid: string): Promise<NamedApiKey | undefined> {
      const row = await named().where('k.uid', '=', uid).executeTakeFirst()
      return row && namedKeyFrom(row)
    },

    /** Oldest first. */
    async list(): Promise<NamedApiKey[]> {
      const rows = await named().orderBy('k.created_at').orderBy('k.uid').execute()
      return rows.map(namedKeyFrom)
    },

    /** Those that work now and end before a time, the first to end first. */
    async endingBefore(time: Timestamp, at: Timestamp, limit: number): Promise<NamedApiKey[]> {
      const rows = await named()
        .where('k.expires_at', '>', at)
        .where('k.expires_at', '<=', time)
        .where(({ eb, or }) => or([eb('k.revoked_at', 'is', null), eb('k.revoked_at', '>', time)]))
        .orderBy('k.expires_at')
        .orderBy('k.uid')
        .limit(limit)
        .execute()
      return rows.map(namedKeyFrom)
    },

    /** By uid, the names of those of these keys that there are. */
    async names(uids: readonly string[]): Promise<Map<string, string>> {
      if (uids.length === 0) return new Map()
      const rows = await db
        .selectFrom('api_keys')
        .select(['uid', 'name'])
        .where('account_id', '=', accountId)
        .where('uid', 'in', uids)
        .execute()
      return new Map(rows.map(({ uid, name }) => [uid, name]))
    },

    async count(filter: KeyFilter, at: Timestamp): Promise<number> {
      const { count } = await filtered(filter, at)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** Oldest first. */
    async window(filter: KeyFilter, at: Timestamp, limit: number, offset: number): Promise<NamedApiKey[]> {
      const rows = await filtered(filter, at)
        .selectAll('k')
        .select('i.id as integration_id')
        .orderBy('k.created_at')
        .orderBy('k.uid')
        .limit(limit)
        .offset(offset)
        .execute()
      return rows.map(namedKeyFrom)
    },

    async update(uid: string, change: KeyUpdate): Promise<void> {
      const { name, scopes, addresses, proxy, expiresAt, revokedAt } = change
      await db
        .updateTable('api_keys')
        .set({
          ...(name !== undefined && { name }),
          ...(scopes !== undefined && { scopes: JSON.stringify(scopes) }),
          ...(addresses !== undefined && { addresses: addresses && JSON.stringify(addresses) }),
          ...(proxy !== undefined && { proxy: proxy && JSON.stringify(proxy) }),
          ...(expiresAt !== undefined && { expires_at: expiresAt }),
          ...(revokedAt !== undefined && { revoked_at: revokedAt }),
        })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .execute()
    },

    /** @returns how many keys this revoked; a key revoked before keeps its time, unless that is still to come */
    async revoke(
      which: { uid: string } | { integrationUid: string } | 'all',
      at: Timestamp,
    ): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('account_id', '=', accountId)
        .where(({ eb, or }) => or([eb('revoked_at', 'is', null), eb('revoked_at', '>', at)]))
        .$if(which !== 'all', (query) =>
          query.where((eb) => {
            if (which === 'all') return eb.lit(true)
            return 'uid' in which
              ? eb('uid', '=', which.uid)
              : eb('integration_uid', '=', which.integrationUid)
          }),
        )
        .executeTakeFirstOrThrow()
      return Number(numUpdatedRows)
    },

    /** A later use that another node has noted stays. */
    async noteUse(uid: string, at: Timestamp): Promise<void> {
      await db
        .updateTable('api_keys')
        .set({ last_used_at: at })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .where(({ eb, or }) => or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
        .execute()
    },
  }
}

function rowFrom(accountId: number, key: ApiKey): Insertable<Schema['api_keys']> {
  return {
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
    addresses: key.addresses && JSON.stringify(key.addresses),
    proxy: key.proxy && JSON.stringify(key.proxy),
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
    addresses: row.addresses === null ? null : (JSON.parse(row.addresses) as string[]),
    proxy: row.proxy === null ? null : (JSON.parse(row.proxy) as ProxyRule[]),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  }
}

function namedKeyFrom(row: Selectable<Schema['api_keys']> & { integration_id: string | null }): NamedApiKey {
  return { ...keyFrom(row), integrationId: row.integration_id }
}
