// Moves the store of a folder into PostgreSQL: in parts that may be cut off at any moment, compared in the end.
import { type ValueCursor, valueVerification } from './hub/value-verification.ts'
import { lineOf, RowSum, type Tally } from './storage/copy-text.ts'
import { type Db, StoreRefused } from './storage/database.ts'
import { migrate } from './storage/migrate.ts'
import {
  beginMove,
  type Copied,
  endMove,
  type MovedFrom,
  noteCopied,
  readCopied,
  readFacts,
  readMoveState,
  undoMove,
} from './storage/move-state.ts'
import type { PostgresCopy } from './storage/postgres-copy.ts'
import { listSealingAccounts } from './storage/sealed-values.ts'
import {
  fingerprintOf,
  openSqliteTables,
  type SqliteTables,
  type TableFacts,
} from './storage/sqlite-tables.ts'
import type { Standing } from './store.ts'
import { createVault } from './vault/vault.ts'

export type Moving = {
  readonly source: Standing
  readonly target: {
    readonly db: Db
    readonly copy: PostgresCopy
    /** For messages. */
    readonly name: string
  }
  /** Whether what an unfinished move has brought is thrown away first. */
  readonly isAnew: boolean
  /** Hears how far it has come. @param total undefined where it is counted alone */
  onProgress(what: 'rows copied' | 'rows compared' | 'values opened', done: number, total?: number): void
  /** Between two parts: to be taken up later. */
  isStopAsked(): boolean
}

export type Moved = {
  /** `before` is for a store that was moved already, and that nobody has worked on since. */
  readonly outcome: 'moved' | 'stopped' | 'before'
  /** How many rows were there already, from a move that was cut off. */
  readonly rowsBefore: number
  readonly tables: ReadonlyArray<Tally & { readonly name: string }>
  /** Sealed values that open in their new place. */
  readonly opened: number
  /** Those that do not, and did not in the old store either. */
  readonly damaged: ReadonlyArray<{
    account: number
    connection: number | null
    webhook?: string
    field: string
    why: string
  }>
}

/** @throws StoreRefused where the one cannot become the other; the old store is as it was in any case */
export async function moveStore(moving: Moving): Promise<Moved> {
  const { source, target } = moving
  const from = { storeId: source.storeId, fingerprint: fingerprintOf(source.file) }
  const tables = openSqliteTables(source.file)
  try {
    if ((await begin(moving, from, tables)) === 'moved') return { ...nothing, outcome: 'before' }
    const copied = await readCopied(target.db)
    const rowsBefore = sum([...copied.values()].map(({ rows }) => rows))
    if (!(await copyAll(moving, tables, copied))) return { ...nothing, outcome: 'stopped', rowsBefore }
    await target.copy.analyze(tables.tables.map(({ name }) => name))
    const compared = await compareAll(moving, tables, copied)
    const { opened, damaged } = await openAll(moving)
    if (fingerprintOf(source.file) !== from.fingerprint) throw new StoreRefused(changed(source.file))
    await endMove(target.db, from, await readFacts(source.db))
    return { outcome: 'moved', rowsBefore, tables: compared, opened, damaged }
  } finally {
    tables.close()
  }
}

const nothing = { rowsBefore: 0, tables: [], opened: 0, damaged: [] }

/** Afterwards the tables are there, and say what is being moved into them. */
async function begin(
  { source, target, isAnew }: Moving,
  from: MovedFrom,
  { tables }: SqliteTables,
): Promise<'begun' | 'moved'> {
  const { db, name } = target
  const state = await readMoveState(db)
  const isOurs = state.from?.storeId === from.storeId
  const isUnchanged = state.from?.fingerprint === from.fingerprint
  const refuse = (why: string) =>
    new StoreRefused(`Nothing can be moved into ${name}: ${why} Nothing was changed.`)
  if (state.stage === 'moved' && isOurs && isUnchanged) return 'moved'
  if (state.stage === 'moved' || state.stage === 'other store') {
    throw refuse('there is a store in it. Name an empty database.')
  }
  if (state.stage === 'begun' && !isOurs) {
    throw refuse('the move of another store into it is not finished. Finish that, or name an empty database.')
  }
  if (state.stage === 'begun' && !isUnchanged && !isAnew) {
    throw refuse(`${changed(source.file)} Begin anew, which throws away what was copied: mortise move --anew`)
  }
  await migrate(db)
  for (const { name: table, columns } of tables) {
    const there = await target.copy.columnsOf(table)
    if (there.toSorted().join() !== columns.toSorted().join()) {
      throw refuse(`the columns of ${table} are others there than in the old store.`)
    }
  }
  const names = tables.map((table) => table.name)
  if (state.stage === 'begun' && isAnew) await undoMove(db, names)
  if (state.stage !== 'begun' || isAnew) await beginMove(db, from)
  return 'begun'
}

function changed(file: string): string {
  return `${file} was opened by somebody since the move was begun, and may have changed.`
}

/** The last step brings its rows: until then it says how far the move has come. */
const copiedLast = 'store'

/** @param copied what is there, by table; goes on with it @returns false where it was stopped */
async function copyAll(moving: Moving, source: SqliteTables, copied: Map<string, Copied>): Promise<boolean> {
  const tables = source.tables.filter(({ name }) => name !== copiedLast)
  const total = sum(tables.map(({ rows }) => rows))
  for (const table of tables) {
    for (;;) {
      const before = copied.get(table.name) ?? { position: 0, ...new RowSum().tally() }
      if (before.rows >= table.rows) break
      if (moving.isStopAsked()) return false
      const done = sum([...copied].map(([name, { rows }]) => (name === table.name ? 0 : rows)))
      const part = await copyPart(moving, source, table, before, (rows) =>
        moving.onProgress('rows copied', done + rows, total),
      )
      copied.set(table.name, part)
    }
  }
  return true
}

/** Rows of one transaction, unless they are large. */
const rowsInPart = 25_000
const bytesInPart = 32 * 2 ** 20
/** As much is handed on at once. */
const bytesInPiece = 2 ** 17

async function copyPart(
  { target }: Moving,
  source: SqliteTables,
  table: TableFacts,
  before: Copied,
  onRows: (rows: number) => void,
): Promise<Copied> {
  const sum = new RowSum(before)
  let { position } = before
  async function* pieces() {
    let [text, bytes] = ['', 0]
    for (const row of source.rows(table, position)) {
      const line = lineOf(row.values)
      if (line.includes('\0')) {
        throw new StoreRefused(
          `Row ${row.position} of ${table.name} holds the character U+0000, which PostgreSQL cannot store.`,
        )
      }
      sum.add(line)
      position = row.position
      text += line
      if (text.length >= bytesInPiece) {
        bytes += text.length
        yield Buffer.from(text)
        text = ''
        onRows(sum.rows)
      }
      if (sum.rows - before.rows >= rowsInPart || bytes + text.length >= bytesInPart) break
    }
    if (text !== '') yield Buffer.from(text)
  }
  const copied = () => ({ position, ...sum.tally() })
  await target.copy.copyIn(table, pieces(), () => noteCopied(table.name, copied()))
  onRows(sum.rows)
  if (sum.rows === before.rows) throw new StoreRefused(`${table.name} has fewer rows than it says to have.`)
  return copied()
}

/** Reads back what PostgreSQL has. @throws StoreRefused where it is not what the old store has */
async function compareAll(
  { target, onProgress }: Moving,
  source: SqliteTables,
  copied: ReadonlyMap<string, Copied>,
): Promise<Moved['tables']> {
  const tables = source.tables.filter(({ name }) => name !== copiedLast)
  const total = sum(tables.map(({ rows }) => rows))
  const compared: Array<Tally & { name: string }> = []
  let done = 0
  for (const table of tables) {
    const { rows, checksum } = copied.get(table.name) ?? new RowSum().tally()
    const there = await target.copy.tallyOf(table, (rows) => onProgress('rows compared', done + rows, total))
    if (there.rows !== table.rows || there.rows !== rows || there.checksum !== checksum) {
      throw new StoreRefused(
        `The rows of ${table.name} are not what the old store has: ${there.rows} with the checksum ${there.checksum}, where ${rows} of ${table.rows} were copied, with ${checksum}. The new database is not in use; begin anew with: mortise move --anew`,
      )
    }
    done += there.rows
    compared.push({ name: table.name, ...there })
  }
  return compared
}

/** Every sealed value, with the keys that came along. */
async function openAll({ source, target, onProgress }: Moving): Promise<Pick<Moved, 'opened' | 'damaged'>> {
  const { db } = target
  const values = valueVerification({ db, vault: createVault(source.keyRing) })
  const damaged: Array<Moved['damaged'][number]> = []
  let opened = 0
  for (const account of await listSealingAccounts(db)) {
    let rest: ValueCursor | undefined
    do {
      const part = await values.verify(account, rest)
      opened += part.opened
      damaged.push(...part.damaged.map((value) => ({ ...value, account })))
      onProgress('values opened', opened)
      rest = part.rest ?? undefined
    } while (rest)
  }
  return { opened, damaged }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
