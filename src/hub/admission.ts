// Lets callers in: from a key's text to a Caller, or a refusal that says nothing about other keys.
import { performance } from 'node:perf_hooks'
import { findKeyByDigest } from '../storage/api-keys.ts'
import type { Db } from '../storage/database.ts'
import { addressMatcher } from './address-ranges.ts'
import { type ApiKey, digestOf, mayBeKey, stateOf } from './api-key.ts'
import { admittedCaller, type Caller, type Scope } from './caller.ts'
import { HubError } from './errors.ts'
import type { KeyUses } from './key-uses.ts'
import type { Limits } from './limits.ts'
import { type ProxyLimits, proxyLimits } from './proxy-limits.ts'
import type { Clock, Timestamp } from './timestamp.ts'

/** A revoked key works no longer than this on a node that did not hear of it. */
const cacheMs = 4_000
const cachedMax = 10_000

type Known = {
  key: ApiKey
  scopes: ReadonlySet<Scope>
  mayComeFrom(address: string): boolean
  proxyLimits: ProxyLimits | null
  readAt: number
}

/** Why a key was refused, for the log alone; the uid where it is one of ours. */
export type Refusal = { reason: 'unknown' | 'revoked' | 'expired' | 'address'; key: string | null }

type NoteRefusal = (refusal: Refusal) => void

/** Where a request comes from. */
type From = { address: string; requestId: string }

export type Admission = ReturnType<typeof admission>

export function admission(needs: { db: Db; now: Clock; limits: Limits; keyUses: KeyUses }) {
  const { db, now, limits, keyUses } = needs
  const cache = new Map<string, Known>()
  let generation = 0

  function remembered(digest: string): Known | undefined {
    const known = cache.get(digest)
    if (known && performance.now() - known.readAt < cacheMs) return known
    cache.delete(digest)
    return undefined
  }

  async function find(text: string, digest: string): Promise<Known | undefined> {
    if (!mayBeKey(text)) return undefined
    const readAt = performance.now()
    const readIn = generation
    const key = await findKeyByDigest(db, digest)
    if (!key) return undefined
    const mayComeFrom = key.addresses === null ? () => true : addressMatcher(key.addresses)
    const scopes = new Set(key.scopes)
    const found = { key, scopes, mayComeFrom, proxyLimits: proxyLimits(key.proxy), readAt }
    if (cache.size >= cachedMax) cache.clear()
    // What was read before a revocation must not be remembered after it.
    if (readIn === generation) cache.set(digest, found)
    return found
  }

  function judge(found: Known | undefined, from: From, noteRefusal: NoteRefusal): Caller | Promise<never> {
    const at = now()
    const reason = refusalOf(found, from.address, at)
    if (!found || reason !== undefined) {
      noteRefusal({ reason: reason ?? 'unknown', key: found?.key.uid ?? null })
      return refuse(from)
    }
    const { key, scopes, proxyLimits } = found
    keyUses.note(key, at)
    return admittedCaller({
      accountId: key.accountId,
      scopes,
      keyUid: key.uid,
      boundTo: key.integrationUid,
      actingAs: key.integrationUid,
      proxyLimits,
      ...from,
    })
  }

  async function refuse({ address }: From): Promise<never> {
    await limits.failedAuthentication(address)
    throw new HubError('unauthenticated', 'Invalid token.')
  }

  return {
    /**
     * @param text the key as it was sent
     * @param noteRefusal hears why, which the caller does not
     * @returns at once, where the key is remembered and good
     * @throws HubError unauthenticated, for a wrong, revoked and expired key alike, and for one from an
     *   address it is not for; throttled, once an address has sent too many of those
     */
    admit(text: string, from: From, noteRefusal: NoteRefusal = () => {}): Caller | Promise<Caller> {
      const digest = digestOf(text)
      const known = remembered(digest)
      if (known) return judge(known, from, noteRefusal)
      return find(text, digest).then((found) => judge(found, from, noteRefusal))
    },

    /** Makes a revocation, or any other change of a key, count at once. */
    forgetKeys(): void {
      generation++
      cache.clear()
    },
  }
}

function refusalOf(found: Known | undefined, address: string, at: Timestamp): Refusal['reason'] | undefined {
  if (!found) return 'unknown'
  const state = stateOf(found.key, at)
  if (state !== 'active') return state
  return found.mayComeFrom(address) ? undefined : 'address'
}

/** @throws HubError forbidden */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) {
    throw new HubError('forbidden', 'You do not have permission to perform this action.')
  }
}
