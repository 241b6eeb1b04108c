// Records of what is done to the installation itself: in its own trail, and in that of the operator who did it.
import { type Db, hold } from '../storage/database.ts'
import type { AuditEntry, RecordAudit } from './audit.ts'
import { admittedCaller, type Caller, installationId, localCaller } from './caller.ts'
import type { Timestamp } from './timestamp.ts'

/**
 * In a transaction about all accounts, which holds the installation.
 * @param by nobody where it was done at the command line
 */
export async function recordOfInstallation(
  db: Db,
  { record, by, at }: { record: RecordAudit; by: Caller | undefined; at: Timestamp },
  entry: AuditEntry,
): Promise<void> {
  const { address = null, requestId = null } = by ?? {}
  await record(db, admittedCaller({ ...localCaller(installationId), address, requestId }), at, entry)
  if (by === undefined) return
  await hold(db, by.accountId)
  await record(db, by, at, entry)
}
