// Whole tables into PostgreSQL and out of it, by COPY: many times as quick as statements with values.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { linesOf, RowSum, type Tally } from './copy-text.ts'
import { StoreRefused } from './database.ts'
import { translated } from './postgres-errors.ts'

/** A connection of its own, which nothing but a copy uses. */
export type PostgresCopy = {
  /**
   * Rows of a table, and beside them what is to be known once they are there: both or neither.
   * @param noting is done in the same transaction, behind them; not on disk before the next transaction that is
   */
  copyIn(table: CopiedTable, lines: AsyncIterable<Buffer>, noting: () => Note): Promise<void>
  /** What there is. @param onRows hears from time to time how many were read so far */
  tallyOf(table: CopiedTable, onRows: (rows: number) => void): Promise<Tally>
  /** Names of a table's columns; none where there is no such table. */
  columnsOf(table: string): Promise<string[]>
  /** For the planner, which knows nothing of tables that were just filled. */
  analyze(tables: readonly string[]): Promise<void>
  close(): Promise<void>
}

export type CopiedTable = { readonly name: string; readonly columns: readonly string[] }

/** A row of `store`. */
export type Note = { readonly name: string; readonly value: string }

/** Arbitrary, and always the same: it stands for a move into this database among its advisory locks. */
const moveLock = 5_821_603_118
/** A server takes so long, at most, to notice that the process before is gone. */
const lockWaitMs = 15_000

/** @throws StoreRefused where another process moves into this database */
export async function openPostgresCopy(url: string, name: string): Promise<PostgresCopy> {
  const client = new pg.Client({ connectionString: url, application_name: 'mortise move', keepAlive: true })
  // What is asked next is told of it.
  client.on('error', () => undefined)
  await client.connect()
  try {
    // Defaults of a role that a node has; and where rows are kept apart by account, all of them are meant.
    for (const setting of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) {
      await client.query(`set ${setting} = 0`)
    }
    await client.query(`select set_config('mortise.account', '*', false)`)
    await lock(client, name)
  } catch (error) {
    await client.end()
    throw error
  }

  const inTransaction = async (work: () => Promise<void>) => {
    await client.query('begin')
    try {
      await work()
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => undefined)
      throw translated(error)
    }
  }

  return {
    copyIn: (table, lines, noting) =>
      inTransaction(async () => {
        // The end of the move is on disk, and with it everything that was written before.
        await client.query('set local synchronous_commit = off')
        await pipeline(Readable.from(lines), client.query(copyFrom(`copy ${listed(table)} from stdin`)))
        const { name, value } = noting()
        await client.query(
          'insert into store (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
          [name, value],
        )
      }),

    async tallyOf(table, onRows) {
      const sum = new RowSum()
      try {
        for await (const lines of linesOf(client.query(copyTo(`copy ${listed(table)} to stdout`)))) {
          for (const line of lines) sum.add(line)
          onRows(sum.rows)
        }
      } catch (error) {
        throw translated(error)
      }
      return sum.tally()
    },

    async columnsOf(table) {
      const { rows } = await client.query<{ name: string }>(
        `select attname as name from pg_attribute join pg_class c on c.oid = attrelid
         where c.relnamespace = current_schema()::regnamespace and c.relname = $1
           and attnum > 0 and not attisdropped`,
        [table],
      )
      return rows.map(({ name }) => name)
    },

    async analyze(tables) {
      await client.query(`analyze ${tables.map(quoted).join(', ')}`)
    },

    close: () => client.end(),
  }
}

async function lock(client: pg.Client, name: string): Promise<void> {
  const deadline = performance.now() + lockWaitMs
  for (;;) {
    const { rows } = await client.query<{ free: boolean }>(`select pg_try_advisory_lock(${moveLock}) as free`)
    if (rows[0]?.free) return
    if (performance.now() > deadline) {
      throw new StoreRefused(`Another process moves a store into ${name}. Wait until it is done, or end it.`)
    }
    await wait(200)
  }
}

function listed({ name, columns }: CopiedTable): string {
  return `${quoted(name)} (${columns.map(quoted).join(', ')})`
}

function quoted(name: string): string {
  return pg.escapeIdentifier(name)
}
