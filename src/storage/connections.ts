// Queries on an account's connections; their secrets are in a table of their own.
import { type Selectable, sql } from 'kysely'
import type { Connection, ConnectionFilter, Health } from '../hub/connection.ts'
import { JsonText, membersOf } from '../hub/json-text.ts'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

/** By name, so that a column that a newer version adds does not change what this one asked to be prepared. */
export const connectionColumns = [
  'account_id',
  'id',
  'uid',
  'integration_uid',
  'provider',
  'title',
  'title_key',
  'use_cloudfront',
  'fields',
  'metadata',
  'health_status',
  'health_reason',
  'health_checked_at',
  'health_account',
  'health_identity',
  'health_mode',
  'health_scopes',
  'created_at',
  'updated_at',
] as const

/** Of those that share an account, more are not named. */
const sharingToldMax = 20

type Row = Selectable<Schema['connections']>

const rowById = prepared<{ account: number; id: number }, Row>((db, value) =>
  db
    .selectFrom('connections')
    .select(connectionColumns)
    .where('account_id', '=', value('account'))
    .where('id', '=', value('id')),
)

export function connectionsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  /** The filter's text is compared as it stands: no character of it means anything but itself. */
  const matching = ({ providers, integrationUid, health, title }: ConnectionFilter) =>
    db
      .selectFrom('connections')
      .where('account_id', '=', accountId)
      // Not every engine takes an empty list.
      .$if(providers?.length === 0, (query) => query.where(sql<boolean>`1 = 0`))
      .$if(providers !== undefined && providers.length > 0, (query) =>
        query.where('provider', 'in', [...(providers ?? [])]),
      )
      .$if(integrationUid !== undefined, (query) => query.where('integration_uid', '=', integrationUid ?? ''))
      .$if(health !== undefined, (query) => query.where('health_status', '=', health ?? ''))
      // No title holds a NUL, and not every engine takes one.
      .$if(title?.includes('\0') === true, (query) => query.where(sql<boolean>`1 = 0`))
      .$if(title !== undefined && !title.includes('\0'), (query) => {
        const pattern = `%${titleKey(title ?? '').replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
        return query.where(sql<boolean>`title_key like ${pattern} escape '\\'`)
      })

  return {
    async find(id: number): Promise<Connection | undefined> {
      const [row] = await rowById(db, { account: accountId, id })
      return row && connectionFrom(row)
    },

    /** Ascending id. */
    async list(filter: ConnectionFilter): Promise<Connection[]> {
      return (await matching(filter).select(connectionColumns).orderBy('id').execute()).map(connectionFrom)
    },

    async count(filter: ConnectionFilter): Promise<number> {
      const { count } = await matching(filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** Ascending id. */
    async window(filter: ConnectionFilter, limit: number, offset: number): Promise<Connection[]> {
      const found = await matching(filter)
        .select(connectionColumns)
        .orderBy('id')
        .limit(limit)
        .offset(offset)
        .execute()
      return found.map(connectionFrom)
    },

    /**
     * The ids of others whose credential belongs to the same account of the provider.
     * @param integrationUid where only those of one integration may be told
     */
    async sharing(connection: Connection, integrationUid: string | null): Promise<number[]> {
      const { identity, account } = connection.health
      // Of a credential that was changed since, it is not known whose it is.
      if (identity === null || account === null) return []
      const found = await db
        .selectFrom('connections')
        .select('id')
        .where('account_id', '=', accountId)
        .where('provider', '=', connection.provider)
        .where('health_identity', '=', identity)
        .where('health_account', 'is not', null)
        .where('uid', '!=', connection.uid)
        .$if(integrationUid !== null, (query) => query.where('integration_uid', '=', integrationUid ?? ''))
        .orderBy('id')
        .limit(sharingToldMax)
        .execute()
      return found.map(({ id }) => id)
    },

    /** @throws UniqueViolation where the id is taken */
    async insert(connection: Connection): Promise<void> {
      await db
        .insertInto('connections')
        .values({ account_id: accountId, ...rowFrom(connection) })
        .execute()
    },

    async update(connection: Connection): Promise<void> {
      await db
        .updateTable('connections')
        .set(rowFrom(connection))
        .where('account_id', '=', accountId)
        .where('uid', '=', connection.uid)
        .execute()
    },

    async remove(uid: string): Promise<void> {
      await db.deleteFrom('connections').where('account_id', '=', accountId).where('uid', '=', uid).execute()
    },
  }
}

export function connectionFrom(row: Row): Connection {
  return {
    uid: row.uid,
    id: row.id,
    integrationUid: row.integration_uid,
    provider: row.provider,
    title: row.title,
    useCloudfront: row.use_cloudfront === 1,
    fields: membersOf(row.fields),
    metadata: new JsonText(row.metadata),
    health: {
      status: row.health_status as Health['status'],
      reason: row.health_reason,
      checkedAt: row.health_checked_at,
      account: row.health_account,
      identity: row.health_identity,
      mode: row.health_mode as Health['mode'],
      scopes: row.health_scopes === null ? null : (JSON.parse(row.health_scopes) as string[]),
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function rowFrom(connection: Connection): Omit<Row, 'account_id'> {
  const fields = [...connection.fields].map(([name, { text }]) => `${JSON.stringify(name)}:${text}`)
  const { health } = connection
  return {
    id: connection.id,
    uid: connection.uid,
    integration_uid: connection.integrationUid,
    provider: connection.provider,
    title: connection.title,
    title_key: titleKey(connection.title),
    use_cloudfront: connection.useCloudfront ? 1 : 0,
    fields: `{${fields.join(',')}}`,
    metadata: connection.metadata.text,
    health_status: health.status,
    health_reason: health.reason,
    health_checked_at: health.checkedAt,
    health_account: health.account,
    health_identity: health.identity,
    health_mode: health.mode,
    health_scopes: health.scopes && JSON.stringify(health.scopes),
    created_at: connection.createdAt,
    updated_at: connection.updatedAt,
  }
}

/** Titles are searched for whatever their case, and however an accent is written. */
function titleKey(title: string): string {
  return title.normalize('NFC').toUpperCase()
}
