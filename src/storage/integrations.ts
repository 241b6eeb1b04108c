// Queries on an account's integrations.
import { type Selectable, sql } from 'kysely'
import type { Integration, IntegrationType } from '../hub/integration.ts'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'
import type { Schema } from './schema.ts'
import { lastTaken, take } from './sequences.ts'
import { type ListName, talliesOf } from './tallies.ts'

/** Members that change; a logo by its name. */
export type ChangedIntegration = Partial<Omit<Integration, 'uid' | 'type' | 'createdAt' | 'updatedAt'>>

const columns = [
  'uid',
  'id',
  'type',
  'name',
  'logo',
  'metadata',
  'email',
  'recipient',
  'address_line_1',
  'address_line_2',
  'zip_code',
  'city',
  'created_at',
  'updated_at',
] as const

const rowById = prepared<{ account: number; id: string }, Row>((db, value) =>
  rowsOf(db, value('account')).where('id', '=', value('id')),
)

const uidById = prepared<{ account: number; id: string }, Pick<Row, 'uid'>>((db, value) =>
  db
    .selectFrom('integrations')
    .select('uid')
    .where('account_id', '=', value('account'))
    .where('id', '=', value('id')),
)

const rowByUid = prepared<{ account: number; uid: string }, Row>((db, value) =>
  rowsOf(db, value('account')).where('uid', '=', value('uid')),
)

type Window = { account: number; position: number; skip: number }

/** With a limit that is a constant, SQLite reads a page in two thirds of the time. */
const rowsFrom = prepared<Window, Row, number>((db, value, limit) =>
  rowsOf(db, value('account'))
    .where('position', '>=', value('position'))
    .orderBy('position')
    .limit(sql.lit(limit))
    .offset(value('skip')),
)

const rowsOfTypeFrom = prepared<Window & { type: number }, Row, number>((db, value, limit) =>
  rowsOf(db, value('account'))
    .where('type', '=', value('type'))
    .where('position', '>=', value('position'))
    .orderBy('position')
    .limit(sql.lit(limit))
    .offset(value('skip')),
)

type NewRow = Row & { account_id: number }

const add = prepared<NewRow, Pick<Row, 'uid'>>((db, value) =>
  db
    .insertInto('integrations')
    .values({
      account_id: value('account_id'),
      position: lastTaken(value('account_id'), 'integrations'),
      uid: value('uid'),
      id: value('id'),
      type: value('type'),
      name: value('name'),
      logo: value('logo'),
      metadata: value('metadata'),
      email: value('email'),
      recipient: value('recipient'),
      address_line_1: value('address_line_1'),
      address_line_2: value('address_line_2'),
      zip_code: value('zip_code'),
      city: value('city'),
      created_at: value('created_at'),
      updated_at: value('updated_at'),
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'id']).doNothing())
    .returning('uid'),
)

/** Of the one that has this public id today: every request that names one asks. */
export async function integrationUid(store: Db, accountId: number, id: string): Promise<string | undefined> {
  const [row] = await uidById(within(store, accountId), { account: accountId, id })
  return row?.uid
}

export function integrationsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const tallies = talliesOf(db, accountId)

  return {
    async find(id: string): Promise<Integration | undefined> {
      const [row] = await rowById(db, { account: accountId, id })
      return row && integrationFrom(row)
    },

    async idsByUid(): Promise<Map<string, string>> {
      const rows = await rowsOf(db, accountId).execute()
      return new Map(rows.map(({ uid, id }) => [uid, id]))
    },

    count: (type?: IntegrationType): Promise<number> => tallies.count(listOf(type)),

    /** Oldest first. */
    async window(type: IntegrationType | undefined, limit: number, offset: number): Promise<Integration[]> {
      const { position, skip } = await tallies.locate(listOf(type), offset)
      const window = { account: accountId, position, skip }
      const found =
        type === undefined
          ? await rowsFrom(db, window, limit)
          : await rowsOfTypeFrom(db, { ...window, type }, limit)
      return found.map(integrationFrom)
    },

    async findByUid(uid: string): Promise<Integration | undefined> {
      const [row] = await rowByUid(db, { account: accountId, uid })
      return row && integrationFrom(row)
    },

    /** @returns false where the id is taken */
    async insert(integration: Integration): Promise<boolean> {
      await take(db, accountId, 'integrations')
      const [added] = await add(db, { account_id: accountId, ...rowFrom(integration) })
      if (!added) return false
      await tallies.noteAdded(listsOf(integration.type))
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
      if (removed) await tallies.noteRemoved(listsOf(removed.type), removed.position)
    },
  }
}

function rowsOf(db: Db, accountId: number) {
  return db.selectFrom('integrations').select(columns).where('account_id', '=', accountId)
}

/** The list of all, or of those of one type. */
function listOf(type: IntegrationType | undefined): ListName {
  return type === undefined ? 'integrations' : `integrations/${type}`
}

/** The lists that an integration stands in. */
function listsOf(type: number): ListName[] {
  return ['integrations', `integrations/${type}`]
}

type Row = Pick<Selectable<Schema['integrations']>, (typeof columns)[number]>

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

function rowFrom(integration: Integration): Row {
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
