// Judges what is asked for a key, new or changed, against what the caller may hand on.
import type { Db } from '../storage/database.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { readRange } from './address-ranges.ts'
import type { NamedApiKey } from './api-key.ts'
import { type Caller, type Scope, scopes } from './caller.ts'
import { invalidFields } from './errors.ts'
import { excessOf, type Grant, type GrantErrors, grantOf } from './key-grants.ts'
import { mistakeIn } from './proxy-limits.ts'
import type { ProxyRule } from './proxy-rule.ts'
import type { Timestamp } from './timestamp.ts'

/** What may be asked for; what is left out stays as it is. */
export type Asked = {
  readonly scopes?: readonly Scope[]
  /** The public id of the one integration the key is for. */
  readonly integrationId?: string | null
  /** IP addresses, and ranges of them in CIDR notation. */
  readonly addresses?: readonly string[] | null
  /** What it may ask of providers. */
  readonly proxy?: readonly ProxyRule[] | null
  readonly expiresAt?: Timestamp | null
}

/** @throws HubError invalid, naming everything that is asked for in vain */
export async function askedGrant(db: Db, caller: Caller, asked: Asked, at: Timestamp): Promise<Grant> {
  const own = await grantOf(db, caller, at)
  const usual: Grant = { ...own, scopes: own.scopes.filter((scope) => scope !== 'operator') }
  const { grant, errors } = judge(asked, usual, at)
  let { integrationUid } = own
  if (asked.integrationId === null) integrationUid = null
  else if (asked.integrationId !== undefined) {
    const found = await integrationsOf(db, caller.accountId).find(asked.integrationId)
    // One that the caller cannot see is answered as one that is not there.
    if (found && (own.integrationUid === null || own.integrationUid === found.uid)) integrationUid = found.uid
    else errors.set('integration', ['There is no such integration.'])
  }
  const wanted = { ...grant, integrationUid }
  refuse(errors, excessOf(wanted, own))
  return wanted
}

/**
 * A change that takes away is open to who may see the key. One that adds anything must leave a key that the
 * caller could have made: else its old text, in whosever hands, would be worth more than the caller may give.
 * @throws HubError invalid
 */
export async function changedGrant(
  db: Db,
  caller: Caller,
  before: NamedApiKey,
  asked: Asked,
  at: Timestamp,
): Promise<Grant> {
  const { grant, errors } = judge(asked, before, at)
  if (asked.integrationId !== undefined && asked.integrationId !== shownIntegration(before)) {
    errors.set('integration', ['A key stays with what it is bound to. Make another key instead.'])
  }
  const isNarrowing = excessOf(grant, before).size === 0
  refuse(errors, isNarrowing ? new Map() : excessOf(grant, await grantOf(db, caller, at)))
  return grant
}

/** How the binding is shown; the id of an integration that is gone is not known any more. */
export function shownIntegration({ integrationUid, integrationId }: NamedApiKey): string | null {
  return integrationUid === null ? null : (integrationId ?? '(deleted)')
}

/** What is wrong with what is asked for in itself. */
function judge(asked: Asked, usual: Grant, at: Timestamp): { grant: Grant; errors: GrantErrors } {
  const errors: GrantErrors = new Map()
  const { expiresAt = usual.expiresAt } = asked
  if (asked.scopes?.length === 0) errors.set('scopes', ['Name at least one scope.'])
  if (expiresAt !== usual.expiresAt && expiresAt !== null && expiresAt <= at) {
    errors.set('expires_at', ['This time has passed already.'])
  }
  const ranges = asked.addresses?.map(readRange)
  const unreadable = ranges?.indexOf(undefined) ?? -1
  if (unreadable >= 0) {
    errors.set('addresses', [
      `Item ${unreadable + 1} is neither an IP address nor a range of them, such as 2001:db8::/32.`,
    ])
  }
  const mistake = asked.proxy && mistakeIn(asked.proxy)
  if (mistake !== undefined && mistake !== null) errors.set('proxy', [mistake])
  if (ranges?.length === 0) errors.set('addresses', ['Name at least one address, or give null for any.'])
  return {
    grant: {
      scopes: scopes.filter((scope) => (asked.scopes ?? usual.scopes).includes(scope)),
      integrationUid: usual.integrationUid,
      addresses:
        asked.addresses === undefined
          ? usual.addresses
          : ranges
            ? [...new Set(ranges.filter((range) => range !== undefined))]
            : null,
      proxy: asked.proxy === undefined ? usual.proxy : asked.proxy,
      expiresAt,
    },
    errors,
  }
}

/** All mistakes at once, in the order of the object's members; one that cannot be read is told as that alone. */
function refuse(errors: GrantErrors, excess: GrantErrors): void {
  const all = new Map(
    ['scopes', 'integration', 'addresses', 'proxy', 'expires_at'].flatMap((name) => {
      const messages = errors.get(name) ?? excess.get(name)
      return messages ? [[name, messages] as const] : []
    }),
  )
  if (all.size > 0) throw invalidFields(all)
}
