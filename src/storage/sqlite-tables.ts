// The rows of a SQLite store table by table, for somebody who takes all of them elsewhere; the file stays as it is.
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import type { Value } from './copy-text.ts'
import { StoreRefused } from './database.ts'
import { openUntouched } from './sqlite-handles.ts'

export type TableFacts = { readonly name: string; readonly columns: readonly string[]; readonly rows: number }

/** A row, and where it stands among the others of its table. */
export type PlacedRow = { readonly position: number; readonly values: readonly Value[] }

export type SqliteTables = {
  /** In an order in which no row refers to a table that comes later. */
  readonly tables: readonly TableFacts[]
  /** Those behind a position, in order. */
  rows(table: TableFacts, after: number): Generator<PlacedRow>
  close(): void
}

export function openSqliteTables(file: string): SqliteTables {
  const db = openUntouched(file)
  const texts = (sql: string, ...values: string[]) => {
    const statement = db.prepare(sql)
    statement.setReturnArrays(true)
    return statement.all(...values).map((row) => String(Object.values(row)[0]))
  }
  const names = texts(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`,
  )
  const refersTo = new Map(
    names.map((name) => [name, new Set(texts('select "table" from pragma_foreign_key_list(?)', name))]),
  )
  const tables = inOrder(refersTo).map((name) => ({
    name,
    columns: texts('select name from pragma_table_info(?)', name),
    rows: Number(texts(`select count(*) from "${name}"`)[0]),
  }))
  return {
    tables,
    *rows({ name, columns }, after) {
      const list = columns.map((column) => `"${column}"`).join(', ')
      const statement = db.prepare(`select rowid, ${list} from "${name}" where rowid > ? order by rowid`)
      statement.setReturnArrays(true)
      for (const row of statement.iterate(after)) {
        const [position, ...values] = row as unknown as [number, ...Value[]]
        yield { position, values }
      }
    },
    close: () => db.close(),
  }
}

/** Each behind those that it refers to. */
function inOrder(refersTo: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const ordered: string[] = []
  const visit = (name: string, from: readonly string[]) => {
    if (ordered.includes(name)) return
    if (from.includes(name)) throw new StoreRefused(`The tables ${from.join(', ')} refer to each other.`)
    for (const other of [...(refersTo.get(name) ?? [])].sort())
      if (other !== name) visit(other, [...from, name])
    ordered.push(name)
  }
  for (const name of [...refersTo.keys()].sort()) visit(name, [])
  return ordered
}

const headBytes = 100
const logHeadBytes = 32

/**
 * What changes whenever somebody has opened the store to work on it: the head of the file, which counts that, and
 * the head and length of the write-ahead log, where a crash has left one. A copy of the file has the same.
 */
export function fingerprintOf(file: string): string {
  const log = `${file}-wal`
  const digest = createHash('sha256').update(headOf(file, headBytes))
  if (existsSync(log)) digest.update(headOf(log, logHeadBytes)).update(String(statSync(log).size))
  return digest.digest('hex')
}

function headOf(file: string, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, bytes, 0, length, 0)
    return bytes
  } finally {
    closeSync(handle)
  }
}
