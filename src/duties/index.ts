// The list of duties, by hand.
import { createAccount, listAccounts } from './accounts.ts'
import { exportAudit, verifyAudit } from './audit.ts'
import { createConnection, deleteConnection, listConnections } from './connections.ts'
import { createKey, importKey, listKeys, revokeKey, rollKey } from './keys.ts'

export const duties = {
  'accounts create': createAccount,
  'accounts list': listAccounts,
  'audit export': exportAudit,
  'audit verify': verifyAudit,
  'connections create': createConnection,
  'connections delete': deleteConnection,
  'connections list': listConnections,
  'keys create': createKey,
  'keys import': importKey,
  'keys list': listKeys,
  'keys revoke': revokeKey,
  'keys roll': rollKey,
} as const

export type DutyName = keyof typeof duties
export type DutyResult<Name extends DutyName> = Awaited<ReturnType<(typeof duties)[Name]['run']>>

export function isDutyName(name: string): name is DutyName {
  return Object.hasOwn(duties, name)
}
