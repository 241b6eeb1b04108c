// Queries on an account's connections and their sealed secrets.
import type { Selectable } from 'kysely'
import type { Connection, ConnectionFilter } from '../hub/connection.ts'
import { JsonText, membersOf } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import { prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

export type SealedSecret = { connectionUid: string; field: string; sealed: string }

type Row = Selectable<Schema['connections']>

const rowById = prepared<{ account: number; id: number }, Row>((db, value) =>
  db
    .selectFrom('connections')
    .selectAll()
    .where('account_id', '=', value('account'))
    .where('id', '=', value('id')),
)

type SecretRow = Pick<Selectable<Schema['connection_secrets']>, 'connection_uid' | 'field' | 'sealed'>

const secretsOfOne = prepared<{ account: number; uid: string }, SecretRow>((db, value) =>
  secretsOf(db, value('account')).where('connection_uid', '=', value('uid')),
)

export function connectionsOf(db: Db, accountId: number) {
  const rows = () => db.selectFrom('connections').where('account_id', '=', accountId)

  return {
    async find(id: number): Promise<Connection | undefined> {
      const [row] = await rowById(db, { account: accountId, id })
      return row && connectionFrom(row)
    },

    /** Ascending id. */
    async list({ providers, integrationUid }: ConnectionFilter): Promise<Connection[]> {
      const found = await rows()
        .$if(providers !== undefined, (query) => query.where('provider', 'in', [...(providers ?? [])]))
        .$if(integrationUid !== undefined, (query) =>
          query.where('integration_uid', '=', integrationUid ?? ''),
        )
        .selectAll()
        .orderBy('id')
        .execute()
      return found.map(connectionFrom)
    },

    async countWithin(integrationUid: string): Promise<number> {
      const { count } = await rows()
        .where('integration_uid', '=', integrationUid)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** @throws UniqueViolation where the id is taken */
    async insert(connection: Connection): Promise<void> {
      const fields = [...connection.fields].map(([name, { text }]) => `${JSON.stringify(name)}:${text}`)
      await db
        .insertInto('connections')
        .values({
          account_id: accountId,
          id: connection.id,
          uid: connection.uid,
          integration_uid: connection.integrationUid,
          provider: connection.provider,
          title: connection.title,
          use_cloudfront: connection.useCloudfront ? 1 : 0,
          fields: `{${fields.join(',')}}`,
          metadata: connection.metadata.text,
          created_at: connection.createdAt,
          updated_at: connection.updatedAt,
        })
        .execute()
    },

    async remove(uid: string): Promise<void> {
      await db.deleteFrom('connections').where('account_id', '=', accountId).where('uid', '=', uid).execute()
    },

    async insertSecrets(secrets: readonly SealedSecret[], at: Timestamp): Promise<void> {
      if (secrets.length === 0) return
      await db
        .insertInto('connection_secrets')
        .values(
          secrets.map((secret) => ({
            account_id: accountId,
            connection_uid: secret.connectionUid,
            field: secret.field,
            sealed: secret.sealed,
            updated_at: at,
          })),
        )
        .execute()
    },

    async sealedSecretsOf(connectionUids: readonly string[]): Promise<SealedSecret[]> {
      const [uid] = connectionUids
      if (uid === undefined) return []
      const found =
        connectionUids.length === 1
          ? await secretsOfOne(db, { account: accountId, uid })
          : // A whole account is read by its key: a list of ids would outgrow what a statement takes.
            await secretsOf(db, accountId)
              .$if(connectionUids.length <= 100, (query) =>
                query.where('connection_uid', 'in', [...connectionUids]),
              )
              .execute()
      return found.map((row) => ({ connectionUid: row.connection_uid, field: row.field, sealed: row.sealed }))
    },
  }
}

function secretsOf(db: Db, accountId: number) {
  return db
    .selectFrom('connection_secrets')
    .select(['connection_uid', 'field', 'sealed'])
    .where('account_id', '=', accountId)
}

function connectionFrom(row: Row): Connection {
  return {
    uid: row.uid,
    id: row.id,
    integrationUid: row.integration_uid,
    provider: row.provider,
    title: row.title,
    useCloudfront: row.use_cloudfront === 1,
    fields: membersOf(row.fields),
    metadata: new JsonText(row.metadata),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
