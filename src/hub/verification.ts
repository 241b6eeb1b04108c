// Verification: whether a connection's credential works, whose it is, and what has changed about that.
import type { Catalogue } from '../catalogue/index.ts'
import type { Verdict } from '../catalogue/verdict.ts'
import { connectionChecksOf } from '../storage/connection-checks.ts'
import { connectionUpkeepOf, dueChecks } from '../storage/connection-upkeep.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Opened, Opener } from './acting.ts'
import type { Asking } from './asking.ts'
import type { RecordAudit } from './audit.ts'
import { type Caller, localCaller } from './caller.ts'
import type { Check, Connection } from './connection.ts'
import { noteVerdict } from './connection-health.ts'
import { notFound } from './errors.ts'
import type { Leases } from './leases.ts'
import { findConnection, type MaskedConnection, masked } from './masked-connections.ts'
import { type Clock, later } from './timestamp.ts'

/** A connection after it was asked about, and what people should know of the answer. */
export type Verified = {
  readonly shown: MaskedConnection
  readonly notices: readonly string[]
}

export type Verification = ReturnType<typeof verification>

/** Longer than a verification may take. */
const leaseMs = 60_000
/** How many that are due are looked at in one go, and at the same time. */
const dueAtOnce = 100
const atOnce = 8

export function verification(needs: {
  db: Db
  now: Clock
  catalogue: Catalogue
  opener: Opener
  tokens: AccessTokens
  asking: Asking
  leases: Leases
  record: RecordAudit
  random(): number
}) {
  const { db, now, catalogue, opener, tokens, asking, leases, record, random } = needs

  /** A grant of client credentials is its own proof: a token from before proves nothing about now. */
  async function ready(caller: Caller, opened: Opened): Promise<Opened> {
    const isOwnProof = opened.provider.auth === 'oauth2_client_credentials'
    return tokens.ensure(caller, opened, { isFresh: isOwnProof })
  }

  async function check(caller: Caller, id: number, cause: Check['cause']): Promise<Verified> {
    const opened = await opener.open(caller, id)
    const first = await checkOnce(caller, opened, cause)
    if (!first.verdict.isToBeAskedAgain) return shown(caller, first)
    const again = await opener.open(caller, id)
    return shown(caller, await checkOnce(caller, again, cause), opened.connection.health.identity)
  }

  type Checked = { connection: Connection; verdict: Verdict; before: Connection }

  async function checkOnce(caller: Caller, opened: Opened, cause: Check['cause']): Promise<Checked> {
    const { connection: before, provider } = opened
    const startedMs = performance.now()
    const verdict = await asking.verdictOn(provider, () => ready(caller, opened))
    const durationMs = Math.round(performance.now() - startedMs)
    const connection = await transact(db, caller.accountId, async (db) => {
      const current = await connectionsOf(db, caller.accountId).find(before.id)
      if (current?.uid !== before.uid) throw notFound()
      // Of what was changed meanwhile, the answer says nothing.
      if (current.updatedAt !== before.updatedAt) return current
      const at = now()
      const facts = { at, cause, durationMs }
      const after = await noteVerdict(db, caller.accountId, current, verdict, facts, random())
      if (cause === 'request' || after.health.status !== before.health.status) {
        await record(db, caller, at, {
          action: 'connection.verified',
          subject: `connection/${before.uid}`,
          data: { id: before.id, provider: before.provider, status: verdict.status },
        })
      }
      return after
    })
    return { connection, verdict, before }
  }

  async function shown(
    caller: Caller,
    { connection, before }: Checked,
    identityBefore = before.health.identity,
  ): Promise<Verified> {
    const { identity } = connection.health
    const notices: string[] = []
    if (identityBefore !== null && identity !== null && identity !== identityBefore) {
      notices.push('The credential belongs to another account of the provider than before.')
    }
    const others = await connectionsOf(db, caller.accountId).sharing(connection)
    if (others.length > 0) {
      notices.push(`The same account of the provider is connected by ${others.join(', ')} too.`)
    }
    return { shown: await masked({ db, catalogue }, caller, connection), notices }
  }

  /** One node at a time; a connection that another one is at is passed over. */
  async function checkDue(accountId: number, id: number): Promise<void> {
    const caller = localCaller(accountId)
    const connection = await connectionsOf(db, accountId).find(id)
    if (!connection) return
    const { uid } = connection
    await leases.hold({ accountId, name: `check/${uid}` }, leaseMs, async () => {
      const { checkAt } = await connectionUpkeepOf(db, accountId).get(uid)
      if (checkAt === null || checkAt > now()) return
      await check(caller, id, 'schedule')
    })
  }

  return {
    /** Asks the provider now. */
    verify: (caller: Caller, id: number): Promise<Verified> => check(caller, id, 'request'),

    /** The latest checks first. */
    async checks(caller: Caller, id: number): Promise<Check[]> {
      const { uid } = await findConnection(db, caller, id)
      return connectionChecksOf(db, caller.accountId).list(uid)
    },

    /**
     * Looks at connections whose time has come.
     * @param given.onError hears of one that could not be looked at
     * @param given.isOver no further one is begun once it says so
     */
    async checkAllDue({
      onError,
      isOver,
    }: {
      onError(error: unknown): void
      isOver(): boolean
    }): Promise<void> {
      const due = await dueChecks(db, now(), dueAtOnce)
      const rest = [...due]
      const worker = async () => {
        for (let next = rest.shift(); next && !isOver(); next = rest.shift()) {
          const { accountId, id } = next
          try {
            await checkDue(accountId, id)
          } catch (error) {
            onError(error)
            await putOff(accountId, id)
          }
        }
      }
      await Promise.all(Array.from({ length: atOnce }, worker))
    },
  }

  /** One that cannot even be opened must not be tried over and over. */
  function putOff(accountId: number, id: number): Promise<void> {
    return transact(db, accountId, async (db) => {
      const connection = await connectionsOf(db, accountId).find(id)
      if (!connection) return
      await connectionUpkeepOf(db, accountId).set(connection.uid, { checkAt: later(now(), 3_600_000) })
    })
  }
}
