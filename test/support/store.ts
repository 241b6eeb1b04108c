// A database that is the test's own, on the engine that the run is for.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db } from '../../src/storage/database.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { newDatabase } from './postgres.ts'

export const engine = process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite'

export type TestStore = {
  readonly db: Db
  /** A folder of the test's own; on SQLite, the database is in it. */
  readonly dataDir: string
  close(): Promise<void>
}

export async function openTestStore(): Promise<TestStore> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mortise-test-'))
  const { db, remove } = engine === 'sqlite' ? openFile(dataDir) : await openDatabase()
  return {
    db,
    dataDir,
    async close() {
      await db.destroy()
      await remove()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function openFile(dataDir: string) {
  return { db: openSqlite(join(dataDir, 'mortise.db')), remove: async () => undefined }
}

async function openDatabase() {
  const { url, remove } = await newDatabase()
  return { db: openPostgres({ url, connectionsMax: 10, hasRowSecurity: false }), remove }
}
