// Loaded into a hub by the power drill's control run: SQLite then syncs as `synchronous=NORMAL` does, and loses writes.
import { DatabaseSync } from 'node:sqlite'

const { exec } = DatabaseSync.prototype
DatabaseSync.prototype.exec = function (sql: string) {
  exec.call(this, sql)
  // Once the hub has seen that it syncs fully.
  if (sql.includes('synchronous=FULL')) queueMicrotask(() => exec.call(this, 'PRAGMA synchronous=NORMAL'))
}
