// The list of duties, by hand.
import {
  createAccount,
  deleteAccount,
  listAccounts,
  planAccountRemoval,
  removeAccountRows,
} from './accounts.ts'
import { request } from './api.ts'
import { exportAudit, verifyAudit } from './audit.ts'
import { createConnection, deleteConnection, listConnections } from './connections.ts'
import { createConsoleLink } from './console.ts'
import { examine, verifyValues } from './doctor.ts'
import { createKey, importKey, limitKey, listKeys, revokeKey, rollKey } from './keys.ts'
import {
  addSlot,
  beginDataRotation,
  beginRootRotation,
  dropKey,
  endDataRotation,
  listSlots,
  listVaultKeys,
  planDataRotation,
  planRootRotation,
  removeSlot,
  stepDataRotation,
  stepRootRotation,
  testSlot,
} from './vault.ts'
import { nextEvents, recentAttempts } from './webhooks.ts'

export const duties = {
  'accounts create': createAccount,
  'accounts delete': deleteAccount,
  'accounts delete plan': planAccountRemoval,
  'accounts delete rows': removeAccountRows,
  'accounts list': listAccounts,
  api: request,
  'audit export': exportAudit,
  'audit verify': verifyAudit,
  'connections create': createConnection,
  'connections delete': deleteConnection,
  'connections list': listConnections,
  'console link': createConsoleLink,
  doctor: examine,
  'doctor values': verifyValues,
  'keys create': createKey,
  'keys import': importKey,
  'keys limit': limitKey,
  'keys list': listKeys,
  'keys revoke': revokeKey,
  'keys roll': rollKey,
  'vault drop': dropKey,
  'vault keys': listVaultKeys,
  'vault rotate plan': planRootRotation,
  'vault rotate begin': beginRootRotation,
  'vault rotate step': stepRootRotation,
  'vault rotate data plan': planDataRotation,
  'vault rotate data begin': beginDataRotation,
  'vault rotate data step': stepDataRotation,
  'vault rotate data end': endDataRotation,
  'webhooks attempts': recentAttempts,
  'webhooks events': nextEvents,
  'vault slots add': addSlot,
  'vault slots list': listSlots,
  'vault slots remove': removeSlot,
  'vault slots test': testSlot,
} as const

export type DutyName = keyof typeof duties
export type DutyResult<Name extends DutyName> = Awaited<ReturnType<(typeof duties)[Name]['run']>>

export function isDutyName(name: string): name is DutyName {
  return Object.hasOwn(duties, name)
}
