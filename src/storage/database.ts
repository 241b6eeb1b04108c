// What the rest of the product knows of the database: a Kysely handle, and how changes are made on it.
import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { migrations } from './migrations/index.ts'
import type { Schema } from './schema.ts'

/**
 * A handle to run queries on. Outside a transaction it reads what is committed; inside one, its parameter
 * hides the outer handle by having the same name, `db`.
 */
export type Db = Kysely<Schema>

/** The unique index refused a row. Verbs turn it into the conflict it means to them. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
}

/** A row cannot go, or cannot come, because of a row in another table. */
export class ReferenceViolation extends Error {
  override readonly name = 'ReferenceViolation'
}

/** The store cannot be opened as it is. The message says what to do; nothing was changed. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused'
}

/**
 * Runs `work` in one transaction and answers once it is on disk. Everything is undone when it throws.
 * `work` awaits nothing but queries: other writers wait for it.
 */
export function transact<Result>(db: Db, work: (db: Db) => Promise<Result>): Promise<Result> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

/** Brings the schema up to date. A store that a newer Mortise has migrated is refused. */
export async function migrate(db: Db): Promise<{ applied: string[] }> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const known = new Set(Object.keys(migrations))
  const newer = await appliedBeyond(db, known)
  if (newer.length > 0) {
    throw new StoreRefused(
      `This store was migrated by a newer Mortise (${newer.join(', ')}). Start that version again, or restore a backup made before the upgrade.`,
    )
  }
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return { applied: (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName) }
}

async function appliedBeyond(db: Db, known: Set<string>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map((row) => row.name).filter((name) => !known.has(name))
}
