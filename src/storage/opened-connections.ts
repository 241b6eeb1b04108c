// One query for a connection and its sealed secrets, as they were at one and the same moment.
import type { Selectable } from 'kysely'
import type { Connection } from '../hub/connection.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import type { SealedSecret } from './connection-secrets.ts'
import { connectionColumns, connectionFrom } from './connections.ts'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

type Row = Selectable<Schema['connections']> & {
  field: string | null
  sealed: string | null
  key_id: string | null
  hint: string | null
  secret_updated_at: Timestamp | null
}

const rowsById = prepared<{ account: number; id: number }, Row>((db, value) =>
  db
    .selectFrom('connections')
    .leftJoin('connection_secrets', (join) =>
      join
        .onRef('connection_secrets.account_id', '=', 'connections.account_id')
        .onRef('connection_secrets.connection_uid', '=', 'connections.uid'),
    )
    .select(connectionColumns.map((name) => `connections.${name}` as const))
    .select([
      'connection_secrets.field as field',
      'connection_secrets.sealed as sealed',
      'connection_secrets.key_id as key_id',
      'connection_secrets.hint as hint',
      'connection_secrets.updated_at as secret_updated_at',
    ])
    .where('connections.account_id', '=', value('account'))
    .where('connections.id', '=', value('id')),
)

/** With secrets of another moment, a new secret could go to an address that it was not given for. */
export async function findWithSecrets(
  store: Db,
  accountId: number,
  id: number,
): Promise<{ connection: Connection; sealed: ReadonlyMap<string, SealedSecret> } | undefined> {
  const rows = await rowsById(within(store, accountId), { account: accountId, id })
  const [first] = rows
  if (!first) return undefined
  const sealed = new Map<string, SealedSecret>()
  for (const { uid, field, sealed: text, key_id, hint, secret_updated_at: updatedAt } of rows) {
    if (field === null || text === null || updatedAt === null) continue
    sealed.set(field, { connectionUid: uid, field, sealed: text, keyId: key_id, hint, updatedAt })
  }
  return { connection: connectionFrom(first), sealed }
}
