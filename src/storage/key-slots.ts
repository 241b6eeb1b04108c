// Queries on root keys and on the slots that open them; they are the installation's, and of no account.
import type { Selectable } from 'kysely'
import type { Timestamp } from '../hub/timestamp.ts'
import type { Db } from './database.ts'
import type { Schema } from './schema.ts'

export type SlotRow = Selectable<Schema['key_slots']>
export type SlotKeyRow = Selectable<Schema['slot_keys']>
/** As it comes to stand; its position follows those that there are. */
export type NewRootKeyRow = { id: string; created_at: Timestamp }

/** All that opens the store, as it is stored. */
export type StoredSlots = {
  readonly slots: readonly SlotRow[]
  readonly keys: readonly SlotKeyRow[]
  /** Ids of the root keys, oldest first. */
  readonly rootKeyIds: readonly string[]
}

export async function readSlots(db: Db): Promise<StoredSlots> {
  const slots = await db.selectFrom('key_slots').selectAll().orderBy('created_at').orderBy('id').execute()
  const keys = await db.selectFrom('slot_keys').selectAll().execute()
  const roots = await listRootKeys(db)
  return { slots, keys, rootKeyIds: roots.map(({ id }) => id) }
}

export function listRootKeys(db: Db): Promise<Array<Selectable<Schema['root_keys']>>> {
  return db.selectFrom('root_keys').selectAll().orderBy('position').execute()
}

/** @throws UniqueViolation where another process has come before */
export async function insertRootKey(db: Db, row: NewRootKeyRow): Promise<void> {
  const { highest } = await db
    .selectFrom('root_keys')
    .select((eb) => eb.fn.max('position').as('highest'))
    .executeTakeFirstOrThrow()
  await db
    .insertInto('root_keys')
    .values({ ...row, position: Number(highest ?? 0) + 1 })
    .execute()
}

/** @throws ReferenceViolation where something is wrapped with it */
export async function deleteRootKey(db: Db, id: string): Promise<void> {
  await db.deleteFrom('root_keys').where('id', '=', id).execute()
}

export async function insertSlot(db: Db, row: SlotRow): Promise<void> {
  await db.insertInto('key_slots').values(row).execute()
}

export async function insertSlotKeys(db: Db, rows: readonly SlotKeyRow[]): Promise<void> {
  await db
    .insertInto('slot_keys')
    .values([...rows])
    .execute()
}

export async function deleteSlot(db: Db, id: string): Promise<void> {
  await db.deleteFrom('slot_keys').where('slot_id', '=', id).execute()
  await db.deleteFrom('key_slots').where('id', '=', id).execute()
}
