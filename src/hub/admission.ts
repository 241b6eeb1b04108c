// Lets callers in: from a key's text to a Caller, or a refusal that says nothing about other keys.
import { performance } from 'node:perf_hooks'
import { findKeyByDigest } from '../storage/api-keys.ts'
import type { Db } from '../storage/database.ts'
import { type ApiKey, digestOf, mayBeKey } from './api-key.ts'
import { admittedCaller, type Caller, type Scope } from './caller.ts'
import { HubError } from './errors.ts'
import type { KeyUses } from './key-uses.ts'
import type { Limits } from './limits.ts'
import type { Clock } from './timestamp.ts'

/** A revoked key works no longer than this on a node that did not hear of it. */
const cacheMs = 4_000
const cachedMax = 10_000

type Known = { key: ApiKey; scopes: ReadonlySet<Scope>; readAt: number }

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
    const found = { key, scopes: new Set(key.scopes), readAt }
    if (cache.size >= cachedMax) cache.clear()
    // What was read before a revocation must not be remembered after it.
    if (readIn === generation) cache.set(digest, found)
    return found
  }

  return {
    /**
     * @param text the key as it was sent
     * @throws HubError unauthenticated, for a wrong, revoked and expired key alike; throttled, once an
     *   address has sent too many of those
     */
    async admit(text: string, request: { address: string; requestId: string }): Promise<Caller> {
      const digest = digestOf(text)
      const found = remembered(digest) ?? (await find(text, digest))
      const at = now()
      if (
        !found ||
        found.key.revokedAt !== null ||
        (found.key.expiresAt !== null && found.key.expiresAt <= at)
      ) {
        await limits.failedAuthentication(request.address)
        throw new HubError('unauthenticated', 'Invalid token.')
      }
      const { key, scopes } = found
      keyUses.note(key, at)
      return admittedCaller({
        accountId: key.accountId,
        scopes,
        keyUid: key.uid,
        boundTo: key.integrationUid,
        actingAs: key.integrationUid,
        ...request,
      })
    },

    /** Makes a revocation count at once. */
    forgetKeys(): void {
      generation++
      cache.clear()
    },
  }
}

/** @throws HubError forbidden */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) {
    throw new HubError('forbidden', 'You do not have permission to perform this action.')
  }
}
