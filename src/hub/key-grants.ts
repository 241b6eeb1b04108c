// What a key may hand on to another key: never more than it has itself.
import { apiKeysOf } from '../storage/api-keys.ts'
import type { Db } from '../storage/database.ts'
import { rangesBeyond } from './address-ranges.ts'
import { type ApiKey, endOf, stateOf } from './api-key.ts'
import { type Caller, scopes } from './caller.ts'
import { HubError } from './errors.ts'
import { rulesBeyond } from './proxy-limits.ts'
import type { Timestamp } from './timestamp.ts'

/** All that a key lets its holder do, from where, and for how long. */
export type Grant = Pick<ApiKey, 'scopes' | 'integrationUid' | 'addresses' | 'proxy' | 'expiresAt'>

/** Messages by the member that asks for too much. */
export type GrantErrors = Map<string, string[]>

/** The command line may hand on everything. */
const everything: Grant = { scopes, integrationUid: null, addresses: null, proxy: null, expiresAt: null }

/**
 * What the caller may hand on, as the store has it now: a key may have lost something since it was admitted.
 * @throws HubError unauthenticated, where the key has ended since
 */
export async function grantOf(db: Db, caller: Caller, at: Timestamp): Promise<Grant> {
  if (caller.keyUid === null) return everything
  const key = await apiKeysOf(db, caller.accountId).find(caller.keyUid)
  if (!key || stateOf(key, at) !== 'active') throw new HubError('unauthenticated', 'Invalid token.')
  return { ...key, expiresAt: endOf(key) }
}

/** What is asked for beyond what is owned; nothing where all of it lies within. */
export function excessOf(asked: Grant, own: Grant): GrantErrors {
  const errors: GrantErrors = new Map()
  const lacking = asked.scopes.filter((scope) => !own.scopes.includes(scope))
  if (lacking.length > 0) {
    errors.set('scopes', [`The key of this request lacks ${lacking.join(', ')}, so it cannot grant that.`])
  }
  if (own.integrationUid !== null && asked.integrationUid !== own.integrationUid) {
    errors.set('integration', [
      'The key of this request is bound to one integration: it can only make keys for the same.',
    ])
  }
  const outside =
    own.addresses === null ? [] : rangesBeyond(asked.addresses ?? ['any address'], own.addresses)
  if (outside.length > 0) {
    errors.set('addresses', [
      `The key of this request may not be used from ${outside.join(', ')}: it can only grant what lies within its own addresses.`,
    ])
  }
  // Without that scope nothing can be asked at all, whatever the limits.
  const beyond =
    own.proxy === null || !asked.scopes.includes('proxy:call') ? [] : rulesBeyond(asked.proxy, own.proxy)
  if (beyond.length > 0) {
    errors.set('proxy', [
      `The key of this request may not ask providers for ${beyond.join(', ')}: it can only grant what lies within its own limits.`,
    ])
  }
  if (own.expiresAt !== null && (asked.expiresAt === null || asked.expiresAt > own.expiresAt)) {
    errors.set('expires_at', [
      `The key of this request ends at ${own.expiresAt}: it can make none that lives longer.`,
    ])
  }
  return errors
}
