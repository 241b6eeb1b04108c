// Brings the schema up to date, by one process at a time, whole or not at all.
import { Migrator } from 'kysely/migration'
import { type Db, engineOf, noting, StoreRefused, within } from './database.ts'
import { migrations } from './migrations/index.ts'

/**
 * Others that come at the same time wait, and find it done.
 * @throws StoreRefused where a newer Mortise has migrated the store
 */
export function migrate(db: Db): Promise<{ applied: string[] }> {
  return noting(within(db, 'all accounts'), { isPatient: true })
    .transaction()
    .execute(async (db) => {
      await engineOf(db).lockSchema(db)
      await refuseNewer(db)
      const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
      const { error, results } = await migrator.migrateToLatest()
      if (error) throw error
      const done = (results ?? []).filter(({ status }) => status === 'Success')
      return { applied: done.map(({ migrationName }) => migrationName) }
    })
}

/** For those who only look. @throws StoreRefused where a start would migrate the store */
export async function refuseOlder(db: Db): Promise<void> {
  await refuseNewer(db)
  const done = new Set(await doneIn(db))
  const waiting = Object.keys(migrations).filter((name) => !done.has(name))
  if (waiting.length === 0) return
  throw new StoreRefused(
    `This store is of an earlier version: ${waiting.join(', ')} are waiting. Back it up, then run: mortise migrate`,
  )
}

async function refuseNewer(db: Db): Promise<void> {
  const newer = (await doneIn(db)).filter((name) => !Object.hasOwn(migrations, name))
  if (newer.length === 0) return
  throw new StoreRefused(
    `This store was migrated by a newer Mortise (${newer.join(', ')}). Start that version again, or restore a backup made before the upgrade.`,
  )
}

/** Those that this version knows and the store has not had. @throws where the store does not answer */
export async function waitingMigrations(db: Db): Promise<string[]> {
  const done = new Set(await namesIn(db))
  return Object.keys(migrations).filter((name) => !done.has(name))
}

/** Names of the migrations that were applied. */
async function doneIn(db: Db): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some((table) => table.name === 'kysely_migration')) return []
  return namesIn(db)
}

async function namesIn(db: Db): Promise<string[]> {
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}
