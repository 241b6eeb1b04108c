// Queries on an account's integrations.
import type { Selectable } from 'kysely'
import type { Integration, IntegrationType } from '../hub/integration.ts'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import type { Schema } from './schema.ts'
import { nextOf } from './sequences.ts'
import { type ListName, talliesOf } from './tallies.ts'

/** Members that change; a logo by its name. */
export type ChangedIntegration = Partial<Omit<Integration, 'uid' | 'type' | 'createdAt' | 'updatedAt'>>

export function integrationsOf(db: Db, accountId: number) {
  const rows = () => db.selectFrom('integrations').where('account_id', '=', accountId)
  const tallies = talliesOf(db, accountId)

  return {
    async find(id: string): Promise<Integration | undefined> {
      const row = await rows().where('id', '=', id).selectAll().executeTakeFirst()
      return row && integrationFrom(row)
    },

    async idsByUid(): Promise<Map<string, string>> {
      return new Map((await rows().select(['uid', 'id']).execute()).map(({ uid, id }) => [uid, id]))
    },

    count: (type?: IntegrationType): Promise<number> => tallies.count(listOf(type)),

    /** Oldest first. */
    async window(type: IntegrationType | undefined, limit: number, offset: number): Promise<Integration[]> {
      const { position, skip } = await tallies.locate(listOf(type), offset)
      const found = await rows()
        .$if(type !== undefined, (query) => query.where('type', '=', type ?? 0))
        .where('position', '>=', position)
        .selectAll()
        .orderBy('position')
        .limit(limit)
        .offset(skip)
        .execute()
      return found.map(integrationFrom)
    },

    async findByUid(uid: string): Promise<Integration | undefined> {
      const row = await rows().where('uid', '=', uid).selectAll().executeTakeFirst()
      return row && integrationFrom(row)
    },

    /** @returns false where the id is taken */
    async insert(integration: Integration): Promise<boolean> {
      const position = await nextOf(db, accountId, 'integrations')
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('integrations')
        .values({ account_id: accountId, position, ...rowFrom(integration) })
        .onConflict((conflict) => conflict.columns(['account_id', 'id']).doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows !== 1n) return false
      await tallies.note(listsOf(integration.type), position, 1)
      return true
    },

    /** @throws UniqueViolation where a new id is taken */
    async update(uid: string, change: ChangedIntegration, updatedAt: Timestamp): Promise<void> {
      await db
        .updateTable('integrations')
        .set({ ...changedColumns(change), updated_at: updatedAt })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .execute()
    },

    /** @throws ReferenceViolation where something hangs on it */
    async remove(uid: string): Promise<void> {
      const removed = await db
        .deleteFrom('integrations')
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .returning(['position', 'type'])
        .executeTakeFirst()
      if (removed) await tallies.note(listsOf(removed.type), removed.position, -1)
    },
  }
}

/** The list of all, or of those of one type. */
function listOf(type: IntegrationType | undefined): ListName {
  return type === undefined ? 'integrations' : `integrations/${type}`
}

/** The lists that an integration stands in. */
function listsOf(type: number): ListName[] {
  return ['integrations', `integrations/${type}`]
}

type Row = Selectable<Schema['integrations']>

function integrationFrom(row: Row): Integration {
  return {
    uid: row.uid,
    id: row.id,
    type: row.type as IntegrationType,
    name: row.name,
    logo: row.logo,
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
    logo: integration.logo,
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

function changedColumns(change: ChangedIntegration): Partial<Row> {
  return {
    ...(change.id !== undefined && { id: change.id }),
    ...(change.name !== undefined && { name: change.name }),
    ...(change.logo !== undefined && { logo: change.logo }),
    ...(change.metadata !== undefined && { metadata: change.metadata.text }),
    ...(change.email !== undefined && { email: change.email }),
    ...(change.recipient !== undefined && { recipient: change.recipient }),
    ...(change.addressLine1 !== undefined && { address_line_1: change.addressLine1 }),
    ...(change.addressLine2 !== undefined && { address_line_2: change.addressLine2 }),
    ...(change.zipCode !== undefined && { zip_code: change.zipCode }),
    ...(change.city !== undefined && { city: change.city }),
  }
}
