// How far a move into a database has come: kept there, among the facts of the store that it will be.
import { sql } from 'kysely'
import { countAccounts } from './accounts.ts'
import type { Tally } from './copy-text.ts'
import { type Db, StoreRefused, transact } from './database.ts'
import type { Note } from './postgres-copy.ts'

/** What is moved, as it was when the move was begun. */
export type MovedFrom = { readonly storeId: string; readonly fingerprint: string }

/** How much of a table is there: up to which row of the old store, and what that adds up to. */
export type Copied = Tally & { readonly position: number }

export type MoveState = {
  /** `empty` has no tables, `unfilled` no row in them; `begun` is a move that is not finished, `moved` one that is. */
  readonly stage: 'empty' | 'unfilled' | 'begun' | 'moved' | 'other store'
  readonly from: MovedFrom | undefined
}

const begun = 'move'
const finished = 'moved'
const ofTable = 'move/'

/** For those who would open the store. @throws StoreRefused while a move into it is not finished */
export function refuseMoving(facts: ReadonlyMap<string, string>): void {
  if (!facts.has(begun)) return
  throw new StoreRefused(
    'A store is being moved into this database, and not all of it is there. Run mortise move again, from where the old store is: it takes it up.',
  )
}

/** @throws StoreRefused where the database is somebody else's */
export async function readMoveState(db: Db): Promise<MoveState> {
  const tables = new Set((await db.introspection.getTables()).map(({ name }) => name))
  if (tables.size === 0) return { stage: 'empty', from: undefined }
  if (!tables.has('store')) {
    throw new StoreRefused('It belongs to something else: it has tables, but none of a Mortise store.')
  }
  const facts = await readFacts(db)
  const from = readFrom(facts.get(begun)) ?? readFrom(facts.get(finished))
  if (facts.has(begun)) return { stage: 'begun', from }
  if (facts.has(finished)) return { stage: 'moved', from }
  const isUnfilled = facts.size === 0 && (await countAccounts(db)) === 0
  return { stage: isUnfilled ? 'unfilled' : 'other store', from: undefined }
}

/** What was copied so far, by table. */
export async function readCopied(db: Db): Promise<Map<string, Copied>> {
  const copied = new Map<string, Copied>()
  for (const [name, value] of await readFacts(db)) {
    if (name.startsWith(ofTable)) copied.set(name.slice(ofTable.length), readNote(value))
  }
  return copied
}

export async function beginMove(db: Db, from: MovedFrom): Promise<void> {
  await db
    .insertInto('store')
    .values({ name: begun, value: textOf(from) })
    .execute()
}

export function noteCopied(table: string, { position, rows, checksum }: Copied): Note {
  return { name: `${ofTable}${table}`, value: [position, rows, checksum].join(' ') }
}

/** Everything that an unfinished move has brought. */
export async function undoMove(db: Db, tables: readonly string[]): Promise<void> {
  await sql`truncate ${sql.join(tables.map((name) => sql.table(name)))}`.execute(db)
}

/** From here on it is the store: with the old one's facts, all at once. */
export async function endMove(db: Db, from: MovedFrom, facts: ReadonlyMap<string, string>): Promise<void> {
  await transact(db, 'all accounts', async (db) => {
    await db
      .deleteFrom('store')
      .where((eb) => eb.or([eb('name', '=', begun), eb('name', 'like', `${ofTable}%`)]))
      .execute()
    const values = [...facts, [finished, textOf(from)] as const]
    await db
      .insertInto('store')
      .values(values.map(([name, value]) => ({ name, value })))
      .execute()
  })
}

/** What a store says of itself. */
export async function readFacts(db: Db): Promise<Map<string, string>> {
  const rows = await db.selectFrom('store').selectAll().execute()
  return new Map(rows.map(({ name, value }) => [name, value]))
}

function textOf({ storeId, fingerprint }: MovedFrom): string {
  return `${storeId} ${fingerprint}`
}

function readFrom(text: string | undefined): MovedFrom | undefined {
  if (text === undefined) return undefined
  const [storeId = '', fingerprint = ''] = text.split(' ')
  return { storeId, fingerprint }
}

function readNote(text: string): Copied {
  const [position, rows, checksum = ''] = text.split(' ')
  return { position: Number(position), rows: Number(rows), checksum }
}
