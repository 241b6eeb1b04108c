// What an open embedded database is set to, as itself says, where it matters for what was acknowledged.
import { sql } from 'kysely'
import { type Db, engineOf } from './database.ts'

/** What each setting has to be, and what happens where it is not. */
const needed = {
  journal_mode: ['wal', 'readers and writers wait for each other'],
  synchronous: [2, 'a power cut may lose what was answered last'],
  foreign_keys: [1, 'rows may refer to others that are gone'],
  secure_delete: [1, 'what was deleted stays readable in the file'],
} as const

/** @returns what is set otherwise, a sentence each; nothing where the database is a server that is judged when it is reached */
export async function unsafeSettings(db: Db): Promise<string[]> {
  if (engineOf(db).engine !== 'sqlite') return []
  const wrong: string[] = []
  for (const [name, [value, consequence]] of Object.entries(needed)) {
    const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)
    const [actual] = Object.values(rows[0] ?? {})
    if (actual !== value) {
      wrong.push(
        `SQLite runs with ${name}=${actual} instead of ${value}: ${consequence}. Start Mortise again, and let nothing else change it.`,
      )
    }
  }
  return wrong
}
