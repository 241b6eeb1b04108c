// Who has used a connection's secrets: shown to people, and asked before it is deleted.
import { apiKeysOf } from '../storage/api-keys.ts'
import { connectionUsesOf } from '../storage/connection-uses.ts'
import type { Db } from '../storage/database.ts'
import type { Caller } from './caller.ts'
import type { Connection, ConnectionUse } from './connection.ts'
import { HubError } from './errors.ts'
import { later, type Timestamp } from './timestamp.ts'

/** How a connection was used by a key. */
export type NamedUse = ConnectionUse & { readonly keyName: string | null }

/** How long ago a use may be to keep a connection from being deleted unasked. */
const recentMs = 86_400_000

/** The latest first. */
export async function usesOf(db: Db, caller: Caller, connectionUid: string): Promise<NamedUse[]> {
  const uses = await connectionUsesOf(db, caller.accountId).list(connectionUid)
  const keyUids = uses.flatMap(({ keyUid }) => keyUid ?? [])
  const names = await apiKeysOf(db, caller.accountId).names(keyUids)
  return uses.map((use) => ({ ...use, keyName: names.get(use.keyUid ?? '') ?? null }))
}

/** @throws HubError recently_used, saying by whom */
export async function refuseRecentlyUsed(
  db: Db,
  caller: Caller,
  { uid }: Connection,
  at: Timestamp,
): Promise<void> {
  const uses = await usesOf(db, caller, uid)
  const recent = uses.filter(({ lastUsedAt }) => lastUsedAt > later(at, -recentMs))
  if (recent.length === 0) return
  const who = recent
    .map(({ keyUid, keyName, lastUsedAt }) =>
      keyUid === null
        ? `at the command line (last ${lastUsedAt})`
        : `by the key "${keyName ?? 'unnamed'}" ${keyUid} (last ${lastUsedAt})`,
    )
    .join(', ')
  throw new HubError(
    'recently_used',
    `This connection was used within the last 24 hours: ${who}. Delete it all the same with ?force=true.`,
  )
}
