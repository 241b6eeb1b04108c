// Access tokens that end: had anew in time, exactly once across all nodes, and never lost by a refresh that fails.
import { rejected } from '../catalogue/verdict.ts'
import { CredentialRefused } from '../outbound/credential-refused.ts'
import { type Outbound, OutboundFailure } from '../outbound/send.ts'
import { type GrantedToken, grantToken } from '../outbound/token-grant.ts'
import { connectionSecretsOf } from '../storage/connection-secrets.ts'
import { connectionUpkeepOf } from '../storage/connection-upkeep.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import type { KeptToken, Opened, Opener } from './acting.ts'
import type { RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import type { Connection } from './connection.ts'
import { noteVerdict } from './connection-health.ts'
import { openAll, sealedSecretsOf, sealSecrets } from './connection-secrets.ts'
import { notFound } from './errors.ts'
import { JsonText } from './json-text.ts'
import type { Leases } from './leases.ts'
import { type Clock, later } from './timestamp.ts'
import { clientHash, needOf, type TokenState, tokenStateOf } from './token-state.ts'

export type AccessTokens = {
  /**
   * The connection with a token that is good for now.
   * @param options.refused a token that the provider has just refused: another one is wanted
   * @param options.isFresh whether one is had in any case
   * @throws CredentialRefused or OutboundFailure where none could be had
   */
  ensure(caller: Caller, opened: Opened, options?: { refused?: string; isFresh?: boolean }): Promise<Opened>
}

/** Longer than a token's address may take to answer. */
const leaseMs = 30_000
/** How long to wait for another node that is at it. */
const patienceMs = 20_000
const pollMs = 60
/** A node that stood still may be about to store what it was given for the token that is refused now. */
const reReadAfterMs = [250, 750, 1_500]
/** No refresh is tried for so long after one that failed; twice as long after each further one. */
const pauseMs = 5_000
const pauseMsMax = 300_000
const pauseAfterRefusalMs = 3_600_000

export function accessTokens(needs: {
  db: Db
  now: Clock
  vault: Vault
  opener: Opener
  send: Outbound['send']
  leases: Leases
  record: RecordAudit
  /** Resolves after some milliseconds. */
  wait(ms: number): Promise<unknown>
  /** From 0 to 1. */
  random(): number
}): AccessTokens {
  const { db, now, vault, opener, send, leases, record, wait, random } = needs
  /** What this process is at, so that all of its callers wait for one. */
  const running = new Map<string, Promise<Opened | undefined>>()

  async function ensure(
    caller: Caller,
    opened: Opened,
    { refused, isFresh = false }: { refused?: string; isFresh?: boolean } = {},
  ): Promise<Opened> {
    const { uid, id } = opened.connection
    const unwanted = isFresh ? tokenStateOf(opened)?.token : refused
    const untilMs = performance.now() + patienceMs
    for (let current = opened; ; current = await opener.open(caller, id)) {
      const state = tokenStateOf(current)
      const need = state ? needOf(state, unwanted, now(), random()) : 'none'
      if (!state || need === 'none') return current
      const { refreshNotBefore } = await connectionUpkeepOf(db, caller.accountId).get(uid)
      if (refreshNotBefore !== null && refreshNotBefore > now()) {
        if (need === 'may') return current
        throw new CredentialRefused(
          'unreachable',
          `No access token could be had from the provider a short time ago. It is asked again at ${refreshNotBefore}.`,
        )
      }
      const renewed = await together(caller, current, state)
      if (renewed) return renewed
      if (need === 'may') return current
      if (performance.now() > untilMs) {
        throw new OutboundFailure(
          'timed_out',
          new Error('Another node has the lease of this refresh for too long.'),
        )
      }
      await wait(pollMs * (1 + random()))
    }
  }

  /** @returns undefined where another node is at it */
  function together(caller: Caller, opened: Opened, state: TokenState): Promise<Opened | undefined> {
    const { uid } = opened.connection
    const known = running.get(uid)
    if (known !== undefined) return known
    const name = { accountId: caller.accountId, name: `refresh/${uid}` }
    const work = leases
      .hold(name, leaseMs, () => renew(caller, opened, state))
      .finally(() => running.delete(uid))
    running.set(uid, work)
    return work
  }

  async function renew(caller: Caller, { connection }: Opened, { token }: TokenState): Promise<Opened> {
    const latest = await opener.open(caller, connection.id)
    const state = tokenStateOf(latest)
    // Somebody was quicker.
    if (!state || state.token !== token) return latest
    let granted: GrantedToken
    try {
      granted = await grantToken(send, state.grant, state.refreshToken)
    } catch (error) {
      if (!(error instanceof CredentialRefused)) {
        await pause(caller, connection)
        throw error
      }
      const theirs = await whatAnotherStores(caller, connection, state)
      if (theirs) return theirs
      await noteRefusal(caller, connection, error)
      throw error
    }
    await store(caller, connection, state, granted)
    return opener.open(caller, connection.id)
  }

  async function whatAnotherStores(
    caller: Caller,
    connection: Connection,
    state: TokenState,
  ): Promise<Opened | undefined> {
    for (const ms of state.refreshToken === undefined ? [] : reReadAfterMs) {
      await wait(ms)
      const again = await opener.open(caller, connection.id)
      if (tokenStateOf(again)?.refreshToken !== state.refreshToken) return again
    }
    return undefined
  }

  /**
   * Whoever has redeemed a token stores what it was given, lease or no lease, as long as it stands where it
   * stood: then nobody else has. Where somebody gave another one meanwhile, that counts.
   */
  async function store(
    caller: Caller,
    about: Connection,
    { grant, fields, refreshToken }: TokenState,
    granted: GrantedToken,
  ): Promise<void> {
    await holding(caller, about, async (db, connection) => {
      const { uid, id } = connection
      const at = now()
      const endsAt = granted.expiresInS === undefined ? null : later(at, granted.expiresInS * 1_000)
      const sealed = await sealedSecretsOf(db, caller.accountId, uid)
      const texts = [...sealed.values()].map((secret) => secret.sealed)
      const sealer = await vault.sealerKnowing(db, caller.accountId, texts)
      const secrets = new Map<string, Secret>()
      if ('refreshToken' in fields) {
        const row = sealed.get(fields.refreshToken)
        const opened = row && (await openAll(sealer, connection, [row], async () => undefined))
        if (opened?.get(fields.refreshToken)?.reveal() !== refreshToken) return
        secrets.set(fields.accessToken, new Secret(granted.accessToken))
        if (granted.refreshToken !== undefined)
          secrets.set(fields.refreshToken, new Secret(granted.refreshToken))
        const { [fields.expiresAt]: _, ...kept } = Object.fromEntries(connection.fields)
        const ends = endsAt === null ? {} : { [fields.expiresAt]: new JsonText(JSON.stringify(endsAt)) }
        const updated = { ...connection, fields: new Map(Object.entries({ ...kept, ...ends })) }
        await connectionsOf(db, caller.accountId).update(updated)
      } else {
        const kept: KeptToken = { token: granted.accessToken, endsAt, client: clientHash(grant) }
        secrets.set(fields.accessToken, new Secret(JSON.stringify(kept)))
      }
      for (const { next } of sealSecrets(sealer, uid, secrets, at)) {
        if (next) await connectionSecretsOf(db, caller.accountId).set(next)
      }
      await connectionUpkeepOf(db, caller.accountId).set(uid, { refreshNotBefore: null, refreshFailures: 0 })
      await record(db, caller, at, {
        action: 'connection.refreshed',
        subject: `connection/${uid}`,
        data: { id, provider: connection.provider },
      })
    })
  }

  function pause(caller: Caller, about: Connection): Promise<void> {
    return holding(caller, about, async (db, { uid }) => {
      const upkeep = connectionUpkeepOf(db, caller.accountId)
      const failures = (await upkeep.get(uid)).refreshFailures + 1
      const ms = Math.min(pauseMs * 2 ** (failures - 1), pauseMsMax) * (0.75 + random() / 2)
      await upkeep.set(uid, { refreshNotBefore: later(now(), ms), refreshFailures: failures })
    })
  }

  /** What was good last stays where it is: somebody may have the provider accept it again. */
  function noteRefusal(caller: Caller, about: Connection, error: CredentialRefused): Promise<void> {
    return holding(caller, about, async (db, connection) => {
      const { id, uid } = connection
      const at = now()
      const upkeep = connectionUpkeepOf(db, caller.accountId)
      const failures = (await upkeep.get(uid)).refreshFailures + 1
      const facts = { at, cause: 'refresh', durationMs: 0 } as const
      await noteVerdict(db, caller.accountId, connection, rejected(error.message), facts, random())
      await upkeep.set(uid, { refreshNotBefore: later(at, pauseAfterRefusalMs), refreshFailures: failures })
      await record(db, caller, at, {
        action: 'connection.refresh_failed',
        subject: `connection/${uid}`,
        data: { id, provider: connection.provider },
      })
    })
  }

  /** In a transaction that holds the account, with the connection as it is then. @throws HubError not_found */
  function holding(
    { accountId }: Caller,
    { id, uid }: Connection,
    work: (db: Db, connection: Connection) => Promise<void>,
  ): Promise<void> {
    return transact(db, accountId, async (db) => {
      const connection = await connectionsOf(db, accountId).find(id)
      if (connection?.uid !== uid) throw notFound()
      await work(db, connection)
    })
  }

  return { ensure }
}
