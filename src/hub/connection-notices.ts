// What people should know of an answer that a provider gave: another account than before, or one connected twice.
import { connectionsOf } from '../storage/connections.ts'
import type { Db } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import type { Connection, Health } from './connection.ts'
import { hasSwitched, switchedWords } from './connection-health.ts'

/** @param before what was known before the provider was asked */
export async function noticesOf(
  db: Db,
  caller: Caller,
  connection: Connection,
  before: Health,
): Promise<string[]> {
  const others = await connectionsOf(db, caller.accountId).sharing(connection, caller.boundTo)
  return [
    ...(hasSwitched(before, connection.health) ? [switchedWords] : []),
    ...(others.length > 0
      ? [`The same account of the provider is connected by ${others.join(', ')} too.`]
      : []),
  ]
}
