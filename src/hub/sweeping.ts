// Removes what has expired, a few at a time, so that other writers come between.
import { type Db, transact } from '../storage/database.ts'

const atOnce = 500

/** @param remove takes away at most `limit`, and says how many it found */
export async function sweepAll(db: Db, remove: (db: Db, limit: number) => Promise<number>): Promise<void> {
  while ((await transact(db, 'all accounts', (db) => remove(db, atOnce))) === atOnce);
}
