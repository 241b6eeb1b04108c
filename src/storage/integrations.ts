// Queries on an account's integrations.
import type { Selectable } from 'kysely'
import type { Integration, IntegrationChange, IntegrationType } from '../hub/integration.ts'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import type { Schema } from './schema.ts'
import { nextOf } from './sequences.ts'

export type IntegrationFilter = { type?: IntegrationType | undefined; uid?: string | undefined }

export function integrationsOf(db: Db, accountId: number) {
  const rows = () => db.selectFrom('integrations').where('account_id', '=', accountId)
  const filtered = ({ type, uid }: IntegrationFilter) =>
    rows()
      .$if(type !== undefined, (query) => query.where('type', '=', type ?? 0))
      .$if(uid !== undefined, (query) => query.where('uid', '=', uid ?? ''))

  return {
    async find(id: string): Promise<Integration | undefined> {
      const row = await rows().where('id', '=', id).selectAll().executeTakeFirst()
      return row && integrationFrom(row)
    },

    async idsByUid(): Promise<Map<string, string>> {
      return new Map((await rows().select(['uid', 'id']).execute()).map(({ uid, id }) => [uid, id]))
    },

    async count(filter: IntegrationFilter): Promise<number> {
      const { count } = await filtered(filter)
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    /** Oldest first. */
    async window(filter: IntegrationFilter, limit: number, offset: number): Promise<Integration[]> {
      const found = await filtered(filter)
        .selectAll()
        .orderBy('position')
        .limit(limit)
        .offset(offset)
        .execute()
      return found.map(integrationFrom)
    },

    /** @returns false where the id is taken */
    async insert(integration: Integration): Promise<boolean> {
      const position = await nextOf(db, accountId, 'integrations')
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('integrations')
        .values({ account_id: accountId, position, ...rowFrom(integration) })
        .onConflict((conflict) => conflict.columns(['account_id', 'id']).doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },

    /** @throws UniqueViolation where a new id is taken */
    async update(uid: string, change: IntegrationChange, updatedAt: Timestamp): Promise<void> {
      await db
        .updateTable('integrations')
        .set({ ...changedColumns(change), updated_at: updatedAt })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .execute()
    },

    /** @throws ReferenceViolation where something hangs on it */
    async remove(uid: string): Promise<void> {
      await db.deleteFrom('integrations').where('account_id', '=', accountId).where('uid', '=', uid).execute()
    },
  }
}

type Row = Selectable<Schema['integrations']>

function integrationFrom(row: Row): Integration {
  return {
    uid: row.uid,
    id: row.id,
    type: row.type as IntegrationType,
    name: row.name,
    metadata: new JsonText(row.metadata),
    email: row.email,
    recipient: row.recipient,
    addressLine1: row.address_line_1,
    addressLine2: row.address_line_2,
    zipCode: row.zip_code,
    city: row.city,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function rowFrom(integration: Integration): Omit<Row, 'account_id' | 'position'> {
  return {
    uid: integration.uid,
    id: integration.id,
    type: integration.type,
    name: integration.name,
    metadata: integration.metadata.text,
    email: integration.email,
    recipient: integration.recipient,
    address_line_1: integration.addressLine1,
    address_line_2: integration.addressLine2,
    zip_code: integration.zipCode,
    city: integration.city,
    created_at: integration.createdAt,
    updated_at: integration.updatedAt,
  }
}

function changedColumns(change: IntegrationChange): Partial<Row> {
  return {
    ...(change.id !== undefined && { id: change.id }),
    ...(change.name !== undefined && { name: change.name }),
    ...(change.metadata !== undefined && { metadata: change.metadata.text }),
    ...(change.email !== undefined && { email: change.email }),
    ...(change.recipient !== undefined && { recipient: change.recipient }),
    ...(change.addressLine1 !== undefined && { address_line_1: change.addressLine1 }),
    ...(change.addressLine2 !== undefined && { address_line_2: change.addressLine2 }),
    ...(change.zipCode !== undefined && { zip_code: change.zipCode }),
    ...(change.city !== undefined && { city: change.city }),
  }
}
