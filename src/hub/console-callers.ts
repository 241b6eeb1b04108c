// Whom a session of the console makes of somebody: what its key may do, or its link, at home and elsewhere.
import { apiKeysOf } from '../storage/api-keys.ts'
import type { SessionRow } from '../storage/console-sessions.ts'
import type { Db } from '../storage/database.ts'
import { addressMatcher } from './address-ranges.ts'
import { type NamedApiKey, stateOf } from './api-key.ts'
import { admittedCaller, type Caller, localCaller } from './caller.ts'
import { proxyLimits } from './proxy-limits.ts'
import type { Timestamp } from './timestamp.ts'

export type From = { readonly address: string; readonly requestId: string }

type Begun = Pick<SessionRow, 'account_id' | 'home_account_id' | 'key_uid'>

/** Whom a session's key or link makes of somebody at an account: elsewhere than at home, an operator or nobody. */
export async function callerAt(
  db: Db,
  accountId: number,
  row: Begun,
  from: From,
  at: Timestamp,
): Promise<Caller | undefined> {
  if (row.key_uid === null) return linkCaller(accountId, from)
  const homeId = homeOf(row)
  const key = await apiKeysOf(db, homeId).find(row.key_uid)
  const caller = key && keyCaller(key, from, at)
  if (!caller || accountId === homeId) return caller
  return isOperator(caller) ? operatorCaller(accountId, caller) : undefined
}

/** The account of a session's key, or that its link was for. */
export function homeOf({ account_id, home_account_id }: Begun): number {
  return Number(home_account_id ?? account_id)
}

/** Whoever may do what concerns all accounts; a key that is bound to one integration may not even in its own. */
export function isOperator({ scopes, boundTo }: Caller): boolean {
  return scopes.has('operator') && boundTo === null
}

/**
 * As in an account that an operator makes, its trail names no key of another one. Without a key of that account
 * nobody could say what may be handed on to new keys, so that none are made.
 */
export function operatorCaller(accountId: number, operator: Caller): Caller {
  const scopes = new Set(operator.scopes)
  if (operator.keyUid !== null) scopes.delete('keys:write')
  return admittedCaller({ ...operator, scopes, accountId, keyUid: null, boundTo: null, actingAs: null })
}

/** Whoever has a link had the command line, and may do what can be done there. */
export function linkCaller(accountId: number, from: From): Caller {
  return admittedCaller({ ...localCaller(accountId), ...from })
}

function keyCaller(key: NamedApiKey, from: From, at: Timestamp): Caller | undefined {
  if (stateOf(key, at) !== 'active') return undefined
  if (key.addresses !== null && !addressMatcher(key.addresses)(from.address)) return undefined
  return admittedCaller({
    accountId: key.accountId,
    scopes: new Set(key.scopes),
    keyUid: key.uid,
    boundTo: key.integrationUid,
    actingAs: key.integrationUid,
    proxyLimits: proxyLimits(key.proxy),
    ...from,
  })
}
