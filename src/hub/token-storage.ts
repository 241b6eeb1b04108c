// What becomes of a refresh in the store: that one has begun, the token that was had, a pause after a failure.
import type { Catalogue } from '../catalogue/index.ts'
import { rejected } from '../catalogue/verdict.ts'
import type { GrantedToken } from '../outbound/token-grant.ts'
import { connectionSecretsOf } from '../storage/connection-secrets.ts'
import { connectionUpkeepOf, refreshSettled } from '../storage/connection-upkeep.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import type { KeptToken } from './acting.ts'
import type { RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import { type Connection, unverified } from './connection.ts'
import { noteVerdict } from './connection-health.ts'
import { openAll, sealedSecretsOf, sealSecrets } from './connection-secrets.ts'
import { notFound } from './errors.ts'
import { connectionEvent, healthEvents } from './event-draft.ts'
import { JsonText } from './json-text.ts'
import type { Lease } from './leases.ts'
import { masked } from './masked-connections.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'
import { clientHash, type TokenState } from './token-state.ts'

export type TokenStorage = ReturnType<typeof tokenStorage>

/** No refresh is tried for so long after one that failed; twice as long after each further one. */
const pauseMs = 5_000
const pauseMsMax = 300_000
const pauseAfterRefusalMs = 3_600_000
const retryAfterMsMax = 3_600_000

export function tokenStorage(needs: {
  db: Db
  now: Clock
  vault: Vault
  catalogue: Catalogue
  record: RecordAudit
  /** From 0 to 1. */
  random(): number
}) {
  const { db, now, vault, catalogue, record, random } = needs

  /** In a transaction that holds the account, with the connection as it is then. @throws HubError not_found */
  function holding<Result>(
    { accountId }: Caller,
    { id, uid }: Connection,
    work: (db: Db, connection: Connection) => Promise<Result>,
  ): Promise<Result> {
    return transact(db, accountId, async (db) => {
      const connection = await connectionsOf(db, accountId).find(id)
      if (connection?.uid !== uid) throw notFound()
      return work(db, connection)
    })
  }

  /** Where the refresh token is still the one that was redeemed; else somebody has put another there since. */
  async function secretsFrom(
    db: Db,
    { accountId }: Caller,
    connection: Connection,
    { grant, fields, refreshToken }: TokenState,
    granted: GrantedToken,
    endsAt: Timestamp | null,
  ) {
    const sealed = await sealedSecretsOf(db, accountId, connection.uid)
    const texts = [...sealed.values()].map((secret) => secret.sealed)
    const sealer = await vault.sealerKnowing(db, accountId, texts)
    const before = [...sealed.values()].map(({ updatedAt }) => updatedAt)
    if (!('refreshToken' in fields)) {
      const kept: KeptToken = { token: granted.accessToken, endsAt, client: clientHash(grant) }
      const secrets = new Map([[fields.accessToken, new Secret(JSON.stringify(kept))]])
      return { sealer, before, secrets }
    }
    const row = sealed.get(fields.refreshToken)
    const opened = row && (await openAll(sealer, connection, [row], async () => undefined))
    if (opened?.get(fields.refreshToken)?.reveal() !== refreshToken) return undefined
    const secrets = new Map([[fields.accessToken, new Secret(granted.accessToken)]])
    if (granted.refreshToken !== undefined) {
      secrets.set(fields.refreshToken, new Secret(granted.refreshToken))
    }
    return { sealer, before, secrets }
  }

  return {
    /**
     * Before a token is redeemed: whoever finds this later knows that one may have been, and by nobody who
     * came back.
     * @throws LeaseLost
     */
    begin(caller: Caller, about: Connection, at: Timestamp, lease: Lease): Promise<void> {
      return holding(caller, about, async (db, { uid }) => {
        await lease.guard(db)
        await connectionUpkeepOf(db, caller.accountId).set(uid, { refreshBegunAt: at })
      })
    },

    /**
     * Whoever has redeemed a token stores what it was given, lease or no lease, as long as that token stands
     * where it stood: then nobody else has. Where somebody gave another one meanwhile, that counts.
     * @param askedAt when the token was asked for: its life is counted from there
     * @returns whether it was stored
     */
    store(
      caller: Caller,
      about: Connection,
      state: TokenState,
      granted: GrantedToken,
      askedAt: Timestamp,
    ): Promise<boolean> {
      return holding(caller, about, async (db, connection) => {
        const { uid, id } = connection
        const { fields } = state
        const endsAt = granted.livesMs === undefined ? null : later(askedAt, granted.livesMs)
        const found = await secretsFrom(db, caller, connection, state, granted, endsAt)
        if (!found) return false
        // Never before what stands there, which a node with another clock may have written.
        const at = [now(), ...found.before].reduce((last, one) => (one > last ? one : last))
        for (const { next } of sealSecrets(found.sealer, uid, found.secrets, at)) {
          if (next) await connectionSecretsOf(db, caller.accountId).set(next)
        }
        const upkeep = connectionUpkeepOf(db, caller.accountId)
        const wasRefused = (await upkeep.get(uid)).refreshRefused !== null
        await upkeep.set(uid, { ...refreshSettled, refreshedAt: at, ...(wasRefused && { checkAt: at }) })
        const after = {
          ...connection,
          ...('expiresAt' in fields && { fields: withEnd(connection.fields, fields.expiresAt, endsAt) }),
          // What was said of the credential because of the refusal is not true any more.
          ...(wasRefused && { health: { ...unverified, identity: connection.health.identity } }),
        }
        await connectionsOf(db, caller.accountId).update(after)
        const isOther = after.health !== connection.health
        await record(db, caller, at, {
          action: 'connection.refreshed',
          subject: `connection/${uid}`,
          data: { id, provider: connection.provider },
          events: isOther
            ? healthEvents(connection.health.status, await masked({ db, catalogue }, caller, after))
            : [],
        })
        return true
      })
    },

    /**
     * After a failure that says nothing of the token.
     * @param given.isInDoubt whether an earlier refresh, whose node may come back, is still to be remembered
     */
    pause(
      caller: Caller,
      about: Connection,
      { isInDoubt, retryAfterS = 0 }: { isInDoubt: boolean; retryAfterS?: number | undefined },
    ): Promise<void> {
      return holding(caller, about, async (db, { uid }) => {
        const upkeep = connectionUpkeepOf(db, caller.accountId)
        const { refreshFailures } = await upkeep.get(uid)
        const plannedMs = Math.min(pauseMs * 2 ** refreshFailures, pauseMsMax) * (0.75 + random() / 2)
        const ms = Math.max(plannedMs, Math.min(retryAfterS * 1_000, retryAfterMsMax))
        await upkeep.set(uid, {
          refreshNotBefore: later(now(), ms),
          refreshFailures: refreshFailures + 1,
          ...(!isInDoubt && { refreshBegunAt: null }),
        })
      })
    },

    /** What was good last stays where it is: somebody may have the provider accept it again. */
    noteRefusal(caller: Caller, about: Connection, reason: string): Promise<void> {
      return holding(caller, about, async (db, connection) => {
        const { id, uid } = connection
        const at = now()
        const upkeep = connectionUpkeepOf(db, caller.accountId)
        const { refreshFailures } = await upkeep.get(uid)
        const facts = { at, cause: 'refresh', durationMs: 0 } as const
        const after = await noteVerdict(db, caller.accountId, connection, rejected(reason), facts, random())
        await upkeep.set(uid, {
          refreshNotBefore: later(at, pauseAfterRefusalMs),
          refreshFailures: refreshFailures + 1,
          refreshRefused: reason,
          refreshBegunAt: null,
        })
        const shown = await masked({ db, catalogue }, caller, after)
        await record(db, caller, at, {
          action: 'connection.refresh_failed',
          subject: `connection/${uid}`,
          data: { id, provider: connection.provider },
          events: [
            connectionEvent('refresh_failed', shown),
            ...healthEvents(connection.health.status, shown),
          ],
        })
      })
    },
  }
}

function withEnd(fields: Connection['fields'], name: string, endsAt: Timestamp | null): Connection['fields'] {
  const after = new Map(fields)
  if (endsAt === null) after.delete(name)
  else after.set(name, new JsonText(JSON.stringify(endsAt)))
  return after
}
